import { hourMs } from "../../provider/api/clock";
import { type DeclaredPause, stopOf } from "../../provider/deployment/holds";
import { livePause } from "../../provider/deployment/paused";
import { deploymentSchema } from "../../provider/deployment/reply";
import type { DeploymentRun } from "../../provider/deployment-run/arguments";
import { median } from "../../provider/deployment-run/credits";
import { timeOf } from "../../provider/deployment-run/newest-first";
import { amount } from "../../provider/deployment-run/result";
import { newestCredits } from "../../provider/deployment-run/sessions";
import type { Decision, Known } from "../act";
import { type Advisor, advised } from "../advised";
import type { CommandClient } from "../client";
import { outOfUse, type ReadDeployment } from "../deployments";
import { declaredPause } from "../resume/what-to-resume";
import { missedRuns } from "../runs/missed-runs";
import { neverBegan, resultWith, runsBack } from "../runs/recent-runs";
import type { CommandAccount } from "../scope";

/** A deployment with the decision about it. */
export interface Decided extends Known, Decision {
  /** The due times without a run that the run catches up, in milliseconds since the epoch. */
  readonly missed?: readonly number[];
  /** What a run may cost, in words. */
  readonly cost?: string;
}

/** Decides whether a run may start now. `since`: only to catch up a due time after this time. */
export async function whatToRun(
  account: CommandAccount,
  deployment: ReadDeployment,
  since: number | undefined,
  state: DeclaredPause | undefined,
  advisor: Advisor,
): Promise<Decided> {
  const known = { account, deployment };
  const stopped = outOfUse(deployment) ?? reasonOfPause(deployment, state, advisor);
  if (stopped !== undefined) {
    return { ...known, does: since === undefined ? "fail" : "leave", reason: stopped };
  }
  const missed = since === undefined ? undefined : await missedIn(known, since);
  if (missed !== undefined && (missed.reason !== undefined || missed.times.length === 0)) {
    const { reason, isUnknown } = missed;
    return { ...known, does: isUnknown ? "fail" : reason === undefined ? "nothing" : "leave", reason };
  }
  const cost = costText(deployment, await newestCredits(account.client.forObject(), deployment.id));
  return { ...known, does: "act", cost, ...(missed === undefined ? {} : { missed: missed.times }) };
}

function reasonOfPause(now: ReadDeployment, state: DeclaredPause | undefined, advisor: Advisor): string | undefined {
  const by = stopOf(now, state);
  if (by === "nobody" || by === "program") {
    return by === "program" ? declaredPause : undefined;
  }
  const options = by === "service" ? ["--paused-by-service"] : [];
  return `it is paused ${livePause(now)}; \`${advised("resume", [now.id], advisor, ...options)}\` starts it again`;
}

interface Missed {
  readonly times: readonly number[];
  readonly reason?: string;
  readonly isUnknown?: true;
}

/** The due times without a run. A run by hand that began after the last of them has caught them up. */
async function missedIn(
  { account: { client }, deployment }: Pick<Decided, "account" | "deployment">,
  since: number,
): Promise<Missed> {
  const startOf = (createdAt: string | undefined) => timeOf(createdAt) ?? Number.POSITIVE_INFINITY;
  const { runs } = await runsBack(client.forList(), deployment.id, since);
  const now = client.serviceNow();
  const missed = missedRuns(deployment, runs, since, now);
  if (missed?.unknown !== undefined) {
    return { times: [], reason: missed.unknown, isUnknown: true };
  }
  const { times, doubtful } = missed ?? { times: [], doubtful: [] };
  const [doubt] = doubtful;
  const last = times.at(-1);
  if (last === undefined) {
    return { times, ...(doubt === undefined ? {} : { reason: `its run may not have been missed: ${doubt.why}` }) };
  }
  for (const run of runs.filter(({ trigger, createdAt }) => trigger === "manual" && startOf(createdAt) > last)) {
    if (await hasBegun(client, run, now)) {
      return { times: [], reason: `${run.id}, started by hand, is later than what was missed` };
    }
  }
  return { times };
}

/** False for a run that did no work: it could not start, or its session shows nothing of the agent for an hour. */
async function hasBegun(client: CommandClient, run: DeploymentRun, now: number): Promise<boolean> {
  const [judged] = neverBegan([await resultWith(client, run)], hourMs, now);
  return judged?.result.state !== "could not start" && judged?.result.state !== "never began";
}

const budgetSchema = deploymentSchema.pick({ budget: true });

function costText({ reply }: ReadDeployment, credits: readonly number[]): string {
  const usual = median(credits);
  const budget = amount.safeParse(budgetSchema.safeParse(reply).data?.budget?.max_credit_cost).data;
  return [
    usual === undefined ? "nothing shows yet what a run costs" : `a run usually costs ${usual} credits`,
    budget === undefined ? "no budget limits it" : `its budget is ${budget}`,
  ].join(", ");
}
