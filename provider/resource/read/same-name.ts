import type { QoderClient } from "../../api/client";
import { patience } from "../../api/patience";
import type { JsonObject, Listed } from "../../api/schema";
import { nameInUrn } from "../../kinds/table";
import { createBody } from "../compare/changes";
import type { Ledger } from "../engine/ledger";
import { distinctionOf } from "../kind/advice";
import { type PlanRemark, planInfo, planWarning } from "../kind/diagnostics";
import { identityOf, type ResourceKind } from "../kind/kind";
import { creationTime } from "../kind/outputs";
import { commonInputs, type Properties, withWordsForUnknown } from "../kind/program-values";
import { hiddenInputs } from "../state/state";
import type { AccountReader } from "./account-reader";
import { ageAt, withItsAge } from "./age";
import { caution, type Findings, failure, noFindings } from "./findings";

/**
 * What another resource of this command with the same name at Qoder causes. A failure if one of the two is to get the name and the
 * service refuses it: `up` would fail after it has created the first one. One process serves one account.
 */
export function sameName(
  ledger: Ledger,
  kind: ResourceKind,
  urn: string,
  declared: Named,
): { readonly failures: readonly string[]; readonly remarks: readonly PlanRemark[] } {
  const name = nameAtQoder(kind, declared.body);
  const isTaken = () => newName(kind, declared).name !== undefined;
  const same = name === undefined || urn === "" ? undefined : ledger.withSameName(urn, kind, name, isTaken);
  if (same === undefined) {
    return { failures: [], remarks: [] };
  }
  const { noun, naming } = kind;
  const shared = `has the same name at Qoder as the resource "${nameInUrn(same.other)}" of this program: "${name}"`;
  if (naming?.isUnique) {
    const text = `${shared}. The service refuses a second live ${noun} of that name: give one of them another name`;
    const isAdopted = declared.isNew && commonInputs(declared.inputs).adopt !== undefined;
    return same.isTaken && !isAdopted
      ? { failures: [`name: ${text}`], remarks: [] }
      : { failures: [], remarks: [planWarning("same-name", text)] };
  }
  const remark = naming?.isFree
    ? planInfo("same-name", `${shared}. The service accepts both; give one of them another name to tell them apart`)
    : planWarning(
        "same-name",
        `${shared}. The service may refuse the second one, and no function finds either by that name: give one of them another name`,
      );
  return { failures: [], remarks: [remark] };
}

/** The name at Qoder; undefined if the kind has no names, or if the name is unknown in the preview. */
function nameAtQoder(kind: ResourceKind, body: JsonObject): string | undefined {
  // A credential has no name: its target distinguishes it from the others in its vault.
  const name = kind.within === undefined ? identityOf(kind, body) : undefined;
  return name === undefined || withWordsForUnknown(name, "") !== name ? undefined : name;
}

/** A declaration: its inputs with their body, and the arguments of the object that it has already. */
interface Named {
  readonly inputs: Properties;
  readonly body: JsonObject;
  readonly before: Properties;
  readonly isNew: boolean;
}

/** Asks whether the name of a new or renamed object is free. */
export async function nameFindings(
  kind: ResourceKind,
  declared: Named,
  client: QoderClient,
  account: AccountReader,
): Promise<Findings> {
  const { name, before } = newName(kind, declared);
  if (before !== undefined) {
    account.release(kind, before);
  }
  if (name === undefined) {
    return noFindings;
  }
  const { taken, incomplete } = await account.names(client, kind);
  const [other] = taken.get(name) ?? [];
  // The object may be ours: somebody may have given it the name that the program declares now.
  const mayBeOurs = before !== undefined && !taken.has(before);
  if (other !== undefined && !mayBeOurs && !account.isReleased(kind, name)) {
    return ofTaken(kind, other, before !== undefined, client, hiddenInputs(declared.inputs).__origin);
  }
  return incomplete !== undefined && account.isFirst(incomplete)
    ? caution(`${argumentOf(kind)}: whether it is free is not verified: ${incomplete}`)
    : noFindings;
}

