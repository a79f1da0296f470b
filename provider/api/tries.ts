import { afterOpenTry, type FailedCall, mayHaveActed, QoderApiError } from "./errors";
import { type Patience, patience, type Repeat, type ReplyHeaders } from "./retry";

/** What fails in a way that waiting does not mend: a connection that never stood, a reply that nobody can read. */
const briefly = 3;
/** Where no time limit ends the tries ("Rate limits": three at most; many calls at once make refusals an ordinary case). */
const mostWithoutLimit = 3;
const mostRefusalsWithoutLimit = 8;

/** The tries of one request. */
export class Tries {
  #count = 0;
  #brieflyInARow = 0;
  #mayHaveArrived = false;
  #last: FailedCall | undefined;

  constructor(
    private readonly repeat: Repeat,
    private readonly isLimited: boolean,
    private readonly begun: number,
  ) {}

  get count(): number {
    return this.#count;
  }

  tookMs(now: number): number {
    return now - this.begun;
  }

  /** Whether the request may be sent once more. */
  failed(error: FailedCall, headers: ReplyHeaders): boolean {
    const kind = patience(error, headers, this.repeat);
    this.#count += 1;
    this.#brieflyInARow = kind === "brief" ? this.#brieflyInARow + 1 : 0;
    this.#last = this.#mayHaveArrived ? afterOpenTry(error) : error;
    this.#mayHaveArrived ||= mayHaveActed(error);
    return kind !== "none" && this.#brieflyInARow < briefly && (this.isLimited || this.#count < mostOf(kind, error));
  }

  /** What the last try was rejected with, and how much was tried. */
  failure(now: number): FailedCall | undefined {
    if (this.#last !== undefined && this.#count > 1) {
      this.#last.message += ` (${this.told} in ${duration(this.tookMs(now))})`;
    }
    return this.#last;
  }

  get told(): string {
    return this.#count === 1 ? "tried once" : `tried ${this.#count} times`;
  }
}

function mostOf(kind: Patience, error: FailedCall): number {
  const isRefusal = kind === "long" && error instanceof QoderApiError && error.status === 429;
  return isRefusal ? mostRefusalsWithoutLimit : mostWithoutLimit;
}

export function duration(milliseconds: number): string {
  const seconds = Math.max(Math.round(milliseconds / 1_000), 1);
  const [minutes, rest] = [Math.floor(seconds / 60), seconds % 60];
  return [minutes > 0 ? `${minutes} min` : "", rest > 0 ? `${rest} s` : ""].filter(Boolean).join(" ");
}
