import type { WhenKnown } from "../program/when-known";

/** The short forms of messages written out: a text alone is what a user says. */
export function initialEventsArgument(given: unknown, whenKnown: WhenKnown): unknown {
  return whenKnown(given, (events) => {
    if (typeof events === "string") {
      return [userMessage(events)];
    }
    // Event by event: what comes later would hide all of them in a preview in which one is not known yet.
    return Array.isArray(events) ? events.map((event) => whenKnown(event, eventArgument)) : events;
  });
}

function eventArgument(given: unknown): unknown {
  return typeof given === "string" ? userMessage(given) : given;
}

function userMessage(content: string) {
  return { type: "user.message", content };
}
