import type { QoderClient } from "../../provider/api/client";
import { counted } from "../../provider/api/clock";
import { QoderApiError, QoderError } from "../../provider/api/errors";
import { readSession } from "../../provider/deployment-run/ask-result";
import { isWorking } from "../../provider/deployment-run/result";
import { sessionKind } from "../../provider/deployment-run/sessions";
import { type CommandLine, type CommandRow, Misuse, runCommand } from "../command";
import { cancelLater, doing, idleState, type OpenSession, type SessionGaps } from "../pause/open-sessions";
import { cancelSessions, PauseRecord } from "../pause/pause-and-cancel";
import { listed, listedIfAny } from "../pause/words";
import { type CommandAccount, inSelected } from "../scope";
import { accountOptions, askingOptions, deploymentOptions } from "../selection";
import { type Environment, isConfirmed, processSurroundings, type Streams, type WriteSurroundings } from "../terminal";
import { type CommandTime, commandTime, timeoutOption } from "../time";
import { goOnAgain, lines, printable } from "../words";

const exitStatus = { asAsked: 0, notAsAsked: 1 } as const;

export async function runCancel(
  args: readonly string[],
  environment: Environment,
  streams: Streams,
  surroundings: WriteSurroundings = processSurroundings(),
): Promise<number> {
  return runCommand(
    cancelCommand,
    args,
    streams,
    (line) => asked(line, surroundings),
    (command) =>
      inSelected(command, environment, streams, (accounts) => cancel(command, accounts, streams, surroundings)),
  );
}

async function cancel(
  command: CancelCommand,
  accounts: readonly CommandAccount[],
  { stdout, stderr }: Streams,
  { ask }: WriteSurroundings,
): Promise<number> {
  const found = await Promise.all(command.ids.map((id) => inAccounts(id, accounts)));
  const unknown = command.ids.filter((_, place) => found[place] === undefined);
  const open = found.flatMap((one) =>
    one === undefined || one.session.does === "done" ? [] : [{ account: one.account, session: one.session }],
  );
  const over = found.flatMap((one) => (one?.session.does === "done" ? [printable(one.session.id)] : []));
  const rows = open.map(({ session: { id, does } }) => `${printable(id)}: ${doing[does]}`);
  stdout.write(lines([...listed("To cancel", "session", rows), ...listedIfAny("Ended already", "session", over)]));
  stderr.write(lines(unknown.map((id) => `Not known: ${printable(id)}\n  ${unseen}`)));
  if (open.length > 0 && !(await isConfirmed(command, ask, `Cancel ${counted(open.length, "session")}?`, stderr))) {
    return exitStatus.notAsAsked;
  }
  const record = new PauseRecord([]);
  const gaps = new Set<string>();
  for (const account of accounts) {
    await cancelIn(account, open, record, gaps, command.time);
  }
  const entries = [...record.sessions.values()];
  const problems = entries.filter(({ problem }) => problem !== undefined);
  const ended = entries.filter(({ isEnded }) => isEnded).length;
  stdout.write(open.length === 0 ? "" : lines([`Ended: ${counted(ended, "session")}`]));
  stderr.write(
    lines([
      ...problems.map(({ id, problem = "" }) => `Not ended: ${printable(id)}: ${printable(problem)}`),
      ...[...gaps].map((gap) => `Not read: ${printable(gap)}`),
    ]),
  );
  return problems.length + gaps.size + unknown.length > 0 ? exitStatus.notAsAsked : exitStatus.asAsked;
}

async function cancelIn(
  { client }: CommandAccount,
  open: readonly { readonly account: CommandAccount; readonly session: OpenSession }[],
  record: PauseRecord,
  gaps: SessionGaps,
  time: CommandTime,
): Promise<void> {
  const sessions = open.flatMap(({ account, session }) => (account.client === client ? [session] : []));
  const ids = new Set(sessions.map(({ id }) => id));
  if (sessions.length > 0) {
    const target = {
      client,
      sessions,
      gaps,
      isWanted: ({ id }: Pick<OpenSession, "id">) => ids.has(id),
      mayBegin: false,
    };
    await cancelSessions(target, record, time, () => {});
  }
  for (const { id, deploymentId = "" } of sessions.filter(({ does }) => does === "new")) {
    if (!record.sessions.has(id)) {
      record.sessions.set(id, { id, deploymentId, problem: `${doing.new}; ${cancelLater}` });
    }
  }
}

interface FoundSession {
  readonly account: CommandAccount;
  readonly session: OpenSession | { readonly id: string; readonly does: "done" };
}

/** The session in the first account that has it. Throws the error of an account only if no other has the session. */
async function inAccounts(id: string, accounts: readonly CommandAccount[]): Promise<FoundSession | undefined> {
  const failures: QoderError[] = [];
  for (const account of accounts) {
    try {
      return { account, session: await sessionIn(account.client.forObject(), id) };
    } catch (error) {
      if (!(error instanceof QoderError)) {
        throw error;
      }
      failures.push(...(error instanceof QoderApiError && error.isNotFound ? [] : [error]));
    }
  }
  if (failures.length > 0) {
    throw failures[0];
  }
  return undefined;
}

async function sessionIn(client: QoderClient, id: string): Promise<FoundSession["session"]> {
  const session = await readSession(client, id);
  const isIdle = session.status === "idle" && session.archived_at == null;
  const does = isWorking(session) ? "running" : isIdle ? (await idleState(client, id)).does : "done";
  return does === "done" ? { id, does } : { id, deploymentId: session.deployment_id ?? undefined, does };
}

const unseen = "this token sees no such session; check the id, the account and the workspace";

type CancelCommand = NonNullable<ReturnType<typeof asked>>;

const options = {
  stack: deploymentOptions.stack,
  ...accountOptions,
  timeout: timeoutOption,
  yes: askingOptions.yes,
} as const;

export const cancelCommand: CommandRow<typeof options> = {
  name: "cancel",
  brief: "cancels sessions that hang or wait",
  usage: "sess_... [options]",
  does: "Cancels sessions, and waits until they have ended. Lists them first, and asks. Their deployments keep running on their schedules.",
  argument: ["sess_...", "the sessions, as `pulumi-qoder status` names them"],
  options: { ...options, stack: { ...options.stack, meaning: "look in the accounts of this Pulumi stack" } },
  statuses: { 0: "every session has ended", 1: "a session has not, or is unknown" },
  page: "docs/commands/cancel.md",
  again: goOnAgain,
};

function asked({ values, positionals }: CommandLine<typeof options>, { ask, clock }: WriteSurroundings) {
  const { stack, workspace, timeout, yes } = values;
  const wrong = positionals.find((text) => !text.startsWith(sessionKind.idPrefix));
  if (wrong !== undefined) {
    throw new Misuse(`"${wrong}" is not the id of a session (sess_...)`);
  }
  if (positionals.length > 0 && ask === undefined && !yes) {
    throw new Misuse("there is no terminal to ask in; add --yes to cancel without a question");
  }
  const selection =
    stack === undefined ? ({ by: "all" } as const) : ({ by: "stack", name: stack === "" ? undefined : stack } as const);
  const ids = [...new Set(positionals)];
  return ids.length === 0 ? undefined : { selection, workspace, yes, ids, time: commandTime(timeout, clock) };
}
