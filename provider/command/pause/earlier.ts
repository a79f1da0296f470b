import { QoderError } from "../../api/errors";
import { eachOf } from "../client";
import { type ReadDeployment, readDeployment } from "../deployments";
import type { Unknown } from "../scope";
import { type AccountPlan, entryOf } from "./plan";
import type { EarlierReceipt, PausedEntry } from "./receipt";

/**
 * The unfinished receipt, with the present states of the deployments that the selection no longer shows, for example because
 * they are archived.
 */
export async function broughtUpToDate(earlier: EarlierReceipt, plans: readonly AccountPlan[]): Promise<EarlierReceipt> {
  const { deployments } = earlier.content;
  const planned = new Set(plans.flatMap((plan) => plan.deployments.map(({ id }) => id)));
  const hidden = deployments.filter(({ id }) => !planned.has(id));
  // Only a request that may have been lost leaves a question.
  const asked = hidden.filter(({ state }) => state === "pausing");
  const answers = await answersTo(asked, plans);
  const now = new Map(asked.map((entry, place) => [entry.id, entryNow(entry, answers[place])]));
  return { ...earlier, content: { ...earlier.content, deployments: deployments.map((one) => now.get(one.id) ?? one) } };
}

type Answer = ReadDeployment | Unknown | undefined;

/** Undefined for what cannot be read: the question about the past must not keep the deployments running. */
async function answersTo(entries: readonly PausedEntry[], plans: readonly AccountPlan[]): Promise<Answer[]> {
  try {
    return await eachOf(entries, (entry) => answerTo(entry, plans));
  } catch (error) {
    if (error instanceof QoderError) {
      return entries.map(() => undefined);
    }
    throw error;
  }
}

/** The first account that sees the deployment answers: a receipt does not name the tokens. */
async function answerTo(entry: PausedEntry, plans: readonly AccountPlan[]): Promise<Answer> {
  let answer: Answer;
  for (const { account } of plans) {
    answer = await readDeployment(account.client.forObject(), entry.id);
    if ("reply" in answer) {
      return answer;
    }
  }
  return answer;
}

function entryNow(entry: PausedEntry, answer: Answer): PausedEntry {
  if (entry.state !== "pausing" || answer === undefined || "reason" in answer) {
    return entry;
  }
  const { baseUrl, workspaceId } = entry;
  const now = entryOf(answer, { baseUrl, workspaceId }, entry);
  // While it is active the lost request may still arrive.
  return "reason" in now || now.state === "to pause" ? entry : now;
}
