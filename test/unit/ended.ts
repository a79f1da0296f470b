import { type Streams, streamsOf } from "../../command/terminal";

/** The output of a command, and its exit status. */
export interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command; with a number of columns in a terminal. */
export async function ended(command: (streams: Streams) => Promise<number>, columns?: number): Promise<Ended> {
  const said = { stdout: "", stderr: "" };
  const sink = (name: "stdout" | "stderr") => ({
    columns,
    write: (text: string) => {
      said[name] += text;
    },
  });
  const status = await command(streamsOf({ stdout: sink("stdout"), stderr: sink("stderr") }));
  return { status, ...said };
}
