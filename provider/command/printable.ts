import { escaped } from "../api/foreign-text";

/** As `JSON.stringify` writes it; means the same in JSON and in every version of TypeScript. */
export function jsonText(value: unknown, indent?: number): string {
  return escaped(JSON.stringify(value, undefined, indent));
}

/** A message that quotes the server, on one line. */
export function printable(message: string): string {
  return escaped(message.replace(/[\t\r\n]+/g, " "));
}
