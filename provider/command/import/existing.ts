import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { z } from "zod";
import { parseJson } from "../../api/foreign-text";
import { kindOfType } from "../../kinds/table";
import { attempt, textIn } from "../files";
import { neither } from "./content-folder";

/** A constant that another file of the program exports. */
export interface Constant {
  readonly identifier: string;
  /** The module, as the new file imports it: `./deployments`. */
  readonly module: string;
}

/** What manages objects already, and the names that it has taken. */
export interface Existing {
  /** The managed objects by their ids, each with its constant if the program shows it. */
  readonly ids: ReadonlyMap<string, Constant | undefined>;
  /** The declared resources by class and name, each with its constant if the program exports one. */
  readonly resources: ReadonlyMap<string, Constant | undefined>;
  /** The identifiers of the constants. */
  readonly identifiers: ReadonlySet<string>;
  /** The stack settings that the program reads. */
  readonly settings: ReadonlySet<string>;
  /** The number of declared resources whose ids only a stack knows. */
  readonly unknown: number;
}

export const nothingExists: Existing = {
  ids: new Map(),
  resources: new Map(),
  identifiers: new Set(),
  settings: new Set(),
  unknown: 0,
};

export const resourceKey = (label: string, name: string) => `${label} ${name}`;

const importFile = z.looseObject({
  resources: z.array(z.looseObject({ type: z.string(), name: z.string(), id: z.string() })),
});

/** The program in the folder and below it, as its text shows it: no code of it runs. */
export function existingIn(folder: string): Existing {
  const files = filesIn(folder);
  const program = new ExistingProgram(folder);
  for (const file of files.filter((one) => /\.[cm]?[jt]sx?$/.test(one) && !/\.d\.[cm]?ts$/.test(one))) {
    program.addCode(file);
  }
  for (const file of files.filter((one) => /(^|[/\\])import(-\d+)?\.json$/.test(one))) {
    program.addImportFile(file);
  }
  return program;
}

class ExistingProgram implements Existing {
  readonly ids = new Map<string, Constant | undefined>();
  readonly resources = new Map<string, Constant | undefined>();
  readonly identifiers = new Set<string>();
  readonly settings = new Set<string>();
  /** The keys of the resources whose ids are known. */
  readonly #known = new Set<string>();
  #adopted = 0;

  constructor(private readonly folder: string) {}

  get unknown(): number {
    const unmatched = [...this.resources.keys()].filter((key) => !this.#known.has(key)).length;
    return Math.max(unmatched - this.#adopted, 0);
  }

  addCode(file: string): void {
    const text = textIn(file);
    const module = moduleOf(this.folder, file);
    const own = new Map<string, string>();
    for (const [, identifier, label = "", quoted = ""] of text.matchAll(declaration)) {
      const key = resourceKey(label, nameIn(quoted));
      this.resources.set(key, identifier === undefined ? undefined : { identifier, module });
      if (identifier !== undefined) {
        this.identifiers.add(identifier);
        own.set(identifier, key);
      }
    }
    for (const [, identifier = "", id = ""] of text.matchAll(recorded)) {
      const key = own.get(identifier);
      this.#add(id, key ?? "", key === undefined ? undefined : { identifier, module });
    }
    for (const [, id = ""] of text.matchAll(/\badopt:\s*["'`]([^"'`]+)["'`]/g)) {
      this.ids.set(id, this.ids.get(id));
      this.#adopted += 1;
    }
    for (const [, name = ""] of text.matchAll(/\b(?:require|get)Secret\(\s*["'`]([^"'`]+)["'`]/g)) {
      this.settings.add(name);
    }
  }

  addImportFile(file: string): void {
    for (const { type, name, id } of importFile.safeParse(parseJson(textIn(file)).value).data?.resources ?? []) {
      const key = resourceKey(kindOfType(type)?.label ?? type, name);
      this.#add(id, key, this.ids.get(id) ?? this.resources.get(key));
    }
  }

  #add(id: string, key: string, constant: Constant | undefined): void {
    this.ids.set(id, constant);
    this.#known.add(key);
  }
}

const declaration =
  /(?:\bexport\s+const\s+([\w$]+)\s*=\s*)?\bnew\s+(?:\w+\.)?(Qoder\w+)\(\s*("(?:[^"\\]|\\.)*"|'[^'\\\n]*'|`[^`$\\]*`)/g;

/** The lines that `recordText` in `texts.ts` writes. */
const recorded = /^\/\/ {3}([\w$]+): (\S+)$/gm;

function nameIn(quoted: string): string {
  const read = quoted.startsWith('"') ? z.string().safeParse(parseJson(quoted).value).data : undefined;
  return read ?? quoted.slice(1, -1);
}

/** Follows no symbolic link below the folder, and skips packages and hidden folders. */
function filesIn(folder: string): string[] {
  if (!existsSync(folder)) {
    return [];
  }
  const entries = attempt(`${folder} cannot be read`, () => readdirSync(folder, { withFileTypes: true }), neither);
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    const isSkipped = entry.name === "node_modules" || entry.name.startsWith(".");
    return entry.isDirectory() && !isSkipped ? filesIn(path) : entry.isFile() ? [path] : [];
  });
}

function moduleOf(folder: string, file: string): string {
  const path = relative(folder, file).split(sep).join("/");
  const [, stem = path, kind = ""] = /^(.*)\.([cm]?)[jt]sx?$/.exec(path) ?? [];
  const end = kind === "" ? (holdsEsModules(folder) ? ".js" : "") : `.${kind}js`;
  return `./${stem}${end}`;
}

const packageSchema = z.looseObject({ type: z.literal("module") });

/** Whether files in this folder are ES modules, according to the nearest package.json ("Node.js: Packages", `type`). */
export function holdsEsModules(folder: string): boolean {
  const file = join(folder, "package.json");
  if (existsSync(file)) {
    return packageSchema.safeParse(parseJson(readFileSync(file, "utf8")).value).success;
  }
  const parent = dirname(resolve(folder));
  return parent !== resolve(folder) && holdsEsModules(parent);
}
