import { counted } from "../../provider/api/clock";
import { QoderApiError } from "../../provider/api/errors";
import { readSession } from "../../provider/deployment-run/ask-result";
import { isWorking } from "../../provider/deployment-run/result";
import { readRun } from "../../provider/deployment-run/runs";
import { sessionKind } from "../../provider/deployment-run/sessions";
import { deploymentRuns } from "../../provider/kinds/table";
import { eachOf } from "../client";
import { type CommandLine, type CommandRow, Misuse } from "../command";
import { readDeployments } from "../deployments";
import {
  cancelLater,
  doing,
  idleState,
  type OpenSession,
  type SessionGaps,
  workingSessions,
} from "../pause/open-sessions";
import { cancelSessions, PauseRecord } from "../pause/pause-and-cancel";
import { listed, listedIfAny } from "../pause/words";
import { type CommandAccount, inAllAccounts, runSelected, type Scopes } from "../scope";
import { accountOptions, askingOptions, deploymentOptions, deploymentsSelected, isDeploymentId } from "../selection";
import { type Environment, isConfirmed, processSurroundings, type Streams, type WriteSurroundings } from "../terminal";
import { type CommandTime, commandTime, timeoutOption } from "../time";
import { goOnAgain, lines, printable, problemOf } from "../words";

const exitStatus = { asAsked: 0, notAsAsked: 1 } as const;

export async function runCancel(
  args: readonly string[],
  environment: Environment,
  streams: Streams,
  surroundings: WriteSurroundings = processSurroundings(),
): Promise<number> {
  return runSelected(
    { row: cancelCommand, args, environment, streams },
    (line) => asked(line, surroundings),
    (command, accounts, scopes) => cancel(command, accounts, scopes, streams, surroundings),
  );
}

