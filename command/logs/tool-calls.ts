import { parseJson } from "../../provider/api/parse-json";
import { excerpt } from "../../provider/api/terminal-text";
import { longTime } from "../status/words";
import type { RunLog } from "./run-log";
import type { Owner } from "./text";

/** One call of a tool, with its arguments: what an incident touched. */
export interface ToolCall {
  readonly deployment: Owner;
  readonly run: string | undefined;
  readonly session: string | undefined;
  readonly at: string | undefined;
  /** `SERVER/NAME`, or the name alone. */
  readonly tool: string;
  /** The arguments; undefined if the event has none. */
  readonly input: unknown;
  /** The text of the result; undefined without one. */
  readonly result: string | undefined;
}

/** The calls of the tool in this run, the oldest first. `tool`: its name, alone or behind its server and a slash. */
export function callsOf({ run, entries }: RunLog, deployment: Owner, tool: string): ToolCall[] {
  return entries.flatMap(({ who, text, at }, place) => {
    const [, name = "", input] = /^(\S+)(?: (.*))?$/s.exec(text) ?? [];
    const next = entries[place + 1];
    return who === "tool" && (name === tool || name.endsWith(`/${tool}`))
      ? [
          {
            ...{ deployment, run: run.id, session: run.sessionId, at, tool: name },
            input: input === undefined ? undefined : (parseJson(input).value ?? input),
            result: next?.who === "result" ? next.text : undefined,
          },
        ]
      : [];
  });
}

const longestCell = 2_000;

/** One line for each call: when, of which deployment and run, the tool with all arguments, and the result. */
export function callsText(calls: readonly ToolCall[], timeZone: string): string[] {
  return calls.map(({ deployment, run, session, at, tool, input, result }) => {
    const who = excerpt(deployment?.name ?? deployment?.id ?? "no deployment", 100);
    const given = input === undefined ? "" : ` ${excerpt(JSON.stringify(input), longestCell)}`;
    const came = result === undefined ? "" : ` -> ${excerpt(result, 200)}`;
    return `${longTime(timeZone)(at)} ${who} ${run ?? session ?? ""} ${excerpt(tool, 100)}${given}${came}`;
  });
}
