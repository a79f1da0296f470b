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

/** A name, an id or a time from outside has no more characters in a message than this, and a sentence from outside no more than three times as many. */
const longestWord = 100;
export const longestSentence = 3 * longestWord;

/** A text from outside, on one line of at most `longest` characters. */
export function excerpt(text: string, longest: number = longestWord): string {
  // The text is cut first, because a long run of one character can exhaust the stack of the regular expressions below.
  const line = text.slice(0, mostLooked).replace(actingRun, " ").replace(/\s+/g, " ").trim();
  if (line.length <= longest) {
    return harmless(line);
  }
  const cut = line.slice(0, longest);
  return harmless(`${/[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut}…`);
}

/** The first texts, and the number of the others: `a, b and 3 more`. */
export function firstOf(texts: readonly string[], most: number): string {
  const shown = texts.slice(0, most).join(", ");
  return texts.length > most ? `${shown} and ${texts.length - most} more` : shown;
}

// Line breaks stay: JSON contains them only between its texts. Terminals draw an ignorable character with 0, 1 or 2 columns.
const actingButLineBreaks = new RegExp(`(?!\\n)${acting}|\\p{Default_Ignorable_Code_Point}|(?<=<\\{)%|%(?=\\}>)`, "gu");

/** The text with acting and ignorable characters as escapes of JSON and TypeScript, which mean the same inside a string. */
export function escaped(text: string): string {
  return text.replace(actingButLineBreaks, (one) =>
    Array.from({ length: one.length }, (_, at) => `\\u${one.charCodeAt(at).toString(16).padStart(4, "0")}`).join(""),
  );
}
