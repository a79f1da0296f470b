import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { deploymentKind } from "../../provider/deployment/kind";
import { advicesOf } from "../../provider/resource/advice";
import { argumentNames, fields } from "../support/deployment";

const repository = resolve(__dirname, "..", "..");
const readme = readFileSync(join(repository, "README.md"), "utf8");

function between(name: string): string | undefined {
  return new RegExp(`<!-- ${name} -->\\n([\\s\\S]*?)\\n<!-- /${name} -->`).exec(readme)?.[1];
}

test("the README's table of arguments says what the table of fields does", () => {
  const rows = argumentNames.map((name) => {
    const { leftOut, removed, sameWhen } = fields[name].meaning;
    return `| \`${name}\` | ${leftOut} | ${removed} | ${sameWhen} |`;
  });
  const head = ["| argument | left out | removed later | the same when |", "|---|---|---|---|"];
  expect(between("semantics")).toBe([...head, ...rows].join("\n"));
});

test("the README's table of answers gives the advice that the messages give", () => {
  const rows = advicesOf(deploymentKind).map(({ title, text }) => `| ${title} | ${text} |`);
  expect(between("advice")).toBe(["| what the service said | what to do |", "|---|---|", ...rows].join("\n"));
});

test("every message in the README's troubleshooting is one that the package has", () => {
  const folder = join(repository, "provider");
  const source = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => readFileSync(join(folder, name), "utf8"))
    .join("\n");
  const [, table = ""] = /\| message \| what to do \|\n([\s\S]*?)\n\n/.exec(readme) ?? [];
  const messages = [...table.matchAll(/^\| `([^`]+)` \|/gm)].map(([, message = ""]) => message);
  expect(messages.length).toBeGreaterThan(5);
  expect(messages.filter((message) => !source.includes(message))).toEqual([]);
});
