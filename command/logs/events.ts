import { z } from "zod";
import { noReason } from "../../provider/deployment-run/reply";
import { type EventPage, gradingEvent, outcomeEvent } from "../../provider/deployment-run/result";

/** One line of a transcript, or several for a message. */
export interface Entry {
  /** RFC 3339; undefined if the service does not show it. */
  readonly at: string | undefined;
  readonly who: "user" | "system" | "task" | "agent" | "tool" | "result" | "artifact" | "error";
  readonly text: string;
  /** The tool that the agent calls, behind its server and a slash, and what it gives; null for what is no call. */
  readonly tool: string | undefined;
  readonly input: unknown;
}

const text = z.string().nullish().catch(undefined);
/** "Session events": a message is a text, or a list of blocks. */
const contentSchema = z.union([z.string(), z.array(z.looseObject({ type: text, text }))]).nullish();
const shownSchema = z.looseObject({
  content: contentSchema.catch(undefined),
  description: text,
  name: text,
  mcp_server_name: text,
  input: z.unknown().optional(),
  tool_use_id: text,
  mcp_tool_use_id: text,
  custom_tool_use_id: text,
  is_error: z.boolean().nullish().catch(undefined),
  file_id: text,
  original_filename: text,
  size: z.number().nullish().catch(undefined),
  result: text,
  explanation: text,
});
type Shown = z.infer<typeof shownSchema>;

/** The entries for the events, the oldest first. A tool's result follows its call, whatever came in between. */
export function entriesOf({ data }: EventPage): Entry[] {
  const events = data.toReversed().map((event) => ({ event, shown: shownSchema.parse(event) }));
  const results = new Map(
    events.flatMap(({ event, shown }) => {
      const call = callOf(shown);
      return isResult(event.type) && call !== undefined ? [[call, { event, shown }] as const] : [];
    }),
  );
  const calls = new Set(events.flatMap(({ event: { type, id = [] } }) => (isCall(type) ? id : [])));
  return events.flatMap(({ event, shown }): Entry[] => {
    if (isResult(event.type) && calls.has(callOf(shown) ?? "")) {
      return [];
    }
    const own = entryOf(event, shown);
    const result = isCall(event.type) ? results.get(event.id ?? "") : undefined;
    const read = result === undefined ? undefined : entryOf(result.event, result.shown);
    return [own, read].filter((entry) => entry !== undefined);
  });
}

const isCall = (type: string) => /^agent\.(mcp_|custom_)?tool_use$/.test(type);
const isResult = (type: string) => /^(agent|user)\.(mcp_|custom_)?tool_result$/.test(type);

function callOf({ tool_use_id: tool, mcp_tool_use_id: mcp, custom_tool_use_id: custom }: Shown): string | undefined {
  return mcp ?? custom ?? tool ?? undefined;
}

/** The entry for an event; undefined for one that only the result of the run, its credits or its grades show. */
function entryOf({ type, processed_at: time, error }: EventPage["data"][number], shown: Shown): Entry | undefined {
  const at = time ?? undefined;
  if (isCall(type)) {
    return { at, who: "tool", ...callIn(shown) };
  }
  if (isResult(type)) {
    return { at, who: "result", text: resultText(shown), ...noCall };
  }
  if (type === "session.error") {
    const again = error?.retry_status === "retrying" ? " (the service tries again)" : "";
    const reason = error?.message ?? noReason;
    return { at, who: "error", text: `${error?.type ?? "unknown_error"}: ${reason}${again}`, ...noCall };
  }
  const [who, textIn] = readers.get(type) ?? [];
  return who === undefined || textIn === undefined ? undefined : { at, who, text: textIn(shown), ...noCall };
}

const noCall = { tool: undefined, input: undefined } as const;

const readers = new Map<string, readonly [who: Entry["who"], textIn: (shown: Shown) => string]>([
  ["user.message", ["user", contentText]],
  ["system.message", ["system", contentText]],
  [outcomeEvent, ["task", ({ description }) => description ?? ""]],
  ["agent.message", ["agent", contentText]],
  ["agent.artifact_delivered", ["artifact", artifactText]],
]);

function contentText({ content }: Shown): string {
  return typeof content === "string"
    ? content
    : (content ?? []).map(({ type, text }) => text ?? `[${type ?? "a part without a text"}]`).join("\n");
}

function callIn({ mcp_server_name: server, name, input }: Shown): Pick<Entry, "text" | "tool" | "input"> {
  const tool = [server ?? [], name ?? "a tool"].flat().join("/");
  return { text: input == null ? tool : `${tool} ${JSON.stringify(input)}`, tool, input: input ?? undefined };
}

function resultText(shown: Shown): string {
  return `${shown.is_error === true ? "failed: " : ""}${contentText(shown)}`;
}

function artifactText({ original_filename: name, file_id: id, size }: Shown): string {
  const facts = [...(id == null ? [] : [id]), ...(size == null ? [] : [`${size} bytes`])].join(", ");
  return `${name ?? "a file"}${facts === "" ? "" : ` (${facts})`}`;
}

/** A grading of the outcome, with the words of the grader. */
export interface Grade {
  readonly result: string;
  readonly explanation: string | undefined;
}

/** The gradings in the events, the oldest first. */
export function gradesIn({ data }: EventPage): Grade[] {
  const graded = data.toReversed().filter(({ type }) => type === gradingEvent);
  return graded.map((event) => {
    const { result, explanation } = shownSchema.parse(event);
    return { result: result ?? "no result", explanation: explanation ?? undefined };
  });
}
