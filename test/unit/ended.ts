import { ordinaryColumns, type Streams, streamsOf } from "../../command/terminal";
import { width } from "../../provider/api/lines";

/** The output of a command, and its exit status. */
export interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command; with a number of columns in a terminal, else with its lines whole again, as a person reads them. */
export async function ended(
  command: (streams: Streams) => Promise<number>,
  columns?: number,
  secrets: Iterable<string> = [],
): Promise<Ended> {
  const said = { stdout: "", stderr: "" };
  const sink = (name: "stdout" | "stderr") => ({
    columns,
    write: (text: string) => {
      said[name] += text;
    },
  });
  const status = await command(streamsOf({ stdout: sink("stdout"), stderr: sink("stderr") }, secrets));
  const [stdout, stderr] =
    columns === undefined ? [whole(said.stdout), whole(said.stderr)] : [said.stdout, said.stderr];
  return { status, stdout, stderr };
}

const indentOf = (line: string) => line.search(/[^ ]|$/);

/** Undoes the breaks of a sink: what follows is indented by two columns, and had no room in the line before. */
function whole(text: string): string {
  const lines: string[] = [];
  let [indent, last] = [0, ""];
  for (const line of text.split("\n")) {
    const [word = ""] = line.trimStart().split(" ");
    const isNext = indentOf(line) === indent + 2 && width(last) + 1 + width(word) > ordinaryColumns && word !== "";
    if (isNext) {
      // Only a word without room on a line of its own is broken.
      const isPartOfWord = width(`${last.trimStart().split(" ").at(-1)}${word}`) > ordinaryColumns - 2 - indent;
      lines.push(`${lines.pop()}${isPartOfWord ? "" : " "}${line.trimStart()}`);
    } else {
      lines.push(line);
      indent = indentOf(line);
    }
    last = line;
  }
  return lines.join("\n");
}
