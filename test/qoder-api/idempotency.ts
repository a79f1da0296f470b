import { ApiError, conflict } from "./errors";
import type { Service } from "./service";

const HOUR_MILLISECONDS = 60 * 60 * 1000;

export interface Answer {
  status: number;
  /** The JSON text of the first answer. */
  text: string;
}

interface Kept {
  request: string;
  answer: Answer | ApiError;
  at: number;
}

/**
 * Keeps the first successful answer for each key of an account, and repeats it. A refused request created nothing, so its key
 * stays free, unless the switch keeps refusals. Requests run one after the other: of two with one key, the second finds the
 * answer of the first.
 */
export class IdempotencyKeys {
  readonly #service: Service;
  readonly #kept = new Map<string, Kept>();

  constructor(service: Service) {
    this.#service = service;
  }

  answer(key: { account: string; key: string | undefined; request: string }, act: () => Answer): Answer {
    const { idempotencyKeys, keyHours } = this.#service.switches;
    if (key.key === undefined || idempotencyKeys === "ignore") return act();
    const name = JSON.stringify([key.account, key.key]);
    const now = this.#service.clock().getTime();
    const kept = this.#kept.get(name);
    if (kept !== undefined && now - kept.at < keyHours * HOUR_MILLISECONDS) {
      if (kept.request !== key.request) throw conflict("Idempotency key reused with a different request body.");
      if (kept.answer instanceof ApiError) throw kept.answer;
      return kept.answer;
    }
    const keep = (answer: Answer | ApiError) => this.#kept.set(name, { request: key.request, answer, at: now });
    try {
      const answer = act();
      keep(answer);
      return answer;
    } catch (error) {
      if (idempotencyKeys === "keep-refusals" && error instanceof ApiError) keep(error);
      throw error;
    }
  }
}
