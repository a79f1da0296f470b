// Control characters among them escape sequences, separators of lines, and what turns the direction of writing.
const acting = /[\p{Cc}\u2028\u2029\p{Bidi_Control}]+/gu;

/**
 * The text without what acts on a terminal or on the CLI: that takes `<{%...%}>` for its colours, and ends in a panic on one
 * that it does not know (pulumi/pulumi sdk/go/common/diag/colors). Half a character would fail the whole answer to the engine.
 */
export function harmless(text: string): string {
  return wellFormed(text)
    .replace(acting, " ")
    .replace(/<\{(?=%)/g, "<{ ")
    .replace(/%(?=\}>)/g, "% ");
}

const mostLooked = 100_000;

/** What others say, in one line of at most so many characters. */
export function excerpt(text: string, longest: number): string {
  // A longer run of one kind of character can exhaust the stack of the expressions below.
  const line = text.slice(0, mostLooked).replace(acting, " ").replace(/\s+/g, " ").trim();
  if (line.length <= longest) {
    return harmless(line);
  }
  const cut = line.slice(0, longest);
  return harmless(`${/[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut}…`);
}

export function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, "\ufffd");
}
