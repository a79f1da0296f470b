import { z } from "zod";
import type { EventPage } from "./result";

/** A file that a run delivered. */
interface Artifact {
  readonly name: string;
  /** In bytes; undefined if the service does not show it. */
  readonly size: number | undefined;
}

/** What the events of a session show of the work. */
export interface Delivered {
  /** The newest first; of two with one name the newest alone. */
  readonly artifacts: readonly Artifact[];
  /** The last message of the agent. */
  readonly message: string | undefined;
  /** The results of tool calls, and how many of them are errors; undefined if nobody asked for them or the page has not all. */
  readonly calls: { readonly all: number; readonly failed: number } | undefined;
  /** True if older events than these may show more. */
  readonly isPart: boolean;
}

/** An artifact that a program expects and a run, which is done, did not deliver. */
export interface Lacking {
  readonly name: string;
  /** In words that follow "done, ": `report.md is missing`. */
  readonly text: string;
}

/** What a run lacks of the artifacts that its program expects. Where older events may show an artifact, it lacks none. */
export function lackingOf({ artifacts, isPart }: Delivered, expected: readonly string[]): Lacking[] {
  return [...new Set(expected)].flatMap((name) => {
    const found = artifacts.find((one) => one.name === name);
    if (found !== undefined || isPart) {
      return found?.size === 0 ? [{ name, text: `${name} is empty` }] : [];
    }
    const near = artifacts.find((one) => looseName(one.name) === looseName(name));
    return [{ name, text: `${name} is missing${near === undefined ? "" : `, and ${near.name} is there`}` }];
  });
}

/** The name without its folders, and in one case: the artifact that a person means has the name of its file. */
const looseName = (name: string) =>
  name
    .replace(/^.*[/\\]/s, "")
    .trim()
    .toLowerCase();

/** "Session events": the results of the tools. */
export const resultEvents = ["agent.tool_result", "agent.mcp_tool_result", "user.custom_tool_result"] as const;

/** "Session events": a file that the agent delivers. */
export const artifactEvents = ["agent.artifact_delivered"] as const;

const text = z.string().nullish().catch(undefined);
const messageSchema = z.looseObject({
  content: z
    .union([z.string(), z.array(z.looseObject({ text }))])
    .nullish()
    .catch(undefined),
});
const artifactSchema = z.looseObject({ original_filename: z.string(), size: z.number().nullish().catch(undefined) });
const callSchema = z.looseObject({ is_error: z.boolean().nullish().catch(undefined) });

/** `events`: the newest ones, from the newest to the oldest. `hasCalls`: the request asked for the results of tools, too. */
export function deliveredIn({ data, has_more: hasMore }: EventPage, hasCalls: boolean): Delivered {
  const found = data.flatMap((event) =>
    event.type === "agent.artifact_delivered" ? (artifactSchema.safeParse(event).data ?? []) : [],
  );
  const artifacts = new Map<string, Artifact>();
  for (const { original_filename: name, size } of found) {
    if (!artifacts.has(name)) {
      artifacts.set(name, { name, size: size ?? undefined });
    }
  }
  const message = data.find(({ type }) => type === "agent.message");
  const calls = data.filter(({ type }) => resultEvents.some((one) => one === type));
  const isPart = hasMore === true;
  return {
    artifacts: [...artifacts.values()],
    message: message && messageText(message),
    calls:
      hasCalls && !isPart
        ? { all: calls.length, failed: calls.filter((event) => callSchema.parse(event).is_error === true).length }
        : undefined,
    isPart,
  };
}

function messageText(event: EventPage["data"][number]): string | undefined {
  const { content } = messageSchema.parse(event);
  return typeof content === "string" ? content : content?.map(({ text: part }) => part ?? "").join("\n");
}
