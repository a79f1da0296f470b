import { randomUUID } from "node:crypto";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, isAbsolute, join, parse, relative, resolve, sep } from "node:path";
import { z } from "zod";
import { parseJson } from "../../provider/api/parse-json";
import { same } from "../../provider/resource/kind/program-values";
import { readContent, type SkillContent } from "../../provider/skill/content";
import { memberOf } from "../../provider/skill/digests";
import type { PackedFile } from "../../provider/skill/zip";
import { attempt, textIn } from "../files";

interface AddedSkill {
  readonly content: SkillContent;
  /** The path of the folder in the program; undefined if the content is wrong and there is no folder. */
  readonly source: string | undefined;
}

const plainMode = 0o644;
const executableMode = 0o755;

/**
 * Writes contents as files of the project: `skills/NAME/` and `files/NAME`. Existing files are never replaced: if the content
 * is equal, the program uses the existing file, and otherwise the next free name.
 */
export class ContentFolder {
  /**
   * The files and folders that this command created, by their paths in the program, or by their own paths before they have
   * one.
   */
  readonly #made = new Map<string, string>();
  readonly #folders: string[] = [];
  readonly #given = new Set<string>();
  #root: string | undefined;

  /** `out` is the folder of the program. Undefined: the program is printed, and no file is kept. */
  constructor(private readonly out: string | undefined) {}

  addSkill(files: readonly PackedFile[]): AddedSkill {
    const draft = this.#draft("skills");
    for (const { path, bytes, isExecutable } of files) {
      write(join(draft, ...path.split("/")), bytes, isExecutable ? executableMode : plainMode);
    }
    // Read in the same way as the program will, because this system may have no executable bits and may change names.
    const read = readContent(draft, "its package");
    const lost = files.find(({ path }) => read.files !== undefined && !Object.hasOwn(read.files, memberOf(path)));
    const changed = lost === undefined ? [] : [`this system does not keep the name ${JSON.stringify(lost.path)}`];
    const content = { ...read, problems: [...read.problems, ...changed] };
    const { name, problems } = content;
    const isSame = (path: string) =>
      statSync(path, { throwIfNoEntry: false })?.isDirectory() === true &&
      same(readContent(path, "").files, content.files);
    return name === undefined || problems.length > 0
      ? { content, source: undefined }
      : { content, source: this.#placed(draft, { folder: "skills", stem: name, end: "" }, isSame) };
  }

  /** Adds a file and returns its path in the program. `called` is the name at Qoder, which may be no valid file name. */
  addFile(called: string, bytes: Uint8Array): string {
    const draft = this.#draft("files");
    write(draft, bytes, plainMode);
    const { name: stem, ext: end } = parse(fileName(called));
    const isSame = (path: string) =>
      statSync(path, { throwIfNoEntry: false })?.isFile() === true && readFileSync(path).equals(bytes);
    return this.#placed(draft, { folder: "files", stem, end }, isSame);
  }

  /** Removes created files that the program does not declare. */
  keep(sources: readonly unknown[]): void {
    for (const [source, path] of this.#made) {
      // `rmSync` fails below a file that has the place of a folder.
      if (existsSync(path) && (this.out === undefined || !sources.includes(source))) {
        rmSync(path, { recursive: true, force: true });
      }
    }
    for (const folder of this.#folders.reverse()) {
      removeIfEmpty(folder);
    }
  }

  #draft(folder: string): string {
    this.#root ??= this.out === undefined ? this.#temporary() : resolve(this.out);
    const parent = join(this.#root, folder);
    if (lstatSync(parent, { throwIfNoEntry: false }) === undefined) {
      makeFolder(parent);
      this.#folders.push(parent);
    }
    const draft = join(parent, `.${randomUUID()}`);
    this.#made.set(draft, draft);
    return draft;
  }

  #temporary(): string {
    const root = mkdtempSync(join(tmpdir(), "pulumi-qoder-import-"));
    this.#folders.push(root);
    return root;
  }

  #placed(
    draft: string,
    { folder, stem, end }: { readonly folder: string; readonly stem: string; readonly end: string },
    isSame: (path: string) => boolean,
  ): string {
    for (let number = 1; ; number += 1) {
      const name = number === 1 ? `${stem}${end}` : `${stem}-${number}${end}`;
      const source = [...belowProject(this.out ?? "."), folder, name].join("/");
      const path = join(dirname(draft), name);
      const isThere = lstatSync(path, { throwIfNoEntry: false }) !== undefined;
      // On some systems names that differ only in upper and lower case are equal.
      if (this.#given.has(source.toLowerCase()) || (isThere && !isSame(path))) {
        continue;
      }
      if (!isThere) {
        attempt(`${path} cannot be written`, () => renameSync(draft, path));
        this.#made.delete(draft);
        this.#made.set(source, path);
      }
      this.#given.add(source.toLowerCase());
      return source;
    }
  }
}

function write(path: string, bytes: Uint8Array, mode: number): void {
  attempt(`${path} cannot be written`, () => {
    mkdirSync(dirname(path), { recursive: true });
    // Some file systems report a full disk only at this point (fsync(2)).
    writeFileSync(path, bytes, { mode, flag: "wx", flush: true });
  });
}

// Another program may have written into the folder meanwhile.
function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {}
}

const longestStemBytes = 200;

/** The name without characters that have a meaning for the system or for git. */
function fileName(called: string): string {
  const plain = called
    .replace(/[<>:"/\\|?*\p{C}\p{Zl}\p{Zp}]/gu, "_")
    .replace(/^\.+/, "_")
    .replace(/[. ]+$/, "");
  const { name, ext } = parse(/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(plain) ? `_${plain}` : plain);
  const stem = Buffer.from(name).subarray(0, longestStemBytes).toString().replaceAll("\ufffd", "");
  return stem === "" ? "file" : `${stem}${Buffer.byteLength(ext) > longestStemBytes / 10 ? "" : ext}`;
}

/** The parts of the path below the project's folder. A folder outside of the present one counts as a project's folder itself. */
export function belowProject(folder: string): string[] {
  const below = relative(process.cwd(), folder);
  const isElsewhere = isAbsolute(below) || below.split(sep).includes("..");
  return isElsewhere ? [] : below.split(sep).filter((part) => part !== "");
}

/** The nearest of these files, in the folder or above it. */
function nearest(folder: string, names: readonly string[]): string | undefined {
  const here = resolve(folder);
  const found = names.map((name) => join(here, name)).find((file) => existsSync(file));
  return found ?? (dirname(here) === here ? undefined : nearest(dirname(here), names));
}

/** pulumi/pulumi sdk/go/common/workspace/paths.go, `DetectProjectPathFrom`. */
export const isInProject = (folder: string) =>
  nearest(folder, ["Pulumi.yaml", "Pulumi.yml", "Pulumi.json"]) !== undefined;

const packageSchema = z.looseObject({ type: z.literal("module") });

/** True if files in this folder are ES modules, according to the nearest package.json ("Node.js: Packages", `type`). */
export function holdsEsModules(folder: string): boolean {
  const file = nearest(folder, ["package.json"]);
  return file !== undefined && packageSchema.safeParse(parseJson(textIn(file)).value).success;
}

// Without the option `recursive`, with which `mkdirSync` never returns below /proc (Node.js 20, `MKDirpSync`).
export function makeFolder(folder: string): void {
  if (lstatSync(folder, { throwIfNoEntry: false }) === undefined) {
    makeFolder(dirname(folder));
    attempt(`the folder ${folder} cannot be made`, () => mkdirSync(folder), neither);
  }
}

/** What an error says before the first file is complete. */
export const neither = "Neither file was written";
