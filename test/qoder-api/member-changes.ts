import { isObject } from "./parse";

/** Where a member is in a reply: names of members, and places in lists. */
export type MemberPath = readonly (string | number)[];

interface MemberChange {
  readonly path: MemberPath;
  /** Undefined where the member was taken away. */
  readonly value: unknown;
}

/**
 * What somebody made of single members, also of those that the service fills in and no body can carry. It is kept
 * with the fields of an object, so that each version of an agent has its own.
 */
export class MemberChanges {
  readonly #changes = new WeakMap<object, readonly MemberChange[]>();

  add(fields: object, change: MemberChange): void {
    this.#changes.set(fields, [...this.#of(fields), change]);
  }

  clear(fields: object): void {
    this.#changes.delete(fields);
  }

  /** A write replaces what it carries, so the changes in that are gone. */
  keep(before: object, after: object, patch: object): void {
    const kept = this.#of(before).filter(({ path }) => !isCarried(path, patch));
    this.#changes.set(after, kept);
  }

  isReplacedBy(patch: object, fields: object): boolean {
    return this.#of(fields).some(({ path }) => isCarried(path, patch));
  }

  /** The place of a change may be one that only some replies fill in. */
  show(fields: object, reply: unknown): void {
    for (const { path, value } of this.#of(fields)) changeMember(reply, path, value);
  }

  #of(fields: object): readonly MemberChange[] {
    return this.#changes.get(fields) ?? [];
  }
}

/** Every field is replaced as a whole, `metadata` key by key. */
function isCarried([field = "", key = ""]: MemberPath, patch: object): boolean {
  const given = new Map<string | number, unknown>(Object.entries(patch));
  if (given.get(field) === undefined) return false;
  const value = given.get(field);
  return field !== "metadata" || !isObject(value) || key in value;
}

/** Tells whether the value has such a place. */
export function changeMember(holder: unknown, [member, ...rest]: MemberPath, value: unknown): boolean {
  if (rest.length > 0) return changeMember(memberOf(holder, member), rest, value);
  if (Array.isArray(holder) && typeof member === "number") {
    holder.splice(member, 1, ...(value === undefined ? [] : [structuredClone(value)]));
  } else if (isObject(holder) && member !== undefined) {
    if (value === undefined) delete holder[member];
    else holder[member] = structuredClone(value);
  } else {
    return false;
  }
  return true;
}

function memberOf(holder: unknown, member: string | number | undefined): unknown {
  if (Array.isArray(holder) && typeof member === "number") return holder[member];
  return isObject(holder) && member !== undefined ? holder[member] : undefined;
}
