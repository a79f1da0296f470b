import { lstatSync, readdirSync, type Stats } from "node:fs";
import { join } from "node:path";

/** A regular file of a folder. */
export interface TreeFile {
  /** The path below the folder, with `/` on every system. */
  readonly path: string;
  readonly size: number;
  readonly isExecutable: boolean;
}

/** The content of a folder. */
interface Tree {
  readonly files: readonly TreeFile[];
  /** Each problem names a file that cannot be in the package. */
  readonly problems: readonly string[];
}

/** Traces of tools, which no package contains. */
const neverTaken = new Set([".git", "node_modules", "__pycache__", ".DS_Store", "Thumbs.db"]);

/**
 * The files of a folder, except the files that these patterns of a `.gitignore` match. Links are not followed: a link can
 * lead out of the folder, to a key of the person who runs the program, or into a cycle.
 */
export function readTree(root: string, patterns: readonly string[]): Tree {
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
    return (name) => neverTaken.has(name);
  }
  const ignore: typeof import("ignore") = require("ignore");
  // git distinguishes upper and lower case unless its configuration says otherwise.
  const rules = ignore({ ignorecase: false }).add([...patterns]);
  return (name, path) => neverTaken.has(name) || rules.ignores(path);
}

// Characters that have another meaning on other systems.
const strangeName = /[\\\p{Cc}]/u;

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
    : `is ${kindOf(stats)}; only regular files are taken along. Replace it by a file, or name it in ignore`;
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
