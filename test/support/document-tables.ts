import { agentKind } from "../../provider/agent/kind";
import { deploymentKind } from "../../provider/deployment/kind";
import { deploymentRunKind } from "../../provider/deployment-run/kind";
import { again, startAdvices } from "../../provider/deployment-run/not-started";
import { environmentKind } from "../../provider/environment/kind";
import { fileKind } from "../../provider/file/kind";
import { memoryStoreKind } from "../../provider/memory-store/kind";
import { advicesOf } from "../../provider/resource/engine/advice";
import { remarkMeanings } from "../../provider/resource/plan-remark";
import { skillKind } from "../../provider/skill/kind";
import { vaultKind } from "../../provider/vault/kind";
import { vaultCredentialKind } from "../../provider/vault-credential/kind";
import { argumentsOf } from "./argument-types";

type Tables = Readonly<Record<string, string>>;

interface Meaning {
  readonly leftOut: string;
  readonly removed: string;
  readonly sameWhen: string;
}

/** A kind as the tables describe it. */
interface DocumentedKind {
  readonly folder: string;
  readonly label: string;
  readonly fields: object;
  /** The interface of the inputs in a state; absent if they are the arguments of the program. */
  readonly inputs?: string;
}

const kinds: readonly DocumentedKind[] = [
  { folder: "deployment", ...deploymentKind },
  { folder: "agent", ...agentKind },
  { folder: "environment", ...environmentKind },
  { folder: "deployment-run", ...deploymentRunKind },
  { folder: "vault", ...vaultKind },
  { folder: "vault-credential", ...vaultCredentialKind },
  { folder: "memory-store", ...memoryStoreKind },
  { folder: "skill", ...skillKind, inputs: "SkillInputs" },
  { folder: "file", ...fileKind, inputs: "FileInputs" },
];

/** The tables that repeat facts of the code, by their files, and by the names in the comments around them. */
export const documentTables: Readonly<Record<string, Tables>> = {
  "docs/semantics.md": Object.fromEntries([
    ["shared", argumentTable(sharedRows())],
    ...kinds.map((kind) => [kind.folder, semantics(kind)] as const),
  ]),
  "docs/preview.md": {
    remarks: table(
      ["kind", "when a preview tells it"],
      Object.entries(remarkMeanings).map(([kind, meaning]) => [code(kind), meaning]),
    ),
  },
  "docs/troubleshooting.md": {
    advice: advices(advicesOf(deploymentKind)),
    // The page says once the sentence that ends each remedy.
    "run-advice": advices(startAdvices.map(({ title, text }) => ({ title, text: text.replace(`, ${again}`, "") }))),
  },
};

function advices(rows: readonly { readonly title: string; readonly text: string }[]): string {
  return table(
    ["what the service said", "what to do"],
    rows.map(({ title, text }) => [title, text]),
  );
}

function meanings(fields: object): [string, { readonly meaning: Meaning }][] {
  return Object.entries(fields);
}

function argumentsOfKind({ folder, label, inputs }: Omit<DocumentedKind, "fields">) {
  const names = [`${label}Args`, ...(inputs === undefined ? [] : [inputs])];
  return new Map(names.flatMap((name) => [...argumentsOf(`provider/${folder}/arguments.ts`, name)]));
}

/** The cells of each argument of a kind. */
function argumentRows(kind: DocumentedKind): string[][] {
  const known = argumentsOfKind(kind);
  return meanings(kind.fields).map(([name, { meaning }]) => [
    code(name),
    code(known.get(name)?.type ?? ""),
    meaning.leftOut,
    meaning.removed,
    meaning.sameWhen,
  ]);
}

/** The rows that several kinds share, each once. */
function sharedRows(): string[][] {
  const all = kinds.flatMap(argumentRows).map((row) => [String(row), row] as const);
  return [...new Map(all)].filter(([text]) => all.filter(([one]) => one === text).length > 1).map(([, row]) => row);
}

/** The rows that only this kind has, and the names of its shared rows. */
function semantics(kind: DocumentedKind): string {
  const shared = new Set(sharedRows().map(String));
  const [own, others] = [false, true].map((isShared) =>
    argumentRows(kind).filter((row) => shared.has(String(row)) === isShared),
  );
  const names = others?.map(([name]) => name).join(", ");
  const rest = names ? [`Also ${names}: see [above](#arguments-of-several-resources).`] : [];
  return [...(own?.length ? [argumentTable(own)] : []), ...rest].join("\n\n");
}

function argumentTable(rows: readonly (readonly string[])[]): string {
  return table(["argument", "type", "left out", "removed later", "the same when"], rows);
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
