import type { Clock } from "../../api/clock";
import type { Remark } from "../../api/remark";

/** A text for the person who runs the command. */
export interface Message {
  readonly severity: Remark["severity"] | "error";
  readonly text: string;
  /** Of the resource that it belongs to; undefined where the running command has not declared it. */
  readonly urn: string | undefined;
}

/** What a provider meets outside of itself: that of the process is in `process.ts`, which watches the engine once it is loaded. */
export interface Surroundings {
  readonly clock: Clock;
  readonly tell: (message: Message) => Promise<void>;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export function messageText(severity: Message["severity"], text: string): string {
  return severity === "info" ? text : `${severity}: ${text}`;
}
