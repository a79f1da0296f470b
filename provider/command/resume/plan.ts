import { counted } from "../../api/clock";
import { QoderError } from "../../api/errors";
import { declaredPausedAt, livePause } from "../../deployment/paused";
import { newestRun } from "../../deployment-run/runs";
import { meetsAll, type ReadDeployment, readDeployment } from "../deployments";
import { contentOf, isOwnChange, type PausedEntry } from "../pause/receipt";
import type { CommandAccount } from "../scope";
import { failureText, goOnAgain } from "../words";

/** The decision about a deployment that the receipt names as paused. */
export type Decision = { readonly entry: PausedEntry } & Verdict;

export function startQuestion(count: number): string {
  return `Start ${counted(count, "deployment")} again?`;
}

/** Whether the program of a stack declares the deployment with `paused: true`. */
export type IsDeclared = (id: string) => boolean;

type Verdict =
  | { readonly start: CommandAccount }
  /** The reason for which the command leaves the deployment alone: it is not as the pause left it. */
  | { readonly leave: string }
  /** The reason for which nobody can tell. */
  | { readonly problem: string };

/**
 * The decision. An error about one deployment, or with several accounts of one of them, such as an expired token, must not keep the
 * others paused.
 */
export async function decided(
  entry: PausedEntry,
  accounts: readonly CommandAccount[],
  isDeclared: IsDeclared,
): Promise<Decision> {
  try {
    return { entry, ...(await verdictOn(entry, accounts, isDeclared)) };
  } catch (error) {
    if (error instanceof QoderError && (accounts.length > 1 || !meetsAll(error))) {
      return { entry, problem: failureText(error, goOnAgain) };
    }
    throw error;
  }
}

async function verdictOn(
  entry: PausedEntry,
  accounts: readonly CommandAccount[],
  isDeclared: IsDeclared,
): Promise<Verdict> {
  if (entry.state === "resumed") {
    return { leave: "this receipt has started it already" };
  }
  const account = accounts.find(
    ({ scope: { selection } }) => selection.by === "ids" && selection.ids.includes(entry.id),
  );
  if (account === undefined) {
    return { problem: "the stack does not manage it any more; start it at the console, or with `pulumi up`" };
  }
  const { baseUrl, workspaceId } = account.scope.account;
  if (baseUrl !== entry.baseUrl || (workspaceId ?? null) !== entry.workspaceId) {
    return {
      problem: `it was paused at ${placeText(entry)}, and the token here is for ${placeText({ baseUrl, workspaceId: workspaceId ?? null })}`,
    };
  }
  const now = await readDeployment(account.client.forObject(), entry.id);
  if ("reason" in now) {
    return { problem: now.reason };
  }
  const leave = notOurs(entry, now) ?? declaredReason(entry, now, isDeclared) ?? (await touchedBy(entry, now, account));
  return leave === undefined ? { start: account } : { leave };
}

function placeText({ baseUrl, workspaceId }: Pick<PausedEntry, "baseUrl" | "workspaceId">): string {
  return workspaceId === null ? baseUrl : `${baseUrl}, workspace ${workspaceId}`;
}

/** The reason if a program stops the deployment: then no command starts it. */
function declaredReason(entry: PausedEntry, now: ReadDeployment, isDeclared: IsDeclared) {
  const { id, updatedAt } = entry;
  const at = declaredPausedAt(now.reply);
  // Of a pause without an answer, only the times of its requests are known.
  const isDeclaredSince =
    at !== undefined && (updatedAt === null ? isOwnChange(entry, at) : Date.parse(at) >= Date.parse(updatedAt));
  return isDeclaredSince || isDeclared(id)
    ? "a program stops it with `paused: true`; write `paused: false` and run `pulumi up` to start it"
    : undefined;
}

function notOurs({ state }: PausedEntry, now: ReadDeployment): string | undefined {
  const { status, archived_at: archivedAt, paused_reason: reason } = now;
  if (archivedAt != null) {
    return "it has been archived since";
  }
  if (status === "active") {
    return state === "resuming" ? "an earlier `resume` has started it" : "somebody has started it since";
  }
  if (status !== "paused") {
    return `its status is ${status ?? "unknown"}`;
  }
  return livePause(now) === "by hand"
    ? undefined
    : `the service has paused it since (${reason?.error?.type ?? reason?.type})`;
}

/**
 * The reason to believe that a person has unpaused and paused the deployment since; undefined if there is none. Deployments
 * have no version, and every change moves `updated_at` ("Update a deployment"). If `updated_at` has moved and the declared
 * content is the same, the status must have changed. If the content has changed too, for example by `pulumi up`, only a run
 * since the pause proves a change of status.
 */
async function touchedBy(
  entry: PausedEntry,
  { id, updated_at: updated, reply }: ReadDeployment,
  { client }: CommandAccount,
): Promise<string | undefined> {
  const { updatedAt, content, state } = entry;
  if (updatedAt === null) {
    const isOurs = updated === undefined ? state !== "pausing" : isOwnChange(entry, updated);
    return isOurs ? undefined : "the receipt does not prove that its pause and not another one stopped it";
  }
  if (updated === updatedAt) {
    return undefined;
  }
  if (contentOf(reply) === content) {
    return "somebody has started and paused it since";
  }
  const run = await newestRun(client.forObject(), id);
  return run?.createdAt !== undefined && Date.parse(run.createdAt) > Date.parse(updatedAt)
    ? "it has run since, so somebody has started and paused it"
    : undefined;
}
