import { existsSync } from "node:fs";
import { dayMs, durationText, secondText } from "../../provider/api/clock";
import { eventuallyConsistentMs } from "../../provider/resource/age";
import { Misuse } from "../command";
import { saveFile, textIn } from "../files";
import type { Since } from "../time";

/** A report after a long break would read months of runs, and not end in the time of a pipeline. */
const longestMs = 7 * dayMs;
/** The time is no secret. */
const publicMode = 0o644;

/** Reports that each begin where the last one ended, which a file keeps, so that one that starts late loses nothing. */
export class Series {
  /** Where the last report ended; undefined before the first one. */
  readonly #last: number | undefined;

  constructor(
    private readonly file: string,
    private readonly first: Since,
  ) {
    const text = existsSync(file) ? textIn(file).trim() : undefined;
    this.#last = text === undefined ? undefined : Date.parse(text);
    if (text !== undefined && !/^\d{4}-\d\d-\d\dT[\d:]+Z$/.test(text)) {
      throw new Misuse(`--series takes a file that an earlier report has written, and ${file} is another one`);
    }
  }

  readonly since: Since = (now) => Math.max(this.#last ?? this.first(now), now - longestMs);

  /** The sentence for a report that begins later than the last one ended. */
  gap(now: number, since: number): string {
    return this.#last === undefined || this.#last >= since
      ? ""
      : `Warning: the last report ended ${durationText(now - this.#last)} ago, and this one begins only ${durationText(now - since)} ago\n`;
  }

  /** Keeps where this report ends. The lists of the service may not show yet what happened in its last minute: the next one has it again. */
  end(now: number): void {
    saveFile(this.file, `${secondText(now - eventuallyConsistentMs)}\n`, publicMode);
  }
}
