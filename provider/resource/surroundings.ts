import { type Clock, systemClock } from "../api/clock";
import { watchEngine } from "./engine-watch";

/** Shown by the CLI in preview and up, under the stack: the engine gives a dynamic provider no channel of its own (pulumi issue 6065). */
export type Print = (line: string) => Promise<void>;

/** What a provider meets outside of itself. */
export interface Surroundings {
  readonly clock: Clock;
  readonly print: Print;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

const endIfEngineIsGone = watchEngine(process.argv.slice(2), () => process.exit(1));

export const processSurroundings: Surroundings = {
  clock: {
    ...systemClock,
    async sleep(milliseconds) {
      await systemClock.sleep(milliseconds);
      await endIfEngineIsGone();
    },
  },
  // Written before the call is answered: after the last answer the engine may end this process at once.
  print: (line) =>
    new Promise((written) => {
      process.stdout.write(`${line}\n`, () => written());
    }),
  environment: process.env,
};
