import { wellFormed } from "./foreign-text";

/** Nothing in the API nests this deep; what walks through a reply by recursion ends in an overflow of the stack at some thousands. */
export const deepest = 100;

interface Parsed {
  /** Undefined when the text is no JSON. */
  readonly value: unknown;
  /** What was nested too deep is null. */
  readonly isCut: boolean;
}

/** A reply that can be handed on: of limited depth, and without half characters, which would fail the answer to the engine. */
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
      } else if (typeof member === "string") {
        put(holder, name, wellFormed(member));
      }
      rename(holder, name, wellFormed(name));
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

// An assignment would take `__proto__` for what it is in the language, and not for a member.
function put(holder: object, name: string, value: unknown): void {
  Object.defineProperty(holder, name, { value, configurable: true, enumerable: true, writable: true });
}
