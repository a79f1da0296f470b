import { z } from "zod";
import type { QoderClient } from "../../api/client";
import { systemClock } from "../../api/clock";
import { shapeProblem } from "../../api/schema";
import { deploymentSchema } from "../../deployment/reply";
import { scheduleProblem } from "../../schedule/schedule";
import { type CommandClient, eachOf } from "../client";
import { meetsAll, outOfUse, type ReadDeployment, readDeployments, sessionKind } from "../deployments";
import { type CommandAccount, inEachAccount, type Scopes, type Unknown, withAccounts } from "../scope";
import { failureText } from "../words";
import { creditsOf, type Fleet, fleetOf, type Member } from "./fleet";

/** The selected deployments as the service shows them, and the costs of their last runs. */
export interface Found {
  readonly fleet: Fleet;
  readonly past: PastCredits;
}

export async function foundLive(scopes: Scopes): Promise<Found> {
  const found = await withAccounts(scopes, systemClock, (accounts) => inEachAccount(accounts, foundIn, unreadIn));
  const members = [...found.flatMap((one) => one.members), ...scopes.unknown.map(unreadMember)];
  return {
    fleet: fleetOf(members, found.find(({ incomplete }) => incomplete !== undefined)?.incomplete),
    past: {
      credits: new Map(found.flatMap(({ past }) => [...past.credits])),
      problem: found.find(({ past }) => past.problem !== undefined)?.past.problem,
    },
  };
}

/** The deployments of one account. */
interface FoundIn {
  readonly members: readonly Member[];
  readonly incomplete: string | undefined;
  readonly past: PastCredits;
}

function unreadIn(unread: readonly Unknown[]): FoundIn {
  const past = { credits: new Map(), problem: undefined };
  return { members: unread.map(unreadMember), incomplete: undefined, past };
}

async function foundIn(account: CommandAccount): Promise<FoundIn> {
  const { read, unread, cutOff } = await readDeployments(account);
  const members = [...read.map(memberOf), ...unread.map(unreadMember)];
  const incomplete = cutOff === undefined ? undefined : `not all deployments were read: ${cutOff}`;
  const ids = fleetOf(members, incomplete).scheduled.flatMap(({ id }) => id ?? []);
  return { members, incomplete, past: await pastCredits(account.client, ids) };
}

function unreadMember({ id, name, reason }: Unknown): Member {
  return { name: name === undefined ? id : `${id} ${name}`, reason };
}

const { schedule: scheduleSchema, budget: budgetSchema } = deploymentSchema.shape;
const plannedSchema = z.object({ schedule: scheduleSchema, budget: budgetSchema.catch(undefined) });

function memberOf(deployment: ReadDeployment): Member {
  const { id, name = id, status, reply } = deployment;
  const reason = outOfUse(deployment);
  if (reason !== undefined) {
    return { name: `${id} ${name}`, reason };
  }
  if (status === "paused") {
    return "paused";
  }
  const planned = plannedSchema.safeParse(reply);
  if (!planned.success) {
    return { name: `${id} ${name}`, reason: shapeProblem(planned.error) };
  }
  const { schedule, budget } = planned.data;
  if (schedule == null) {
    return "unscheduled";
  }
  const { expression, timezone } = schedule;
  const problem = scheduleProblem({ expression, timezone });
  return problem === undefined
    ? { id, name, schedule: { expression, timezone }, budget: creditsOf(budget?.max_credit_cost) }
    : { name: `${id} ${name}`, reason: problem };
}

/** The number of newest runs of a deployment that are read. */
const lastRuns = 10;

/** The costs of the last runs, by the ids of their deployments. */
interface PastCredits {
  readonly credits: ReadonlyMap<string, readonly number[]>;
  /** The reason for which some costs are unknown; undefined if the service showed all. */
  readonly problem: string | undefined;
}

/** One request for each deployment: each run has its own session, and the list of sessions contains the credits. */
async function pastCredits(client: CommandClient, ids: readonly string[]): Promise<PastCredits> {
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

const sessionSchema = z.looseObject({
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
  for await (const listed of client.list(sessionKind, filter, lastRuns)) {
    lookedAt += 1;
    const session = sessionSchema.safeParse(listed);
    if (session.success) {
      credits.push(session.data.usage.total_credits);
    }
    if (lookedAt === lastRuns) {
      break;
    }
  }
  return credits;
}
