import stringWidth from "string-width";
import { smallest } from "./extremes";
import { escaped } from "./terminal-text";

/** Signs above and below a character take no column on any terminal. Other characters that `string-width` counts as none may take one. */
const sign = /^[\p{Mn}\p{Me}]$/u;
/** Some terminals draw each of these as a picture of two columns, also where others join several into one picture. */
const picture = /^[\p{Extended_Pictographic}\p{Regional_Indicator}\p{Emoji_Modifier}]$/u;

/** The most columns that the character takes on any terminal. */
function columnsOf(character: string): number {
  if (character >= " " && character <= "~") {
    return 1;
  }
  const shown = escaped(character);
  if (shown !== character || sign.test(character)) {
    return shown === character ? 0 : shown.length;
  }
  return Math.max(stringWidth(character), picture.test(character) ? 2 : 1);
}

/** The width of the text in columns of a terminal: an upper bound, because terminals differ. */
export function width(text: string): number {
  let columns = 0;
  for (const character of text) {
    columns += columnsOf(character);
  }
  return columns;
}

/** The beginning of the text in at most this number of columns, with a mark if it was cut. */
export function cut(text: string, columns: number): string {
  let [taken, used, fitting] = ["", 0, ""];
  for (const character of text) {
    [taken, used] = [taken + character, used + columnsOf(character)];
    if (used > columns) {
      return `${fitting}…`;
    }
    fitting = used < columns ? taken : fitting;
  }
  return text;
}

/** In place of a space at which no line breaks: a character for private use, which no text of the service means. */
const noBreak = "\ue000";

/**
 * The text in lines of at most this number of columns, broken between words if possible. Each line begins with `indent`, except that the
 * first one begins with `start`. A command in backticks or at the end, if a line has room for it, stays in one piece for a person who copies it.
 */
export function wrapped(text: string, columns: number, indent = "", start = indent): string[] {
  const rooms = [start, indent].map((before) => Math.max(columns - width(before), 2));
  const room = () => rooms[Math.min(lines.length, 1)] ?? 2;
  const lines: string[] = [];
  let [line, used] = ["", 0];
  const endLine = () => {
    lines.push(line.replace(/ +$/, ""));
    [line, used] = ["", 0];
  };
  const whole = text.replaceAll(/`[^`]+`|\b(?:npx pulumi-qoder|pulumi) [^`,]+$/g, (command) =>
    width(command) <= smallest(rooms) ? command.replaceAll(" ", noBreak) : command,
  );
  for (const word of whole.split(" ")) {
    const [space, more] = [line === "" ? "" : " ", width(word)];
    if (used + space.length + more <= room()) {
      [line, used] = [line + space + word, used + space.length + more];
      continue;
    }
    if (line !== "") {
      endLine();
    }
    for (const character of word) {
      const size = columnsOf(character);
      if (line !== "" && used + size > room()) {
        endLine();
      }
      [line, used] = [line + character, used + size];
    }
  }
  return [...lines, line].map((one, index) => `${index === 0 ? start : indent}${one.replaceAll(noBreak, " ")}`);
}

/**
 * The rows of a table, with each column as wide as its widest cell. If the columns do not fit beside each other, each row is one of several
 * lines, all broken between the same columns, which begin with `indent` from the second one on.
 */
export function aligned(
  rows: readonly (readonly string[])[],
  columns: number = Number.POSITIVE_INFINITY,
  indent = "",
): string[] {
  const sized = rows.map((row) => row.map((cell) => [cell, width(cell)] as const));
  const widths: number[] = [];
  for (const row of sized) {
    for (const [index, [, size]] of row.entries()) {
      widths[index] = Math.max(widths[index] ?? 0, size);
    }
  }
  let used = 0;
  const gaps = widths.map((size, index) => {
    const gap = index === 0 ? "" : used + "  ".length + size <= columns ? "  " : `\n${indent}`;
    used = gap.startsWith("\n") ? width(indent) + size : used + gap.length + size;
    return gap;
  });
  return sized.map((row) =>
    row
      .map(([cell, size], index) => `${gaps[index]}${cell}${" ".repeat((widths[index] ?? 0) - size)}`)
      .join("")
      .replaceAll(/ +$/gm, "")
      .trimEnd(),
  );
}
