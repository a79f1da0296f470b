import type { WhenKnown } from "../kinds/table";
import {
  containsUnknown,
  isObject,
  mapMembers,
  type Properties,
  secretSignature,
  signature,
} from "../resource/kind/program-values";
import { holdsSecret, isSecret } from "../resource/state/hidden-texts";

/** The text in place of an unknown value (pulumi/pulumi sdk/go/common/resource/plugin/rpc.go). */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** The value as a secret; an absent value and null stay as they are. */
export function secret(value: unknown): unknown {
  return value === undefined || value === null || isSecret(value) ? value : { [signature]: secretSignature, value };
}

export function bare(values: Properties): Record<string, unknown> {
  return JSON.parse(JSON.stringify(values), (_, value) => (isSecret(value) ? value["value"] : value));
}

/** Applies `then` to a known value and keeps the mark of a secret. An unknown value stays as it is. */
export const whenKnown: WhenKnown = (given, then) => {
  if (isSecret(given)) {
    return secret(whenKnown(given["value"], then));
  }
  return typeof given === "string" && containsUnknown(given) ? given : then(given);
};

/**
 * The value with the marks of its source. A list with a secret element becomes a secret as a whole, because its elements may have
 * moved. The engine does the same for providers without secrets (pulumi/pulumi pkg/resource/plugin/provider_plugin.go,
 * `annotateSecrets`).
 */
export function markedAs(source: unknown, value: unknown): unknown {
  if (isSecret(value) || !holdsSecret(source)) {
    return value;
  }
  return isObject(value) && isObject(source) && !isSecret(source)
    ? mapped(value, (name, member) => markedAs(source[name], member))
    : secret(value);
}

export function withMembers(value: unknown, names: readonly string[], change: typeof secret): unknown {
  return isSecret(value)
    ? value
    : mapMembers(value, (member, name) => (names.includes(name) ? change(member) : withMembers(member, names, change)));
}

export function mapped(values: Properties, change: (name: string, value: unknown) => unknown): Properties {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(name, value)]));
}
