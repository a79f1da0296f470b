import type { Objects } from "../objects";
import type { Properties } from "../program-values";
import { PartialFailure } from "../state";
import type { Written } from "./update";

/** A look at what has ended takes so long at most, also where it has to be tried again. */
const lastLookMs = 60_000;

/**
 * Waits for the end of what was started, where the program asks for that. It was started and is paid for, so all that is known of
 * its end must reach the state: the next update takes that up, and starts nothing.
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
  // Only GETs were sent: nothing of the object is open.
  throw new PartialFailure({ object: ended.object, recorded: wanted, baseline }, ended.failure, false);
}
