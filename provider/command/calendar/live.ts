import { scheduleProblem } from "../../schedule/schedule";
import { CommandClient } from "../client";
import { type ReadDeployment, readDeployments } from "../deployments";
import type { Scope, Scopes, Unknown } from "../scope";
import { type Fleet, fleetOf, type Member } from "./fleet";
import { type PastCredits, pastCredits } from "./past-credits";

/** The selected deployments as the service shows them, and the costs of their last runs. */
export interface Found {
  readonly fleet: Fleet;
  readonly past: PastCredits;
}

export async function foundLive({ scopes, unknown, timeoutMs }: Scopes): Promise<Found> {
  const found = await Promise.all(scopes.map((scope) => foundIn(scope, timeoutMs)));
  const members = [...found.flatMap((one) => one.members), ...unknown.map(unreadMember)];
  return {
    fleet: fleetOf(members, found.find(({ incomplete }) => incomplete !== undefined)?.incomplete),
    past: {
      credits: new Map(found.flatMap(({ past }) => [...past.credits])),
      problem: found.find(({ past }) => past.problem !== undefined)?.past.problem,
    },
  };
}

async function foundIn({ account, selection }: Scope, timeoutMs: number | undefined) {
  const client = CommandClient.connect(account, timeoutMs);
  try {
    const { read, unread, cutOff } = await readDeployments(client, selection);
    const members = [...read.map(memberOf), ...unread.map(unreadMember)];
    const incomplete = cutOff === undefined ? undefined : `not all deployments were read: ${cutOff}`;
    const ids = members.flatMap((member) =>
      typeof member === "object" && "schedule" in member ? (member.id ?? []) : [],
    );
    return { members, incomplete, past: await pastCredits(client, ids) };
  } finally {
    await client.close();
  }
}

function unreadMember({ id, name, reason }: Unknown): Member {
  return { name: name === undefined ? id : `${id} ${name}`, reason };
}

function memberOf({ id, name = id, status, archived_at: archivedAt, schedule, budget }: ReadDeployment): Member {
  if (archivedAt != null) {
    return { name: `${id} ${name}`, reason: "it is archived, and never runs again" };
  }
  if (status !== "active") {
    return status === "paused" ? "paused" : { name: `${id} ${name}`, reason: `its status is ${status ?? "unknown"}` };
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

/** The number of credits. The API writes a decimal as a text. */
export function creditsOf(cost: string | number | undefined): number | undefined {
  const credits = cost === undefined ? Number.NaN : Number(cost);
  return Number.isFinite(credits) ? credits : undefined;
}
