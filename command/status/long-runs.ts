import { z } from "zod";
import { hourMs } from "../../provider/api/clock";
import { casConfigDefaults } from "../../provider/deployment/cas-config";
import type { OpenSession } from "../cancel/open-sessions";
import { timeText } from "../runs/texts";

/** A run may take this number of times the usual time, and an hour in any case. */
const mostTimes = 4;

/** A session that has been open for longer than its limit. */
export interface LongSession {
  readonly id: string;
  readonly text: string;
  /** The moment from which the session was too long. */
  readonly since?: number;
}

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

/** The open sessions of a deployment whose turn began longer ago than the limit. */
export function longSessions(open: readonly OpenSession[], limitMs: number, now: number): LongSession[] {
  return open.flatMap(({ id, does, startedAt = now }) =>
    now - startedAt > limitMs
      ? [
          {
            id,
            text: `running for ${timeText(now - startedAt)}, longer than ${timeText(limitMs)}${does === "rescheduling" ? ", and the service tries it again" : ""}`,
            since: startedAt + limitMs,
          },
        ]
      : [],
  );
}
