import { QoderError } from "../../api/errors";
import { eachOf } from "../client";
import { type ReadDeployment, readDeployment } from "../deployments";
import type { UnreadObject } from "../scope";
import { type AccountPlan, entryOf } from "./plan";
import type { EarlierReceipt, PausedEntry } from "./receipt";

/** The first of the unfinished receipts that belongs to the account of the command. */
export async function receiptOf(
  unfinished: readonly EarlierReceipt[],
  plans: readonly AccountPlan[],
): Promise<EarlierReceipt | undefined> {
  for (const earlier of unfinished) {
    const found = await broughtUpToDate(earlier, plans);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

/**
 * The receipt with the present states of the deployments that the selection no longer shows, for example because they are
 * archived. Undefined if the tokens see none of its deployments: it is the receipt of another account then.
 */
async function broughtUpToDate(
  earlier: EarlierReceipt,
  plans: readonly AccountPlan[],
): Promise<EarlierReceipt | undefined> {
  const { deployments } = earlier.content;
  const planned = new Set(plans.flatMap((plan) => plan.deployments.map(({ id }) => id)));
  const hidden = deployments.filter(({ id }) => !planned.has(id));
  const isSeen = hidden.length < deployments.length;
  // Only a request that may have been lost leaves a question, unless the whole receipt is in question.
  const asked = isSeen ? hidden.filter(({ state }) => state === "pausing") : hidden;
  const answers = await answersTo(asked, plans);
  if (!isSeen && answers.every((answer) => answer !== undefined && "isUnseen" in answer)) {
    return undefined;
  }
  const now = new Map(asked.map((entry, place) => [entry.id, entryNow(entry, answers[place])]));
  return { ...earlier, content: { ...earlier.content, deployments: deployments.map((one) => now.get(one.id) ?? one) } };
}

type Answer = ReadDeployment | UnreadObject | undefined;

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
    const next = await readDeployment(account.client.forObject(), entry.id);
    if ("reply" in next) {
      return next;
    }
    answer = answer !== undefined && !("isUnseen" in answer) ? answer : next;
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
