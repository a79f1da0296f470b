import { invalid } from "./errors";
import type { EventInput } from "./request-schemas";
import { blockContent, type Switches, stringContent } from "./switches";
import type { JsonObject } from "./wire";

/** The default in "Define an outcome". */
const DEFAULT_MAX_ITERATIONS = 3;

/** The events as the server stores them. Throws for events that break a rule about their order or content. */
export function storedEvents(events: EventInput[], switches: Switches): JsonObject[] {
  checkSystemMessages(events);
  return events.map((event, index) => storedEvent(event, index, switches));
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

function storedEvent(event: EventInput, index: number, switches: Switches): JsonObject {
  if (event.type === "user.define_outcome") return { ...event };
  return { ...event, content: storedContent(event.content, index, switches) };
}

function storedContent(content: string | JsonObject[], index: number, switches: Switches): string | JsonObject[] {
  if (typeof content === "string") {
    const treatment = stringContent(switches);
    const param = `initial_events.${index}.content`;
    if (treatment === "reject") throw invalid(`${param} must be an array of content blocks.`, param);
    return treatment === "normalise" ? [{ type: "text", text: content }] : content;
  }
  const [only, ...others] = content;
  const isOneText = others.length === 0 && typeof only?.["text"] === "string";
  return isOneText && blockContent(switches) === "string" ? String(only["text"]) : content;
}
