import { QoderError } from "../api/errors";
import { comparedWith } from "./baseline";
import { withForeignChanges } from "./fields/drift";
import { type Field, shownPart } from "./fields/field";
import { argumentNames, type Baseline, type ResourceKind } from "./kind";
import type { BaseReply } from "./outputs";
import { containsUnknown, membersOf, type Properties, withoutNulls } from "./program-values";

/** The arguments among inputs or outputs of any version of this package. A value that the kind cannot read counts as not set. */
export function argumentsIn(kind: ResourceKind, properties: unknown): Properties {
  const given = membersOf(properties);
  // Most arguments are not set, and a schema takes long to say so.
  return collect(kind, ({ recorded }, name) =>
    given[name] == null ? undefined : recorded.safeParse(given[name]).data,
  );
}

/**
 * The wanted arguments of a create or update. Throws if one is unknown: with `--continue-on-error` a program continues with
 * unknown outputs of a resource that failed, also in an update (@pulumi/pulumi runtime/resource.js).
 */
export function wantedIn(kind: ResourceKind, inputs: Properties): Properties {
  const given = withoutNulls(inputs, kind.verbatim);
  const unknown = argumentNames(kind).filter((name) => containsUnknown(given[name]));
  if (unknown.length > 0) {
    throw new QoderError(
      `${unknown.map((name) => `${name}: is not known yet`).join("; ")}. ` +
        "The resource that provides it failed or was left out (`--target`).\n" +
        "Correct that resource, then run `pulumi up` again",
    );
  }
  return argumentsIn(kind, given);
}

/** The values with these names, without those that are not set. */
export function only(values: Properties, names: readonly string[]): Properties {
  const entries = names.map((name) => [name, values[name]] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** The values, with those of `others` under these names, and without those that are not set. */
export function withThose(values: Properties, others: Properties, names: readonly string[]): Properties {
  return only({ ...values, ...Object.fromEntries(names.map((name) => [name, others[name]])) }, [
    ...new Set([...Object.keys(values), ...names]),
  ]);
}

/** The live value of every argument that the program sets. A value that nobody changed keeps its recorded form. */
export function liveAsRecorded(
  kind: ResourceKind,
  reply: BaseReply,
  recorded: Properties,
  baseline: Baseline | undefined,
): Properties {
  return collect(kind, (field, name) => {
    const { sent, basis } = comparedWith(field, recorded[name], baseline, name);
    return field.read(reply, sent, basis);
  });
}

/**
 * The live value of every argument, for an object that may hold other values than the recorded ones: after a lost answer, or under
 * `adopt`. A member that the reply does not show counts as absent. The baseline says how the service showed the older values.
 * `hasSecrets`: the service may hold the recorded secrets, so they count as live.
 */
export function liveAsShown(
  kind: ResourceKind,
  reply: BaseReply,
  recorded: Properties,
  baseline: Baseline = {},
  hasSecrets = false,
): Properties {
  const shown = visible(kind, recorded);
  const live = collect(kind, (field, name) => {
    const member = field.shownIn ?? field.wire;
    if (member !== undefined && reply[member] === undefined) {
      return undefined;
    }
    const { sent, basis } = comparedWith(field, shown[name], baseline, name);
    const isAsSentBefore = sent !== shown[name] && field.read(reply, sent, basis) === sent;
    return isAsSentBefore ? sent : field.read(reply, shown[name], "proof");
  });
  const isHeld = ({ secretMembers }: Field) => hasSecrets && secretMembers !== undefined;
  return collect(kind, (field, name) =>
    isHeld(field) ? withForeignChanges(recorded[name], shown[name], live[name]) : live[name],
  );
}

/** The values to record while nobody knows whether the service holds the older or the newer ones. */
export function recordedWhileOpen(kind: ResourceKind, older: Properties, newer: Properties): Properties {
  return collect(kind, ({ both }, name) => {
    const [one, other] = [older[name], newer[name]];
    return one === undefined || other === undefined ? (other ?? one) : (both?.(one, other) ?? other);
  });
}

function visible(kind: ResourceKind, values: Properties): Properties {
  return collect(kind, (field, name) => shownPart(field, values[name]));
}

/** The arguments that a program has to write to declare this object. Values that no reply shows are missing. */
export function declarable(kind: ResourceKind, reply: BaseReply): Properties {
  const described = collect(kind, (field) => field.describe(reply));
  return visible(kind, described);
}

/** The same arguments without values that the service fills in by itself: a program that leaves them out gets them again. */
export function declarableWithoutDefaults(kind: ResourceKind, reply: BaseReply): Properties {
  return collect(kind, (field) => {
    const described = field.describe(reply);
    return described === undefined || field.import?.chosen === undefined ? described : field.import.chosen(described);
  });
}

/** Leaves out members that are undefined: the engine refuses an answer that has one (pulumi issue 2205). */
function collect({ fields }: ResourceKind, value: (field: Field, name: string) => unknown): Properties {
  const values = Object.entries(fields).map(([name, field]) => [name, value(field, name)] as const);
  return Object.fromEntries(values.filter(([, given]) => given !== undefined));
}
