import type { ChildProcess } from "node:child_process";
import { once } from "node:events";

/** The outputs of a process, together in the order of arrival, and its exit code. */
export async function ended(child: ChildProcess) {
  const all = { stdout: "", stderr: "", output: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name]?.setEncoding("utf8").on("data", (text: string) => {
      all[name] += text;
      all.output += text;
    });
  }
  const [exit]: unknown[] = await once(child, "close");
  return { exit, ...all };
}

/** The whole output of a process; rejects with it if the process fails. */
export async function outputOf(child: ChildProcess, command: string): Promise<string> {
  const { exit, output } = await ended(child);
  if (exit !== 0) {
    throw new Error(`${command} ended with ${exit}:\n${output}`);
  }
  return output;
}
