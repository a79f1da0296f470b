import { timezoneProblem } from "../../schedule/timezone";
import { accountOf, CommandClient } from "../client";
import { tellMisuse } from "../command-line";
import type { Environment, Streams } from "../terminal";
import { type Asked, ask } from "./ask";
import { help, parseCommandLine, type StatusCommand } from "./command-line";
import { complaints, failed } from "./complaints";
import { json } from "./json";
import { table } from "./table";
import { isHealthy } from "./watched";

/** The exit status. */
const ended = { healthy: 0, unhealthy: 1, notAsked: 2 } as const;

/** The command `pulumi-qoder status`; gives its exit status. */
export async function runStatus(
  args: readonly string[],
  environment: Environment,
  streams: Streams,
  timeZone: string = localTimeZone(),
): Promise<number> {
  const command = parseCommandLine(args);
  switch (command.kind) {
    case "help":
      streams.stdout.write(help);
      return ended.healthy;
    case "misuse":
      tellMisuse(command, "pulumi-qoder status", help, streams.stderr);
      return ended.notAsked;
    case "status":
      try {
        return report(command, await asked(command, environment, streams), streams, timeZone);
      } catch (error) {
        streams.stderr.write(failed(error));
        return ended.notAsked;
      }
  }
}

/** A line now and then, as each deployment takes two requests or three. */
const progressInterval = 100;

async function asked(command: StatusCommand, environment: Environment, { stderr }: Streams): Promise<Asked> {
  const client = CommandClient.connect(accountOf(command.workspace, environment), command.timeoutMs);
  try {
    return await ask(client, command.selection, (done) => {
      if (done % progressInterval === 0) {
        stderr.write(`Read ${done} deployments ...\n`);
      }
    });
  } finally {
    await client.close();
  }
}

function report(command: StatusCommand, asked: Asked, { stdout, stderr }: Streams, timeZone: string): number {
  const { known, stopped } = asked;
  if (command.json) {
    // Where nothing was asked, an empty array would say that there is nothing.
    stdout.write(known.length === 0 && stopped !== undefined ? "" : json(known));
  } else if (known.length > 0) {
    stdout.write(table(known, timeZone));
  }
  const complaint = complaints(asked);
  stderr.write(complaint);
  if (complaint !== "") {
    return ended.notAsked;
  }
  return known.every(isHealthy) ? ended.healthy : ended.unhealthy;
}

/** UTC where the runtime has no name for it, as with the TZ of `UTC+3`. */
function localTimeZone(): string {
  const { timeZone }: { readonly timeZone: string | undefined } = new Intl.DateTimeFormat().resolvedOptions();
  return timeZone === undefined || timezoneProblem(timeZone) !== undefined ? "UTC" : timeZone;
}
