import { declaredPausedAt, livePause } from "../../deployment/paused";
import { eachOf } from "../client";
import type { Selected } from "../command-line";
import { changeStatus, type ReadDeployment, readDeployment, readDeployments } from "../deployments";
import { listed, listedIfAny } from "../pause/words";
import { type CommandAccount, inEachAccount, scopesOf, type UnreadObject, withAccounts } from "../scope";
import { type Environment, isConfirmed, type Streams, type WriteSurroundings } from "../terminal";
import { lines, printable, shown } from "../words";
import { startQuestion } from "./plan";

export interface ServicePauses extends Selected {
  readonly dryRun: boolean;
  readonly yes: boolean;
}

interface Paused {
  readonly account: CommandAccount;
  readonly deployment: ReadDeployment;
}

/** Starts the selected deployments that the service paused, and returns whether everything is as asked. */
export async function resumePausedByService(
  command: ServicePauses,
  environment: Environment,
  { stdout, stderr }: Streams,
  { ask }: WriteSurroundings,
): Promise<boolean> {
  const scopes = await scopesOf(command, environment);
  const isDeclared = ({ id, reply }: ReadDeployment) =>
    scopes.managed.get(id)?.isPaused === true || declaredPausedAt(reply) !== undefined;
  return withAccounts(scopes, async (accounts) => {
    const fleets = await inEachAccount(
      accounts,
      async (account) => {
        const { read, unread, cutOff } = await readDeployments(account);
        return { found: read.filter(isByService).map((deployment) => ({ account, deployment })), unread, cutOff };
      },
      (unread) => ({ found: [], unread, cutOff: undefined }),
    );
    const found = fleets.flatMap((fleet): readonly Paused[] => fleet.found);
    const starts = found.filter(({ deployment }) => !isDeclared(deployment));
    const left = found.filter(({ deployment }) => isDeclared(deployment));
    stdout.write(
      lines([
        ...listed("To start, paused by the service", "deployment", starts.map(rowOf)),
        ...listedIfAny("Left alone, as a program stops them with `paused: true`", "deployment", left.map(rowOf)),
      ]),
    );
    const problems = [
      ...[...fleets.flatMap(({ unread }): readonly UnreadObject[] => unread), ...scopes.unknown].map(notRead),
      ...fleets
        .flatMap(({ cutOff = [] }) => cutOff)
        .map((reason) => `Not all deployments were read: ${printable(reason)}`),
    ];
    if (starts.length > 0 && !command.dryRun) {
      if (!(await isConfirmed(command, ask, startQuestion(starts.length), stderr))) {
        return false;
      }
      const refused = (await eachOf(starts, started)).filter((problem) => problem !== undefined);
      stdout.write(`${starts.length - refused.length} started\n`);
      problems.push(...refused);
    }
    stderr.write(lines(problems));
    return problems.length === 0;
  });
}

function isByService(deployment: ReadDeployment): boolean {
  return deployment.archived_at == null && livePause(deployment) === "by the service";
}

function rowOf({ deployment }: Paused): string {
  const { paused_reason: reason } = deployment;
  return `${shown(deployment)}: ${printable(reason?.error?.type ?? reason?.type ?? "no reason")}`;
}

function notRead({ id, name, reason }: UnreadObject): string {
  return `Not started: ${shown({ id, name })}: ${printable(reason)}`;
}

/** Starts the deployment, and returns the problem if it did not. Reads it right before: a person may have paused it meanwhile. */
async function started({ account, deployment }: Paused): Promise<string | undefined> {
  const client = account.client.forObject();
  const now = await readDeployment(client, deployment.id);
  if ("reason" in now) {
    return notRead({ ...now, name: deployment.name });
  }
  if (!isByService(now)) {
    return notRead({ id: now.id, name: now.name, reason: "somebody has changed its pause meanwhile" });
  }
  const changed = await changeStatus(client, now.id, "unpause");
  return "problem" in changed ? notRead({ id: now.id, name: now.name, reason: changed.problem }) : undefined;
}
