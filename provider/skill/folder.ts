import { readFileSync, realpathSync, statSync } from "node:fs";
import { basename, isAbsolute, join, relative, resolve, sep } from "node:path";
import type { SourceRead } from "../program/inputs";
import { type Digests, digestOf, memberOf } from "./digests";
import { readFrontMatter } from "./front-matter";
import { readTree, type TreeFile } from "./tree";
import { largestPackageMb, zipOf } from "./zip";

/** What a program says of a skill by its folder. */
export interface SkillFolder {
  /** Undefined where it is missing or wrong. */
  readonly name: string | undefined;
  readonly files: Digests | undefined;
  readonly read: SourceRead;
}

const bytesInMb = 1024 * 1024;
const largestBytes = largestPackageMb * bytesInMb;

/** The arguments with what the folder holds in place of the folder. */
export function readFolder({ source, ignore, ...others }: Readonly<Record<string, unknown>>, project: string) {
  const { name, files, read } = readSkillFolder(source, ignore, project);
  // Not every program has a compiler that would tell.
  const problems = Object.keys(others).flatMap((given) => notGiven[given] ?? []);
  return { given: { ...others, name, files }, read: { ...read, problems: [...problems, ...read.problems] } };
}

const notGiven: Readonly<Record<string, string>> = {
  name: "name: is not an argument of a QoderSkill; the name stands in the front matter of SKILL.md",
  files: "files: is not an argument of a QoderSkill; source names the folder that has them",
};

/** Reads a folder with a SKILL.md: what it holds by digests, and what is wrong with it. What is outside of the project is told. */
export function readSkillFolder(source: unknown, ignored: unknown, project = process.cwd()): SkillFolder {
  const problem = argumentProblem(source, ignored);
  if (typeof source !== "string" || problem !== undefined) {
    return unread(`${problem}`);
  }
  const folder = resolve(process.cwd(), source);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    return unread(`source: ${source} is no folder in ${process.cwd()}`);
  }
  const { files, problems } = readTree(folder, patternsOf(ignored));
  const place = (path: string) => `source: ${join(source, path).split(sep).join("/")}`;
  const size = files.reduce((sum, one) => sum + one.size, 0);
  if (files.length === 0 || problems.length > 0 || size > largestBytes) {
    return unread(
      ...problems.map(place),
      ...(size > largestBytes ? [tooLarge(source, files, size)] : []),
      ...(files.length === 0 ? [`source: ${source} holds no file`] : []),
    );
  }
  return readFiles(source, folder, files, place, realpathSync(project));
}

function readFiles(
  source: string,
  path: string,
  files: readonly TreeFile[],
  place: (path: string) => string,
  project: string,
): SkillFolder {
  const digests: Record<string, string> = {};
  let main: Uint8Array | undefined;
  for (const file of files) {
    const bytes = readFileSync(join(path, file.path));
    digests[memberOf(file.path)] = digestOf(bytes, file.isExecutable);
    main = file.path === "SKILL.md" ? bytes : main;
  }
  if (main === undefined) {
    const other = files.find((file) => file.path.toLowerCase().endsWith("skill.md"));
    const hint = other === undefined ? "" : `; ${other.path} is not it: the name has capitals, and stands at the top`;
    return unread(`source: ${source} has no SKILL.md${hint}`);
  }
  const { name, problems, warnings } = readFrontMatter(main, place("SKILL.md"));
  const packed = name === undefined ? 0 : packedSize(path, name, files);
  const all = [
    ...problems,
    ...(packed > largestBytes ? [`source: ${source} is ${mb(packed)} packed; ${mostText}`] : []),
  ];
  const remarks = [...warnings, ...outsideWarnings(source, path, project)].map((text) => ({
    severity: "warning" as const,
    text,
  }));
  const called = basename(realpathSync(path));
  const renamed =
    name === undefined || called === name
      ? []
      : [
          {
            severity: "info" as const,
            text: `source: the folder ${called} goes as "${name}", the name in its SKILL.md`,
          },
        ];
  return { name, files: digests, read: { path, problems: all, remarks: [...remarks, ...renamed] } };
}

function unread(...problems: readonly string[]): SkillFolder {
  return { name: undefined, files: undefined, read: { path: "", problems, remarks: [] } };
}

function argumentProblem(source: unknown, ignored: unknown): string | undefined {
  if (source === undefined || source === null || source === "") {
    return "source: is missing: the folder with the SKILL.md";
  }
  if (typeof source !== "string") {
    return "source: is not a text; the folder is read while the program runs, so its path cannot come later";
  }
  const isList = Array.isArray(ignored) && ignored.every((one) => typeof one === "string");
  return ignored == null || isList ? undefined : "ignore: is not a list of patterns";
}

function patternsOf(ignored: unknown): string[] {
  return Array.isArray(ignored) ? ignored.map(String) : [];
}

const mostText = `the API takes up to ${largestPackageMb} MB`;

function mb(bytes: number): string {
  return `${Math.ceil((bytes / bytesInMb) * 100) / 100} MB`;
}

function tooLarge(source: string, files: readonly TreeFile[], size: number): string {
  const largest = [...files].sort((one, other) => other.size - one.size)[0];
  const hint = largest === undefined ? "" : `; the largest file is ${largest.path} with ${mb(largest.size)}`;
  return `source: ${source} has ${mb(size)}; ${mostText}${hint}`;
}

/** What does not compress takes a little more when it is packed, so only a folder at the limit is packed to know. */
function packedSize(folder: string, name: string, files: readonly TreeFile[]): number {
  const size = files.reduce((sum, file) => sum + file.size, 0);
  return size < largestBytes - bytesInMb
    ? size
    : zipOf(
        name,
        files.map((file) => ({ ...file, bytes: readFileSync(join(folder, file.path)) })),
      ).length;
}

function outsideWarnings(source: string, folder: string, project: string): string[] {
  const path = relative(project, realpathSync(folder));
  return path === ".." || path.startsWith(`..${sep}`) || isAbsolute(path)
    ? [`source: ${source} is outside of the project, so another checkout of the project may lack it`]
    : [];
}
