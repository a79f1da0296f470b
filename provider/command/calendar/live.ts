import { scheduleProblem } from "../../schedule/schedule";
import type { CommandClient } from "../client";
import type { Selection } from "../command-line";
import { type ReadDeployment, readDeployments } from "../deployments";
import { type Fleet, fleetOf, type Member } from "./fleet";

/** What the service tells of the deployments that are selected. */
export async function liveFleet(client: CommandClient, selection: Selection): Promise<Fleet> {
  const { read, unread, cutOff } = await readDeployments(client, selection);
  const members = [
    ...read.map(memberOf),
    ...unread.map(({ id, name, reason }) => ({ name: name === undefined ? id : `${id} ${name}`, reason })),
  ];
  return fleetOf(members, cutOff === undefined ? undefined : `not all deployments were read: ${cutOff}`);
}

function memberOf({ id, name = id, status, archived_at: archivedAt, schedule, budget }: ReadDeployment): Member {
  if (archivedAt != null) {
    return { name: `${id} ${name}`, reason: "it is archived, and never runs again" };
  }
  if (status !== "active") {
    return status === "paused" ? "paused" : { name: `${id} ${name}`, reason: `its status is ${status ?? "not told"}` };
  }
  if (schedule == null) {
    return "unscheduled";
  }
  const { expression, timezone } = schedule;
  const problem = scheduleProblem({ expression, timezone });
  return problem === undefined
    ? { id, name, schedule: { expression, timezone }, budget: creditsOf(budget?.max_credit_cost) }
    : { name: `${id} ${name}`, reason: problem };
}

/** The API writes a decimal as a text. */
export function creditsOf(cost: string | number | undefined): number | undefined {
  const credits = cost === undefined ? Number.NaN : Number(cost);
  return Number.isFinite(credits) ? credits : undefined;
}
