import { z } from "zod";
import { steps } from "./life";

const figure = z.number();
const cost = z.object({ cpu: figure, wall: figure });
const stepFigures = cost.extend({ requests: figure, bytes: figure });

/** The shape of `bench/results.json`. Times are in seconds, or in milliseconds if the name ends in `Ms`. */
export const resultsSchema = z.object({
  command: z.string(),
  machine: z.string(),
  /** The most rounds of a life, and the rounds of the other medians. */
  rounds: figure,
  /** Each figure is the median of the life's own `rounds`. */
  lives: z.array(
    z.object({
      subject: z.string(),
      amount: figure,
      rounds: figure,
      steps: z.record(z.enum(steps), stepFigures),
    }),
  ),
  /** The CPU time of `amount` reads by the same HTTP client, without Pulumi. */
  readsAlone: z.array(z.object({ amount: figure, cpu: figure })),
  /** The bytes of one deployment: its entry in the state, the outputs in it, the service's reply, and the entry of the floor. */
  state: z.object({ resource: figure, outputs: figure, reply: figure, floor: figure }),
  /** The wall times while each answer takes `latencyMs`: of an `up`, of the floor, and of all calls one after the other. */
  overlap: z.object({ latencyMs: figure, amount: figure, wall: figure, floor: figure, oneByOne: figure }),
  /** The CPU time of loading a file, without the SDK. */
  loadingMs: z.object({ provider: figure, program: figure }),
  /** The time of `check` and `diff` together, for an unchanged deployment. */
  checkAndDiffMs: z.object({ first: figure, median: figure, p99: figure }),
  /** The cost of steps of a stack whose state is a multiplied one, and the most memory that their processes held. */
  multiplied: z.array(cost.extend({ subject: z.string(), amount: figure, step: z.enum(steps), mb: figure })),
});
export type Results = z.infer<typeof resultsSchema>;
export type Life = Results["lives"][number];
