import { parseArgs } from "node:util";
import { CommandClient } from "../client";
import {
  commonOptions,
  type DeploymentSelection,
  deploymentsSelected,
  failedText,
  Misuse,
  runCommand,
  stackOption,
  timeoutOf,
  withStackName,
} from "../command-line";
import { type Scope, scopesOf, type Unknown } from "../scope";
import { type Environment, jsonText, printable, type Streams } from "../terminal";
import { localTimeZone } from "../time-zone";
import { type Asked, ask } from "./ask";
import type { View } from "./cells";
import { isHealthy } from "./health";
import { help } from "./help";
import { json } from "./json";
import { inOrder, report } from "./report";
import { sinceOf } from "./since";
import type { RunQuestions } from "./watched";

/** The exit statuses. */
const ended = { healthy: 0, unhealthy: 1, notAsked: 2 } as const;

/** Runs the command `pulumi-qoder status` and returns its exit status. */
export async function runStatus(
  args: readonly string[],
  environment: Environment,
  streams: Streams,
  { timeZone, now }: Place = { timeZone: localTimeZone(), now: Date.now() },
): Promise<number> {
  return runCommand({ name: "status", help, failed: ended.notAsked }, streams, () => {
    const command = commandIn(args, now);
    return command === undefined || command === "help"
      ? command
      : async () => {
          const { asked, resourceNames } = await askAll(command, environment, streams);
          const view = { timeZone, now, since: command.since, resourceNames, columns: streams.stdout.columns };
          return tell(command, asked, { ...view, isWide: command.isWide }, streams);
        };
  });
}

/** The surroundings and the time of a command. */
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
  const { scopes, unknown, resourceNames, timeoutMs } = await scopesOf(command, environment);
  let done = 0;
  const progress = () => {
    done += 1;
    if (done % progressInterval === 0) {
      stderr.write(`Read ${done} deployments ...\n`);
    }
  };
  const answers = await Promise.all(scopes.map((scope) => askedIn(scope, timeoutMs, command, progress)));
  const asked = {
    known: inOrder(answers.flatMap(({ known }) => known)),
    unknown: [...answers.flatMap((answer) => answer.unknown), ...unknown],
    cutOffs: answers.flatMap(({ cutOffs }) => cutOffs),
    stops: answers.flatMap(({ stops }) => stops),
  };
  return { asked, resourceNames };
}

async function askedIn(
  { account, selection }: Scope,
  timeoutMs: number | undefined,
  questions: RunQuestions,
  progress: () => void,
): Promise<Asked> {
  const client = CommandClient.connect(account, timeoutMs);
  try {
    return await ask(client, selection, questions, progress);
  } finally {
    await client.close();
  }
}

function tell(command: StatusCommand, asked: Asked, view: View, { stdout, stderr }: Streams): number {
  const { known, stops } = asked;
  if (command.json) {
    // If no deployment was read because of an error, an empty array would say that there is none.
    stdout.write(known.length === 0 && stops.length > 0 ? "" : json(known));
  } else if (known.length > 0) {
    stdout.write(report(known, view));
  }
  const complaint = complaints(asked, command.selection.by === "stack" ? emptyStack : nothingFound);
  stderr.write(complaint);
  if (complaint !== "") {
    return ended.notAsked;
  }
  return known.every(isHealthy) ? ended.healthy : ended.unhealthy;
}

/** The deployments that could not be read, in words. */
function complaints({ known, unknown, cutOffs, stops }: Asked, nothing: string): string {
  const texts = [
    ...unknown.map(unknownText),
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

const nothingFound =
  "There is nothing to report: no live deployment was found. Check that the token belongs to the account and workspace (--workspace)\n";

const emptyStack = "There is nothing to report: the stack manages no deployment\n";

function failed(error: unknown): string {
  return failedText("status", error);
}

function unknownText({ id, name, reason }: Unknown): string {
  const shown = name === undefined ? printable(id) : `${printable(id)} ${jsonText(name)}`;
  return `Not known: ${shown}\n  ${printable(reason)}\n`;
}

interface StatusCommand extends RunQuestions {
  readonly selection: DeploymentSelection;
  readonly json: boolean;
  readonly isWide: boolean;
  readonly workspace: string | undefined;
  readonly timeoutMs: number | undefined;
}

const options = {
  ...commonOptions,
  ...stackOption,
  json: { type: "boolean", default: false },
  wide: { type: "boolean", default: false },
  since: { type: "string" },
  "no-results": { type: "boolean", default: false },
} as const;

function commandIn(args: readonly string[], now: number): StatusCommand | "help" | undefined {
  const { values, positionals: ids } = parseArgs({ args: withStackName(args), options, allowPositionals: true });
  if (values.help) {
    return "help";
  }
  const { json, wide, workspace } = values;
  const timeoutMs = timeoutOf(values.timeout);
  const since = values.since === undefined ? undefined : sinceOf(values.since, now);
  const results = values["no-results"] !== true;
  if (since !== undefined && !results) {
    throw new Misuse("--since counts the results of runs, and --no-results does not read them; give one of the two");
  }
  if (json === true && wide === true) {
    throw new Misuse("--json contains all that --wide shows; give one of the two");
  }
  const selection = deploymentsSelected(values, ids);
  return selection === undefined
    ? undefined
    : { selection, json: json === true, isWide: wide === true, workspace, timeoutMs, results, since };
}
