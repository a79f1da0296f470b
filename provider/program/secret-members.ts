import * as pulumi from "@pulumi/pulumi";

/** Whether the value comes later. */
export function isComputed(value: unknown): boolean {
  return pulumi.Output.isInstance(value) || value instanceof Promise;
}

/**
 * The value with its secret members marked, at any depth. Element by element where that is possible: an Output around a whole
 * list would hide it all in a preview in which one value is not known yet.
 */
export function withSecretMembers(value: unknown, names: readonly string[]): unknown {
  if (isComputed(value)) {
    return pulumi.all([value]).apply(([known]) => withSecretMembers(known, names));
  }
  if (Array.isArray(value)) {
    return value.map((element) => withSecretMembers(element, names));
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  const members = Object.entries(value).map(([name, member]) => [
    name,
    names.includes(name) && member !== undefined && member !== null
      ? pulumi.secret(member)
      : withSecretMembers(member, names),
  ]);
  return Object.fromEntries(members);
}
