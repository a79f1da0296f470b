import type { WhenKnown } from "../program/when-known";

/** Expands the short forms of `initialEvents`: a string becomes a message of the user. */
export function initialEventsArgument(given: unknown, whenKnown: WhenKnown): unknown {
  return whenKnown(given, (events) => {
    if (typeof events === "string") {
      return [userMessage(events)];
    }
    // Each event by itself: one unknown event would otherwise make the whole list unknown in the preview.
    return Array.isArray(events) ? events.map((event) => whenKnown(event, eventArgument)) : events;
  });
}

function eventArgument(given: unknown): unknown {
  return typeof given === "string" ? userMessage(given) : given;
}

function userMessage(content: string) {
  return { type: "user.message", content };
}
