import stringWidth from "string-width";

const segmenter = new Intl.Segmenter("en");

/**
 * The characters of the text, each with its columns. `Intl.Segmenter` takes quadratic time for a long text; where a piece ends
 * within a joined character, its parts count wider, never narrower.
 */
function* charactersOf(text: string): Generator<readonly [character: string, columns: number]> {
  for (const [piece] of text.matchAll(/.{1,200}/gsu)) {
    for (const { segment } of segmenter.segment(piece)) {
      // A character may have any number of signs that take a column each.
      for (const part of stringWidth(segment) > 2 ? segment : [segment]) {
        yield [part, stringWidth(part)];
      }
    }
  }
}

/** The width of the text in columns of a terminal. */
export function width(text: string): number {
  return Array.from(text.matchAll(/.{1,200}/gsu)).reduce((sum, [piece]) => sum + stringWidth(piece), 0);
}

/** The beginning of the text in at most this number of columns, with a mark if it was cut. */
export function cut(text: string, columns: number): string {
  let [taken, used, fitting] = ["", 0, ""];
  for (const [character, more] of charactersOf(text)) {
    [taken, used] = [taken + character, used + more];
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
 * first one begins with `start`. A command in backticks that fits into a line stays in one piece, so that a person can copy it.
 */
export function wrapped(text: string, columns: number, indent = "", start = indent): string[] {
  const rooms = [start, indent].map((before) => Math.max(columns - width(before), 2));
  const room = () => rooms[Math.min(lines.length, 1)] ?? 2;
  const lines: string[] = [];
  let [line, used] = ["", 0];
  const endLine = () => {
    lines.push(line);
    [line, used] = ["", 0];
  };
  const whole = text.replaceAll(/`[^`]+`/g, (command) =>
    width(command) <= Math.min(...rooms) ? command.replaceAll(" ", noBreak) : command,
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
    for (const [character, size] of charactersOf(word)) {
      if (line !== "" && used + size > room()) {
        endLine();
      }
      [line, used] = [line + character, used + size];
    }
  }
  return [...lines, line].map((one, index) => `${index === 0 ? start : indent}${one.replaceAll(noBreak, " ")}`);
}

/** The rows as lines, with each column as wide as its widest cell. */
export function aligned(rows: readonly (readonly string[])[]): string[] {
  const sized = rows.map((row) => row.map((cell) => [cell, width(cell)] as const));
  const widths: number[] = [];
  for (const row of sized) {
    for (const [index, [, size]] of row.entries()) {
      widths[index] = Math.max(widths[index] ?? 0, size);
    }
  }
  return sized.map((row) =>
    row
      .map(([cell, size], index) => cell + " ".repeat((widths[index] ?? 0) - size))
      .join("  ")
      .trimEnd(),
  );
}