async function cancel(
  command: CancelCommand,
  accounts: readonly CommandAccount[],
  scopes: Scopes,
  { stdout, stderr }: Streams,
  { ask }: WriteSurroundings,
): Promise<number> {
  const isAnyWorking = command.targets.some((target) => !isSessionLike(target));
  const places = await inAllAccounts(accounts, (account) => placeOf(account, isAnyWorking));
  const found = (await eachOf(command.targets, (target) => sessionsOf(target, places, scopes))).flat();
  // The command line may give a session and its deployment.
  const each = [
    ...new Map(found.flatMap((one) => ("session" in one ? [[one.session.id, one] as const] : []))).values(),
  ];
  const open = each.flatMap(({ account, session }) => (session.does === "done" ? [] : [{ account, session }]));
  const over = each.flatMap(({ session }) => (session.does === "done" ? [printable(session.id)] : []));
  const unknown = found.filter((one) => "problem" in one);
  const rows = open.map(({ session: { id, does } }) => `${printable(id)}: ${doing[does]}`);
  stdout.write(lines([...listed("To cancel", "session", rows), ...listedIfAny("Ended already", "session", over)]));
  stderr.write(lines(unknown.map(({ target, problem }) => `Not known: ${printable(target)}\n  ${printable(problem)}`)));
  if (open.length > 0 && !(await isConfirmed(command, ask, `Cancel ${counted(open.length, "session")}?`, stderr))) {
    return exitStatus.notAsAsked;
  }
  const record = new PauseRecord([]);
  const gaps = new Set<string>();
  await inAllAccounts(accounts, (account) => cancelIn(account, open, record, gaps, command.time));
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

const isSessionLike = (text: string) =>
  text.startsWith(sessionKind.idPrefix) || text.startsWith(deploymentRuns.idPrefix);

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

/** What stands on the command line and has no session to show, and why. */
interface NotFound {
  readonly target: string;
  readonly problem: string;
}

/** An account, and the sessions that work there. */
interface Place {
  readonly account: CommandAccount;
  readonly working: readonly OpenSession[];
  readonly gaps: SessionGaps;
}

/** `isAnyWorking`: the command line names a deployment. */
async function placeOf(account: CommandAccount, isAnyWorking: boolean): Promise<Place> {
  const gaps: SessionGaps = new Set();
  return { account, working: isAnyWorking ? await workingSessions(account.client.forObject(), gaps) : [], gaps };
}

/** The sessions of what the command line names, in the first account that has it. */
async function sessionsOf(
  target: string,
  places: readonly Place[],
  scopes: Scopes,
): Promise<(FoundSession | NotFound)[]> {
  const isObject = isSessionLike(target);
  const work = isObject ? sessionIn : workingIn;
  const problems: string[] = [];
  for (const place of places) {
    try {
      const sessions = await work(place, target, scopes);
      if (sessions !== undefined) {
        return sessions.map((session) => ("problem" in session ? session : { account: place.account, session }));
      }
    } catch (error) {
      problems.push(...(error instanceof QoderApiError && error.isNotFound ? [] : [problemOf(error)]));
    }
  }
  const unseen = `this token sees no such ${isObject ? "session or run" : "deployment"}; check the id, the account and the workspace`;
  return [{ target, problem: problems[0] ?? unseen }];
}

/** The session with this id, or of the run with it. */
async function sessionIn({ account }: Place, target: string): Promise<readonly (FoundSession["session"] | NotFound)[]> {
  const client = account.client.forObject();
  const run = target.startsWith(deploymentRuns.idPrefix) ? await readRun(client, target) : { sessionId: target };
  if (run.sessionId === undefined) {
    return [{ target, problem: "the run has no session" }];
  }
  const session = await readSession(client, run.sessionId);
  const isIdle = session.status === "idle" && session.archived_at == null;
  const does = isWorking(session) ? "running" : isIdle ? (await idleState(client, session.id)).does : "done";
  const deploymentId = session.deployment_id ?? undefined;
  return [does === "done" ? { id: session.id, does } : { id: session.id, deploymentId, does }];
}

/** The sessions that work now of the deployment with this id or name; undefined if the account has none. */
async function workingIn(
  { account, working, gaps }: Place,
  target: string,
  { managed, stack }: Scopes,
): Promise<readonly (FoundSession["session"] | NotFound)[] | undefined> {
  const { selection } = account.scope;
  const isNamed = (id: string) => [id, managed.get(id)?.resourceName, managed.get(id)?.name].includes(target);
  const ids = selection.by === "ids" ? selection.ids.filter(isNamed) : isDeploymentId(target) ? [target] : [];
  if (stack !== undefined && ids.length === 0) {
    return undefined;
  }
  const names = ids.length === 0 ? { names: [target] } : {};
  const { read, unread } = await readDeployments({
    ...account,
    scope: { ...account.scope, selection: { by: "ids", ids, ...names } },
  });
  const ours = working.filter(({ deploymentId }) => read.some(({ id }) => id === deploymentId));
  const problems = [...unread.map(({ reason }) => reason), ...gaps].map((problem) => ({ target, problem }));
  const isOver = read.length > 0 && ours.length + problems.length === 0;
  return [...ours, ...problems, ...(isOver ? [{ id: target, does: "done" as const }] : [])];
}

type CancelCommand = NonNullable<ReturnType<typeof asked>>;

const options = {
  stack: deploymentOptions.stack,
  ...accountOptions,
  timeout: timeoutOption,
  yes: askingOptions.yes,
} as const;

export const cancelCommand: CommandRow<typeof options> = {
  name: "cancel",
  brief: "cancels sessions that work, hang or wait",
  usage: "(sess_... | drun_... | dep_... | NAME) [options]",
  does: "Cancels sessions, and waits until they have ended. Lists them first, and asks. Their deployments keep running on their schedules.",
  argument: [
    "sess_... drun_... dep_... NAME",
    "sessions, the sessions of runs, and all sessions of deployments that work now; what waits for somebody needs its own id",
  ],
  options: { ...options, stack: { ...options.stack, meaning: "look in the accounts of this Pulumi stack" } },
  statuses: { 0: "every session has ended", 1: "a session has not, or is unknown" },
  page: "docs/commands/cancel.md",
  again: goOnAgain,
};

function asked({ values, positionals }: CommandLine<typeof options>, { ask, clock }: WriteSurroundings) {
  const { stack, workspace, timeout, yes } = values;
  if (positionals.length > 0 && ask === undefined && !yes) {
    throw new Misuse("there is no terminal to ask in; add --yes to cancel without a question");
  }
  const others = positionals.filter((text) => !isSessionLike(text));
  // With --workspace or without: the same refusals as of the other commands.
  const selection = deploymentsSelected(
    { all: stack === undefined && others.length === 0, stack, workspace },
    stack === undefined ? others : [],
  );
  const targets = [...new Set(positionals)];
  const scope = selection?.by === "stack" ? selection : ({ by: "all" } as const);
  return targets.length === 0
    ? undefined
    : { selection: scope, workspace, yes, targets, time: commandTime(timeout, clock) };
}
