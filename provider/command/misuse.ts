import { types } from "node:util";
import type { Sink } from "./terminal";

/** What is wrong with a command line. */
export class Misuse extends Error {}

/** A command line that cannot be followed. Without a reason: nothing was asked for. */
export interface Misused {
  readonly kind: "misuse";
  readonly reason?: string;
}

/** What kept a command line from being read: a `Misuse`, or what `parseArgs` of node:util threw. */
export function misuseOf(error: unknown): Misused {
  if (error instanceof Misuse) {
    return { kind: "misuse", reason: error.message };
  }
  // node:util appends a hint about "--", which no argument here needs.
  const [reason = ""] = (types.isNativeError(error) ? error.message : String(error)).split(". ");
  return { kind: "misuse", reason };
}

/** `command` is how to ask for `help`. */
export function tellMisuse({ reason }: Misused, command: string, help: string, stderr: Sink): void {
  stderr.write(reason === undefined ? help : `pulumi-qoder: ${reason}. See \`npx ${command} --help\`\n`);
}
