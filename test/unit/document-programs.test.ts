import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import * as ours from "../../provider";
import { compilerSaysOf, programsIn } from "../support/document-programs";

const repository = resolve(__dirname, "..", "..");
const inFolder = (folder: string, options = {}) =>
  readdirSync(join(repository, folder), { encoding: "utf8", ...options }).map((name) => join(folder, name));

const documents = [
  "README.md",
  ...inFolder("docs", { recursive: true }).filter((name) => name.endsWith(".md")),
  ...["examples", ...inFolder("examples")]
    .map((folder) => join(folder, "README.md"))
    .filter((name) => existsSync(join(repository, name))),
];
const sources = inFolder("provider", { recursive: true }).filter((name) => name.endsWith(".ts"));

test("every program in a document or in JSDoc compiles against the types of the package", () => {
  const programs = [...documents, ...sources].flatMap(programsIn);
  expect(programs.length).toBeGreaterThan(10);
  expect(compilerSaysOf(programs)).toEqual([]);
});

test("the JSDoc of every exported class and function has a program", () => {
  const texts = sources.map((name) => readFileSync(join(repository, name), "utf8"));
  const comments = texts.flatMap((text) => [
    ...text.matchAll(/\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\n(?:\/\/.*\n)?export (?:async )?(?:class|function|const) (\w+)/g),
  ]);
  const explained = comments.filter(([, comment]) => comment?.includes("```typescript")).map(([, , name]) => name);
  expect(Object.keys(ours).filter((name) => !explained.includes(name))).toEqual([]);
});
