import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { resultsSchema } from "../../bench/results";
import results from "../../bench/results.json";
import { tables } from "../../bench/table";
import { leastPulumi } from "../../command/import/texts";
import { standInCommand } from "../../command/stand-in/main";
import packageFile from "../../package.json";
import { kinds } from "../../provider/kinds/table";
import { referencePages } from "../../tools/documents/reference/pages";
import { documentTables, withTables } from "../../tools/documents/tables";
import { cells } from "../../tools/matrix/cells";
import { filesBelow } from "../../tools/mutants/test-files";
import { programsIn } from "../support/document-programs";

const repository = resolve(__dirname, "..", "..");
const documentOf = (file: string) => readFileSync(join(repository, file), "utf8");

const rows = Object.entries(documentTables).flatMap(([file, tables]) =>
  Object.entries(tables).map(([name, table]) => [file, name, table] as const),
);
test.each(rows)("in %s the table %s agrees with the code", (file, name, table) => {
  const text = documentOf(file);
  if (withTables(file, text, { [name]: table }) !== text) {
    throw new Error(`the table ${name} in ${file} is not what the code says: run \`npm run documents\``);
  }
});

const reference = Object.entries(referencePages());
test.each(reference)("%s is what the code says: `npm run documents` writes the page", (file, text) => {
  expect(documentOf(file)).toBe(text);
});

const documents = [
  ...["README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "bench/README.md", "stand-in/README.md"],
  ...filesBelow("examples", "/README.md").filter((name) => !name.includes("node_modules")),
  ...filesBelow("docs", ".md").filter((name) => !name.startsWith("docs/api")),
];

/** The reference is looked up, not read, so a kind with many types may have a long page. */
const pages = documents.filter((file) => file.startsWith("docs/") && !file.startsWith("docs/reference/"));

test.each(["README.md", ...pages])("%s has at most 12 kB", (file) => {
  expect(Buffer.byteLength(documentOf(file))).toBeLessThanOrEqual(file === "README.md" ? 8_000 : 12_000);
});

test("the 25 pages of docs/ without the reference have at most 85 kB", () => {
  const sizes = pages.map((file) => Buffer.byteLength(documentOf(file)));
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(85_000);
  expect(pages.length).toBeLessThanOrEqual(25);
});

/** The anchors that GitHub makes of the headings. */
const anchorsOf = (file: string) =>
  [...documentOf(file).matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, "")
      .replaceAll(" ", "-"),
  );

/** The files and folders that a document links to, each with the heading. */
const linksOf = (file: string) =>
  [inlineLink, linkDefinition].flatMap((pattern) =>
    [...documentOf(file).matchAll(pattern)].map(([, link = "", anchor = ""]) => ({
      target: link === "" ? file : join(dirname(file), link),
      anchor,
    })),
  );
