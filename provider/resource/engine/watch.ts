import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { systemClock } from "../../api/clock";
import { patience } from "../../api/patience";
import { messageText, type Surroundings } from "./answer";

export interface Address {
  readonly host: string;
  readonly port: number;
}

/**
 * The engine's address, which is an argument of each provider process (pulumi/pulumi pkg/resource/plugin/provider_plugin.go),
 * also of the server of dynamic providers.
 */
export function engineAddress(processArguments: readonly string[]): Address | undefined {
  return processArguments.map(loopbackAddress).find((found) => found !== undefined);
}

export function addressText({ host, port }: Address): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/**
 * Checks every second whether the engine still listens, and calls `end` if it does not. The returned function checks at once,
 * before something is sent. The engine runs this process in a process group of its own, so neither a closed terminal nor a
 * killed CLI ends it, and later results would reach no state. The parent process proves nothing: it is often a shell.
 */
export function watchEngine(address: Address | undefined, end: () => void): () => Promise<void> {
  if (address === undefined) {
    return async () => {};
  }
  // If no engine listened at first, the process continues: a debugger or a test started the server.
  const wasThere = probe(address).then((answer) => answer === "listens");
  const endIfGone = async () => {
    if ((await wasThere) && (await isGone(address))) {
      end();
    }
  };
  setInterval(() => void endIfGone(), patience.betweenProbesMs).unref();
  return endIfGone;
}

function loopbackAddress(argument: string): Address | undefined {
  const [, name, bracketed, port] = /^(?:(127(?:\.\d{1,3}){3}|localhost)|\[(::1)\]):(\d{1,5})$/.exec(argument) ?? [];
  const host = name ?? bracketed;
  return host === undefined || Number(port) > 65_535 ? undefined : { host, port: Number(port) };
}

// Asks twice: a system may refuse a connection once if too many arrive at the same time.
async function isGone(address: Address): Promise<boolean> {
  if ((await probe(address)) !== "refuses") {
    return false;
  }
  await sleep(patience.confirmationMs);
  return (await probe(address)) === "refuses";
}

function probe({ host, port }: Address): Promise<"listens" | "refuses" | "unclear"> {
  return new Promise((answer) => {
    const socket = connect({ host, port, timeout: patience.probeMs });
    const settle = (result: "listens" | "refuses" | "unclear") => {
      socket.destroy();
      answer(result);
    };
    socket.on("connect", () => settle("listens"));
    // A busy machine may end the time before this process sees a connection that is there.
    socket.on("timeout", () => setImmediate(() => settle("unclear")));
    socket.on("error", (error) => settle("code" in error && error.code === "ECONNREFUSED" ? "refuses" : "unclear"));
  });
}

/** Writes a warning to the engine's log, where it has a resource and a severity, also with `--json` and in the event log. */
type Warn = (warning: string, urn: string | undefined) => Promise<void>;

/**
 * The surroundings of a process that the engine runs, and that ends when the engine is gone. `write` shows all other messages
 * together, without a resource: the engine would give each resource a heading of its own.
 */
export function surroundingsOf(
  engine: Address | undefined,
  warn: Warn | undefined,
  write: (line: string) => Promise<void>,
): Surroundings {
  const endIfEngineIsGone = watchEngine(engine, () => process.exit(1));
  for (const stream of engine === undefined ? [] : [process.stdout, process.stderr]) {
    // After a kill of the CLI nobody reads. The server of dynamic providers would print the error, which fails again, without end.
    stream.on("error", () => process.exit(1));
  }
  return {
    clock: {
      ...systemClock,
      async sleep(milliseconds) {
        await systemClock.sleep(milliseconds);
        await endIfEngineIsGone();
      },
    },
    // Callers await this before they answer the engine, which may end the process right after the last answer.
    tell: ({ severity, text, urn }) =>
      severity === "warning" && warn !== undefined ? warn(text, urn) : write(messageText(severity, text)),
    environment: process.env,
  };
}

/** Prints a line, where no engine has a log. */
export function written(line: string): Promise<void> {
  return new Promise((done) => {
    process.stdout.write(`${line}\n`, () => done());
  });
}

/**
 * Calls `finish` when the engine ends the provider with a signal, because the command has no more work for it. The engine shows
 * the lines that the process still prints (pulumi/pulumi sdk/go/common/resource/plugin/plugin.go, `kill`, and cmdutil
 * `InterruptChildren`; SIGBREAK on Windows).
 */
export function onCommandEnd(finish: () => Promise<void>): void {
  for (const signal of ["SIGINT", "SIGBREAK"]) {
    process.once(signal, () => void finish().finally(() => process.exit(0)));
  }
}
