import { parseArgs } from "node:util";
import { CommandClient } from "../client";
import {
  commonOptions,
  type DeploymentSelection,
  deploymentsSelected,
  type Misused,
  misuseOf,
  stackOption,
  tellMisuse,
  timeoutOf,
  withStackName,
} from "../command-line";
import { type Scope, scopesOf, type Unknown } from "../scope";
import { type Environment, failureText, jsonText, printable, type Streams } from "../terminal";
import { localTimeZone } from "../time-zone";
import { type Asked, ask } from "./ask";
import { json, table } from "./report";
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
  const { scopes, unknown, timeoutMs } = await scopesOf(command, environment);
  let done = 0;
  const progress = () => {
    done += 1;
    if (done % progressInterval === 0) {
      stderr.write(`Read ${done} deployments ...\n`);
    }
  };
  const answers = await Promise.all(scopes.map((scope) => askedIn(scope, timeoutMs, progress)));
  return {
    known: answers.flatMap(({ known }) => known),
    unknown: [...answers.flatMap((answer) => answer.unknown), ...unknown],
    cutOffs: answers.flatMap(({ cutOffs }) => cutOffs),
    stops: answers.flatMap(({ stops }) => stops),
  };
}

async function askedIn({ account, selection }: Scope, timeoutMs: number | undefined, progress: () => void) {
  const client = CommandClient.connect(account, timeoutMs);
  try {
    return await ask(client, selection, progress);
  } finally {
    await client.close();
  }
}

function report(command: StatusCommand, asked: Asked, { stdout, stderr }: Streams, timeZone: string): number {
  const { known, stops } = asked;
  if (command.json) {
    // Where nothing was asked, an empty array would say that there is nothing.
    stdout.write(known.length === 0 && stops.length > 0 ? "" : json(known));
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

/** What could not be asked, in words. */
function complaints({ known, unknown, cutOffs, stops }: Asked): string {
  const texts = [
    ...unknown.map(unknownText),
    ...cutOffs.map(
      (reason) => `Not all deployments were read: ${printable(reason)}. Give the others by their ids (dep_...)\n`,
    ),
    ...stops.map(({ error, left }) =>
      known.length === 0
        ? failed(error)
        : `${failed(error)}Not asked about any more: ${left === undefined ? "the other" : `${left} of the`} deployments\n`,
    ),
  ];
  return known.length === 0 && texts.length === 0 ? nothingFound : texts.join("");
}

const nothingFound =
  "There is nothing to tell: no live deployment was found. Check that the token belongs to the account and workspace (--workspace)\n";

function failed(error: unknown): string {
  return `pulumi-qoder status failed: ${failureText(error)}\n`;
}

function unknownText({ id, name, reason }: Unknown): string {
  const shown = name === undefined ? printable(id) : `${printable(id)} ${jsonText(name)}`;
  return `Not known: ${shown}\n  ${printable(reason)}\n`;
}

interface StatusCommand {
  readonly kind: "status";
  readonly selection: DeploymentSelection;
  readonly json: boolean;
  readonly workspace: string | undefined;
  readonly timeoutMs: number | undefined;
}

const help = `Usage: npx pulumi-qoder status (dep_... [dep_...] | --all | --agent ID | --stack [NAME]) [--json]

Tells of existing Qoder deployments, one line each: whether it is active and why not, when it runs next, its last run and
whether a session could be started for it, and the last run for which none could. Sends GET requests only.

  dep_...           the deployments with these ids
  --all             every live deployment that the token sees
  --agent ID        every live deployment of this agent (agent_...)
  --stack [NAME]    the deployments of this Pulumi stack, or of the selected one, each in the account that \`pulumi up\` acts
                    in; runs \`pulumi stack export\` in the present folder
  --json            the same as JSON, described below
  --workspace ID    the workspace to read in; left out: the token's default
  --timeout SECONDS the time for the whole command; left out: 5 minutes for what each deployment takes.
                    One request has 60 seconds; a failed one is tried again a few times
  -h, --help        this text

The token is read from QODER_ACCESS_TOKEN or QODER_PAT, or got for the service account key in QODER_SA_KEY; the base URL from QODER_BASE_URL or QODER_MANAGED_BASE_URL, or else
it is https://api.qoder.com/api/v1/cloud.

A run tells whether its session could be started, and no more. What became of the work is in the session, so nothing here
calls a run a success.

A deployment is healthy when it is active or was paused by hand, and a session could be started for its last run, if it
ever ran. It is not when the service paused it, when its last run has an error, when its agent or environment is archived, when
it is archived itself (it never runs again: leave it out), or when its status is one that this version does not know. A ! marks
those that are not healthy. An agent or environment that the token does not see counts as not archived.

--json prints an array with one object a deployment:
  { id, name, status, pausedReason, nextRunAt, lastRun, lastFailure, agent, environment, healthy }
  status            active, paused or archived
  pausedReason      null, or { type }: manual, or error with error: { type }, the service's reason
  nextRunAt         null for one that does not run by itself: paused, archived or without a schedule
  lastRun           null, or { id, createdAt, trigger, sessionId, error }; trigger is schedule or manual, sessionId null
                    where no session was started, error null or { type, message }
  lastFailure       the newest run with an error, { id, createdAt, error }, or null; where the service cannot search for
                    it, the newest 1000 runs are looked at, and the text says so
  agent             { id, archived }; archived is true or false, or null where the token does not see the agent; the same for
                    environment. Either is null where the service does not tell which it is
Times are RFC 3339 in UTC, null where the service tells none. What could not be read is not in the array.

Exit status: 0 all are healthy, 1 one is not, 2 something could not be asked, there was nothing to ask about, or the
command line is wrong. 2 goes before 1. What could be read is printed all the same; stderr says what could not.
`;

const options = {
  ...commonOptions,
  ...stackOption,
  json: { type: "boolean", default: false },
} as const;

function parseCommandLine(args: readonly string[]): StatusCommand | { readonly kind: "help" } | Misused {
  try {
    const { values, positionals } = parseArgs({ args: withStackName(args), options, allowPositionals: true });
    return values.help ? { kind: "help" } : command(values, positionals);
  } catch (error) {
    return misuseOf(error);
  }
}

type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>["values"];

function command({ json, timeout, ...selected }: Values, ids: readonly string[]): StatusCommand | Misused {
  const timeoutMs = timeoutOf(timeout);
  const selection = deploymentsSelected(selected, ids);
  return selection === undefined
    ? { kind: "misuse" }
    : { kind: "status", selection, json: json === true, workspace: selected.workspace, timeoutMs };
}
