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
  return withMembers(value, names, (member) =>
    member === undefined || member === null ? member : pulumi.secret(member),
  );
}

/** The value without these members, at any depth. What comes later stays as it is. */
export function withoutMembers(value: unknown, names: readonly string[]): unknown {
  return isComputed(value) ? value : withMembers(value, names, () => undefined);
}

function withMembers(value: unknown, names: readonly string[], change: (member: unknown) => unknown): unknown {
  if (isComputed(value)) {
    return pulumi.all([value]).apply(([known]) => withMembers(known, names, change));
  }
  if (Array.isArray(value)) {
    return value.map((element) => withMembers(element, names, change));
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  const members = Object.entries(value).map(([name, member]) => [
    name,
    names.includes(name) ? change(member) : withMembers(member, names, change),
  ]);
  return Object.fromEntries(members);
}
