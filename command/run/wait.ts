import { patience } from "../../provider/api/patience";
import type { DeploymentRun } from "../../provider/deployment-run/arguments";
import { askResult, eventsOf } from "../../provider/deployment-run/ask-result";
import type { RunResult } from "../../provider/deployment-run/result";
import { readRun } from "../../provider/deployment-run/runs";
import type { CommandClient } from "../client";
import { entriesOf } from "../logs/events";
import { cleanEntry, type Layout } from "../logs/run-log";
import { entryLines } from "../logs/text";
import type { Sink } from "../printer";
import { refuseLate } from "../time";
import { lines } from "../words";

/** Waits for the result of the run. With a `transcript` prints each event once, when the service first shows it. */
export async function waitForResult(
  client: CommandClient,
  run: Pick<DeploymentRun, "id" | "sessionId" | "error">,
  layout: Layout,
  transcript: Sink | undefined,
): Promise<RunResult> {
  const start = client.now();
  let now = run;
  let last: string | undefined;
  for (let pauseMs = patience.firstPauseMs; ; pauseMs = Math.min(pauseMs * 1.5, patience.longestPauseMs)) {
    // The older generation of the API answers before the session exists.
    now = now.sessionId === undefined ? await readRun(client.forObject(), run.id) : now;
    const result = await askResult(client.forObject(), now);
    if (transcript !== undefined && now.sessionId !== undefined) {
      last = await printEvents(client, now.sessionId, last, layout, transcript);
    }
    if (!mayChange(result, client.now() - start)) {
      return result;
    }
    refuseLate(layout.time);
    await client.forObject().pause(pauseMs);
  }
}

/** True if another request may find another state without an action of a person. */
function mayChange({ state }: RunResult, passedMs: number): boolean {
  switch (state) {
    case "running":
    case "not started yet":
      return true;
    case "done, not graded":
      return passedMs < patience.gradingMs;
    default:
      // The service may not show a new session yet.
      return state === undefined && passedMs < patience.eventuallyConsistentMs;
  }
}

/** Prints the events after the one with the id `last`, and returns the id of the newest. */
async function printEvents(
  client: CommandClient,
  sessionId: string,
  last: string | undefined,
  layout: Layout,
  stdout: Sink,
): Promise<string | undefined> {
  const after = last === undefined ? {} : { after_id: last };
  const { data, has_more: hasMore } = await eventsOf(
    client.forObject(),
    sessionId,
    { order: "asc", limit: "100", ...after },
    [],
  );
  const texts = entriesOf({ data: data.toReversed() }).map((entry) => cleanEntry(entry, (text) => client.clean(text)));
  stdout.write(lines(texts.flatMap((entry) => entryLines(entry, layout))));
  const newest = data.at(-1)?.id ?? last;
  return hasMore === true && newest !== last ? printEvents(client, sessionId, newest, layout, stdout) : newest;
}
