/**
 * Applies a function to a value, at once or as soon as the value is known, and keeps its mark as a secret. The SDK and the
 * plugin have different forms for unknown values and for secrets.
 */
export type WhenKnown = (given: unknown, then: (known: unknown) => unknown) => unknown;

export type Arguments = Readonly<Record<string, unknown>>;

/** Expands the short forms of `initialEvents`: a string becomes a message of the user. */
export function withInitialEvents(args: Arguments, whenKnown: WhenKnown): Arguments {
  const initialEvents = whenKnown(args["initialEvents"], (events) => {
    if (typeof events === "string") {
      return [userMessage(events)];
    }
    // Each event by itself: one unknown event would otherwise make the whole list unknown in the preview.
    return Array.isArray(events) ? events.map((event) => whenKnown(event, eventArgument)) : events;
  });
  return { ...args, initialEvents };
}

function eventArgument(given: unknown): unknown {
  return typeof given === "string" ? userMessage(given) : given;
}

function userMessage(content: string) {
  return { type: "user.message", content };
}

/** Adds the configuration of an environment if the program gives none: a cloud environment. */
export function withConfig(args: Arguments, whenKnown: WhenKnown): Arguments {
  return { ...args, config: whenKnown(args["config"], (config) => config ?? { type: "cloud" }) };
}
