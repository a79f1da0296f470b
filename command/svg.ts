import { harmless } from "../provider/api/terminal-text";
import { Misuse } from "./command";
import { saveFile } from "./files";
import type { Streams } from "./printer";

/** The measures of each picture, in pixels. */
export const pictureWidth = 940;
export const padding = 20;
export const lineHeight = 20;
/** The distance between two cells. */
export const gap = 2;

/**
 * Colours of GitHub's Primer, light and dark. A viewer without colour schemes shows the light ones, on their own background.
 */
export const schemes = {
  light: { page: "#ffffff", text: "#1f2328", quiet: "#59636e" },
  dark: { page: "#0d1117", text: "#f0f6fc", quiet: "#9198a1" },
} as const;
export type SchemeName = keyof typeof schemes;

export interface Picture {
  readonly title: string;
  readonly description: string;
  readonly height: number;
  /** The rules of style for both colour schemes, and those that differ. */
  readonly style: string;
  readonly scheme: (name: SchemeName) => string;
  readonly body: readonly string[];
}

/** A picture for a page, with a title and a description, and without scripts and links. */
function pictureText({ title, description, height, style, scheme, body }: Picture): string {
  const font = "12px -apple-system,BlinkMacSystemFont,'Segoe UI','Noto Sans',Helvetica,Arial,sans-serif";
  const colours = (name: SchemeName) => {
    const { page, text, quiet } = schemes[name];
    return `.page{fill:${page}}text{fill:${text}}.quiet{fill:${quiet}}${scheme(name)}`;
  };
  const styles = [
    `text{font:${font}}.head{font-size:14px;font-weight:600}.middle{text-anchor:middle}${style}`,
    colours("light"),
    `@media (prefers-color-scheme:dark){${colours("dark")}}`,
  ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${pictureWidth} ${Math.ceil(height)}" role="img" aria-labelledby="title description">`,
    `<title id="title">${escaped(title)}</title>`,
    `<desc id="description">${escaped(description)}</desc>`,
    `<style>${styles.join("")}</style>`,
    '<rect class="page" width="100%" height="100%" rx="6"/>',
    textAt(padding, padding + 0.8 * lineHeight, title, "head"),
    ...body,
    "</svg>",
    "",
  ].join("\n");
}

export function textAt(x: number, y: number, text: string, kind?: string): string {
  const styled = kind === undefined ? "" : ` class="${kind}"`;
  return `<text x="${x}" y="${Number(y.toFixed(1))}"${styled} xml:space="preserve">${escaped(text)}</text>`;
}

/** A rectangle of this class with a text of the class `on`. A pointer on it shows the label. */
export function cellText(
  [left, top, width, height]: readonly [number, number, number, number],
  kind: string,
  label: string,
  text: string,
  on: string,
): string {
  const size = `x="${left}" y="${top}" width="${width}" height="${height}" rx="3"`;
  const inside = text === "" ? "" : textAt(left + width / 2, top + height / 2 + 4, text, `middle ${on}`);
  return `<g><title>${escaped(label)}</title><rect class="${kind}" ${size}/>${inside}</g>`;
}

function escaped(text: string): string {
  return (
    harmless(text)
      // XML has no place for these two ("Extensible Markup Language (XML) 1.0", section 2.2).
      .replace(/[\ufffe\uffff]/g, " ")
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;")
      .replaceAll('"', "&quot;")
  );
}

/** Refuses the value of --svg if it may be another file by mistake. */
export function refuseOtherThanSvg(file: string | undefined): void {
  if (file !== undefined && !file.endsWith(".svg")) {
    throw new Misuse(`--svg replaces the file that it names, so the name must end in .svg, unlike "${file}"`);
  }
}

/** The file mode of a picture, which everybody may read. */
const publicMode = 0o644;

export function writePicture(file: string, picture: Picture, { stderr }: Streams): void {
  saveFile(file, stderr.clean(pictureText(picture)), publicMode);
  stderr.write(`Wrote ${file}\n`);
}
