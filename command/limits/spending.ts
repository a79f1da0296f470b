import { z } from "zod";
import { dayMs, hourMs } from "../../provider/api/clock";
import type { Limits } from "../../provider/deployment/limits";
import { askResult } from "../../provider/deployment-run/ask-result";
import { median } from "../../provider/deployment-run/credits";
import { timeOf } from "../../provider/deployment-run/newest-first";
import { isWorking, type SessionReply } from "../../provider/deployment-run/result";
import { costOf, creditsAtEnd, sessionsSince, usualRuns } from "../../provider/deployment-run/sessions";
import { creationTime } from "../../provider/resource/kind/outputs";
import { spanOf } from "../../provider/schedule/window";
import { type CommandClient, eachOf } from "../client";
import { type Fleet, hasLabels, type ReadDeployment, readEach, scheduleIn } from "../deployments";
import { usualMs, usualOf } from "../runs/usual";
import type { CommandAccount, Scopes } from "../scope";
import { type Costs, costsOf, type PaidSession } from "./cost";

/** The zones of two deployments are at most this far apart (IANA time zone data). */
const zonesApartMs = 26 * hourMs;
/** "Pricing": the service settles the costs of sandboxes every hour. */
const settledMs = hourMs;
/** The sessions of so many days before the month also say what a run usually costs: each monthly schedule has one in them. */
const monthMs = 31 * dayMs;
/** The number of simultaneous requests for sessions of one deployment. */
const atOnce = 8;

/** What the runs of one deployment cost. */
export interface Spending extends Costs {
  readonly account: CommandAccount;
  readonly deployment: ReadDeployment;
  /** The median of the credits of the newest runs. */
  readonly usual: number | undefined;
  /** What `status` calls usual, if that is known: a cost that grows must not raise the budget that stops it. */
  readonly usualBefore: number | undefined;
  /** The sessions that work now. */
  readonly running: readonly string[];
  /** The number of sessions whose sandbox may still cost more. */
  readonly unsettled: number;
  /** The credits that one run may cost; undefined if the service shows no budget. */
  readonly budget: string | undefined;
}

/** What a command asks the costs of. */
export interface Period {
  /** The zone in which days and months begin. */
  readonly timezone: string;
  /** The last moment of a month that is over; undefined for the present day and month. */
  readonly past: number | undefined;
}

/** The beginning of the present month in the zone where it began first. */
function earliestMonth(now: number): number {
  return spanOf("month", now - zonesApartMs, "UTC").from - zonesApartMs;
}

/**
 * Reads the sessions of the month, in whatever zone. One request for each hundred sessions, and two for each session that has
 * ended and whose cost the list does not show.
 */
export async function spendingOf(
  account: CommandAccount,
  deployment: ReadDeployment,
  limits: Limits | undefined,
  { timezone, past }: Period,
): Promise<Spending> {
  const { client } = account;
  const now = past ?? client.moment();
  const month = earliestMonth(now);
  const read = await sessionsSince(client.forList(), deployment.id, month - monthMs);
  const recent = read.filter(({ created_at: at }) => {
    const began = creationTime(at) ?? month;
    return began >= month && began <= (past ?? began);
  });
  const sessions = await eachOf(recent, (session) => paid(client, session), atOnce);
  const isActive = deployment.status === "active" && deployment.archived_at == null;
  const schedule = deployment.schedule == null ? undefined : (scheduleIn(deployment) ?? "unreadable");
  const usual = median(read.flatMap(creditsAtEnd).slice(0, usualRuns));
  const yesterday = now - dayMs;
  const before = read.filter(({ created_at }) => {
    const at = creationTime(created_at) ?? now;
    return at >= yesterday - usualMs && at < yesterday;
  });
  const all = { sessions, usual, schedule, isActive } as const;
  return {
    ...{
      account,
      deployment,
      usual,
      usualBefore: usualOf(before.flatMap(creditsAtEnd).filter((cost) => cost > 0)) ?? usual,
    },
    ...costsOf(all, now, timezone, limits, past !== undefined),
    running: recent.filter(isWorking).map(({ id }) => id),
    unsettled: recent.filter((one) => isWorking(one) || client.moment() - lastChange(one) < settledMs).length,
    budget: budgetSchema.safeParse(deployment.reply).data?.budget.max_credit_cost,
  };
}

const decimal = z.union([z.number().transform(String), z.string().min(1)]);
const budgetSchema = z.looseObject({ budget: z.looseObject({ max_credit_cost: decimal }) });

async function paid(client: CommandClient, session: SessionReply): Promise<PaidSession> {
  const { id, created_at: createdAt, usage } = session;
  const startedAt = creationTime(createdAt);
  const shown = usage?.total_credits;
  if (isWorking(session)) {
    return { startedAt, isWorking: true, credits: shown ?? 0 };
  }
  const credits = shown ?? costOf(await askResult(client.forObject(), { sessionId: id, error: undefined }));
  return { startedAt, isWorking: false, credits };
}

function lastChange({ updated_at: updated, created_at: created }: SessionReply): number {
  return creationTime(updated ?? created) ?? Number.NEGATIVE_INFINITY;
}

/**
 * What the deployments of the account cost that were archived this month and have an agent of the stack, or all the labels that the
 * deployments of the `stack` have in common. Other stacks may have these too, so no sum counts them.
 */
export function archivedIn(
  account: CommandAccount,
  stack: readonly Spending[],
  { stack: contents, managed }: Scopes,
  period: Period,
): Promise<Fleet<readonly Spending[]>> {
  const live = stack.map(({ deployment }) => deployment);
  const agents = new Set([...(contents?.agents.keys() ?? []), ...live.flatMap(({ agent }) => agent?.id ?? [])]);
  // The marks of this package say nothing about a stack, and objects are settings of the service.
  const labels = Object.entries(live[0]?.metadata ?? {}).filter(
    ([key, value]) =>
      typeof value === "string" && !key.includes("pulumi-qoder") && live.every((one) => hasLabels(one, [[key, value]])),
  );
  const scope = { ...account.scope, selection: { by: "all", archived: true } } as const;
  return readEach({ ...account, scope }, async (one) => {
    const month = earliestMonth(period.past ?? account.client.moment());
    const isRecent = one.archived_at != null && (timeOf(one.archived_at) ?? month) >= month && !managed.has(one.id);
    const isOfStack = agents.has(one.agent?.id ?? "") || (labels.length > 0 && hasLabels(one, labels));
    return isRecent && isOfStack ? [await spendingOf(account, one, undefined, period)] : [];
  });
}
