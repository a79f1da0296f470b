import { z } from "zod";
import { steps } from "./life";

const figure = z.number();
const cost = z.object({ cpu: figure, wall: figure });
const stepFigures = cost.extend({ requests: figure, bytes: figure });

/** What `bench/results.json` holds. Times in seconds, but where the name says milliseconds. */
export const resultsSchema = z.object({
  command: z.string(),
  machine: z.string(),
  /** Each time is the median of so many. */
  rounds: figure,
  lives: z.array(z.object({ subject: z.string(), amount: figure, steps: z.record(z.enum(steps), stepFigures) })),
  /** CPU of so many reads by the same HTTP client and nothing else. */
  readsAlone: z.array(z.object({ amount: figure, cpu: figure })),
  /** Bytes of one deployment: in the state, of that its outputs, of the service's reply; and of the floor's in its state. */
  state: z.object({ resource: figure, outputs: figure, reply: figure, floor: figure }),
  /** Wall time of an up while each answer takes so long; of the floor's; and what one call after the other would take. */
  overlap: z.object({ latencyMs: figure, amount: figure, wall: figure, floor: figure, oneByOne: figure }),
  /** CPU beyond the SDK. */
  loadingMs: z.object({ provider: figure, program: figure }),
  /** `check` and `diff` together of a deployment that is unchanged. */
  checkAndDiffMs: z.object({ first: figure, median: figure, p99: figure }),
  /** An up without changes, and the most memory that its processes hold. */
  growth: z.array(cost.extend({ subject: z.string(), amount: figure, mb: figure })),
});
export type Results = z.infer<typeof resultsSchema>;
export type Life = Results["lives"][number];
