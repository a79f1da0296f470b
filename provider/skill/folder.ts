import { realpathSync, statSync } from "node:fs";
import { basename, isAbsolute, relative, resolve, sep } from "node:path";
import type { SourceRead } from "../kinds/table";
import { readContent } from "./content";
import { type Digests, unreadable } from "./digests";

interface SkillFolder {
  /** Undefined if the name is missing or wrong. */
  readonly name: string | undefined;
  readonly files: Digests | undefined;
  readonly read: SourceRead;
}

/**
 * Replaces the folder in the arguments by the name and the digests that it holds. `project` is the folder of the Pulumi
 * project.
 */
export function readFolder({ source, ignore, ...others }: Readonly<Record<string, unknown>>, project: string) {
  const { name, files, read } = readSkillFolder(source, ignore, project);
  // A program in JavaScript has no compiler that refuses these arguments.
  const problems = Object.keys(others).flatMap((given) => notGiven[given] ?? []);
  return { given: { ...others, name, files }, read: { ...read, problems: [...problems, ...read.problems] } };
}

const notGiven: Readonly<Record<string, string>> = {
  name: "name: is not an argument of a QoderSkill; write the name in the front matter of SKILL.md",
  files: "files: is not an argument of a QoderSkill; source names the folder that has them",
};

/** Reads a folder with a SKILL.md: the digests and mistakes of its files. Warns if the folder is outside of `project`. */
export function readSkillFolder(source: unknown, ignored: unknown, project = process.cwd()): SkillFolder {
  try {
    return readGiven(source, ignored, project);
  } catch (error) {
    return unread(`source: ${unreadable(error)}`);
  }
}

function readGiven(source: unknown, ignored: unknown, project: string): SkillFolder {
  const problem = argumentProblem(source, ignored);
  if (typeof source !== "string" || problem !== undefined) {
    return unread(`${problem}`);
  }
  const path = resolve(process.cwd(), source);
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) {
    return unread(`source: ${source} is not a folder in ${process.cwd()}`);
  }
  const { name, files, problems, warnings } = readContent(path, source, patternsOf(ignored));
  const remarks = [...warnings.map(ofSource), ...outsideWarnings(source, path, project)].map((text) => ({
    kind: "skill-files" as const,
    severity: "warning" as const,
    text,
  }));
  const renamed = renamedRemarks(name, basename(realpathSync(path)));
  const read = { path: files === undefined ? "" : path, problems: problems.map(ofSource) };
  return { name, files, read: { ...read, remarks: files === undefined ? [] : [...remarks, ...renamed] } };
}

function unread(problem: string): SkillFolder {
  return { name: undefined, files: undefined, read: { path: "", problems: [problem], remarks: [] } };
}

function ofSource(text: string): string {
  return `source: ${text}`;
}

function renamedRemarks(name: string | undefined, called: string) {
  return name === undefined || called === name
    ? []
    : [
        {
          kind: "skill-files" as const,
          severity: "info" as const,
          text: `source: the folder ${called} is uploaded as "${name}", the name in its SKILL.md`,
        },
      ];
}

function argumentProblem(source: unknown, ignored: unknown): string | undefined {
  if (source === undefined || source === null || source === "") {
    return "source: is missing: the folder with the SKILL.md";
  }
  if (typeof source !== "string") {
    return "source: is not a text; the folder is read while the program runs, so its path cannot be an Output";
  }
  const isList = Array.isArray(ignored) && ignored.every((one) => typeof one === "string");
  return ignored == null || isList ? undefined : "ignore: is not a list of patterns";
}

function patternsOf(ignored: unknown): string[] {
  return Array.isArray(ignored) ? ignored.map(String) : [];
}

function outsideWarnings(source: string, folder: string, project: string): string[] {
  const path = relative(realpathSync(project), realpathSync(folder));
  return path === ".." || path.startsWith(`..${sep}`) || isAbsolute(path)
    ? [`source: ${source} is outside of the project, so another checkout of the project may lack it`]
    : [];
}
