// Control characters (including escape sequences), line separators, and characters that change the direction of writing.
const acting = "[\\p{Cc}\\p{Zl}\\p{Zp}\\p{Bidi_Control}]";
const actingRun = new RegExp(`${acting}+`, "gu");

/**
 * The text without characters that act on a terminal or on the CLI. The CLI reads `<{%...%}>` as a colour and panics at an
 * unknown one (pulumi/pulumi sdk/go/common/diag/colors). Half a surrogate pair would make the whole answer to the engine
 * fail.
 */
export function harmless(text: string): string {
  return text
    .toWellFormed()
    .replace(actingRun, " ")
    .replace(/<\{(?=%)/g, "<{ ")
    .replace(/%(?=\}>)/g, "% ");
}

/** The same for a message that has line breaks of its own. Texts from outside have none after `excerpt`. */
export function harmlessLines(text: string): string {
  return text.split("\n").map(harmless).join("\n");
}

const mostLooked = 100_000;

/** A text from outside, on one line of at most `longest` characters. */
export function excerpt(text: string, longest: number): string {
  // The text is cut first, because a long run of one character can exhaust the stack of the regular expressions below.
  const line = text.slice(0, mostLooked).replace(actingRun, " ").replace(/\s+/g, " ").trim();
  if (line.length <= longest) {
    return harmless(line);
  }
  const cut = line.slice(0, longest);
  return harmless(`${/[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut}…`);
}

// Line breaks stay: JSON contains them only between its texts.
const actingButLineBreaks = new RegExp(`(?!\\n)${acting}|(?<=<\\{)%|%(?=\\}>)`, "gu");

/** The text with acting characters as escapes of JSON and TypeScript, which mean the same inside a string. */
export function escaped(text: string): string {
  return text.replace(actingButLineBreaks, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

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
