import { z } from "zod";
import type { QoderClient } from "../../api/client";
import { eachOf } from "../at-once";
import type { CommandClient } from "../client";
import { meetsAll } from "../deployments";
import { failureText } from "../terminal";

/** So many runs of a deployment are looked at, the newest. */
const lastRuns = 10;

/** What the last runs cost, by the ids of their deployments. */
export interface PastCredits {
  readonly credits: ReadonlyMap<string, readonly number[]>;
  /** Why they are not known of some; undefined where the service told of all. */
  readonly problem: string | undefined;
}

/** Asks one question a deployment: each run has a session of its own, and the list of these tells their credits. */
export async function pastCredits(client: CommandClient, ids: readonly string[]): Promise<PastCredits> {
  const credits = new Map<string, readonly number[]>();
  let problem: string | undefined;
  await eachOf(ids, async (id) => {
    try {
      credits.set(id, await creditsOfRuns(client.forObject(), id));
    } catch (error) {
      if (meetsAll(error)) {
        throw error;
      }
      problem ??= failureText(error);
    }
  });
  return { credits, problem };
}

const kind = { noun: "session", collection: "sessions", idPrefix: "sess_" };

const sessionSchema = z.looseObject({
  deployment_id: z.string(),
  status: z.enum(["idle", "terminated"]),
  usage: z.looseObject({ total_credits: z.number() }),
});

/** What runs still, or has no credits yet, tells nothing ("Sessions": `usage` is left out where there are no data). */
async function creditsOfRuns(client: QoderClient, deploymentId: string): Promise<number[]> {
  const credits: number[] = [];
  let lookedAt = 0;
  const filter = { deployment_id: deploymentId, include_archived: "true" };
  for await (const listed of client.list(kind, filter, lastRuns)) {
    lookedAt += 1;
    const session = sessionSchema.safeParse(listed);
    // A service that does not know the filter shows the sessions of others too.
    if (session.success && session.data.deployment_id === deploymentId) {
      credits.push(session.data.usage.total_credits);
    }
    if (lookedAt === lastRuns) {
      break;
    }
  }
  return credits;
}
