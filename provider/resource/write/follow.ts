import type { Objects } from "../objects";
import type { Properties } from "../program-values";
import { PartialFailure } from "../state";
import type { Written } from "./plan";

/** The time limit of the read of a run that has ended, with all its tries. */
const lastLookMs = 60_000;

/**
 * Waits for the end of a run if the program asks for its result. The run costs credits already, so a failure must carry the known
 * facts into the state: the next update waits again and starts no second run.
 */
export async function follow(
  { client, kind }: Objects,
  { object, baseline }: Written,
  outputs: Properties,
  wanted: Properties,
): Promise<Written> {
  const ending = kind.start?.ending;
  const waitMs = ending?.waitMs(wanted);
  if (ending === undefined || waitMs === undefined) {
    return { object, baseline };
  }
  const patient = client.extended(waitMs + lastLookMs);
  const ended = await ending.wait({ client: patient, object, outputs }, wanted, waitMs);
  if (ended.failure === undefined) {
    return { object: ended.object, baseline };
  }
  // Only GETs were sent, so the service changed nothing.
  throw new PartialFailure({ object: ended.object, recorded: wanted, baseline }, ended.failure, false);
}
