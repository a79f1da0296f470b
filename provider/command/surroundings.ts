import { type Clock, systemClock } from "../api/clock";
import { type Ask, terminalQuestion } from "./question";
import { replaceFile } from "./write-file";

/** What a command that writes takes from where it runs. */
export interface WriteSurroundings {
  readonly clock: Clock;
  readonly ask: Ask;
  /** Where receipts are. */
  readonly folder: string;
  readonly save: typeof replaceFile;
}

export function processSurroundings(): WriteSurroundings {
  return { clock: systemClock, ask: terminalQuestion(), folder: ".", save: replaceFile };
}
