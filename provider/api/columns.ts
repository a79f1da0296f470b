/** The characters that terminals show two columns wide. */
const wide =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303f\uff01-\uff60\uffe0-\uffe6]|\ufe0f/u;

const graphemes = new Intl.Segmenter("en");

function charactersOf(text: string): string[] {
  return Array.from(graphemes.segment(text), ({ segment }) => segment);
}

/** The width of the text in columns of a terminal. */
export function width(text: string): number {
  return charactersOf(text).reduce((sum, character) => sum + (wide.test(character) ? 2 : 1), 0);
}

/** The beginning of the text in at most this number of columns, with a mark if it was cut. */
export function cut(text: string, columns: number): string {
  if (width(text) <= columns) {
    return text;
  }
  return `${beginning(text, columns - 1)}…`;
}

function beginning(text: string, columns: number): string {
  let left = columns;
  let taken = "";
  for (const character of charactersOf(text)) {
    left -= width(character);
    if (left < 0) {
      break;
    }
    taken += character;
  }
  return taken;
}

/**
 * The text in lines of at most this number of columns, broken between words if possible. Each line begins with `indent`, except that the
 * first one begins with `start`.
 */
export function wrapped(text: string, columns: number, indent = "", start = indent): string[] {
  const lines: string[] = [];
  const room = () => Math.max(columns - width(lines.length === 0 ? start : indent), 2);
  let line = "";
  for (const word of text.split(" ")) {
    const joined = line === "" ? word : `${line} ${word}`;
    if (width(joined) <= room()) {
      line = joined;
      continue;
    }
    lines.push(...(line === "" ? [] : [line]));
    line = word;
    while (width(line) > room()) {
      const piece = beginning(line, room());
      lines.push(piece);
      line = line.slice(piece.length);
    }
  }
  return [...lines, line].map((one, index) => `${index === 0 ? start : indent}${one}`);
}

/** A row about an object. */
interface MarkedRow {
  /** Whether the row asks for something. */
  readonly isMarked: boolean;
  readonly name: string;
  readonly cells: readonly string[];
  /** What is wrong, below the row. */
  readonly details: readonly string[];
}

const shortestName = 16;

/** A table of objects within this number of columns, if their cells leave room for names. A `!` marks the rows that ask for something. */
export function markedTable(head: readonly string[], rows: readonly MarkedRow[], columns: number): string[] {
  const others = aligned([head, ...rows.map(({ cells }) => cells)]);
  // Without the mark and the space next to the name.
  const room = columns - Math.max(...others.map(width)) - "!  ".length - "  ".length;
  const [headLine = "", ...lines] = aligned([
    ["", "NAME", ...head],
    ...rows.map(({ name, cells }) => ["", cut(name, Math.max(room, shortestName)), ...cells]),
  ]);
  return [
    ` ${headLine}`,
    ...rows.flatMap(({ isMarked, details }, index) => [
      `${isMarked ? "!" : " "}${lines[index]}`,
      ...details.flatMap((text) => wrapped(text, columns, "     ")),
    ]),
  ];
}

/** The rows as lines, with each column as wide as its widest cell. */
export function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, cell] of row.entries()) {
      widths[index] = Math.max(widths[index] ?? 0, width(cell));
    }
  }
  return rows.map((row) =>
    row
      .map((cell, index) => cell + " ".repeat((widths[index] ?? 0) - width(cell)))
      .join("  ")
      .trimEnd(),
  );
}
