import { lstatSync, readdirSync, readFileSync, type Stats } from "node:fs";
import { join, sep } from "node:path";
import { secretOfFile } from "../resource/state/leaked-secrets";
import { type Digests, digestOf, memberOf } from "./digests";
import { strangeName, traceIn } from "./file-names";
import { readFrontMatter } from "./front-matter";
import { largestPackageMb, zipOf } from "./zip";

export interface SkillContent {
  /** Undefined if the name is missing or wrong. */
  readonly name: string | undefined;
  readonly files: Digests | undefined;
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

const bytesInMb = 1024 * 1024;
const largestBytes = largestPackageMb * bytesInMb;

/**
 * Reads a folder with a SKILL.md, except the files that these patterns of a `.gitignore` match. `called` is the name of the
 * folder in messages.
 */
export function readContent(folder: string, called: string, patterns: readonly string[] = []): SkillContent {
  const { files, problems } = readTree(folder, patterns);
  const place = (path: string) => join(called, path).split(sep).join("/");
  const size = files.reduce((sum, one) => sum + one.size, 0);
  if (files.length === 0 || problems.length > 0 || size > largestBytes) {
    return unread(
      ...problems.map(place),
      ...(size > largestBytes ? [tooLarge(called, files, size)] : []),
      ...(files.length === 0 ? [`${called} holds no file`] : []),
    );
  }
  return readFiles(called, folder, files, place);
}

function readFiles(
  called: string,
  folder: string,
  files: readonly TreeFile[],
  place: (path: string) => string,
): SkillContent {
  const digests: Record<string, string> = {};
  const secrets: string[] = [];
  let main: Uint8Array | undefined;
  for (const file of files) {
    const bytes = readFileSync(join(folder, file.path));
    digests[memberOf(file.path)] = digestOf(bytes, file.isExecutable);
    main = file.path === "SKILL.md" ? bytes : main;
    const secret = secretOfFile(file.path, bytes);
    secrets.push(...(secret === undefined ? [] : [`${place(file.path)} ${secret}`]));
  }
  if (main === undefined) {
    const other = files.find((file) => file.path.toLowerCase().endsWith("skill.md"));
    const hint =
      other === undefined
        ? ""
        : `; ${other.path} does not count: the file has the name SKILL.md, in capitals, at the top of the folder`;
    return unread(`${called} has no SKILL.md${hint}`);
  }
  const { name, problems, warnings } = readFrontMatter(main, place("SKILL.md"));
  const packed = name === undefined ? 0 : packedSize(folder, name, files);
  const large = packed > largestBytes ? [`${called} is ${mb(packed)} packed; ${mostText}`] : [];
  return {
    name,
    files: digests,
    problems: [...problems, ...large],
    warnings: [...warnings, ...secretWarnings(secrets)],
  };
}

const mostNamed = 5;

function secretWarnings(found: readonly string[]): string[] {
  const more = found.length > mostNamed ? `; and ${found.length - mostNamed} more files` : "";
  return found.length === 0
    ? []
    : [
        `${found.slice(0, mostNamed).join("; ")}${more}. Each agent with the skill can read it: take it out of the folder or name it in ignore, and give a secret in a QoderVaultCredential`,
      ];
}

function unread(...problems: readonly string[]): SkillContent {
  return { name: undefined, files: undefined, problems, warnings: [] };
}

const mostText = `the API takes up to ${largestPackageMb} MB`;

function mb(bytes: number): string {
  return `${Math.ceil((bytes / bytesInMb) * 100) / 100} MB`;
}

function tooLarge(called: string, files: readonly TreeFile[], size: number): string {
  const largest = [...files].sort((one, other) => other.size - one.size)[0];
  const hint = largest === undefined ? "" : `; the largest file is ${largest.path} with ${mb(largest.size)}`;
  return `${called} has ${mb(size)}; ${mostText}${hint}`;
}

/**
 * A zip is only slightly larger than its files in the worst case, so only a folder near the limit is packed to learn its
 * size.
 */
function packedSize(folder: string, name: string, files: readonly TreeFile[]): number {
  const size = files.reduce((sum, file) => sum + file.size, 0);
  return size < largestBytes - bytesInMb
    ? size
    : zipOf(
        name,
        files.map((file) => ({ ...file, bytes: readFileSync(join(folder, file.path)) })),
      ).length;
}

interface TreeFile {
  /** The path below the folder, with `/` on every system. */
  readonly path: string;
  readonly size: number;
  readonly isExecutable: boolean;
}

interface Tree {
  readonly files: readonly TreeFile[];
  /** Each problem names a file that cannot be in the package. */
  readonly problems: readonly string[];
}

/**
 * The files of a folder, except the files that these patterns of a `.gitignore` match. Links are not followed: a link can
 * lead out of the folder, to a key of the person who runs the program, or into a cycle.
 */
function readTree(root: string, patterns: readonly string[]): Tree {
  const isLeftOut = leftOut(patterns);
  const files: TreeFile[] = [];
  const problems: string[] = [];
  const folders = [""];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const { name, path, stats } of entriesOf(root, folder, isLeftOut)) {
      if (stats === undefined || !isPlain(name, stats)) {
        problems.push(`${path}: ${problemOf(name, stats)}`);
      } else if (stats.isDirectory()) {
        folders.push(`${path}/`);
      } else {
        files.push({ path, size: stats.size, isExecutable: (stats.mode & 0o100) !== 0 });
      }
    }
  }
  return { files, problems: problems.sort() };
}

function entriesOf(root: string, folder: string, isLeftOut: ReturnType<typeof leftOut>) {
  const entries = readdirSync(join(root, folder)).map((name) => {
    const path = `${folder}${name}`;
    return { name, path, stats: lstatSync(join(root, path), { throwIfNoEntry: false }) };
  });
  return entries.filter(({ name, path, stats }) => !isLeftOut(name, stats?.isDirectory() ? `${path}/` : path));
}

function leftOut(patterns: readonly string[]): (name: string, path: string) => boolean {
  if (patterns.length === 0) {
    return (name) => traceIn(name) !== undefined;
  }
  const ignore: typeof import("ignore") = require("ignore");
  // git distinguishes upper and lower case unless its configuration says otherwise.
  const rules = ignore({ ignorecase: false }).add([...patterns]);
  return (name, path) => traceIn(name) !== undefined || rules.ignores(path);
}

function isPlain(name: string, stats: Stats): boolean {
  return !strangeName.test(name) && (stats.isDirectory() || stats.isFile());
}

function problemOf(name: string, stats: Stats | undefined): string {
  // Node.js changes a name that is not valid UTF-8, so the file cannot be found under it.
  if (stats === undefined) {
    return "cannot be found under its name, or was removed while the folder was read";
  }
  return strangeName.test(name)
    ? "has a backslash or a control character in its name"
    : `is ${kindOf(stats)}; the upload takes only regular files. Replace it by a file, or add it to ignore`;
}

function kindOf(stats: Stats): string {
  if (stats.isSymbolicLink()) {
    return "a symbolic link";
  }
  if (stats.isSocket()) {
    return "a socket";
  }
  return stats.isFIFO() ? "a pipe" : "a device";
}
