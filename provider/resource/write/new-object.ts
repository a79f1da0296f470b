import { QoderError, reasonOf } from "../../api/errors";
import { excerpt } from "../../api/foreign-text";
import type { JsonObject } from "../../api/schema";
import { ageOf, creationTime, isAsYoungAs, longestInterruptionMs } from "../age";
import { identityOf } from "../kind";
import type { Objects } from "../objects";
import type { BaseReply } from "../outputs";
import type { Ownership } from "../ownership";
import type { Properties } from "../program-values";

/** What the lost create would have made. */
interface Sought {
  readonly body: JsonObject;
  readonly wanted: Properties;
  readonly ownership: Ownership;
}

/**
 * The object that the lost create made, for a kind whose names are not unique: the only object with this name and content that is newer
 * than the create and that no resource of the stack manages. Undefined if no object fits, so that another try of the create is safe.
 */
export async function findNew(
  objects: Objects,
  sought: Sought,
  lost: QoderError,
  start: number,
): Promise<BaseReply | undefined> {
  const { kind } = objects;
  const found = await newOnes(objects, sought, start).catch((error: unknown) => {
    throw new QoderError(
      `${lost.message}. Whether it created the ${kind.noun} is open, as looking for it failed too: ${reasonOf(error)}. Run the same command again, it continues with what exists`,
    );
  });
  if (found.length > 1) {
    const ids = found
      .map(({ id, created_at: at }) => excerpt(at == null ? id : `${id}, created ${at}`, 100))
      .join("; ");
    throw new QoderError(
      `${lost.message}. Since then ${found.length} ${kind.noun}s of this name and content were created, and nothing proves which one is this one's: ${ids}. Set adopt to the id of one, delete the other at Qoder if nobody else made it, then run \`pulumi up\` again`,
    );
  }
  return found[0];
}

async function newOnes(objects: Objects, { body, wanted, ownership }: Sought, start: number): Promise<BaseReply[]> {
  const { client, kind } = objects;
  const identity = identityOf(kind, body);
  const found: BaseReply[] = [];
  for await (const entry of client.live(objects.list)) {
    const listed = objects.placed(entry);
    const created = creationTime(listed.created_at);
    // This comparison uses the clock of this machine, so it is generous; the clock of the service decides below.
    if (created !== undefined && client.now() - created > longestInterruptionMs) {
      continue;
    }
    if (identityOf(kind, listed) !== identity || !ownership.mayTake(listed.id)) {
      continue;
    }
    const answer = await objects.ask(listed.id);
    const now = client.now();
    const isNew = isAsYoungAs(ageOf(answer, now), now - start);
    if (isNew && (await kind.upload?.holds(objects, answer.object, wanted)) !== false) {
      found.push(answer.object);
    }
  }
  return found;
}
