import type { FastifyReply, FastifyRequest } from "fastify";
import { ownerOf } from "../exchange";
import type { IdempotencyKeys } from "../idempotency";
import { sortedJson } from "../sorted-json";
import type { Switches } from "../switches";

/** "Conventions: idempotency": the header counts for every write. */
export class Writes {
  readonly #keys: IdempotencyKeys;
  readonly #isHonoured: () => boolean;

  constructor(keys: IdempotencyKeys, isHonoured = () => true) {
    this.#keys = keys;
    this.#isHonoured = isHonoured;
  }

  /** Answers with the result of the action; without a body if the action returns undefined. */
  answer(request: FastifyRequest, reply: FastifyReply, act: () => unknown, status = 200): FastifyReply {
    const { record } = request.exchange;
    const { account, workspace } = ownerOf(request);
    const key = this.#isHonoured() ? record.headers["idempotency-key"] : undefined;
    const fingerprint = sortedJson([record.method, record.path, workspace, record.body ?? null]);
    const answer = this.#keys.answer({ account, key, request: fingerprint }, () => {
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
