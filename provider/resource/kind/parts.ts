import { isObject, membersOf, type Properties, without } from "./program-values";

// A value in parts, such as the labels of an object: each part lives by itself. Any other value is one part.

/** The names of arguments, each with the names of some of its parts, such as those that a request carries. */
export type ArgumentParts = Readonly<Record<string, readonly string[]>>;

/** The name of the only part of any other value. */
export const wholeName = "";

/** The name of the part at this path: a member, or a member of a member. A member may have any characters in its name. */
export function partName(...path: readonly string[]): string {
  return JSON.stringify(path);
}

/** The path of the part with this name. */
export function pathOf(part: string): readonly string[] {
  return JSON.parse(part);
}

/** The parts of a value by their names. `inParts`: see `Field`; undefined for a value that is one part. */
export function partsOf(value: unknown, inParts: readonly string[] | undefined): Properties {
  if (inParts === undefined) {
    return value === undefined ? {} : { [wholeName]: value };
  }
  const members = isObject(value) ? Object.entries(value) : [];
  return Object.fromEntries(
    members.flatMap(([name, member]) =>
      inParts.includes(name) && isObject(member)
        ? Object.entries(member).map(([inner, part]) => [partName(name, inner), part] as const)
        : [[partName(name), member] as const],
    ),
  );
}

/** The value that has these parts; undefined for a value without its only part. */
export function joined(parts: Properties, inParts: readonly string[] | undefined): unknown {
  if (inParts === undefined) {
    return parts[wholeName];
  }
  const value = new Map<string, unknown>();
  for (const [path, part] of Object.entries(parts)) {
    const [name, inner] = pathOf(path);
    if (name === undefined || part === undefined) {
      continue;
    }
    const held = value.get(name);
    value.set(name, inner === undefined ? part : { ...(isObject(held) ? held : {}), [inner]: part });
  }
  return Object.fromEntries(value);
}

/** The members of all of these values. A part that leaves the program is the program's until it is gone. */
export function membersOfAll(...values: readonly unknown[]): Properties {
  return Object.fromEntries(values.filter(isObject).flatMap((value) => Object.entries(value)));
}

/** The value with the parts of these names from another one. */
export function withParts(
  value: unknown,
  other: unknown,
  names: readonly string[],
  inParts: readonly string[] | undefined,
): unknown {
  const taken = Object.entries(partsOf(other, inParts)).filter(([name]) => names.includes(name));
  return joined({ ...without(partsOf(value, inParts), names), ...Object.fromEntries(taken) }, inParts);
}

/**
 * The value with the members of these names from `held`: no reply shows a secret. An element of a list gets those of the element with the
 * same type and address: a token belongs to one server.
 */
export function withSecretsOf(value: unknown, held: unknown, names: readonly string[]): unknown {
  if (Array.isArray(value) && Array.isArray(held)) {
    // Maps, because a list may have many thousand elements. Two repositories may have one address, and differ in their tokens.
    const [twins, neighbours] = [visible, addressOf].map(
      (key) => new Map(held.toReversed().map((element) => [key(element, names), element] as const)),
    );
    return value.map((element) => {
      const own = twins?.get(visible(element, names)) ?? neighbours?.get(addressOf(element));
      return isObject(element) && isObject(own) ? withSecretsOf(element, own, names) : element;
    });
  }
  if (!isObject(value) || !isObject(held) || names.length === 0) {
    return value;
  }
  const taken = Object.entries(held).flatMap(([name, member]) => {
    if (names.includes(name)) {
      return [[name, member] as const];
    }
    return Object.hasOwn(value, name) ? [[name, withSecretsOf(value[name], member, names)] as const] : [];
  });
  return { ...value, ...Object.fromEntries(taken) };
}

function visible(element: unknown, names: readonly string[]): string {
  return JSON.stringify(isObject(element) ? without(element, names) : element);
}

function addressOf(element: unknown): string {
  const { type, url } = membersOf(element);
  return JSON.stringify([type, url]);
}
