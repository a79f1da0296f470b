import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import ts from "typescript";
import { exitStatuses } from "./messages";

const repository = resolve(__dirname, "..", "..", "..");
/** The first file has the outputs; the others have the types that these name. */
const files = [
  "command/json.ts",
  "command/runs/tally.ts",
  "command/logs/events.ts",
  "provider/agent/versions.ts",
  "provider/deployment/arguments.ts",
  "provider/deployment-run/arguments.ts",
] as const;

interface Member {
  readonly name: string;
  readonly type: string;
  readonly meaning: string;
}

interface Shape {
  readonly meaning: string;
  readonly members: readonly Member[];
}

function meaningOf(node: ts.Node): string {
  const [first] = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
  return (ts.getTextOfJSDocComment(first?.comment) ?? "").replace(/\s+/g, " ");
}

function shapesIn(file: string): Map<string, Shape> {
  const source = ts.createSourceFile(file, readFileSync(join(repository, file), "utf8"), ts.ScriptTarget.Latest, true);
  const shapes = new Map<string, Shape>();
  for (const node of source.statements.filter(ts.isInterfaceDeclaration)) {
    const inherited = (node.heritageClauses ?? [])
      .flatMap(({ types }) => types.map((type) => type.getText()))
      .flatMap((name) => shapes.get(name)?.members ?? []);
    const own = node.members.filter(ts.isPropertySignature).map((member) => ({
      name: member.name.getText(),
      type: typeText(member.type?.getText() ?? ""),
      meaning: meaningOf(member),
    }));
    shapes.set(node.name.text, { meaning: meaningOf(node), members: [...inherited, ...own] });
  }
  return shapes;
}

/** The type as the reader of JSON sees it. */
function typeText(text: string): string {
  return text
    .replace(/\/\*\*[\s\S]*?\*\//g, "")
    .replace(/\breadonly /g, "")
    .replace(/\bundefined\b/g, "null")
    .replace(/\?:/g, ":")
    .replace(/\s+/g, " ")
    .replace(/^\| /, "")
    .replace(/: \| /g, ": ");
}

/** docs/reference/json.md: each member that a command prints with `--json`. */
export function jsonPage(): string {
  const known = new Map(files.toReversed().flatMap((file) => [...shapesIn(file)]));
  const outputs = [...shapesIn(files[0])]
    .filter(([, { meaning }]) => meaning.includes("--json`"))
    .map(([name]) => name);
  const used = new Set(outputs);
  for (const name of used) {
    for (const { type } of known.get(name)?.members ?? []) {
      for (const word of (type.match(/\w+/g) ?? []).filter((one) => known.has(one))) {
        used.add(word);
      }
    }
  }
  const sections = [...used].map((name) => section(name, known.get(name)));
  return `${[
    "# JSON and exit statuses",
    "`--json` prints these members. A member without a value is null. Times are in RFC 3339 and UTC.",
    ...exitStatuses(),
    ...sections,
  ].join("\n\n")}\n`;
}

function section(name: string, shape: Shape | undefined): string {
  const rows = (shape?.members ?? []).map(
    (member) => `| \`${member.name}\` | ${typeCell(member.type)} | ${member.meaning.replaceAll("|", "\\|")} |`,
  );
  const table = ["| member | type | meaning |", "|---|---|---|", ...rows].join("\n");
  return [`## ${name}`, ...(shape?.meaning ? [shape.meaning] : []), table].join("\n\n");
}

function typeCell(type: string): string {
  return `\`${type.replaceAll("|", "\\|")}\``;
}
