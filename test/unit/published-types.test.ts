import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { kinds } from "../../provider/kinds/table";
import { compilerSaysOf } from "../support/document-programs";

const repository = join(__dirname, "..", "..");
const dist = join(repository, "dist");
const text = readFileSync(join(dist, "index.d.ts"), "utf8");

// Pulumi's templates check the declarations of libraries, with settings under which zod's declarations do not compile.
test.each(["index.d.ts", "dynamic-provider.d.ts"])("the types in %s need only Pulumi's package", (name) => {
  const text = readFileSync(join(dist, name), "utf8");
  const modules = [...text.matchAll(/(?:from|import\()\s*["']([^"']+)["']/g)].map(([, module]) => module);
  expect(new Set(modules)).toEqual(new Set(["@pulumi/pulumi"]));
});

test("each type of the reference has its name in TypeScript, and in the schema of the plugin", () => {
  const [, exported = ""] = /^export type \{ ([^}]*) \};/m.exec(text) ?? [];
  const types = exported.split(", ").map((name) => name.replace(/^\w+ as /, ""));
  const schema: { readonly types: object } = JSON.parse(
    readFileSync(join(repository, "plugin", "schema.json"), "utf8"),
  );
  const reference = join(repository, "docs", "reference");
  const headings = readdirSync(reference)
    .filter((file) => file.endsWith(".md"))
    .flatMap((file) => [...readFileSync(join(reference, file), "utf8").matchAll(/^### (\w+)$/gm)])
    .map(([, name = ""]) => name);
  expect(headings.length).toBeGreaterThan(30);
  expect(headings.filter((name) => !types.includes(name))).toEqual([]);
  expect(headings.filter((name) => !(`qoder:index:${name}` in schema.types))).toEqual([]);
});

test("the types of each class show one constructor, and no internal member", () => {
  const classes = [...text.matchAll(/^declare class (\w+) extends QoderResource \{\n[\s\S]*?^\}/gm)];
  const constructors = classes.map(([body, name]) => `${name} ${body.match(/constructor\(/g)?.length}`);
  const names = Object.values(kinds).map(({ label }) => `${label} 1`);
  expect(constructors.sort()).toEqual(names.sort());
  expect(text).not.toContain("@internal");
});

test("the text of each class names no file of the repository, which no reader of the editor can open", () => {
  const comments = [...text.matchAll(/\/\*\*(?:(?!\*\/)[\s\S])*\*\//g)].map(([comment]) => comment);
  expect(comments.filter((comment) => /(?<![\w"/])docs\/[\w-]+\.md/.test(comment))).toEqual([]);
});

test("the TypeScript compiler in Pulumi's SDK accepts the types", () => {
  const compiler: typeof import("typescript") = require("@pulumi/pulumi/vendor/typescript@3.8.3/typescript.js");
  const file = join(dist, "index.d.ts");
  const moduleResolution = compiler.ModuleResolutionKind.NodeJs;
  const program = compiler.createProgram([file], { strict: true, moduleResolution });
  const source = program.getSourceFile(file);
  const problems = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
  expect(problems.map(({ messageText, start }) => [messageText, start])).toEqual([]);
});

test("the compiler names the intended type of a wrong tool", () => {
  const tools = [
    '{ type: "agent_toolset_20260402" }',
    '{ type: "agent_toolset_20260401", enabledTools: "Bash" }',
    '{ type: "custom", name: "ask", description: "Asks." }',
  ];
  const agents = tools.map((tool) => `new QoderAgent("a", { model: "ultimate", tools: [${tool}] });`);
  expect(compilerSaysOf([{ file: "tools", line: 1, text: agents.join("\n") }])).toEqual([
    `tools:1: Type '"agent_toolset_20260402"' is not assignable to type '"agent_toolset_20260401"'.`,
    expect.stringMatching(/^tools:2: [\s\S]*Types of property 'enabledTools' are incompatible\./),
    expect.stringMatching(/^tools:3: [\s\S]*Property 'inputSchema' is missing/),
  ]);
});