const inlineLink = /\]\((?!https?:)([^)#]*)#?([^)]*)\)/g;
const linkDefinition = /^\[[\w-]+\]: (?!https?:)([^\s#]*)#?(\S*)$/gm;

test.each(documents)("%s links only to existing files and headings", (file) => {
  const broken = linksOf(file).filter(
    ({ target, anchor }) =>
      !existsSync(join(repository, target)) || (anchor !== "" && !anchorsOf(target).includes(anchor)),
  );
  expect(broken).toEqual([]);
});

test.each(documents)("%s defines each link that it uses by name, and no others", (file) => {
  const text = documentOf(file).replaceAll(/^```[\s\S]*?^```/gm, "");
  const used = [...text.matchAll(/\]\[([\w-]+)\]/g)].map(([, name]) => name);
  const defined = [...text.matchAll(/^\[([\w-]+)\]: /gm)].map(([, name]) => name);
  expect([...new Set(defined)].sort()).toEqual([...new Set(used)].sort());
});

test("each page of docs/ is linked from the README, or from a page that it links", () => {
  const linked = new Set(["README.md"]);
  // A set yields what is added while it is read.
  for (const page of linked) {
    for (const { target } of documents.includes(page) ? linksOf(page) : []) {
      linked.add(target);
    }
  }
  // The Pulumi Registry alone shows these pages.
  const unlinked = documents.filter((file) => file.startsWith("docs/") && !linked.has(file));
  expect(unlinked).toEqual(["docs/_index.md", "docs/installation-configuration.md"]);
});

test("bench/README.md has the tables of the last bench", () => {
  expect(documentOf("bench/README.md")).toContain(
    `<!-- bench -->\n${tables(resultsSchema.parse(results))}\n<!-- /bench -->`,
  );
});

test("the README has each resource, and the least versions of package.json and of the tested installs", () => {
  const readme = documentOf("README.md");
  expect(Object.values(kinds).filter(({ label }) => !readme.includes(`[\`${label}\`](docs/reference/`))).toEqual([]);
  const { engines, peerDependencies } = packageFile;
  const [least = ""] = /\d+\.\d+/.exec(peerDependencies["@pulumi/pulumi"]) ?? [];
  expect(readme).toContain(`Node.js ${engines.node.slice(2)} or later and\n\`@pulumi/pulumi\` ${least} or later`);
  const tested = /and `@pulumi\/pulumi` ([\d., and]+)\. /.exec(readme)?.[1]?.match(/\d+\.\d+/g);
  expect(tested).toEqual([...new Set(cells.map(({ sdk }) => sdk.replace(/\.0$/, "")))].toSorted());
  expect(documentOf("docs/import.md")).toContain(`need Pulumi ${leastPulumi} or later`);
});

test("every page and heading that a message or a comment of the code names exists", () => {
  const folders = ["provider", "command", "bench", "test", "examples"];
  const files = folders.flatMap((folder) => filesBelow(folder, ""));
  const named = files
    .filter((name) => /\.(ts|sh|yaml|yml)$/.test(name) && !name.includes("node_modules"))
    .flatMap((from) =>
      [...documentOf(from).matchAll(/(?<![\w/])(docs\/(?:[\w-]+\/)?[\w-]+\.md)(?:#([\w-]+))?/g)].map(
        ([, page = "", anchor]) => ({ from, page, anchor }),
      ),
    );
  expect(named.length).toBeGreaterThan(10);
  const isThere = (page: string, anchor?: string) =>
    existsSync(join(repository, page)) && (anchor === undefined || anchorsOf(page).includes(anchor));
  // These two are no pages of this package: an example uploads the first, and a test invents the second.
  const foreign = ["docs/glossary.md", "docs/page.md"];
  expect(named.filter(({ page, anchor }) => !foreign.includes(page) && !isThere(page, anchor))).toEqual([]);
});

test("no page replaces the login of the reader's other projects", () => {
  expect(documents.filter((file) => documentOf(file).includes("pulumi login"))).toEqual([]);
  expect(documentOf("README.md")).toContain('mkdir state && export PULUMI_BACKEND_URL="file://$PWD/state" &&');
});

test("the README exports the variables that the stand-in prints, with its port and its token", () => {
  const { port, token } = standInCommand.options;
  const variables = `QODER_BASE_URL=http://127.0.0.1:${port.default}/api/v1/cloud QODER_PAT=${token.default} PULUMI_CONFIG_PASSPHRASE=demo`;
  expect(documentOf("README.md")).toContain(variables);
});

/** The first program of a page is an example or its end: other tests run the examples. */
test.each([
  ["docs/schedules.md", "nightly-reviews"],
  ["docs/concepts.md", "look-ups"],
  ["docs/runs.md", "run-on-deploy"],
])("the first program of %s is the end of the program in examples/%s, or the whole", (file, example) => {
  const [program] = programsIn(file);
  const source = readFileSync(join(repository, "examples", example, "index.ts"), "utf8");
  expect(source.endsWith(`\n${program?.text}`) || source === program?.text).toBe(true);
});

test.each(["docs/troubleshooting.md"])("the code of the package contains every message that %s explains", (file) => {
  const files = ["provider", "command"].flatMap((folder) => filesBelow(folder, ".ts"));
  const source = files.map(documentOf).join("\n");
  const [, table = ""] = /\| message \| what to do \|\n([\s\S]*?)\n\n/.exec(documentOf(file)) ?? [];
  const cells = [...table.matchAll(/^\| (`.*?`) \|/gm)].map(([, cell = ""]) => cell);
  const messages = cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, message = ""]) => message));
  expect(messages.length).toBeGreaterThan(3);
  // A message of Node.js.
  const own = messages.filter((message) => !message.startsWith("Cannot find module"));
  expect(own.filter((message) => !source.includes(message))).toEqual([]);
});
