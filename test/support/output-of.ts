import type { ChildProcess } from "node:child_process";
import { once } from "node:events";

/** The whole output of a process, in the order of arrival; rejects with the output if the process fails. */
export async function outputOf(child: ChildProcess, command: string): Promise<string> {
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  const [code] = await once(child, "close");
  if (code !== 0) {
    throw new Error(`${command} ended with ${code}:\n${output}`);
  }
  return output;
}
