import { Sink, type Streams } from "../../command/printer";

/** The output of a command, and its exit status. */
export interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command; with a number of columns in a terminal. `known`: the secrets that the command knows at its start. */
export async function ended(
  command: (streams: Streams) => Promise<number>,
  columns?: number,
  known: Iterable<string> = [],
): Promise<Ended> {
  const said = { stdout: "", stderr: "" };
  const secrets = new Set(known);
  const sink = (name: "stdout" | "stderr") => {
    const write = (text: string, done?: () => void) => {
      // A line that the next one overwrites is no longer there at the end.
      said[name] += text.startsWith("\r") ? "" : text;
      done?.();
    };
    return new Sink({ columns, write }, secrets);
  };
  const status = await command({ stdout: sink("stdout"), stderr: sink("stderr"), secrets });
  return { status, ...said };
}
