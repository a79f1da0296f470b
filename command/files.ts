import { readFileSync } from "node:fs";
import { QoderError } from "../provider/api/errors";
import { replaceFile } from "../provider/deployment-run/replace-file";
import { systemReason } from "./words";

/** Runs the action. An error says what failed, why, and what follows: `so`. */
export function attempt<Result>(failure: string, action: () => Result, so?: string): Result {
  try {
    return action();
  } catch (error) {
    const reason = `${failure}: ${systemReason(error)}`;
    throw new QoderError(so === undefined ? reason : `${reason}. ${so}`, { cause: error });
  }
}

/** The text of a file, without the byte-order mark with which some shells of Windows begin a file. */
export function textIn(file: string): string {
  return new TextDecoder().decode(attempt(`${file} cannot be read`, () => readFileSync(file)));
}

/** Replaces the content of a file as a whole: it contains the old or the new text at any moment. */
export function saveFile(file: string, text: string, mode: number): void {
  attempt(`${file} cannot be written`, () => replaceFile(file, text, mode));
}
