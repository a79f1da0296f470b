// Who parses JSON removes its escapes: a name or a message could then clear the screen, turn the line around or add lines to a report.
const acting = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;

/** The text on one line, in which nothing acts on a terminal. */
export function printable(text) {
  return text.toWellFormed().replace(acting, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
