import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { readmeTables, withTables } from "../support/readme-tables";

const repository = resolve(__dirname, "..", "..");
const readme = readFileSync(join(repository, "README.md"), "utf8");

test.each(Object.entries(readmeTables))("the README's table %s says what the code says", (name, table) => {
  if (withTables(readme, { [name]: table }) !== readme) {
    throw new Error(`the table ${name} in README.md is not what the code says: run \`npm run readme\``);
  }
});

test("the README's program about schedules is the example, which is compiled", () => {
  const example = readFileSync(join(repository, "examples", "nightly-reviews", "index.ts"), "utf8");
  expect(readme).toContain(`\`\`\`typescript\n${example}\`\`\``);
});

describe("a table that is written anew", () => {
  const text = "# One\n\n<!-- a -->\nold\nolder\n<!-- /a -->\n\n<!-- b -->\nleft\n<!-- /b -->\n";

  test("replaces what is between its comments, and nothing else", () => {
    expect(withTables(text, { a: "new" })).toBe(text.replace("old\nolder", "new"));
  });

  test("may hold what a replacement of text would take for a command", () => {
    expect(withTables(text, { a: "$& and $1" })).toContain("\n$& and $1\n");
  });

  test.each(["# One\n", "<!-- a -->\n", "<!-- /a -->\n\n<!-- a -->\n"])("needs a place in %j", (without) => {
    expect(() => withTables(without, { a: "new" })).toThrow(
      "README.md has no place for the table a: write <!-- a --> and <!-- /a --> in it",
    );
  });
});

test("the README's program with a run is the one that is compiled", () => {
  const [, section = ""] = /## Run a deployment on deploy\n([\s\S]*?)\n## /.exec(readme) ?? [];
  const [, program = "none"] = /```typescript\n([\s\S]*?)```/.exec(section) ?? [];
  expect(readFileSync(join(repository, "examples", "run-on-deploy", "index.ts"), "utf8")).toContain(program);
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
