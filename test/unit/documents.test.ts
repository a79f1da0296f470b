import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { documentTables, withTables } from "../support/document-tables";

const repository = resolve(__dirname, "..", "..");
const documentOf = (file: string) => readFileSync(join(repository, file), "utf8");
const readme = documentOf("README.md");

const rows = Object.entries(documentTables).flatMap(([file, tables]) =>
  Object.entries(tables).map(([name, table]) => [file, name, table] as const),
);
test.each(rows)("in %s the table %s says what the code says", (file, name, table) => {
  const text = documentOf(file);
  if (withTables(file, text, { [name]: table }) !== text) {
    throw new Error(`the table ${name} in ${file} is not what the code says: run \`npm run documents\``);
  }
});

test.each(["README.md", "CONTRIBUTING.md", "docs/import.md", "docs/semantics.md"])(
  "%s links to what is there",
  (file) => {
    const links = [...documentOf(file).matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, link = ""]) => link);
    expect(links.filter((link) => !existsSync(join(repository, dirname(file), link)))).toEqual([]);
  },
);

test("the README's program about schedules is the example, which is compiled", () => {
  const example = readFileSync(join(repository, "examples", "nightly-reviews", "index.ts"), "utf8");
  expect(readme).toContain(`\`\`\`typescript\n${example}\`\`\``);
});

describe("a table that is written anew", () => {
  const text = "# One\n\n<!-- a -->\nold\nolder\n<!-- /a -->\n\n<!-- b -->\nleft\n<!-- /b -->\n";

  test("replaces what is between its comments, and nothing else", () => {
    expect(withTables("a.md", text, { a: "new" })).toBe(text.replace("old\nolder", "new"));
  });

  test("may hold what a replacement of text would take for a command", () => {
    expect(withTables("a.md", text, { a: "$& and $1" })).toContain("\n$& and $1\n");
  });

  test.each(["# One\n", "<!-- a -->\n", "<!-- /a -->\n\n<!-- a -->\n"])("needs a place in %j", (without) => {
    expect(() => withTables("a.md", without, { a: "new" })).toThrow(
      "a.md has no place for the table a: write <!-- a --> and <!-- /a --> in it",
    );
  });
});

test("the README's program with a run is the one that is compiled", () => {
  const [, section = ""] = /## Run a deployment on deploy\n([\s\S]*?)\n## /.exec(readme) ?? [];
  const [, program = "none"] = /```typescript\n([\s\S]*?)```/.exec(section) ?? [];
  expect(readFileSync(join(repository, "examples", "run-on-deploy", "index.ts"), "utf8")).toContain(program);
});

test.each(["README.md", "docs/troubleshooting.md"])(
  "every message that %s explains is one that the package has",
  (file) => {
    const folder = join(repository, "provider");
    const source = readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => readFileSync(join(folder, name), "utf8"))
      .join("\n");
    const [, table = ""] = /\| message \| what to do \|\n([\s\S]*?)\n\n/.exec(documentOf(file)) ?? [];
    const messages = [...table.matchAll(/^\| `([^`]+)` \|/gm)].map(([, message = ""]) => message);
    expect(messages.length).toBeGreaterThan(3);
    // This one is Node's.
    const own = messages.filter((message) => !message.startsWith("Cannot find module"));
    expect(own.filter((message) => !source.includes(message))).toEqual([]);
  },
);
