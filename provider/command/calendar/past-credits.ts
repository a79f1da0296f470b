import { z } from "zod";
import type { QoderClient } from "../../api/client";
import { eachOf } from "../at-once";
import type { CommandClient } from "../client";
import { meetsAll } from "../deployments";
import { failureText } from "../terminal";

/** The number of newest runs of a deployment that are read. */
const lastRuns = 10;

/** The costs of the last runs, by the ids of their deployments. */
export interface PastCredits {
  readonly credits: ReadonlyMap<string, readonly number[]>;
  /** The reason for which some costs are unknown; undefined if the service showed all. */
  readonly problem: string | undefined;
}

/** One request for each deployment: each run has its own session, and the list of sessions contains the credits. */
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

/**
 * The credits of finished runs. A running session, or one without `usage`, does not count ("Sessions": `usage` is left out
 * without data).
 */
async function creditsOfRuns(client: QoderClient, deploymentId: string): Promise<number[]> {
  const credits: number[] = [];
  let lookedAt = 0;
  const filter = { deployment_id: deploymentId, include_archived: "true" };
  for await (const listed of client.list(kind, filter, lastRuns)) {
    lookedAt += 1;
    const session = sessionSchema.safeParse(listed);
    // A service that ignores the filter also shows sessions of other deployments.
    if (session.success && session.data.deployment_id === deploymentId) {
      credits.push(session.data.usage.total_credits);
    }
    if (lookedAt === lastRuns) {
      break;
    }
  }
  return credits;
}
