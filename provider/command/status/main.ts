import { systemClock } from "../../api/clock";
import {
  deploymentOptions,
  deploymentsSelected,
  failedText,
  Misuse,
  type Read,
  readArguments,
  runCommand,
  type Selected,
  timeoutOf,
  withStackName,
} from "../command-line";
import { scopesOf, withAccounts } from "../scope";
import { type Environment, localTimeZone, type Streams } from "../terminal";
import { nothingText, printable, shown } from "../words";
import { type Asked, ask } from "./ask";
import { inOrder, json, report } from "./report";
import { sinceOf } from "./since";
import type { RunQuestions } from "./watched";
import { isHealthy, type View } from "./words";

const exitStatus = { healthy: 0, unhealthy: 1, notAsked: 2 } as const;

export async function runStatus(
  args: readonly string[],
  environment: Environment,
  streams: Streams,
  { timeZone, now }: Place = { timeZone: localTimeZone(), now: Date.now() },
): Promise<number> {
  return runCommand(
    { name: "status", help, failed: exitStatus.notAsked },
    streams,
    () => commandIn(args, now),
    async (command) => {
      const { asked, resourceNames } = await askAll(command, environment, streams);
      const { since, isWide } = command;
      return tell(
        command,
        asked,
        { timeZone, now, since, resourceNames, columns: streams.stdout.columns, isWide },
        streams,
      );
    },
  );
}

interface Place {
  readonly timeZone: string;
  /** In milliseconds since the epoch. */
  readonly now: number;
}

/** The deployments between two lines of progress: each takes two or three requests. */
const progressInterval = 100;

async function askAll(
  command: StatusCommand,
  environment: Environment,
  { stderr }: Streams,
): Promise<{ readonly asked: Asked } & Pick<View, "resourceNames">> {
  const scopes = await scopesOf(command, environment);
  let done = 0;
  const progress = () => {
    done += 1;
    if (done % progressInterval === 0) {
      stderr.write(`Read ${done} deployments ...\n`);
    }
  };
  const answers = await withAccounts(scopes, systemClock, (accounts) =>
    Promise.all(accounts.map((account) => ask(account, command, progress))),
  );
  const asked = {
    known: inOrder(answers.flatMap(({ known }) => known)),
    unknown: [...answers.flatMap((answer) => answer.unknown), ...scopes.unknown],
    cutOffs: answers.flatMap(({ cutOffs }) => cutOffs),
    stops: answers.flatMap(({ stops }) => stops),
  };
  return { asked, resourceNames: scopes.resourceNames };
}

function tell(command: StatusCommand, asked: Asked, view: View, { stdout, stderr }: Streams): number {
  const { known, stops } = asked;
  if (command.json) {
    // If no deployment was read because of an error, an empty array would say that there is none.
    stdout.write(known.length === 0 && stops.length > 0 ? "" : json(known));
  } else if (known.length > 0) {
    stdout.write(report(known, view));
  }
  const complaint = complaints(asked, nothingText("report", command.selection.by));
  stderr.write(complaint);
  if (complaint !== "") {
    return exitStatus.notAsked;
  }
  return known.every(isHealthy) ? exitStatus.healthy : exitStatus.unhealthy;
}

/** The deployments that could not be read, in words. */
function complaints({ known, unknown, cutOffs, stops }: Asked, nothing: string): string {
  const texts = [
    ...unknown.map((one) => `Not known: ${shown(one)}\n  ${printable(one.reason)}\n`),
    ...cutOffs.map(
      (reason) => `Not all deployments were read: ${printable(reason)}. Give the others by their ids (dep_...)\n`,
    ),
    ...stops.map(({ error, left }) =>
      known.length === 0
        ? failed(error)
        : `${failed(error)}Not read after that: ${left === undefined ? "the other" : `${left} of the`} deployments\n`,
    ),
  ];
  return known.length === 0 && texts.length === 0 ? nothing : texts.join("");
}

function failed(error: unknown): string {
  return failedText("status", error);
}

interface StatusCommand extends Selected, RunQuestions {
  readonly json: boolean;
  readonly isWide: boolean;
}

const options = {
  ...deploymentOptions,
  json: { type: "boolean", default: false },
  wide: { type: "boolean", default: false },
  since: { type: "string" },
  "no-results": { type: "boolean", default: false },
} as const;

