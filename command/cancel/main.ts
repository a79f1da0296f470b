import { counted } from "../../provider/api/clock";
import { isNotFound } from "../../provider/api/errors";
import { Once } from "../../provider/api/once";
import { patience } from "../../provider/api/patience";
import { readSession } from "../../provider/deployment-run/ask-result";
import { isWorking } from "../../provider/deployment-run/result";
import { readRun, runsSince } from "../../provider/deployment-run/runs";
import { sessionKind } from "../../provider/deployment-run/sessions";
import { deploymentRuns } from "../../provider/kinds/table";
import { actOn, type Decision } from "../act";
import { eachOf } from "../client";
import { type CommandLine, type CommandRow, Misuse } from "../command";
import { type ReadDeployment, readDeployments } from "../deployments";
import { type CommandAccount, type Context, inAllAccounts, runnerOf, type Scopes, type UnreadObject } from "../scope";
import { accountOptions, askingOptions, deploymentOptions, deploymentsSelected, isDeploymentId } from "../selection";
import { processSurroundings, type WriteSurroundings } from "../terminal";
import { commandTime, timeoutOption } from "../time";
import { goOnAgain, listed, listedIfAny, printable, problemOf } from "../words";
import {
  cancelLater,
  doing,
  idleState,
  type OpenSession,
  openRows,
  type SessionGaps,
  workingSessions,
} from "./open-sessions";
import { CancelRecord, cancelEach, cancelSessions } from "./sessions";

async function cancel(context: Context<CancelCommand, WriteSurroundings>): Promise<number> {
  const { command, accounts, scopes } = context;
  const places = accounts.map((account) => ({ account, gaps: new Set<string>(), working: new Once<OpenSession[]>() }));
  const found = (await eachOf(command.targets, (target) => sessionsOf(target, places, scopes))).flat();
  const seen = found.flatMap((one) => ("session" in one ? [[one.session.id, one] as const] : []));
  const record = new CancelRecord();
  return actOn<FoundSession, FoundSession & Decision>(context, {
    verb: undefined,
    not: "Not known",
    // The command line may give a session and its deployment.
    fleets: [{ read: [...new Map(seen).values()], unread: found.filter((one) => "reason" in one) }],
    named: ({ session }) => session,
    decide: (one) => ({ ...one, does: one.session.does === "done" ? "leave" : "act" }),
    title: planLines,
    question: (todo) => (todo.length === 0 ? undefined : `Cancel ${counted(todo.length, "session")}?`),
    // A cancel changes no session that has ended meanwhile.
    again: async ({ account, session, of }) => ({ account, session, of }),
    act: async (item) => {
      await cancelEach(item.account, record, openOf([item]));
      return item;
    },
    close: async (tried) => {
      await inAllAccounts(accounts, async ({ client }) => {
        const sessions = openOf(tried.filter(({ account }) => account.client === client));
        await cancelSessions({ client, sessions }, record, command.time);
      });
      const done = tried.length === 0 ? [] : [`Ended: ${counted(record.ended, "session")}`];
      return { done, problems: record.problems };
    },
  });
}

interface FoundSession {
  readonly account: CommandAccount;
  readonly session: OpenSession | { readonly id: string; readonly does: "done" };
  /** The deployment, if the command has read it. */
  readonly of?: ReadDeployment | undefined;
}

function openOf(found: readonly FoundSession[]): OpenSession[] {
  return found.flatMap(({ session }) => (session.does === "done" ? [] : [session]));
}

function planLines(found: readonly FoundSession[]): string[] {
  const rows = openRows(
    openOf(found),
    found.flatMap(({ of }) => of ?? []),
  );
  const over = (isOfDeployment: boolean) =>
    found.flatMap(({ session, of }) =>
      session.does === "done" && (of !== undefined) === isOfDeployment ? [printable(session.id)] : [],
    );
  return [
    ...listed("To cancel", "session", rows),
    ...listedIfAny("Ended already", "session", over(false)),
    // What waits for somebody needs its own id, so it may be open.
    ...listedIfAny("No session works now", "deployment", over(true)),
  ];
}

const isSessionLike = (text: string) =>
  text.startsWith(sessionKind.idPrefix) || text.startsWith(deploymentRuns.idPrefix);

/** An account, and the sessions that work there. */
interface Place {
  readonly account: CommandAccount;
  readonly gaps: SessionGaps;
  readonly working: Once<OpenSession[]>;
}

