import { jsonObjectSchema } from "../../api/schema";
import { only } from "../arguments";
import type { Objects } from "../objects";
import type { Ownership } from "../ownership";
import type { Attempt, Start } from "../start";
import { idempotencyKey } from "./idempotency";
import type { Declaration, Obtained } from "./plan";

/** Starts a run, or continues with the run that an interrupted earlier try of this declaration started. */
export async function startOnce(
  objects: Objects,
  start: Start,
  { wanted, origin }: Declaration,
  ownership: Ownership,
): Promise<Obtained> {
  const { client, kind } = objects;
  const { fields } = kind;
  return ownership.alone(start.queue(wanted), async () => {
    const before = ownership.predecessor(origin);
    // Arguments that an update may change do not belong to the key of the run.
    const lasting = only(
      wanted,
      Object.keys(fields).filter((name) => fields[name]?.replaces),
    );
    const attempt: Attempt = {
      client,
      wanted,
      idempotencyKey: (life) => idempotencyKey(origin, jsonObjectSchema.parse(lasting), life, client.workspaceId),
      earlierTry: before === undefined ? "possible" : ownership.isArchived(before.id) ? "impossible" : "likely",
      begunAfter: before?.createdAt,
      isTaken: (id) => !ownership.mayTake(id),
      meetSiblings: () => ownership.siblings.meet(client),
      send: async (request, problem) => (await objects.make(request, problem)).object,
    };
    return { object: await start.begin(attempt), recorded: wanted, baseline: {} };
  });
}
