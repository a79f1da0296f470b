import { excerpt } from "../../provider/api/terminal-text";
import type { ToolCallJson } from "../json";
import { longTime } from "../runs/texts";
import type { RunLog } from "./run-log";
import type { Owner } from "./text";

/** The calls of all tools in this run, the oldest first. */
export function callsOf({ run, entries }: RunLog, deployment: Owner): ToolCallJson[] {
  return entries.flatMap(({ tool, input, at }, place) => {
    const next = entries[place + 1];
    const result = next?.who === "result" ? next.text : undefined;
    return tool === undefined ? [] : [{ deployment, runId: run.id, sessionId: run.sessionId, at, tool, input, result }];
  });
}

/** True for a call of this tool. `tool`: its name, alone or behind its server and a slash. */
export function isCallOf({ tool: called }: Pick<ToolCallJson, "tool">, tool: string): boolean {
  return called === tool || called.endsWith(`/${tool}`);
}

const longestCell = 2_000;

/** One line for each call: when, of which deployment and run, the tool with all arguments, and the result. */
export function callsText(calls: readonly ToolCallJson[], timeZone: string): string[] {
  return calls.map(({ deployment, runId, sessionId, at, tool, input, result }) => {
    const who = excerpt(deployment?.name ?? deployment?.id ?? "no deployment", 100);
    const given = input === undefined ? "" : ` ${excerpt(JSON.stringify(input), longestCell)}`;
    const came = result === undefined ? "" : ` -> ${excerpt(result, 200)}`;
    return `${longTime(timeZone)(at)} ${who} ${runId ?? sessionId ?? ""} ${excerpt(tool, 100)}${given}${came}`;
  });
}
