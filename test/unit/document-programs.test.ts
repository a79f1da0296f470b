import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { compilerSaysOf, type DocumentProgram, programsIn } from "../support/document-programs";

const repository = resolve(__dirname, "..", "..");
const inFolder = (folder: string, options = {}) =>
  readdirSync(join(repository, folder), { encoding: "utf8", ...options }).map((name) => join(folder, name));

const documents = [
  "README.md",
  ...inFolder("docs").filter((name) => name.endsWith(".md")),
  ...["examples", ...inFolder("examples")]
    .map((folder) => join(folder, "README.md"))
    .filter((name) => existsSync(join(repository, name))),
];
const sources = inFolder("provider", { recursive: true }).filter((name) => name.endsWith(".ts"));

test("every program in a document and in JSDoc compiles against the types of the package", () => {
  const programs = [...documents, ...sources].flatMap(programsIn);
  expect(programs.length).toBeGreaterThan(10);
  expect(compilerSaysOf(programs)).toEqual([]);
});

test("a program that does not compile is told by its document and line", () => {
  const program: DocumentProgram = {
    file: "docs/page.md",
    line: 7,
    text: 'new QoderAgent("one", { model: "ultimate" });\nnew QoderAgent("two", { modell: "ultimate" });\n',
  };
  expect(compilerSaysOf([program])).toEqual([expect.stringMatching(/^docs\/page\.md:8: .*'modell' does not exist/s)]);
});
