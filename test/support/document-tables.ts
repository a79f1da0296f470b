import { again, startAdvices } from "../../provider/deployment-run/not-started";
import { remarkMeanings } from "../../provider/resource/plan-remark";
import { folderPicture } from "./folder-imports";
import { mistakes } from "./mistakes";
import { registryChooser } from "./reference/examples";
import { resourceList } from "./reference/pages";

type Tables = Readonly<Record<string, string>>;

/** The tables made from the code, by file, and by the name in the comments around each table. */
export const documentTables: Readonly<Record<string, Tables>> = {
  "docs/architecture.md": { folders: folderPicture() },
  "docs/_index.md": { example: registryChooser("deployment"), resources: resourceList() },
  "docs/preview.md": {
    remarks: table(
      ["kind", "when a preview shows it"],
      Object.entries(remarkMeanings).map(([kind, meaning]) => [code(kind), meaning]),
    ),
  },
  "docs/troubleshooting.md": {
    // The page says once the words that all titles or remedies share.
    "run-advice": advices(
      startAdvices.map(({ title, text }) => ({
        title: title.replace("could not start: ", ""),
        text: text.replace(`, ${again}`, ""),
      })),
    ),
    mistakes: table(
      ["resource", "mistake", "caught by", "part of the message"],
      mistakes.map(({ of, mistake, caught, words }) => [
        code(of),
        mistake,
        caught === "up" ? code(caught) : caught,
        words === "" ? "" : code(words),
      ]),
    ),
  },
};

function advices(rows: readonly { readonly title: string; readonly text: string }[]): string {
  return table(
    ["what the service said", "what to do"],
    rows.map(({ title, text }) => [title, text]),
  );
}

/** The text as code in a table, where a plain bar would begin the next cell. */
function code(text: string): string {
  return `\`${text.replaceAll("|", "\\|")}\``;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, ...rows].map((cells) => `| ${cells.join(" | ")} |`);
  return lines.toSpliced(1, 0, `|${"---|".repeat(head.length)}`).join("\n");
}

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
