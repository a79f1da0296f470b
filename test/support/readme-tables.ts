import { deploymentKind } from "../../provider/deployment/kind";
import { startAdvices } from "../../provider/deployment-run/not-started";
import { advicesOf } from "../../provider/resource/advice";
import { argumentNames, fields } from "./deployment";

/** The tables of README.md that say what the code says, by the name of the comments around each. */
export const readmeTables: Readonly<Record<string, string>> = {
  semantics: table(
    ["argument", "left out", "removed later", "the same when"],
    argumentNames.map((name) => {
      const { leftOut, removed, sameWhen } = fields[name].meaning;
      return [`\`${name}\``, leftOut, removed, sameWhen];
    }),
  ),
  advice: table(
    ["what the service said", "what to do"],
    advicesOf(deploymentKind).map(({ title, text }) => [title, text]),
  ),
  "run-advice": table(
    ["what the service said", "what to do"],
    startAdvices.map(({ title, text }) => [title, text]),
  ),
};

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, ...rows].map((cells) => `| ${cells.join(" | ")} |`);
  return lines.toSpliced(1, 0, `|${"---|".repeat(head.length)}`).join("\n");
}

/** The README with each table as it must be. */
export function withTables(readme: string, tables: Readonly<Record<string, string>>): string {
  return Object.entries(tables).reduce((text, [name, content]) => {
    const [start, end] = [`<!-- ${name} -->\n`, `\n<!-- /${name} -->`];
    const from = text.indexOf(start) + start.length;
    const to = text.indexOf(end, from);
    if (!text.includes(start) || to < 0) {
      throw new Error(`README.md has no place for the table ${name}: write ${start.trim()} and ${end.trim()} in it`);
    }
    return text.slice(0, from) + content + text.slice(to);
  }, readme);
}
