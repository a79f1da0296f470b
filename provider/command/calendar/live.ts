import { z } from "zod";
import { shapeProblem } from "../../api/schema";
import { deploymentSchema } from "../../deployment/reply";
import { newestCredits } from "../../deployment-run/sessions";
import { scheduleProblem } from "../../schedule/schedule";
import { eachOf } from "../client";
import { meetsAll, outOfUse, type ReadDeployment, readDeployments } from "../deployments";
import { type CommandAccount, inEachAccount, type Scopes, type UnreadObject, withAccounts } from "../scope";
import { failureText } from "../words";
import { creditsOf, type Fleet, fleetOf, type Member } from "./fleet";

/** The selected deployments as the service shows them, with the costs of their last runs. */
export async function liveFleet(scopes: Scopes): Promise<Fleet> {
  const found = await withAccounts(scopes, (accounts) =>
    inEachAccount(accounts, foundIn, (unread): FoundIn => ({ members: unread.map(unreadMember) })),
  );
  const members = [...found.flatMap((one) => one.members), ...scopes.unknown.map(unreadMember)];
  const [incomplete] = found.flatMap((one) => one.incomplete ?? []);
  const [pastProblem] = found.flatMap((one) => one.pastProblem ?? []);
  return { ...fleetOf(members, incomplete), pastProblem };
}

/** The deployments of one account. */
interface FoundIn extends Partial<Pick<Fleet, "incomplete" | "pastProblem">> {
  readonly members: readonly Member[];
}

async function foundIn(account: CommandAccount): Promise<FoundIn> {
  const { read, unread, cutOff } = await readDeployments(account);
  let pastProblem: string | undefined;
  const members = await eachOf(read, async (deployment) => {
    const member = memberOf(deployment);
    if (typeof member === "string" || "reason" in member) {
      return member;
    }
    try {
      // One request: each run has its own session, and the list of sessions contains the credits.
      return { ...member, past: await newestCredits(account.client.forObject(), deployment.id) };
    } catch (error) {
      if (meetsAll(error)) {
        throw error;
      }
      pastProblem ??= failureText(error);
      return member;
    }
  });
  const incomplete = cutOff === undefined ? undefined : `not all deployments were read: ${cutOff}`;
  return { members: [...members, ...unread.map(unreadMember)], incomplete, pastProblem };
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
