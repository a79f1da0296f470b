import { conflict } from "./errors";
import type { Service } from "./service";

/** "Conventions: idempotency": a key is kept for 24 hours. */
const RETENTION_MILLISECONDS = 24 * 60 * 60 * 1000;

export interface Answer {
  status: number;
  /** The JSON text as it was first answered. */
  text: string;
}

interface Kept {
  request: string;
  answer: Answer;
  at: number;
}

/**
 * The first successful answer of a key is kept per account and replayed. A refused request created nothing, so its key
 * stays free. Acting is synchronous: of two concurrent requests with one key, the second finds the answer of the first.
 */
export class IdempotencyKeys {
  readonly #service: Service;
  readonly #kept = new Map<string, Kept>();

  constructor(service: Service) {
    this.#service = service;
  }

  answer(key: { account: string; key: string | undefined; request: string }, act: () => Answer): Answer {
    if (key.key === undefined || this.#service.switches.idempotencyKeys === "ignore") return act();
    const name = JSON.stringify([key.account, key.key]);
    const now = this.#service.clock().getTime();
    const kept = this.#kept.get(name);
    if (kept !== undefined && now - kept.at < RETENTION_MILLISECONDS) {
      if (kept.request !== key.request) throw conflict("Idempotency key reused with a different request body.");
      return kept.answer;
    }
    const answer = act();
    this.#kept.set(name, { request: key.request, answer, at: now });
    return answer;
  }
}
