import * as pulumi from "@pulumi/pulumi";
import { isComputed } from "../program/inputs";

/** The short forms of messages written out: a text alone is what a user says. */
export function initialEventsArgument(given: unknown): unknown {
  if (isComputed(given)) {
    return pulumi.all([given]).apply(([known]) => initialEventsArgument(known));
  }
  if (typeof given === "string") {
    return [userMessage(given)];
  }
  // Event by event: an Output around all of them would hide them in a preview in which one is not known yet.
  return Array.isArray(given) ? given.map(eventArgument) : given;
}

function eventArgument(given: unknown): unknown {
  if (isComputed(given)) {
    return pulumi.all([given]).apply(([known]) => eventArgument(known));
  }
  return typeof given === "string" ? userMessage(given) : given;
}

function userMessage(content: string) {
  return { type: "user.message", content };
}
