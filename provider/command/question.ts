import { createInterface } from "node:readline";
import { Misuse } from "./command-line";

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
    terminal.question(`${question} [y/N] `, (answer) => {
      resolve(/^y(es)?$/i.test(answer.trim()));
      terminal.close();
    });
  });
}

/** Throws if nobody can answer. Called before the first request, so that a pipeline fails at once. */
export function refuseUnasked(ask: Ask, { yes, dryRun }: { readonly yes: boolean; readonly dryRun: boolean }): void {
  if (ask === undefined && !yes && !dryRun) {
    throw new Misuse(
      "there is no terminal to ask in; add --yes to go on without a question, or --dry-run to see what would be done",
    );
  }
}
