import { z } from "zod";
import { shapeProblem } from "../../api/schema";
import { deploymentSchema } from "../../deployment/reply";
import { newestCredits } from "../../deployment-run/sessions";
import { scheduleProblem } from "../../schedule/schedule";
import { type CommandClient, eachOf } from "../client";
import { meetsAll, outOfUse, type ReadDeployment, readDeployments } from "../deployments";
import { type CommandAccount, inEachAccount, type Scopes, type UnreadObject, withAccounts } from "../scope";
import { failureText } from "../words";
import { creditsOf, type Fleet, fleetOf, type Member } from "./fleet";

/** The selected deployments as the service shows them, and the costs of their last runs. */
export interface Found {
  readonly fleet: Fleet;
  readonly past: PastCredits;
}

export async function foundLive(scopes: Scopes): Promise<Found> {
  const found = await withAccounts(scopes, (accounts) => inEachAccount(accounts, foundIn, unreadIn));
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

function unreadIn(unread: readonly UnreadObject[]): FoundIn {
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

function unreadMember({ id, name, reason }: UnreadObject): Member {
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
      credits.set(id, await newestCredits(client.forObject(), id));
    } catch (error) {
      if (meetsAll(error)) {
        throw error;
      }
      problem ??= failureText(error);
    }
  });
  return { credits, problem };
}
