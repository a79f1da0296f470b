import { readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { type Digests, digestOf, memberOf } from "./digests";
import { readFrontMatter } from "./front-matter";
import { readTree, type TreeFile } from "./tree";
import { largestPackageMb, zipOf } from "./zip";

/** The content of the folder of a skill. */
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
  let main: Uint8Array | undefined;
  for (const file of files) {
    const bytes = readFileSync(join(folder, file.path));
    digests[memberOf(file.path)] = digestOf(bytes, file.isExecutable);
    main = file.path === "SKILL.md" ? bytes : main;
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
  return { name, files: digests, problems: [...problems, ...large], warnings };
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
