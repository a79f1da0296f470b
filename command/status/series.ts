import { existsSync } from "node:fs";
import { z } from "zod";
import { dayMs, durationText, secondText } from "../../provider/api/clock";
import { patience } from "../../provider/api/patience";
import { Misuse } from "../command";
import { saveFile, textIn } from "../files";
import type { Since } from "../time";

/** A report after a long break would read months of runs, and not end in the time of a pipeline. */
const longestMs = 7 * dayMs;
/** The time is no secret. */
const publicMode = 0o644;

/** Reports that each begin where the last one ended, so that a late report misses no run. A file keeps that time and the selection. */
export class Series {
  /** The time at which the last report ended; undefined before the first report. */
  readonly #last: number | undefined;

  constructor(
    private readonly file: string,
    /** The command that makes each report of the series. */
    private readonly command: string,
    private readonly first: Since,
  ) {
    this.#last = existsSync(file) ? endIn(file, command) : undefined;
  }

  /** The person chooses the beginning of the first report, however long ago. */
  readonly since: Since = (now) => (this.#last === undefined ? this.first(now) : Math.max(this.#last, now - longestMs));

  /** The sentence for a report that begins later than the last one ended. */
  gap(now: number, since: number): string {
    return this.#last === undefined || this.#last >= since
      ? ""
      : `Warning: the last report ended ${durationText(now - this.#last)} ago, and this one begins only ${durationText(now - since)} ago\n`;
  }

  /**
   * Keeps the time at which this report ends. The lists of the service may not show the runs of the last minute yet, so the next report has
   * that minute again.
   */
  end(now: number): void {
    saveFile(this.file, `${secondText(now - patience.eventuallyConsistentMs)}\n${this.command}\n`, publicMode);
  }
}

/** The time that an earlier report of this command has written into the file. */
function endIn(file: string, command: string): number {
  const [time, about] = textIn(file).split("\n");
  const { data } = z.iso.datetime().safeParse(time);
  if (data === undefined) {
    throw new Misuse(
      `--series takes a file that an earlier report has written, and ${file} is another one; ${newFile}`,
    );
  }
  if (about !== command) {
    throw new Misuse(
      `--series: ${file} keeps the end of the reports of \`${about}\`, and this one is of \`${command}\`; ${newFile}`,
    );
  }
  return Date.parse(data);
}

const newFile = "give the path of a new file";
