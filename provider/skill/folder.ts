import { existsSync, realpathSync, statSync } from "node:fs";
import { basename, isAbsolute, relative, resolve, sep } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { SourceRead } from "../program/inputs";
import { readContent } from "./content";
import type { Digests } from "./digests";

/** What a program says of a skill by its folder. */
export interface SkillFolder {
  /** Undefined where it is missing or wrong. */
  readonly name: string | undefined;
  readonly files: Digests | undefined;
  readonly read: SourceRead;
}

/** Reads a folder with a SKILL.md: what it holds by digests, and what is wrong with it. */
export function readSkillFolder(source: unknown, ignored: unknown): SkillFolder {
  const problem = argumentProblem(source, ignored);
  if (typeof source !== "string" || problem !== undefined) {
    return unread(`${problem}`);
  }
  const path = resolve(process.cwd(), source);
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) {
    return unread(`source: ${source} is no folder in ${process.cwd()}`);
  }
  const { name, files, problems, warnings } = readContent(path, source, patternsOf(ignored));
  const remarks = [...warnings.map(ofSource), ...outsideWarnings(source, path)].map((text) => ({
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
          severity: "info" as const,
          text: `source: the folder ${called} goes as "${name}", the name in its SKILL.md`,
        },
      ];
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

function outsideWarnings(source: string, folder: string): string[] {
  const path = relative(projectFolder(), realpathSync(folder));
  return path === ".." || path.startsWith(`..${sep}`) || isAbsolute(path)
    ? [`source: ${source} is outside of the project, so another checkout of the project may lack it`]
    : [];
}

// A program of the Automation API is told "rootDirectory" in its place, and no other program anything but its folder.
function projectFolder(): string {
  const told = pulumi.runtime.getRootDirectory();
  return realpathSync(isAbsolute(told) && existsSync(told) ? told : process.cwd());
}
