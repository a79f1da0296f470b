import type { AccountSettings } from "../provider/account/settings";
import { QoderError } from "../provider/api/errors";
import type { Remark } from "../provider/api/remark";
import { suggestion } from "../provider/resource/check/suggestion";
import { accountOf, CommandClient, eachOf } from "./client";
import { type CommandLine, type CommandRow, type Options, runCommand } from "./command";
import type { Sink, Streams } from "./printer";
import type { Selected, Selection } from "./selection";
import { readStack, type StackContents, type StackDeployment } from "./stack";
import type { Environment } from "./terminal";
import type { CommandTime } from "./time";
import { failureText, printable } from "./words";

/** The selection of a command line in one account. */
interface Scope {
  readonly account: AccountSettings;
  readonly selection: Selection;
}

/** A deployment that no command can read, and the reason. */
export interface UnreadObject {
  readonly id: string;
  readonly name?: string | undefined;
  readonly reason: string;
}

/** The selection of a command line in all accounts: the deployments of a stack can belong to several accounts. */
export interface Scopes {
  readonly scopes: readonly Scope[];
  /** The deployments of a stack whose account cannot be determined. */
  readonly unknown: readonly UnreadObject[];
  /** The selected deployments of the stack by their ids; empty without `--stack`. */
  readonly managed: ReadonlyMap<string, StackDeployment>;
  /** The stack; undefined without `--stack`. */
  readonly stack?: Pick<StackContents, "name" | "limits" | "agents">;
  readonly time: CommandTime;
  readonly secrets: Set<string>;
}

/** What a command about selected deployments works with. */
export interface Context<Asked, Around = unknown> {
  /** What the command line asks for. */
  readonly command: Asked;
  readonly accounts: readonly CommandAccount[];
  readonly scopes: Scopes;
  /** Determines the accounts once more, for a command whose question to the person takes time. */
  readonly again: () => Promise<Scopes>;
  readonly streams: Streams;
  readonly surroundings: Around;
}

/** A command about selected deployments. */
interface SelectedCommand<Row extends Options, Asked extends Selected, Around> {
  readonly row: CommandRow<Row>;
  /** The surroundings that the process gives. */
  readonly around: () => Around;
  asked(line: CommandLine<Row>, surroundings: Around): Asked | undefined;
  work(context: Context<Asked, Around>): Promise<number>;
}

/** The function that runs the command as `runCommand` does, and does its work in the selected accounts as `withAccounts` does. */
export function runnerOf<Row extends Options, Asked extends Selected, Around>({
  row,
  around,
  asked,
  work,
}: SelectedCommand<Row, Asked, Around>) {
  return (
    args: readonly string[],
    environment: Environment,
    streams: Streams,
    surroundings: Around = around(),
  ): Promise<number> =>
    runCommand(
      row,
      args,
      streams,
      (line) => asked(line, surroundings),
      async (command) => {
        const again = () => scopesOf(command, environment, streams);
        const scopes = await again();
        const start = (accounts: readonly CommandAccount[]) =>
          work({ command, accounts, scopes, again, streams, surroundings });
        return withAccounts(scopes, start, streams.stderr);
      },
    );
}

/** Determines the accounts. Runs the Pulumi CLI only for `--stack`. */
export async function scopesOf(
  { selection, workspace, time, isOpen }: Selected,
  environment: Environment,
  streams: Pick<Streams, "secrets">,
): Promise<Scopes> {
  const { secrets } = streams;
  if (selection.by !== "stack") {
    const scope = { account: accountOf(workspace, environment), selection };
    return { scopes: [scope], unknown: [], managed: new Map(), time, secrets };
  }
  return { ...scopesIn(await readStack(selection.name, environment, time, streams, isOpen), selection), time, secrets };
}

