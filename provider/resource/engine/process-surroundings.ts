import { systemClock } from "../../api/clock";
import { engineLog } from "./engine-log";
import { engineAddress, watchEngine } from "./engine-watch";
import { messageText, type Surroundings } from "./surroundings";

const engine = engineAddress(process.argv.slice(2));
const endIfEngineIsGone = watchEngine(engine, () => process.exit(1));
const warn = engine === undefined ? undefined : engineLog(engine);

/** Of the process that the engine runs. */
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

/**
 * The CLI shows each line under the stack. There a line a resource makes a table of many, where the engine's log would give each
 * of them a heading of its own.
 */
function written(line: string): Promise<void> {
  return new Promise((done) => {
    process.stdout.write(`${line}\n`, () => done());
  });
}
