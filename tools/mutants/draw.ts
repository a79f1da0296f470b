import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import ts from "typescript";
import { type Mutation, mutationsIn } from "./mutations";

const repository = join(__dirname, "..", "..");

/** The folders whose defects cost money, lose objects or tell a person something untrue. */
export const usualFolders = [
  ...["resource", "kinds", "api", "schedule", "deployment", "agent", "environment", "deployment-run", "evaluation"],
  ...["vault", "vault-credential", "memory-store", "skill", "file"],
]
  .map((name) => `provider/${name}`)
  .concat(["status", "pause", "limits", "import"].map((name) => `command/${name}`));

export interface Mutant extends Mutation {
  /** Relative to the repository. */
  readonly file: string;
  readonly line: number;
  /** The name of the defect, which stays the same while its line moves: file, function, text, place among the same ones. */
  readonly key: string;
  /** The line of the source, and the same line with the defect. */
  readonly shown: string;
}

/**
 * Draws so many mutants from the files below these folders, each with the same chance. The draw looks at the name of each mutant alone, so
 * a change of one file changes only its own mutants. A mutant that the compiler refuses needs no test, and another takes its place.
 */
export function drawnMutants(folders: readonly string[], count: number, seed: number): readonly Mutant[] {
  const compiler = new Compiler();
  const ranks = new Map<Mutant, string>();
  for (const mutant of compiler.mutantsBelow(folders)) {
    ranks.set(mutant, createHash("sha256").update(`${seed} ${mutant.key}`).digest("hex"));
  }
  const ranked = [...ranks].sort(([, one], [, other]) => (one < other ? -1 : 1)).map(([mutant]) => mutant);
  const drawn: Mutant[] = [];
  for (const mutant of ranked) {
    if (drawn.length === count) break;
    if (compiler.accepts(mutant)) drawn.push(mutant);
  }
  return drawn;
}

/** The text of a file with one mutant. */
export function withMutant(text: string, { span, text: defect }: Mutation): string {
  return text.slice(0, span.start) + defect + text.slice(span.end);
}

class Compiler {
  readonly #changed = new Map<string, string>();
  #version = 0;
  readonly #service: ts.LanguageService;

  constructor() {
    const { config } = ts.readConfigFile(join(repository, "tsconfig.json"), ts.sys.readFile);
    const include = ["provider", "command"];
    const { options, fileNames } = ts.parseJsonConfigFileContent({ ...config, include }, ts.sys, repository);
    this.#service = ts.createLanguageService({
      getCompilationSettings: () => options,
      getScriptFileNames: () => fileNames,
      getScriptVersion: (file) => (this.#changed.has(file) ? String(this.#version) : "0"),
      getScriptSnapshot: (file) => {
        const text = this.#changed.get(file) ?? ts.sys.readFile(file);
        return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
      },
      getCurrentDirectory: () => repository,
      getDefaultLibFileName: (settings) => ts.getDefaultLibFilePath(settings),
      fileExists: ts.sys.fileExists,
      readFile: ts.sys.readFile,
      directoryExists: ts.sys.directoryExists,
      getDirectories: ts.sys.getDirectories,
    });
  }

  mutantsBelow(folders: readonly string[]): readonly Mutant[] {
    const program = this.#service.getProgram();
    if (!program) throw new Error("The compiler of TypeScript made no program");
    const checker = program.getTypeChecker();
    return program.getSourceFiles().flatMap((file) => {
      const path = relative(repository, file.fileName).replaceAll("\\", "/");
      const isWanted = folders.some((folder) => path === folder || path.startsWith(`${folder}/`));
      return isWanted ? named(path, file, mutationsIn(file, checker)) : [];
    });
  }

  accepts(mutant: Mutant): boolean {
    const file = join(repository, mutant.file);
    this.#version += 1;
    this.#changed.set(file, withMutant(readFileSync(file, "utf8"), mutant));
    const errors = [...this.#service.getSyntacticDiagnostics(file), ...this.#service.getSemanticDiagnostics(file)];
    this.#changed.delete(file);
    return errors.length === 0;
  }
}

function named(path: string, file: ts.SourceFile, mutations: readonly Mutation[]): readonly Mutant[] {
  const seen = new Map<string, number>();
  return mutations.map((mutation) => {
    const { span, text } = mutation;
    const name = [
      path,
      functionAround(file, span.start),
      file.text.slice(mutation.site.start, mutation.site.end),
      text,
    ];
    const key = name.join(" | ");
    const place = (seen.get(key) ?? 0) + 1;
    seen.set(key, place);
    const line = file.getLineAndCharacterOfPosition(span.start).line;
    const defect = withMutant(file.text, mutation).split("\n")[line] ?? "";
    const shown = `${(file.text.split("\n")[line] ?? "").trim()}\n${defect.trim()}`;
    return { ...mutation, file: path, line: line + 1, key: `${key} | ${place}`, shown };
  });
}

function functionAround(file: ts.SourceFile, position: number): string {
  let name = "";
  const visit = (node: ts.Node): void => {
    if (position < node.pos || position >= node.end) return;
    const declared = ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node) || ts.isVariableDeclaration(node);
    if (declared && node.name) name = node.name.getText(file);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return name;
}
