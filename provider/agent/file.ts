import { runError } from "../program/errors";
import type { QoderAgentArgs } from "./arguments";

/**
 * Reads the arguments of a {@link QoderAgent} from a Markdown file: the front matter holds arguments by their names, and the text
 * below it is `system`.
 *
 * ```markdown
 * ---
 * name: reporter
 * model: ultimate
 * tools:
 *   - type: agent_toolset_20260401
 * ---
 * You write short status reports.
 * ```
 *
 * ```typescript
 * new QoderAgent("reporter", { ...agentFile("agents/reporter.md"), metadata: { team: "platform" } });
 * ```
 *
 * @param path The file, relative to the folder in which the program runs.
 * @returns The arguments with plain values. White space around the text is left out; without a text there is no `system`.
 * @throws If the file cannot be read, if its front matter is not valid YAML of at most 64 kB, or if an argument is wrong. The
 * message names the file and the line.
 */
export function agentFile(path: string): QoderAgentArgs {
  // Only a program with such a file loads the checks of the arguments.
  const { agentArguments }: typeof import("../look-ups") = require("../look-ups");
  return agentArguments(path, runError);
}
