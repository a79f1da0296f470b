import type { Clock } from "../../api/clock";
import { eachOf } from "../at-once";
import { cancelSessions } from "./cancel";
import { type AccountPlan, pausedEntry } from "./plan";
import type { PausedEntry, Receipt } from "./receipt";
import { changeStatus } from "./status-change";

/** Reports the progress to the person who runs the command. */
export type Progress = (what: "paused" | "cancelled") => void;

/** Pauses the deployments and then cancels the sessions. The receipt records each request before and after it. */
export async function pauseAll(
  plans: readonly AccountPlan[],
  receipt: Receipt,
  cancel: boolean,
  clock: Clock,
  progress: Progress,
): Promise<void> {
  await Promise.all(plans.map((plan) => pauseIn(plan, receipt, progress)));
  if (cancel) {
    await Promise.all(plans.map((plan) => cancelSessions(plan, receipt, clock, () => progress("cancelled"))));
  }
}

async function pauseIn({ account, deployments }: AccountPlan, receipt: Receipt, progress: Progress): Promise<void> {
  const toPause = deployments.filter(({ state }) => state === "to pause");
  await eachOf(toPause, async (entry) => {
    const earlier = receipt.content.deployments.find(({ id }) => id === entry.id);
    receipt.setDeployment({ ...entry, state: "pausing" });
    const changed = await changeStatus(account.client.forObject(), entry.id, "pause", earlier?.state === "pausing");
    receipt.setDeployment(entryAfter(entry, changed));
    progress("paused");
  });
}

function entryAfter(entry: PausedEntry, changed: Awaited<ReturnType<typeof changeStatus>>): PausedEntry {
  if ("deployment" in changed) {
    return pausedEntry(entry, changed.deployment);
  }
  return "problem" in changed
    ? { ...entry, state: changed.isOpen ? "pausing" : "failed", problem: changed.problem }
    : { ...entry, state: "left alone", problem: "somebody else paused it at the same time" };
}
