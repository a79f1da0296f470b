// Control characters, escape sequences among them, separators of lines, and what turns the direction of writing.
const acting = "[\\p{Cc}\\p{Zl}\\p{Zp}\\p{Bidi_Control}]";
const actingRun = new RegExp(`${acting}+`, "gu");

/**
 * The text without what acts on a terminal or on the CLI: that takes `<{%...%}>` for its colours, and ends in a panic on one
 * that it does not know (pulumi/pulumi sdk/go/common/diag/colors). Half a character would fail the whole answer to the engine.
 */
export function harmless(text: string): string {
  return text
    .toWellFormed()
    .replace(actingRun, " ")
    .replace(/<\{(?=%)/g, "<{ ")
    .replace(/%(?=\}>)/g, "% ");
}

const mostLooked = 100_000;

/** What others say, in one line of at most so many characters. */
export function excerpt(text: string, longest: number): string {
  // A longer run of one kind of character can exhaust the stack of the expressions below.
  const line = text.slice(0, mostLooked).replace(actingRun, " ").replace(/\s+/g, " ").trim();
  if (line.length <= longest) {
    return harmless(line);
  }
  const cut = line.slice(0, longest);
  return harmless(`${/[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut}…`);
}

// Line breaks stay: JSON over several lines has them between its texts, and never in one.
const actingButLineBreaks = new RegExp(`(?!\\n)${acting}|(?<=<\\{)%|%(?=\\}>)`, "gu");

/** The text with what would act as JSON and TypeScript escape it. In their texts it means the same. */
export function escaped(text: string): string {
  return text.replace(actingButLineBreaks, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

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

// An assignment would take `__proto__` for what it is in the language, and not for a member.
function put(holder: object, name: string, value: unknown): void {
  Object.defineProperty(holder, name, { value, configurable: true, enumerable: true, writable: true });
}
