import { type Clock, systemClock } from "../api/clock";

/** Shown by the CLI in preview and up, under the stack: the engine gives a dynamic provider no channel of its own (pulumi issue 6065). */
export type Print = (line: string) => Promise<void>;

/** What a provider meets outside of itself. */
export interface Surroundings {
  readonly clock: Clock;
  readonly print: Print;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export const processSurroundings: Surroundings = {
  clock: systemClock,
  // Written before the call is answered: after the last answer the engine may end this process at once.
  print: (line) =>
    new Promise((written) => {
      process.stdout.write(`${line}\n`, () => written());
    }),
  environment: process.env,
};
