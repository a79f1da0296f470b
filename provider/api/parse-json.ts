/** No reply of the API is nested this deep, and recursive code overflows the stack at some thousand levels. */
export const deepest = 100;

interface Parsed {
  /** The parsed value; undefined if the text is no JSON. */
  readonly value: unknown;
  /** True if values that were nested too deep have become null. */
  readonly isCut: boolean;
}

/** Parses a reply, with limited depth and without half surrogate pairs, which would make the answer to the engine fail. */
export function parseJson(text: string): Parsed {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { value: undefined, isCut: false };
  }
  const root = [value];
  return { isCut: mend(root), value: root[0] };
}

function mend(root: object): boolean {
  let isCut = false;
  const pending = [{ holder: root, depth: 0 }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { holder, depth } = next;
    for (const name of Object.keys(holder)) {
      const member: unknown = Reflect.get(holder, name);
      if (typeof member === "object" && member !== null && depth < deepest) {
        pending.push({ holder: member, depth: depth + 1 });
      } else if (typeof member === "object" && member !== null) {
        put(holder, name, null);
        isCut = true;
      } else if (typeof member === "string" && !member.isWellFormed()) {
        put(holder, name, member.toWellFormed());
      }
      rename(holder, name, name.toWellFormed());
    }
  }
  return isCut;
}

function rename(holder: object, name: string, mended: string): void {
  if (name !== mended) {
    put(holder, mended, Reflect.get(holder, name));
    Reflect.deleteProperty(holder, name);
  }
}

// An assignment to `__proto__` would change the prototype and create no member.
function put(holder: object, name: string, value: unknown): void {
  Object.defineProperty(holder, name, { value, configurable: true, enumerable: true, writable: true });
}
