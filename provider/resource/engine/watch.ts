import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { systemClock } from "../../api/clock";
import { messageText, type Surroundings } from "./answer";

const everyMs = 1_000;
const confirmAfterMs = 100;
const longestProbeMs = 1_000;

/** Where the engine listens. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/**
 * It is an argument of a provider's process (pulumi/pulumi pkg/resource/plugin/provider_plugin.go), also of the server of dynamic
 * providers.
 */
export function engineAddress(processArguments: readonly string[]): Address | undefined {
  return processArguments.map(loopbackAddress).find((found) => found !== undefined);
}

export function addressText({ host, port }: Address): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/**
 * Looks every second whether the engine is still there, and calls `end` when it is not. What it returns looks at once: for
 * the moment before something is sent. The engine runs this process in a group of its own, so neither a closed terminal nor
 * a killed CLI ends it, and what a call does after a wait would reach no state any more. The parent would not do: it is often a
 * shell.
 */
export function watchEngine(address: Address | undefined, end: () => void): () => Promise<void> {
  if (address === undefined) {
    return async () => {};
  }
  // One that never was there, as for a server that a debugger or a test starts, is not missed.
  const wasThere = probe(address).then((answer) => answer === "listens");
  const endIfGone = async () => {
    if ((await wasThere) && (await isGone(address))) {
      end();
    }
  };
  setInterval(() => void endIfGone(), everyMs).unref();
  return endIfGone;
}

function loopbackAddress(argument: string): Address | undefined {
  const [, name, bracketed, port] = /^(?:(127(?:\.\d{1,3}){3}|localhost)|\[(::1)\]):(\d{1,5})$/.exec(argument) ?? [];
  const host = name ?? bracketed;
  return host === undefined || Number(port) > 65_535 ? undefined : { host, port: Number(port) };
}

// A system may refuse once when too many connect at the same time.
async function isGone(address: Address): Promise<boolean> {
  if ((await probe(address)) !== "refuses") {
    return false;
  }
  await sleep(confirmAfterMs);
  return (await probe(address)) === "refuses";
}

function probe({ host, port }: Address): Promise<"listens" | "refuses" | "unclear"> {
  return new Promise((answer) => {
    const socket = connect({ host, port, timeout: longestProbeMs });
    const settle = (result: "listens" | "refuses" | "unclear") => {
      socket.destroy();
      answer(result);
    };
    socket.on("connect", () => settle("listens"));
    socket.on("timeout", () => settle("unclear"));
    socket.on("error", (error) => settle("code" in error && error.code === "ECONNREFUSED" ? "refuses" : "unclear"));
  });
}

/** What warns in the engine's own log, in which a message belongs to a resource and has a severity, also with `--json` and in the event log. */
type Warn = (warning: string, urn: string | undefined) => Promise<void>;

/**
 * Of a process that the engine runs, and that ends when the engine is gone. `write` shows a line with all others, where the engine's log
 * would give each resource a heading of its own.
 */
export function surroundingsOf(
  engine: Address | undefined,
  warn: Warn | undefined,
  write: (line: string) => Promise<void>,
): Surroundings {
  const endIfEngineIsGone = watchEngine(engine, () => process.exit(1));
  return {
    clock: {
      ...systemClock,
      async sleep(milliseconds) {
        await systemClock.sleep(milliseconds);
        await endIfEngineIsGone();
      },
    },
    // Before the call is answered: after the last answer the engine may end this process at once.
    tell: ({ severity, text, urn }) =>
      severity === "warning" && warn !== undefined ? warn(text, urn) : write(messageText(severity, text)),
    environment: process.env,
  };
}

/** The CLI shows all such lines of a dynamic provider together under the stack. */
export function written(line: string): Promise<void> {
  return new Promise((done) => {
    process.stdout.write(`${line}\n`, () => done());
  });
}

/**
 * The engine ends a provider with this signal when the command has no more work for it, and shows what the process writes before it
 * ends (pulumi/pulumi sdk/go/common/resource/plugin/plugin.go, `kill`, and cmdutil `InterruptChildren`; SIGBREAK on Windows).
 */
export function onCommandEnd(finish: () => Promise<void>): void {
  for (const signal of ["SIGINT", "SIGBREAK"]) {
    process.once(signal, () => void finish().finally(() => process.exit(0)));
  }
}
