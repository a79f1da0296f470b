import { folderPicture } from "./folder-imports";
import { registryChooser } from "./reference/examples";
import { resourceList } from "./reference/pages";

type Tables = Readonly<Record<string, string>>;

/** The tables made from the code, by file, and by the name in the comments around each table. */
export const documentTables: Readonly<Record<string, Tables>> = {
  "CONTRIBUTING.md": { folders: folderPicture() },
  "docs/_index.md": { example: registryChooser("deployment"), resources: resourceList() },
};

/** The text of the file with the current tables. */
export function withTables(file: string, content: string, tables: Tables): string {
  return Object.entries(tables).reduce((text, [name, rows]) => {
    const [start, end] = [`<!-- ${name} -->\n`, `\n<!-- /${name} -->`];
    const from = text.indexOf(start) + start.length;
    const to = text.indexOf(end, from);
    if (!text.includes(start) || to < 0) {
      throw new Error(`${file} has no place for the table ${name}: write ${start.trim()} and ${end.trim()} in it`);
    }
    return text.slice(0, from) + rows + text.slice(to);
  }, content);
}
