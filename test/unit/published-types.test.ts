import { readFileSync } from "node:fs";
import { join } from "node:path";

const dist = join(__dirname, "..", "..", "dist");

// Pulumi's templates check the declarations of libraries, with settings under which zod's declarations do not compile.
test.each(["index.d.ts", "dynamic-provider.d.ts"])("the types in %s need only Pulumi's package", (name) => {
  const text = readFileSync(join(dist, name), "utf8");
  const modules = [...text.matchAll(/(?:from|import\()\s*["']([^"']+)["']/g)].map(([, module]) => module);
  const packages = modules.map((module) => /^(?:@[^/]+\/)?[^/]+/.exec(module ?? "")?.[0]);
  expect(new Set(packages)).toEqual(new Set(["@pulumi/pulumi"]));
});

test("the types of each class show one constructor, and no internal member", () => {
  const text = readFileSync(join(dist, "index.d.ts"), "utf8");
  const classes = [...text.matchAll(/^declare class (\w+) extends QoderResource \{\n[\s\S]*?^\}/gm)];
  const constructors = classes.map(([body, name]) => [name, body.match(/constructor\(/g)?.length]);
  expect(Object.fromEntries(constructors)).toEqual({
    QoderAgent: 1,
    QoderDeployment: 1,
    QoderDeploymentRun: 1,
    QoderEnvironment: 1,
    QoderFile: 1,
    QoderMemoryStore: 1,
    QoderSkill: 1,
    QoderVault: 1,
    QoderVaultCredential: 1,
  });
  expect(text).not.toContain("@internal");
});

test("the text of each class names no file of the repository, which no reader of the editor can open", () => {
  const text = readFileSync(join(dist, "index.d.ts"), "utf8");
  const comments = [...text.matchAll(/\/\*\*(?:(?!\*\/)[\s\S])*\*\//g)].map(([comment]) => comment);
  expect(comments.filter((comment) => /(?<![\w"/])docs\/[\w-]+\.md/.test(comment))).toEqual([]);
});

test("each published class and function has a comment for the editor", () => {
  const text = readFileSync(join(dist, "index.d.ts"), "utf8");
  const undocumented = [...text.matchAll(/^(?!.*\*\/).*\n(declare class \w+|declare function \w+)/gm)];
  expect(undocumented.map(([, name]) => name)).toEqual([]);
});

test("the TypeScript compiler in Pulumi's SDK accepts the types", () => {
  const compiler: typeof import("typescript") = require("@pulumi/pulumi/vendor/typescript@3.8.3/typescript.js");
  const file = join(dist, "index.d.ts");
  const program = compiler.createProgram([file], {
    strict: true,
    moduleResolution: compiler.ModuleResolutionKind.NodeJs,
  });
  const source = program.getSourceFile(file);
  const problems = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
  expect(problems.map(({ messageText, start }) => [messageText, start])).toEqual([]);
});
