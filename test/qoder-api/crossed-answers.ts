import type { Fault } from "./faults";

interface Waiting {
  readonly answer: unknown;
  readonly send: (answer: unknown) => void;
}

/** Of two requests that meet one fault, each is answered with the answer of the other. */
export class CrossedAnswers {
  readonly #first = new Map<Fault, Waiting>();

  /** The answer to the first waits for that to the second. */
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
