/** A zip, with the data from which it is made, takes three times the size of its files. */
const mostAtATime = 4;

/** The folders from which the program read files, by origins, and a queue: few resources at a time hold files in memory. */
export class Sources {
  readonly #folders = new Map<string | undefined, string>();
  readonly #waiting: (() => void)[] = [];
  #working = 0;

  declare(origin: string | undefined, folder: string | undefined): void {
    if (folder !== undefined) {
      this.#folders.set(origin, folder);
    }
  }

  of(origin: string = "") {
    return {
      folder: this.#folders.get(origin),
      origin,
      inTurn: <Result>(work: () => Promise<Result>): Promise<Result> => this.#inTurn(work),
    };
  }

  async #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
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
