import Anser from "anser";

const columns = 118;
const fontSize = 13;
const characterWidth = fontSize * 0.602;
const lineHeight = 18;
const padding = 14;

/** The colours by the classes of anser, each readable on the background of its scheme. */
const colours: Readonly<Record<string, readonly [light: string, dark: string]>> = {
  "ansi-red": ["#cf222e", "#ff7b72"],
  "ansi-green": ["#116329", "#7ee787"],
  "ansi-yellow": ["#7d4e00", "#e3b341"],
  "ansi-blue": ["#0550ae", "#79c0ff"],
  "ansi-magenta": ["#8250df", "#d2a8ff"],
  "ansi-cyan": ["#1b6a75", "#76e3ea"],
};
/** The colours that the CLI uses of the 256. */
const palette: Readonly<Record<string, string>> = {
  "ansi-palette-1": "ansi-red",
  "ansi-palette-2": "ansi-green",
  "ansi-palette-3": "ansi-yellow",
  "ansi-palette-4": "ansi-blue",
  "ansi-palette-5": "ansi-magenta",
  "ansi-palette-6": "ansi-cyan",
  "ansi-palette-9": "ansi-red",
  "ansi-palette-10": "ansi-green",
  "ansi-palette-11": "ansi-yellow",
  "ansi-palette-12": "ansi-blue",
  "ansi-palette-13": "ansi-magenta",
  "ansi-palette-14": "ansi-cyan",
};

interface Piece {
  readonly text: string;
  readonly classes: string;
}

/** The output of a terminal as a picture that follows the reader's light or dark scheme. */
export function terminalSvg(title: string, output: string): string {
  const lines = wrapped(piecesOf(output.trimEnd()));
  const [width, height] = [columns * characterWidth + 2 * padding, lines.length * lineHeight + 2 * padding];
  const rows = lines.map(
    (line, index) =>
      `<text x="${padding}" y="${padding + (index + 0.75) * lineHeight}" xml:space="preserve">${line.map(tspan).join("")}</text>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width.toFixed(0)} ${height}" role="img" aria-label="${escaped(title)}">`,
    `<style>${style()}</style>`,
    '<rect class="page" width="100%" height="100%" rx="6"/>',
    ...rows,
    "</svg>",
    "",
  ].join("\n");
}

function piecesOf(output: string): Piece[][] {
  const lines: Piece[][] = [[]];
  for (const { content, fg, decorations } of Anser.ansiToJson(output, { use_classes: true, remove_empty: true })) {
    const classes = [palette[fg] ?? fg ?? "", ...decorations].filter((name) => name in colours || name === "bold");
    for (const [index, text] of content.split("\n").entries()) {
      if (index > 0) {
        lines.push([]);
      }
      lines.at(-1)?.push({ text, classes: classes.join(" ") });
    }
  }
  return lines;
}

/** Breaks long lines between words, so that a reader finds each word whole. */
function wrapped(lines: readonly Piece[][]): Piece[][] {
  return lines.flatMap((line) => {
    const rows: Piece[][] = [[]];
    let column = 0;
    for (const { text, classes } of line) {
      for (let rest = text; rest !== ""; ) {
        const part = firstWords(rest, columns - column) || (column === 0 ? rest.slice(0, columns) : "");
        if (part === "") {
          rows.push([]);
          column = 0;
          continue;
        }
        rows.at(-1)?.push({ text: part, classes });
        column += part.length;
        rest = rest.slice(part.length);
      }
    }
    return rows;
  });
}

/** The first words of the text that fit; empty if not even the first word fits. */
function firstWords(text: string, room: number): string {
  return text.length <= room ? text : text.slice(0, text.lastIndexOf(" ", room - 1) + 1);
}

function tspan({ text, classes }: Piece): string {
  return classes === "" ? escaped(text) : `<tspan class="${classes}">${escaped(text)}</tspan>`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

function style(): string {
  const inScheme = (index: 0 | 1) =>
    Object.entries(colours)
      .map(([name, pair]) => `.${name}{fill:${pair[index]}}`)
      .join("");
  return [
    `text{font:${fontSize}px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;fill:#1f2328}.page{fill:#f6f8fa}.bold{font-weight:bold}`,
    inScheme(0),
    `@media (prefers-color-scheme:dark){text{fill:#e6edf3}.page{fill:#161b22}${inScheme(1)}}`,
  ].join("");
}
