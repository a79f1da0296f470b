import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const provider = resolve(__dirname, "..", "..", "provider");

/** The folders of the package. */
const providerFolders: readonly string[] = readdirSync(provider, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .sort();

/** The other folders of the package that files of this folder name after `words`, such as `from `. */
export function importedBy(folder: string, words: RegExp = /from |require\(|import\(/): string[] {
  const pattern = new RegExp(`(?:${words.source})"(?:\\.\\./)+([\\w-]+)/`, "g");
  const imported = readdirSync(join(provider, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .flatMap((name) => [...readFileSync(join(provider, folder, name), "utf8").matchAll(pattern)]);
  const names = new Set(imported.map(([, name = ""]) => name));
  return providerFolders.filter((name) => names.has(name) && name !== folder);
}

const ofAKind = (folder: string) => ["kind.ts", "index.ts"].every((name) => existsSync(join(provider, folder, name)));
const theKinds = "a-kind";
const nodeOf = (folder: string) => (ofAKind(folder) ? theKinds : folder);

/** The imports between the folders as a picture in Mermaid: all kinds are one box, and an arrow that others imply is left out. */
export function folderPicture(): string {
  const arrows = new Map<string, Set<string>>();
  for (const folder of providerFolders) {
    const from = arrows.get(nodeOf(folder)) ?? new Set();
    for (const to of importedBy(folder, /from /).map(nodeOf)) {
      if (to !== nodeOf(folder)) {
        from.add(to);
      }
    }
    arrows.set(nodeOf(folder), from);
  }
  const reaches = (from: string, to: string): boolean =>
    [...(arrows.get(from) ?? [])].some((next) => next === to || reaches(next, to));
  const kinds = providerFolders.filter(ofAKind).map((folder) => `${folder}/`);
  const lines = [...arrows].flatMap(([from, all]) =>
    [...all]
      .filter((to) => ![...all].some((other) => other !== to && reaches(other, to)))
      .map((to) => `  ${from} --> ${to}`),
  );
  const boxes = [...arrows.keys()].map((node) =>
    node === theKinds ? `  ${node}["${kinds.join("<br/>")}"]` : `  ${node}["${node}/"]`,
  );
  return ["```mermaid", "flowchart TD", ...boxes, ...lines, "```"].join("\n");
}
