import { type Clock, systemClock } from "../api/clock";
import type { Remark } from "../api/remark";
import { engineLog } from "./engine-log";
import { engineAddress, watchEngine } from "./engine-watch";

/** A text for the person who runs the command. */
export interface Message {
  readonly severity: Remark["severity"] | "error";
  readonly text: string;
  /** Of the resource that it belongs to; undefined where the running command has not declared it. */
  readonly urn: string | undefined;
}

/** What a provider meets outside of itself. */
export interface Surroundings {
  readonly clock: Clock;
  readonly tell: (message: Message) => Promise<void>;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

const engine = engineAddress(process.argv.slice(2));
const endIfEngineIsGone = watchEngine(engine, () => process.exit(1));
const warn = engine === undefined ? undefined : engineLog(engine);

export const processSurroundings: Surroundings = {
  clock: {
    ...systemClock,
    async sleep(milliseconds) {
      await systemClock.sleep(milliseconds);
      await endIfEngineIsGone();
    },
  },
  // Before the call is answered: after the last answer the engine may end this process at once.
  tell: ({ severity, text, urn }) =>
    severity === "warning" && warn !== undefined ? warn(text, urn) : written(messageText(severity, text)),
  environment: process.env,
};

export function messageText(severity: Message["severity"], text: string): string {
  return severity === "info" ? text : `${severity}: ${text}`;
}

/**
 * The CLI shows each line under the stack. There a line a resource makes a table of many, where the engine's log would give each
 * of them a heading of its own.
 */
function written(line: string): Promise<void> {
  return new Promise((done) => {
    process.stdout.write(`${line}\n`, () => done());
  });
}
