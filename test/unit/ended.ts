import type { Streams } from "../../provider/command/terminal";

/** The output of a command, and its exit status. */
export interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export async function ended(command: (streams: Streams) => Promise<number>): Promise<Ended> {
  const said = { stdout: "", stderr: "" };
  const sink = (name: "stdout" | "stderr") => ({
    write: (text: string) => {
      said[name] += text;
    },
  });
  const status = await command({ stdout: sink("stdout"), stderr: sink("stderr") });
  return { status, ...said };
}
