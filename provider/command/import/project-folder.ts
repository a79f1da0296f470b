import { lstatSync, mkdirSync } from "node:fs";
import { dirname, isAbsolute, relative, sep } from "node:path";
import { QoderError } from "../../api/errors";
import { systemReason } from "../terminal";

/** The parts of the path below the project's folder. A folder outside of the present one counts as a project's folder itself. */
export function belowProject(folder: string): string[] {
  const below = relative(process.cwd(), folder);
  const isElsewhere = isAbsolute(below) || below.split(sep).includes("..");
  return isElsewhere ? [] : below.split(sep).filter((part) => part !== "");
}

// Without the option `recursive`, with which `mkdirSync` never returns below /proc (Node.js 20, `MKDirpSync`).
export function makeFolder(folder: string): void {
  if (lstatSync(folder, { throwIfNoEntry: false }) === undefined) {
    makeFolder(dirname(folder));
    attempt(`the folder ${folder} cannot be made`, () => mkdirSync(folder));
  }
}

/** What an error says before the first file is complete. */
export const neither = "Neither file was written";

/** Runs the action. An error says what failed, the reason, and which files were written. */
export function attempt<Result>(failure: string, action: () => Result, so: string = neither): Result {
  try {
    return action();
  } catch (error) {
    throw new QoderError(`${failure}: ${systemReason(error)}. ${so}`, { cause: error });
  }
}
