/**
 * What must not come from a server's text to a terminal or an editor as it is: control characters, those that turn the
 * direction of a line, line ends that not every program knows, and `<{%`, by which the Pulumi CLI is asked for a colour
 * (pulumi/pulumi sdk/go/common/diag/colors).
 */
const harmful = /(?!\n)[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]|(?<=<\{)%/gu;

function escaped(text: string): string {
  return text.replace(harmful, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** As `JSON.stringify` writes it; means the same in JSON and in every version of TypeScript. */
export function jsonText(value: unknown, indent?: number): string {
  return escaped(JSON.stringify(value, undefined, indent));
}

/** A message that quotes the server, on one line. */
export function printable(message: string): string {
  return escaped(message.replace(/[\t\r\n]+/g, " "));
}
