import { type Clock, systemClock } from "../api/clock";
import { type Ask, terminalQuestion } from "./question";
import { replaceFile } from "./write-file";

/** The surroundings of a command that writes. */
export interface WriteSurroundings {
  readonly clock: Clock;
  readonly ask: Ask;
  /** The folder for receipts. */
  readonly folder: string;
  readonly save: typeof replaceFile;
}

export function processSurroundings(): WriteSurroundings {
  return { clock: systemClock, ask: terminalQuestion(), folder: ".", save: replaceFile };
}
