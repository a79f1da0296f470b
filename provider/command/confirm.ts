import { once } from "node:events";
import { createInterface } from "node:readline";

/** Whether a person at the terminal says yes. Undefined: there is no terminal to ask at. */
export async function confirmedAtTerminal(question: string): Promise<boolean | undefined> {
  if (!process.stdin.isTTY) {
    return undefined;
  }
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    lines.setPrompt(question);
    lines.prompt();
    // Ctrl-C and Ctrl-D close the interface: nobody said yes then.
    const answer = await Promise.race([
      once(lines, "line").then(([line]) => String(line)),
      once(lines, "close").then(() => ""),
    ]);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    lines.close();
  }
}
