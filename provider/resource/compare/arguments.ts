import { QoderError } from "../../api/errors";
import { type Field, shownPart } from "../kind/field";
import { argumentNames, type Baseline, type ResourceKind, verbatimMembers } from "../kind/kind";
import type { BaseReply } from "../kind/outputs";
import { containsUnknown, membersOf, type Properties, valueIn, withoutNulls } from "../kind/program-values";
import { unknownMembers, writable } from "../kind/unknown-members";
import { isEmpty } from "../kind/wire-case";
import { isNobodys, liveIn, looksLike, recordedAfterRead } from "./views";

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
  const given = withoutNulls(inputs, verbatimMembers(kind));
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

/** The arguments to record for the live object: what nobody changed since our last write keeps the form of the program. */
export function liveAsRecorded(
  kind: ResourceKind,
  reply: BaseReply,
  recorded: Properties,
  baseline: Baseline | undefined,
): Properties {
  return collect(kind, (field, name) => recordedAfterRead(field, name, { arguments: recorded, baseline }, reply));
}

/** The arguments of an object that no write of this program has touched: what does not look as wanted is somebody's. */
export function liveAsFound(kind: ResourceKind, reply: BaseReply, wanted: Properties): Properties {
  return collect(kind, (field, name) => {
    const own = shownPart(field, wanted[name]);
    const live = field.live === undefined || isNobodys(field, own) ? own : liveIn(field, reply, own);
    return looksLike(field, live, own) ? own : live;
  });
}

/** The arguments that a program has to write to declare this object. Values that no reply shows are missing. */
export function declarable(kind: ResourceKind, reply: BaseReply): Properties {
  const values = described(kind, reply);
  return collect(kind, (field, name) => shownPart(field, values[name]));
}

/** The same arguments without values that the service fills in by itself: a program that leaves them out gets them again. */
export function declarableWithoutDefaults(kind: ResourceKind, reply: BaseReply): Properties {
  const values = described(kind, reply);
  return collect(kind, ({ import: { chosen } = {} }, name) =>
    values[name] === undefined || chosen === undefined ? values[name] : chosen(values[name]),
  );
}

function described(kind: ResourceKind, reply: BaseReply): Properties {
  return collect(kind, (field) => writable(field.schema, field.describe(reply)));
}

/** What a reply shows and no program can write; undefined if there is nothing. Requests carry most arguments as a whole. */
export function undeclarable({ fields }: ResourceKind, reply: BaseReply): string | undefined {
  const places = Object.entries(fields).flatMap(([name, field]) => {
    const value = field.describe(reply);
    const found = unknownMembersOf(field, value).filter((path) => !isEmpty(valueIn(value, path)));
    return found.map((path) => [name, ...path].join("."));
  });
  return places.length === 0
    ? undefined
    : `it has members that this version does not know, and an update of their argument may remove them: ${places.join(", ")}`;
}

function unknownMembersOf({ schema }: Field, value: unknown) {
  return value === undefined ? [] : unknownMembers(schema, value);
}

/** Leaves out members that are undefined: the engine refuses an answer that has one (pulumi issue 2205). */
function collect({ fields }: ResourceKind, value: (field: Field, name: string) => unknown): Properties {
  const values = Object.entries(fields).map(([name, field]) => [name, value(field, name)] as const);
  return Object.fromEntries(values.filter(([, given]) => given !== undefined));
}