/** The new name, if there is one and it is known, and the recorded name that it replaces. */
function newName(
  kind: ResourceKind,
  { inputs, body, before: recorded, isNew }: Named,
): { readonly name?: string; readonly before?: string } {
  const [name, before] = [nameAtQoder(kind, body), nameAtQoder(kind, createBody(kind, recorded))];
  if (name === undefined) {
    return {};
  }
  // Another name of a file or a skill is another object.
  if (before !== undefined && before !== name && !kind.naming?.isFree) {
    return { name, before };
  }
  return isNew && commonInputs(inputs).adopt === undefined ? { name } : {};
}

function argumentOf({ distinction }: ResourceKind): string {
  return distinction?.argument ?? "name";
}

function ofTaken(kind: ResourceKind, other: Listed, isRename: boolean, client: QoderClient, origin = ""): Findings {
  const place = argumentOf(kind);
  if (!kind.naming?.isUnique) {
    const refusal = kind.naming?.isFree ? "" : "; the service may refuse a second one";
    const move = isRename ? "" : `; if this resource moved, add ${aliasOf(origin)}`;
    return caution(`${place}: ${withItsAge(client, other)}, has it too${refusal}${move}`);
  }
  if (isRename) {
    return failure(`${place}: is taken by ${withItsAge(client, other)}; choose another one`);
  }
  const age = ageAt(creationTime(other.created_at), client.serviceNow());
  // An interrupted `up` may have created the object, and the next `up` continues with it.
  return age !== undefined && age <= patience.interruptionMs
    ? caution(
        `${place}: ${takenName(client, kind, other, { origin })}. If an interrupted \`up\` created it, the next one continues with it`,
      )
    : // For `--replace` the engine checks the resource as if it were new.
      failure(`${place}: ${takenName(client, kind, other, { origin })}. For \`--replace\`, set qoder:verify to false`);
}

/**
 * The alias of a resource that moved. The old place is not known; a resource in a component most often comes from no parent. Children
 * inherit the alias of a component (pulumi/pulumi sdk/nodejs/resource.ts, `allAliases`), and one of their own would name another place.
 */
function aliasOf(origin: string): string {
  return origin.split("::")[2]?.includes("$") === true
    ? "aliases: [{ parent: pulumi.rootStackResource }] to it, or to the outermost component that moved with it"
    : "aliases";
}

/** A create for a name that another object has. */
interface Refused {
  readonly ledger: Ledger;
  /** The URN of the resource, whose types show whether it is in a component. */
  readonly origin: string;
  readonly predecessor: string | undefined;
}

/** Who has the name, and what to do. The parts of a refused create are absent for one that a preview expects to fail. */
export function takenName(
  client: QoderClient,
  kind: ResourceKind,
  found: Listed,
  { ledger, origin = "", predecessor }: Partial<Refused>,
): string {
  const { argument = distinctionOf(kind) } = kind.distinction ?? {};
  const { id } = found;
  const by = `is taken by ${withItsAge(client, found)}`;
  if (id === predecessor) {
    const { endsInUse } = kind.removal ?? {};
    const inUse =
      endsInUse === undefined
        ? ""
        : `. If live deployments use ${id}, set ${endsInUse}: true before, and run \`pulumi up\``;
    return `${by}, which this one replaces.\nSet the resource option deleteBeforeReplace: true${inUse}`;
  }
  const owner = ledger?.owner(id);
  if (owner !== undefined) {
    return `${by}, which ${owner.description} of this program manages.\nGive one of them another ${distinctionOf(kind)}`;
  }
  // The failed `up` has created the new components of the resource, so their aliases come too late.
  const move = ledger === undefined ? "add" : "undo that, run `pulumi up`, then move it with";
  return `${by}.\nChoose another ${argument}, or set adopt: "${id}" if no other stack manages it. If this resource moved, ${move} ${aliasOf(origin)}`;
}
