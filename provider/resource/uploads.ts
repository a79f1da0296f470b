import { redacted } from "../api/redacted";
import type { DiffOutcome } from "./diff";
import type { Known } from "./kind";
import type { Objects } from "./objects";
import type { PlanRemark } from "./plan-remark";

/** A zip, with the data from which it is made, takes three times the size of its files. */
const mostAtATime = 4;

/** A queue: few resources at a time hold files in memory. */
export class Uploads {
  readonly #waiting: (() => void)[] = [];
  #working = 0;

  async inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#working < mostAtATime) {
      this.#working += 1;
    } else {
      await new Promise<void>((begin) => this.#waiting.push(begin));
    }
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) {
        this.#working -= 1;
      } else {
        next();
      }
    }
  }
}

/** The changed lines of the files, whose contents no state has. A refresh has no folder, because it declares nothing. */
export async function changedFiles(
  objects: Objects,
  id: string,
  known: Known,
  { changed, replaces, wanted }: DiffOutcome,
  secrets: Iterable<string>,
): Promise<PlanRemark[]> {
  const { files, kind } = objects;
  const { upload } = kind;
  const { folder } = files;
  if (upload === undefined || folder === undefined || !changed.includes(upload.argument) || replaces.length > 0) {
    return [];
  }
  const remarks = await files.inTurn(
    async () => upload.changedFiles?.(objects, id, known.outputs, wanted, folder) ?? [],
  );
  return remarks.map((one) => ({ ...one, lines: (one.lines ?? []).map((line) => redacted(line, secrets)) }));
}