/** The sessions of what the command line names: of an id in the account that has it, of a name in each. */
async function sessionsOf(
  target: string,
  places: readonly Place[],
  scopes: Scopes,
): Promise<(FoundSession | UnreadObject)[]> {
  const problems: UnreadObject[] = [];
  const look = async (work: typeof workingIn, isEnough: boolean) => {
    const found: (FoundSession | UnreadObject)[] = [];
    for (const place of places) {
      if (found.length === 0 || !isEnough) {
        found.push(...(await work(place, target, scopes).catch(refused)));
      }
    }
    return found;
  };
  const refused = (error: unknown) => {
    problems.push(...(isNotFound(error) ? [] : [{ id: target, reason: problemOf(error) }]));
    return [];
  };
  const isObject = isSessionLike(target);
  const byId = isObject ? await look(sessionIn, true) : [];
  if (byId.length > 0) {
    return byId;
  }
  // A deployment may have a name that looks like the id of a session.
  const byName = await look(workingIn, false);
  if (isObject ? byName.some((one) => "session" in one) : byName.length > 0) {
    return [...byName, ...problems];
  }
  const unseen = `this token sees no such ${isObject ? "session or run" : "deployment"}; check the id, the account and the workspace`;
  return [problems[0] ?? { id: target, reason: unseen }];
}

/** The session with this id, or of the run with it. */
async function sessionIn({ account }: Place, target: string): Promise<(FoundSession | UnreadObject)[]> {
  const run = target.startsWith(deploymentRuns.idPrefix)
    ? await readRun(account.client.forObject(), target)
    : { sessionId: target };
  return run.sessionId === undefined
    ? [{ id: target, reason: "the run has no session" }]
    : [await sessionWith(account, run.sessionId)];
}

async function sessionWith(account: CommandAccount, id: string): Promise<FoundSession> {
  const client = account.client.forObject();
  const session = await readSession(client, id);
  const isIdle = session.status === "idle" && session.archived_at == null;
  const does = isWorking(session) ? "running" : isIdle ? (await idleState(client, id)).does : "done";
  const deploymentId = session.deployment_id ?? undefined;
  return { account, session: does === "done" ? { id, does } : { id, deploymentId, does } };
}

/** The sessions that work now, or have not begun, of the deployment with this id or name; none if the account has no such deployment. */
async function workingIn(
  { account, working, gaps }: Place,
  target: string,
  { managed, stack }: Scopes,
): Promise<(FoundSession | UnreadObject)[]> {
  const { selection } = account.scope;
  const isNamed = (id: string) => [id, managed.get(id)?.resourceName, managed.get(id)?.name].includes(target);
  const ids = selection.by === "ids" ? selection.ids.filter(isNamed) : isDeploymentId(target) ? [target] : [];
  if (stack !== undefined && ids.length === 0) {
    return [];
  }
  const names = ids.length === 0 ? { names: [target] } : {};
  const scope = { ...account.scope, selection: { by: "ids", ids, ...names } } as const;
  const { read, unread } = await readDeployments({ ...account, scope });
  const all = await working.of("sessions", () => workingSessions(account.client.forObject(), gaps));
  const found = await eachOf(read, async (of): Promise<(FoundSession | UnreadObject)[]> => {
    const ours = all.filter(({ deploymentId }) => deploymentId === of.id);
    const sessions = ours.length > 0 ? ours.map((session) => ({ account, session, of })) : await newIn(account, of);
    return sessions.length > 0 || gaps.size > 0 ? sessions : [{ account, session: { id: target, does: "done" }, of }];
  });
  const problems = [...unread.map(({ reason }) => reason), ...gaps].map((reason) => ({ id: target, reason }));
  return [...found.flat(), ...problems];
}

/**
 * The sessions of the newest runs that the lists of working sessions do not show yet. The list of runs may show a run late, too: a second
 * look follows before the command says that nothing works.
 */
async function newIn(
  account: CommandAccount,
  of: ReadDeployment,
  isAgain = false,
): Promise<(FoundSession | UnreadObject)[]> {
  const runs = await runsSince(account.client.forObject(), of.id, account.client.serviceNow() - patience.sessionSlipMs);
  const started = runs.filter(({ error }) => error == null);
  const found = await eachOf(started, async ({ id, session_id: session }) =>
    session == null ? { id, reason: `${doing.new}; ${cancelLater}` } : { ...(await sessionWith(account, session)), of },
  );
  const open = found.filter((one) => "reason" in one || ["running", "new", "unknown"].includes(one.session.does));
  if (open.length > 0 || isAgain) {
    return open;
  }
  await account.client.forObject().pause(patience.lateMs);
  return newIn(account, of, true);
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
  page: "docs/commands.md#cancel",
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
    : { selection: scope, workspace, yes, dryRun: false, targets, time: commandTime(timeout, clock) };
}

export const runCancel = runnerOf({ row: cancelCommand, around: processSurroundings, asked, work: cancel });
