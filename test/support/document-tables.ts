import { agentKind } from "../../provider/agent/kind";
import { deploymentKind } from "../../provider/deployment/kind";
import { deploymentRunKind } from "../../provider/deployment-run/kind";
import { environmentKind } from "../../provider/environment/kind";
import { advicesOf } from "../../provider/resource/advice";

type Tables = Readonly<Record<string, string>>;

/** The tables that say what the code says: by their files, and there by the name of the comments around each. */
export const documentTables: Readonly<Record<string, Tables>> = {
  "docs/semantics.md": {
    deployment: semantics(deploymentKind.fields),
    agent: semantics(agentKind.fields),
    environment: semantics(environmentKind.fields),
    "deployment-run": semantics(deploymentRunKind.fields),
  },
  "docs/troubleshooting.md": {
    advice: table(
      ["what the service said", "what to do"],
      advicesOf(deploymentKind).map(({ title, text }) => [title, text]),
    ),
  },
};

interface Meaning {
  readonly leftOut: string;
  readonly removed: string;
  readonly sameWhen: string;
}

function semantics(fields: object): string {
  const rows: [string, { readonly meaning: Meaning }][] = Object.entries(fields);
  return table(
    ["argument", "left out", "removed later", "the same when"],
    rows.map(([name, { meaning }]) => [`\`${name}\``, meaning.leftOut, meaning.removed, meaning.sameWhen]),
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, ...rows].map((cells) => `| ${cells.join(" | ")} |`);
  return lines.toSpliced(1, 0, `|${"---|".repeat(head.length)}`).join("\n");
}

/** The text of the file with each table as it must be. */
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
