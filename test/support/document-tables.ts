import { again, startAdvices } from "../../provider/deployment-run/not-started";
import { servedKinds } from "../../provider/plugin-server/kinds";
import { remarkMeanings } from "../../provider/resource/plan-remark";
import { folderPicture } from "./folder-imports";
import { mistakes } from "./mistakes";

type Tables = Readonly<Record<string, string>>;

interface Meaning {
  readonly leftOut: string;
  readonly removed: string;
  readonly sameWhen: string;
}

/** A kind as the tables describe it. */
interface DocumentedKind {
  /** The arguments that a program writes; absent if it writes each field. */
  readonly written?: readonly string[];
  readonly noun: string;
  readonly label: string;
  readonly fields: object;
}

const kinds: readonly DocumentedKind[] = Object.values(servedKinds).map(({ kind }) => kind);

/** The tables made from the code, by file, and by the name in the comments around each table. */
export const documentTables: Readonly<Record<string, Tables>> = {
  "docs/architecture.md": { folders: folderPicture() },
  "docs/semantics.md": { arguments: argumentTable() },
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

interface DocumentedField {
  readonly meaning: Meaning;
  readonly replaces?: true;
}

function fieldsOf({ fields, written }: DocumentedKind): [string, DocumentedField][] {
  const all: [string, DocumentedField][] = Object.entries(fields);
  return all.filter(([name]) => written === undefined || written.includes(name));
}

/** The name and the cells of each argument of a kind. */
function argumentRows(kind: DocumentedKind): (readonly [name: string, ...cells: string[]])[] {
  return fieldsOf(kind).map(([name, { meaning, replaces }]) => {
    const { leftOut, removed, sameWhen } = meaning;
    const isRequired = leftOut === "an error" && removed === leftOut;
    const same = sameWhen.replace(/^equal(; the state keeps it, no request carries it)?$/, (_, local) =>
      local === undefined ? "" : "local",
    );
    const cells = [isRequired ? "required" : leftOut, leftOut === removed ? "" : removed, same];
    // The mark after the name already says this.
    const said = /^(a new file|equal; another one (replaces|makes) .*)$/;
    return [name, ...(replaces ? cells.map((cell) => cell.replace(said, "")) : cells)];
  });
}

/** One part for arguments with equal cells in several kinds, and one for the other arguments of each kind. */
function argumentTable(): string {
  const holders = new Map<string, DocumentedKind[]>();
  for (const kind of kinds) {
    for (const row of argumentRows(kind)) {
      holders.set(String(row), [...(holders.get(String(row)) ?? []), kind]);
    }
  }
  const isShared = (row: readonly string[]) => (holders.get(String(row)) ?? []).length > 1;
  const shared = new Map(
    kinds
      .flatMap(argumentRows)
      .filter(isShared)
      .map((row) => [String(row), row] as const),
  );
  const own = kinds.map((kind) => [kind, argumentRows(kind).filter((row) => !isShared(row))] as const);
  return table(
    ["argument", "left out", "removed later", "the same when"],
    [
      ["**several resources**", "", "", ""],
      ...[...shared].map(([text, [name, ...cells]]) => [
        `${code(name)} of ${nounsOf(holders.get(text) ?? [])}${markFor(name, holders.get(text) ?? [])}`,
        ...cells,
      ]),
      ...own
        .filter(([, rows]) => rows.length > 0)
        .flatMap(([kind, rows]) => [
          [`**${kind.label}**`, "", "", ""],
          ...rows.map(([name, ...cells]) => [`${code(name)}${isReplacing(kind, name) ? " †" : ""}`, ...cells]),
        ]),
    ],
  );
}

/** True if a changed value of the argument replaces the object. */
function isReplacing(kind: DocumentedKind, argument: string): boolean {
  return fieldsOf(kind).some(([name, { replaces }]) => name === argument && replaces === true);
}

function markFor(argument: string, those: readonly DocumentedKind[]): string {
  const marked = those.filter((kind) => isReplacing(kind, argument));
  return marked.length === 0 ? "" : `; † for ${marked.map(({ noun }) => noun).join(", ")}`;
}

/** The kinds in the fewest words: `all`, or a list, possibly of the exceptions. */
function nounsOf(those: readonly DocumentedKind[]): string {
  const nouns = (list: readonly DocumentedKind[]) => list.map(({ noun }) => noun).join(", ");
  const others = kinds.filter((kind) => !those.includes(kind));
  if (others.length === 0) {
    return "all";
  }
  return others.length < those.length ? `all but ${nouns(others)}` : nouns(those);
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
