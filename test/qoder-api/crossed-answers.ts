import type { Fault } from "./faults";

interface Waiting {
  readonly answer: unknown;
  readonly send: (answer: unknown) => void;
}

/** Answers each of two requests that meet one fault with the answer to the other. */
export class CrossedAnswers {
  readonly #first = new Map<Fault, Waiting>();

  /** Keeps the answer to the first request until the second one has its answer. */
  cross(fault: Fault, second: Waiting): void {
    const first = this.#first.get(fault);
    if (first === undefined) {
      this.#first.set(fault, second);
      return;
    }
    this.#first.delete(fault);
    first.send(second.answer);
    second.send(first.answer);
  }
}
