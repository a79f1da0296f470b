/** "Conventions: pagination": 100 at most. One that is too large leaves a page of one to be read. */
const sizes = [100, 25, 5, 1] as const;

/** How many to ask for: less after a page that was too large, until as many as it held are read. */
export class PageSize {
  #read = 0;
  /** How many will have been read by then, for each size that was too large. */
  readonly #until: number[] = [];

  get now(): number {
    return sizes[this.#until.length] ?? 1;
  }

  /** False when there is no smaller one. */
  shrink(): boolean {
    if (this.now === 1) {
      return false;
    }
    this.#until.push(this.#read + this.now);
    return true;
  }

  took(count: number): void {
    this.#read += count;
    while ((this.#until.at(-1) ?? Number.POSITIVE_INFINITY) <= this.#read) {
      this.#until.pop();
    }
  }
}