function commandIn(args: readonly string[], now: number): Read<StatusCommand> {
  const { values, positionals: ids } = readArguments(withStackName(args), options);
  if (values.help) {
    return "help";
  }
  const { json, wide: isWide, workspace } = values;
  const timeoutMs = timeoutOf(values.timeout);
  const since = values.since === undefined ? undefined : sinceOf(values.since, now);
  const results = !values["no-results"];
  if (since !== undefined && !results) {
    throw new Misuse("--since counts the results of runs, and --no-results does not read them; give one of the two");
  }
  if (json && isWide) {
    throw new Misuse("--json contains all that --wide shows; give one of the two");
  }
  const selection = deploymentsSelected(values, ids);
  return selection === undefined ? undefined : { selection, json, isWide, workspace, timeoutMs, results, since };
}

const help = `Usage: npx pulumi-qoder status (dep_... [dep_...] | --all | --agent ID | --stack [NAME]) [--since TIME] [--json | --wide]

Shows existing Qoder deployments, one line each: the next run or why there is none, and the result of the last run. Below
an unhealthy one it says what is wrong. Unhealthy ones come first, then the others by their next run. Sends GET requests only.

  dep_...           the deployments with these ids
  --all             every live deployment that the token sees
  --agent ID        every live deployment of this agent (agent_...)
  --stack [NAME]    the deployments that this Pulumi stack manages, or the selected stack; runs \`pulumi stack export\` and
                    \`pulumi config\` in the present folder
  --since TIME      counts all runs since then as well: 24h, 7d (m, h, d or w), or a time such as 2026-11-25T00:00:00Z
  --no-results      does not read the results of runs, only whether their sessions could be started
  --wide            all known values in one line for each deployment, of any width: ids, sessions, the last failure
  --json            the same as JSON, described below
  --workspace ID    the workspace to read in; left out: the token's default. A stack names its workspaces itself
  --timeout SECONDS the time for the whole command; left out: 5 minutes for what each deployment takes.
                    One request has 60 seconds; a failed one is tried again a few times
  -h, --help        this text

The token is read from QODER_ACCESS_TOKEN or QODER_PAT, or got for the service account key in QODER_SA_KEY; the base URL from QODER_BASE_URL or QODER_MANAGED_BASE_URL, or else
it is https://api.qoder.com/api/v1/cloud. With --stack each deployment is asked about in the account that \`pulumi up\` acts in:
token, base URL and workspace of its QoderProvider, else of the stack's configuration, else of the environment.

The result of a run is one of these:
  could not start       the run has an error, and no session
  not started yet       its session has not begun to work
  running               its session works, also where the service tries again or grades an outcome
  done                  its session has done its work, and satisfied the outcome, if one was asked for
  not satisfied         its session has done its work, and an outcome is not satisfied
  failed                its session ended with an error
  waiting for somebody  its session waits for a person's answer, for as long as it takes
  stopped by budget     the budget stopped its session
  cancelled             somebody canceled its session
Any other result is in the words of the service; \`session archived\` and \`session not found\` say that somebody
removed the session. A result takes two requests for each deployment, and with --since one more for each run.

A deployment is healthy when it is active or was paused by hand and its last run, if it ever ran, neither could not start, nor
failed, nor waits for somebody, nor was stopped by its budget, nor left an outcome unsatisfied. It is not healthy when the
service paused it, when its agent or environment is archived, when it is archived itself (it never runs again: leave it out), or
when its status is one that this version does not know. A ! marks those that are not healthy. An agent or environment that the
token does not see counts as not archived.

--json prints an array with one object a deployment:
  { id, name, status, pausedReason, nextRunAt, lastRun, lastFailure, agent, environment, since, healthy, problems }
  status            active, paused or archived
  pausedReason      null, or { type }: manual, or error with error: { type }, the service's reason
  nextRunAt         null for one that does not run by itself: paused, archived or without a schedule
  lastRun           null, or { id, createdAt, trigger, sessionId, error, result }; trigger is schedule or manual, sessionId null
                    where no session was started, error null or { type, message }
  lastRun.result    { state, error, credits }, null with --no-results; state is a result as above, error null or
                    { type, message }, credits null where the service does not tell them
  lastFailure       the newest run that could not start, { id, createdAt, sessionId, error }, or null; with --since the newest
                    that counts as failed since then comes before it. error is null where the service tells no reason. Where the
                    service cannot search, the newest 1000 runs are looked at, and --wide says so
  agent             { id, archived }; archived is true or false, or null where the token does not see the agent; the same for
                    environment. Either is null where the service does not tell which it is
  since             null without --since, or { runs, done, failed, running, waiting, credits }. failed counts what could not
                    start, was stopped by its budget or is not satisfied, too; running counts what has not started yet
  problems          what is wrong, a sentence each; empty where the deployment is healthy
Times are RFC 3339 in UTC, null where the service tells none. What could not be read is not in the array.

Exit status: 0 all are healthy, 1 one is not, 2 a deployment could not be read, there was none to read, or the
command line is wrong. 2 goes before 1. The command prints all that it could read; stderr names the rest.
`;
