import type { FastifyReply, FastifyRequest } from "fastify";
import { ApiError, conflict } from "./errors";
import { ownerOf } from "./exchange";
import { sortedJson } from "./parse";
import type { Service } from "./service";
import type { Switches } from "./switches";

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
  readonly #kept = new Map<string, Kept>();

  constructor(private readonly service: Service) {}

  answer(key: { account: string; key: string | undefined; request: string }, act: () => Answer): Answer {
    const { idempotencyKeys, keyHours } = this.service.switches;
    if (key.key === undefined || idempotencyKeys === "ignore") return act();
    const name = JSON.stringify([key.account, key.key]);
    const now = this.service.clock().getTime();
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

/** "Conventions: idempotency": the header counts for every write. */
export class Writes {
  readonly #isHonoured: () => boolean;

  constructor(
    private readonly keys: IdempotencyKeys,
    isHonoured = () => true,
  ) {
    this.#isHonoured = isHonoured;
  }

  /** Answers with the result of the action; without a body if the action returns undefined. */
  answer(request: FastifyRequest, reply: FastifyReply, act: () => unknown, status = 200): FastifyReply {
    const { record } = request.exchange;
    const { account, workspace } = ownerOf(request);
    const key = this.#isHonoured() ? record.headers["idempotency-key"] : undefined;
    const fingerprint = sortedJson([record.method, record.path, workspace, record.body ?? null]);
    const answer = this.keys.answer({ account, key, request: fingerprint }, () => {
      const result = act();
      return { status, text: result === undefined ? "" : sortedJson(result) };
    });
    return reply.code(answer.status).type("application/json").send(answer.text);
  }

  /** Answers a removal with the result of the action, or with nothing. */
  remove(request: FastifyRequest, reply: FastifyReply, { deleteReply }: Switches, act: () => unknown): FastifyReply {
    const isEmpty = deleteReply === "empty";
    const answered = () => {
      const left = act();
      return isEmpty ? undefined : left;
    };
    return this.answer(request, reply, answered, isEmpty ? 204 : 200);
  }
}
