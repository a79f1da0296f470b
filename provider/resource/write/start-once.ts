import { jsonObjectSchema } from "../../api/schema";
import type { Objects } from "../objects";
import type { BaseReply } from "../outputs";
import type { Ownership } from "../ownership";
import type { Attempt, Start } from "./attempt";
import type { Declaration, Obtained } from "./declaration";
import { idempotencyKey } from "./idempotency";

/** Starts the object, or goes on with the one that an interrupted earlier try of the same declaration started. */
export async function startOnce<Arguments extends object, Outputs extends object, Reply extends BaseReply>(
  objects: Objects<Arguments, Outputs, Reply>,
  start: Start<Arguments, Reply>,
  { wanted, origin }: Declaration<Arguments>,
  ownership: Ownership,
): Promise<Obtained<Arguments, Reply>> {
  const { client } = objects;
  return ownership.alone(start.queue(wanted), async () => {
    const before = ownership.predecessor(origin);
    const attempt: Attempt<Arguments, Reply> = {
      client,
      wanted,
      idempotencyKey: (life) => idempotencyKey(origin, jsonObjectSchema.parse(wanted), life, client.workspaceId),
      earlierTry: before === undefined ? "possible" : ownership.isArchived(before.id) ? "impossible" : "likely",
      begunAfter: before?.createdAt,
      isTaken: (id) => !ownership.mayTake(id),
      meetSiblings: () => ownership.siblings.meet(client),
      send: async (request, problem) => (await objects.make(request, problem)).object,
    };
    return { object: await start.begin(attempt), held: wanted, baseline: {} };
  });
}
