import { info, type Remark, warning } from "../api/remark";
import { argumentsIn } from "./arguments";
import { identityOf, type ResourceKind } from "./kind";
import { type Properties, withWordsForUnknown } from "./program-values";
import { pulumiName } from "./state";
import { createBody } from "./write/plan";

interface Namesake {
  readonly name: string;
  /** The name in the program, for messages. */
  readonly declared: string;
}

/**
 * Finds two resources of one command that have the same name at Qoder. One process serves one account, so both are of the same account.
 */
export class Namesakes {
  /** By the kinds, and by the first URNs of the resources. */
  readonly #names = new Map<string, Map<string, Namesake>>();

  remarks(kind: ResourceKind, origin: string | undefined, inputs: Properties): Remark[] {
    const name = nameOf(kind, inputs);
    const declared = pulumiName(inputs);
    if (name === undefined || origin === undefined || declared === undefined) {
      return [];
    }
    const ofKind = this.#names.get(kind.label) ?? new Map<string, Namesake>();
    this.#names.set(kind.label, ofKind);
    const other = [...ofKind].find(([first, one]) => first !== origin && one.name === name)?.[1];
    ofKind.set(origin, { name, declared });
    return other === undefined ? [] : [sharedName(kind, name, other)];
  }
}

/** Undefined where a kind has no names, or where the name is not known yet. */
function nameOf(kind: ResourceKind, inputs: Properties): string | undefined {
  // What a credential is for tells it from others of its vault, and is no name.
  const name = kind.within === undefined ? identityOf(kind, createBody(kind, argumentsIn(kind, inputs))) : undefined;
  return name === undefined || withWordsForUnknown(name, "") !== name ? undefined : name;
}

function sharedName(
  { noun, hasUniqueNames, hasFreeNames }: ResourceKind,
  name: string,
  { declared }: Namesake,
): Remark {
  const shared = `has the same name at Qoder as the resource "${declared}" of this program: "${name}"`;
  if (hasUniqueNames) {
    return warning(
      `${shared}. The service refuses a second live ${noun} of that name: give one of the two another name`,
    );
  }
  return hasFreeNames
    ? info(`${shared}. The service takes both, but nobody can tell them apart by that name`)
    : warning(`${shared}. The service may refuse the second one, and no look-up by that name can tell the two apart`);
}
