import { jsonObjectSchema } from "../../api/schema";
import { declarable, only } from "../arguments";
import type { Attempt, Ending, ResourceKind, Start } from "../kind";
import type { Ledger } from "../ledger";
import type { Objects } from "../objects";
import type { Properties } from "../program-values";
import { namedObjects } from "../references";
import { PartialFailure, type Written } from "../state";
import * as begunRequests from "./idempotency";
import { idempotencyKey } from "./idempotency";
import type { Declaration } from "./plan";

/** A resource has one note, which the start of another run replaces. */
const noteOf = (origin: string) => idempotencyKey(origin, {}, 0);

/**
 * Forgets the start of this run, which the state has. Until then a kill may keep the engine from writing the state, although the call has
 * returned the run. The id alone tells: an earlier run of the resource did the same work.
 */
export function forgetStarted(kind: ResourceKind, origin = "", id: string): void {
  if (kind.start !== undefined) {
    begunRequests.endOf(noteOf(origin), id);
  }
}

/** Starts a run, or continues with the run that an interrupted earlier try of this declaration started. */
export async function startOnce(
  objects: Objects,
  start: Start,
  { wanted, origin }: Declaration,
  ownership: Ledger,
): Promise<Written> {
  const { client, kind } = objects;
  return ownership.alone(start.queue(wanted), async () => {
    // Arguments that an update may change do not belong to the key of the run.
    const lasting = only(
      wanted,
      Object.keys(kind.fields).filter((name) => kind.fields[name]?.replaces),
    );
    const { baseUrl, workspaceId } = client.account;
    const keyOf = (life: number) => idempotencyKey(origin, jsonObjectSchema.parse(lasting), life, workspaceId);
    const key = keyOf(0);
    const note = noteOf(origin);
    const about = idempotencyKey(key, {}, 0, baseUrl);
    const attempt: Attempt = {
      client,
      wanted,
      idempotencyKey: keyOf,
      noted: begunRequests.read(note, about),
      note: (facts) => begunRequests.write(note, about, facts),
      forget: () => begunRequests.end(note),
      lastChange(named, reply) {
        const changed = Date.parse(reply.updated_at ?? "");
        const ids = namedObjects(named.named ?? [], declarable(named, reply)).map(({ id }) => id);
        return Math.max(ownership.lastChange([reply.id, ...ids]), Number.isNaN(changed) ? 0 : changed);
      },
      isTaken: (id) => !ownership.mayTake(id),
      send: async (request, problem) => (await objects.send(request, problem)).object,
    };
    return { object: await start.begin(attempt), recorded: wanted, baseline: {} };
  });
}

/** The time limit of the read of a run that has ended, with all its tries. */
const lastLookMs = 60_000;

/**
 * Waits for the end of a run if the program asks for its result. The run costs credits already, so a failure must carry the known
 * facts into the state: the next update waits again and starts no second run.
 */
export async function follow(
  { client }: Objects,
  ending: Ending | undefined,
  written: Written,
  outputs: Properties,
  wanted: Properties,
): Promise<Written> {
  const waitMs = ending?.waitMs(wanted);
  if (ending === undefined || waitMs === undefined) {
    return written;
  }
  const patient = client.extended(waitMs + lastLookMs);
  const ended = await ending.wait({ client: patient, object: written.object, outputs }, wanted, waitMs);
  const after = { ...written, object: ended.object, recorded: wanted };
  if (ended.failure === undefined) {
    return after;
  }
  // Only GETs were sent, so the service changed nothing.
  throw new PartialFailure(after, ended.failure, false);
}
