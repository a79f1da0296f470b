import { z } from "zod";
import type { Sink } from "../terminal";
import type { Progress } from "./pausing";
import type { Counts } from "./words";

const terminalSchema = z.object({ isTTY: z.literal(true) });

export function isTerminal(sink: Sink): boolean {
  return terminalSchema.safeParse(sink).success;
}

/** One line that the command overwrites on a terminal; a log shows only the result. */
export function progressTo(sink: Sink, { toPause }: Counts): Progress {
  const done = { paused: 0, cancelled: 0 };
  return (what) => {
    done[what] += 1;
    if (isTerminal(sink)) {
      const cancelled = done.cancelled === 0 ? "" : `, cancelled ${done.cancelled}`;
      sink.write(`\rPaused ${done.paused} of ${toPause.length}${cancelled}\u001b[K`);
    }
  };
}
