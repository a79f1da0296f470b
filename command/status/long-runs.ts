import { z } from "zod";
import { hourMs } from "../../provider/api/clock";
import { casConfigDefaults } from "../../provider/deployment/cas-config";
import { advised } from "../advised";
import { timeText } from "../runs/texts";
import type { DeploymentFacts, Finding } from "./facts";

/** A run may take this number of times the usual time, and an hour in any case. */
const mostTimes = 4;

const timeoutSchema = z.looseObject({
  cas_config: z.looseObject({ config: z.looseObject({ timeout_ms: z.number().positive() }) }),
});

/** `timeoutMs` of the deployment. The service shows the default for every deployment, and nobody has set that. */
export function timeoutIn(metadata: unknown): number | undefined {
  const shown = timeoutSchema.safeParse(metadata).data?.cas_config.config.timeout_ms;
  return shown === casConfigDefaults.timeoutMs ? undefined : shown;
}

/** The time after which an open session is a problem. `usualMs` is undefined if nobody knows it. */
export function longestRun(setMs: number | undefined, usualMs: number | undefined): number {
  return setMs ?? Math.max(hourMs, mostTimes * (usualMs ?? 0));
}

/** The sessions whose turn began longer ago than the limit. */
export function hangs({ open, longestMs, now, advisor }: DeploymentFacts): Finding[] {
  return open.flatMap(({ id, does, startedAt = now }) => {
    const again = does === "rescheduling" ? ", and the service tries it again" : "";
    return now - startedAt <= longestMs
      ? []
      : [
          {
            text: `A session is running for ${timeText(now - startedAt)}, longer than ${timeText(longestMs)}${again}`,
            end: `: \`${advised("cancel", [id], advisor)}\` ends it`,
            since: startedAt + longestMs,
            session: id,
          },
        ];
  });
}
