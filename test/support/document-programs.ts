import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import ts from "typescript";
import * as ours from "../../provider";

const repository = resolve(__dirname, "..", "..");

/** A program as a reader copies it. */
export interface DocumentProgram {
  readonly file: string;
  /** The number of the program's first line in the file. */
  readonly line: number;
  readonly text: string;
}

/** The names that programs in documents and in JSDoc may use without a declaration. */
const freeNames = `
declare const config: import("@pulumi/pulumi").Config;
declare const reporter: import("pulumi-qoder").QoderAgent;
declare const reviewer: import("pulumi-qoder").QoderAgent;
declare const cloud: import("pulumi-qoder").QoderEnvironment;
declare const review: import("pulumi-qoder").QoderDeployment;
declare const canary: import("pulumi-qoder").QoderDeployment;
declare const staging: import("pulumi-qoder").QoderProvider;
declare const args: import("pulumi-qoder").QoderDeploymentArgs;
declare const Team: new (name: string, options?: import("@pulumi/pulumi").ComponentResourceOptions) => object;
declare const agentId: string;
declare const environmentId: string;
declare const initialEvents: string;
`;

/** The blocks of TypeScript in a Markdown file, or in the JSDoc of a source file. */
export function programsIn(file: string): DocumentProgram[] {
  const content = readFileSync(join(repository, file), "utf8");
  const text = file.endsWith(".md") ? content : content.replaceAll(/^ *\* ?/gm, "");
  return [...text.matchAll(/^```typescript\n([\s\S]*?)^```$/gm)].map((match) => ({
    file,
    line: text.slice(0, match.index).split("\n").length + 1,
    text: match[1] ?? "",
  }));
}

/** The errors of the compiler in the programs, against the types of the built package. One run checks all programs. */
export function compilerSaysOf(programs: readonly DocumentProgram[]): string[] {
  const texts = new Map([
    [join(repository, "free-names.d.ts"), freeNames],
    // Each program is a module, so that it may use `await` at the top, and lies in the repository, where it finds its imports.
    ...programs.map((program, index) => [join(repository, `document-${index}.mts`), asModule(program.text)] as const),
  ]);
  const options = compilerOptions();
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile } = host;
  host.fileExists = (name) => texts.has(name) || fileExists(name);
  host.readFile = (name) => texts.get(name) ?? readFile(name);
  host.getSourceFile = (name, languageVersion) => {
    const text = texts.get(name) ?? readFile(name);
    return text === undefined ? undefined : ts.createSourceFile(name, text, languageVersion);
  };
  const compilation = ts.createProgram([...texts.keys()], options, host);
  const names = [...texts.keys()].slice(1);
  return ts.getPreEmitDiagnostics(compilation).map(({ file, start = 0, messageText }) => {
    const program = programs[names.indexOf(file?.fileName ?? "")];
    const line = (program?.line ?? 1) + (file?.getLineAndCharacterOfPosition(start).line ?? 0);
    const place = program === undefined ? file?.fileName : `${program.file}:${line}`;
    return `${place}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`;
  });
}

function compilerOptions(): ts.CompilerOptions {
  const file = join(repository, "tsconfig.json");
  const { config } = ts.readConfigFile(file, ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: ["x"] }, ts.sys, repository);
  // A short program may declare names that it does not use.
  return { ...options, noUnusedLocals: false, types: ["node"] };
}

const imports: readonly (readonly [from: string, text: string])[] = [
  ["@pulumi/pulumi", 'import * as pulumi from "@pulumi/pulumi";'],
  ["pulumi-qoder", `import { ${Object.keys(ours).join(", ")} } from "pulumi-qoder";`],
];

/** The program with the imports that it leaves out, on its first line, so that line numbers stay the same. */
function asModule(text: string): string {
  const left = imports.filter(([from]) => !text.includes(`from "${from}"`)).map(([, line]) => line);
  return `${left.join(" ")} ${text}`;
}
