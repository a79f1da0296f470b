import { createInterface } from "node:readline";
import { type Clock, systemClock } from "../provider/api/clock";
import { escaped } from "../provider/api/terminal-text";
import { timezoneProblem } from "../provider/schedule/timezone";
import type { Sink } from "./printer";

/** The environment variables of a command. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The names of environment variables that contain secrets. */
const secretName = /(TOKEN|SECRET|PASSWORD|PASSPHRASE|KEY|PAT)$/i;

export function secretsIn(environment: Environment): string[] {
  return Object.entries(environment).flatMap(([name, value = ""]) => (secretName.test(name) ? value.trim() || [] : []));
}

/** The surroundings of a command that writes. */
export interface WriteSurroundings {
  readonly clock: Clock;
  readonly ask: Ask;
}

export function processSurroundings(): WriteSurroundings {
  return { clock: systemClock, ask: terminalQuestion() };
}

/** Asks a person, and returns false if the answer is no. Undefined if nobody can answer. */
export type Ask = ((question: string) => Promise<boolean>) | undefined;

/** Asks at the terminal of this process; undefined if there is none. */
export function terminalQuestion(): Ask {
  const { stdin, stderr } = process;
  return stdin.isTTY === true && stderr.isTTY === true ? ask : undefined;
}

/** The question goes to stderr, because it is no part of the output. */
function ask(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  return new Promise((resolve) => {
    // Ctrl-C and the end of the input also mean no.
    terminal.once("close", () => resolve(false));
    terminal.question(`${escaped(question)} [y/N] `, (answer) => {
      resolve(/^y(es)?$/i.test(answer.trim()));
      terminal.close();
    });
  });
}

/** Asks unless the command line answers, and says after a no that nothing happens. */
export async function isConfirmed({ yes }: { readonly yes: boolean }, ask: Ask, question: string, stderr: Sink) {
  const isYes = yes || (await ask?.(question)) === true;
  stderr.write(isYes ? "" : "Nothing was changed.\n");
  return isYes;
}

/** Calls the function at the first Ctrl-C or signal to end. A second one ends the process at once. */
export function onInterruption(interrupted: () => void): () => void {
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  const heard = () => {
    stop();
    interrupted();
  };
  const stop = () => {
    for (const signal of signals) {
      process.removeListener(signal, heard);
    }
  };
  for (const signal of signals) {
    process.on(signal, heard);
  }
  return stop;
}

/** The time zone of this machine; UTC if Node.js has no name for it, as for the TZ `UTC+3`. */
export function localTimeZone(): string {
  const { timeZone }: { readonly timeZone: string | undefined } = new Intl.DateTimeFormat().resolvedOptions();
  return timeZone === undefined || timezoneProblem(timeZone) !== undefined ? "UTC" : timeZone;
}