function scopesIn(
  { accounts: all, ...stack }: StackContents,
  { names, labels }: Pick<Selection, "names" | "labels">,
): Omit<Scopes, "time" | "secrets"> {
  const isNamed = ({ id, resourceName, name }: StackDeployment, wanted: string) =>
    [id, resourceName, name].includes(wanted);
  const accounts = all
    .map((one) => ({
      ...one,
      deployments: one.deployments.filter((deployment) => names?.some((wanted) => isNamed(deployment, wanted)) ?? true),
    }))
    .filter(({ deployments }) => deployments.length > 0);
  const deployments = accounts.flatMap((one) => one.deployments);
  const known = all.flatMap((one) =>
    one.deployments.flatMap(({ resourceName, name = [] }) => [resourceName, name].flat()),
  );
  const missing = (names ?? []).filter((wanted) => !deployments.some((deployment) => isNamed(deployment, wanted)));
  return {
    scopes: accounts.flatMap((one) =>
      "account" in one
        ? [
            {
              account: one.account,
              selection: { by: "ids", ids: one.deployments.map(({ id }) => id), isRecorded: true, labels },
            },
          ]
        : [],
    ),
    unknown: [
      ...accounts.flatMap((one) =>
        "problem" in one
          ? one.deployments.map(({ id, resourceName }) => ({
              id,
              name: resourceName,
              reason: failureText(one.problem),
            }))
          : [],
      ),
      ...missing.map((wanted) => ({
        id: wanted,
        reason: `the stack manages no deployment of this name${suggestion(wanted, known)}`,
      })),
    ],
    managed: new Map(deployments.map((one) => [one.id, one])),
    stack,
  };
}

/** An account of a command, with its connection. */
export interface CommandAccount {
  readonly client: CommandClient;
  readonly scope: Scope;
}

/**
 * Runs the work with a connection to each account, and closes the connections at the end, also after an error. `stderr` takes the warnings
 * about a wrong clock, and about members of replies that count as empty.
 */
export async function withAccounts<Result>(
  { scopes, time, secrets }: Pick<Scopes, "scopes" | "time" | "secrets">,
  work: (accounts: readonly CommandAccount[]) => Promise<Result>,
  stderr?: Sink,
): Promise<Result> {
  const warnings = new Set<string>();
  const tell = ({ severity, text }: Remark) => {
    if (severity === "warning") {
      warnings.add(`Warning: ${printable(text)}\n`);
    }
  };
  const accounts = scopes.map((scope) => ({
    scope,
    client: CommandClient.connect(scope.account, time, { secrets }, tell),
  }));
  try {
    return await work(accounts);
  } finally {
    const ofClock = accounts.map(({ client }) => client.clockWarning()).find((text) => text !== undefined);
    stderr?.write([...(ofClock === undefined ? [] : [ofClock]), ...warnings].join(""));
    await Promise.all(accounts.map(({ client }) => client.close()));
  }
}

/**
 * The results of all accounts. If one of several accounts fails as a whole, for example because of an expired token, `failed`
 * returns its result from its unread deployments, so that the others are still handled. The error of an only account is thrown.
 */
export function inEachAccount<Result>(
  accounts: readonly CommandAccount[],
  work: (account: CommandAccount) => Promise<Result>,
  failed: (unread: readonly UnreadObject[], account: CommandAccount) => Result,
): Promise<Result[]> {
  return inAllAccounts(accounts, (account) =>
    work(account).catch((error: unknown) => {
      const { selection } = account.scope;
      if (accounts.length === 1 || selection.by !== "ids" || !(error instanceof QoderError)) {
        throw error;
      }
      const reason = failureText(error);
      return failed(
        selection.ids.map((id) => ({ id, reason })),
        account,
      );
    }),
  );
}

/** Does the work in all accounts at once. Not `Promise.all`, which would end the requests in all accounts after a failure in one. */
export function inAllAccounts<Part, Result>(
  parts: readonly Part[],
  work: (part: Part) => Promise<Result>,
): Promise<Result[]> {
  return eachOf(parts, work, parts.length);
}
