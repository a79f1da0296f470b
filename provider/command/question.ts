import { createInterface } from "node:readline";
import { Misuse } from "./command-line";

/** Asks a person; false where the answer is no. Undefined where nobody can answer. */
export type Ask = ((question: string) => Promise<boolean>) | undefined;

/** A question at the terminal that the process runs in, if there is one. */
export function terminalQuestion(): Ask {
  const { stdin, stderr } = process;
  return stdin.isTTY === true && stderr.isTTY === true ? ask : undefined;
}

/** The question is no part of the output, so it is written beside it. */
function ask(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  return new Promise((resolve) => {
    // Ctrl-C and the end of the input are a no too.
    terminal.once("close", () => resolve(false));
    terminal.question(`${question} [y/N] `, (answer) => {
      resolve(/^y(es)?$/i.test(answer.trim()));
      terminal.close();
    });
  });
}

/** Before anything is read: a pipeline is to fail at once. */
export function refuseUnasked(ask: Ask, { yes, dryRun }: { readonly yes: boolean; readonly dryRun: boolean }): void {
  if (ask === undefined && !yes && !dryRun) {
    throw new Misuse(
      "there is no terminal to ask in; add --yes to go on without a question, or --dry-run to see what would be done",
    );
  }
}
