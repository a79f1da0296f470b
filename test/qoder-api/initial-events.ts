import { z } from "zod";
import { invalid } from "./errors";
import { atMost } from "./parse";
import type { Switches } from "./switches";
import type { JsonObject } from "./wire";

const source = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("base64"), media_type: z.string(), data: z.string() }),
  z.strictObject({ type: z.literal("text"), media_type: z.string(), data: z.string() }),
  z.strictObject({ type: z.literal("url"), url: z.string() }),
  z.strictObject({ type: z.literal("file"), file_id: z.string() }),
]);

const textBlock = z.strictObject({ type: z.literal("text"), text: z.string() });

const block = z.discriminatedUnion("type", [
  textBlock,
  z.strictObject({ type: z.literal("image"), source }),
  z.strictObject({
    type: z.literal("document"),
    source,
    title: z.string().nullable().optional(),
    context: z.string().nullable().optional(),
  }),
  // The types of the newest client have this block, and no page shows its fields.
  z.looseObject({ type: z.literal("redacted") }),
]);

const rubric = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("text"), content: z.string().refine(atMost(262_144), "is too long") }),
  z.strictObject({ type: z.literal("file"), file_id: z.string() }),
]);

const event = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("user.message"), content: z.union([z.string(), z.array(block)]) }),
  z.strictObject({
    type: z.literal("user.define_outcome"),
    description: z.string(),
    rubric,
    max_iterations: z.int().min(1).max(20).nullable().optional(),
  }),
  z.strictObject({ type: z.literal("system.message"), content: z.union([z.string(), z.array(textBlock)]) }),
]);

export const initialEvents = z.array(event).min(1, "must hold 1-50 events").max(50, "must hold 1-50 events");

export type EventInput = z.infer<typeof event>;

/** The default in "Define an outcome". */
const DEFAULT_MAX_ITERATIONS = 3;

/** The events as the server stores them. Throws for events that break a rule about their order or content. */
export function storedEvents(events: EventInput[], switches: Switches): JsonObject[] {
  checkSystemMessages(events);
  return events.map((event) =>
    event.type === "user.define_outcome" ? { ...event } : { ...event, content: storedContent(event.content, switches) },
  );
}

export function shownEvents(events: JsonObject[], switches: Switches): JsonObject[] {
  if (!switches.fillDefaults) return events;
  return events.map((event) =>
    event["type"] === "user.define_outcome"
      ? { ...event, max_iterations: event["max_iterations"] ?? DEFAULT_MAX_ITERATIONS }
      : event,
  );
}

/** "Session events": a system message must be the final event and follow a user message. */
function checkSystemMessages(events: EventInput[]): void {
  const index = events.findIndex((event) => event.type === "system.message");
  if (index < 0) return;
  if (index !== events.length - 1 || events[index - 1]?.type !== "user.message") {
    throw invalid("system.message must be the final event and follow a user.message.", `initial_events.${index}`);
  }
}

function storedContent(content: string | JsonObject[], switches: Switches): string | JsonObject[] {
  if (typeof content === "string") {
    return switches.generation === 1 ? content : [{ type: "text", text: content }];
  }
  const [only, ...others] = content;
  const isOneText = others.length === 0 && typeof only?.["text"] === "string";
  return isOneText && blockContent(switches) === "string" ? String(only["text"]) : content;
}

function blockContent(switches: Switches): "echo" | "string" {
  if (switches.blockContent !== "auto") return switches.blockContent;
  return switches.generation === 1 ? "string" : "echo";
}
