import type { QoderClient } from "../../api/client";
import { counted } from "../../api/clock";
import { QoderError } from "../../api/errors";
import { newestRun } from "../../deployment-run/runs";
import { eachOf } from "../client";
import { deploymentsSelected, refuseUnasked, runCommand, type Selected } from "../command-line";
import { changeStatus, meetsAll, type ReadDeployment, readDeployment, readDeployments } from "../deployments";
import {
  askingOptions,
  type CommandLine,
  type CommandRow,
  commandTime,
  deploymentOptions,
  flag,
  selectedArgument,
} from "../options";
import { markOf, unmark } from "../pause/mark";
import { listed, listedIfAny } from "../pause/words";
import { type CommandAccount, inEachAccount, type Scopes, scopesOf, type UnreadObject, withAccounts } from "../scope";
import { type Environment, isConfirmed, processSurroundings, type Streams, type WriteSurroundings } from "../terminal";
import { failureText, goOnAgain, lines, nothingText, printable, shown } from "../words";
import { serviceReason, type Wish, whatToResume } from "./what-to-resume";

const exitStatus = { asAsked: 0, notAsAsked: 1 } as const;

export async function runResume(
  args: readonly string[],
  environment: Environment,
  streams: Streams,
  surroundings: WriteSurroundings = processSurroundings(),
): Promise<number> {
  return runCommand(
    resumeCommand,
    args,
    streams,
    (line) => asked(line, surroundings),
    async (command) => {
      const isDone = await resume(command, environment, streams, surroundings);
      return isDone ? exitStatus.asAsked : exitStatus.notAsAsked;
    },
  );
}

/** A deployment with the decision about it, and with the reason to leave it alone or to name it as a problem. */
interface Decided {
  readonly account: CommandAccount;
  readonly deployment: ReadDeployment;
  readonly does: "start" | "leave" | "fail" | "nothing";
  readonly reason?: string;
}

async function resume(
  command: ResumeCommand,
  environment: Environment,
  { stdout, stderr }: Streams,
  { ask }: WriteSurroundings,
): Promise<boolean> {
  const { by, selection, dryRun } = command;
  const scopes = await scopesOf(command, environment);
  return withAccounts(scopes, async (accounts) => {
    const decider = new Decider(command, scopes.managed, accounts.length > 1);
    const fleets = await inEachAccount(
      accounts,
      async (account) => {
        const { read, unread, cutOff } = await readDeployments(account);
        const decided = await eachOf(read, (deployment) => decider.decide(account, deployment, hasAll(deployment)));
        return { decided, unread, cutOff };
      },
      (unread) => ({ decided: [], unread, cutOff: undefined }),
    );
    const decided = fleets.flatMap((fleet): readonly Decided[] => fleet.decided);
    const starts = decided.filter(({ does }) => does === "start");
    const title = by === "service" ? "To start, paused by the service" : "To start";
    stdout.write(
      lines([
        ...listed(
          title,
          "deployment",
          starts.map((one) => rowOf(one, by)),
        ),
        ...leftLines(decided, by),
      ]),
    );
    const problems = [
      ...[...fleets.flatMap(({ unread }): readonly UnreadObject[] => unread), ...scopes.unknown].map(notStarted),
      ...fleets
        .flatMap(({ cutOff = [] }) => cutOff)
        .map((reason) => `Not all deployments were read: ${printable(reason)}`),
      ...failures(decided),
    ];
    if (by === "command" && decided.length + problems.length === 0) {
      stderr.write(nothingText("resume", selection));
      return false;
    }
    if (starts.length > 0 && !dryRun) {
      const question = `Start ${counted(starts.length, "deployment")} again?`;
      if (!(await isConfirmed(command, ask, question, stderr))) {
        return false;
      }
      // A question takes time, in which `pulumi up` may have changed what the stack declares.
      const { managed } = command.yes ? scopes : await scopesOf(command, environment);
      const last = new Decider(command, managed, accounts.length > 1);
      const others = (await eachOf(starts, (one) => last.start(one))).filter(({ does }) => does !== "start");
      stdout.write(lines([...leftLines(others, by), `${starts.length - others.length} started`]));
      problems.push(...failures(others));
    }
    stderr.write(lines(problems));
    return problems.length === 0;
  });
}

/** Not every list shows the metadata, which has the mark of the pause. */
function hasAll({ status, metadata }: ReadDeployment): boolean {
  return status !== "paused" || metadata !== undefined;
}

class Decider {
  constructor(
    private readonly command: ResumeCommand,
    private readonly managed: Scopes["managed"],
    private readonly hasSeveralAccounts: boolean,
  ) {}

  /** Decides about the deployment as it is known, or as a GET shows it now. */
  decide(account: CommandAccount, deployment: ReadDeployment, isCurrent: boolean): Promise<Decided> {
    return this.#orFailure({ account, deployment, does: "fail" }, async () => {
      const client = account.client.forObject();
      const now = isCurrent ? deployment : await readDeployment(client, deployment.id);
      if ("reason" in now) {
        return { account, deployment, does: "fail", reason: now.reason };
      }
      const decision = whatToResume(now, this.#wish(now.id));
      if (decision === "not meant") {
        return { account, deployment: now, does: "nothing" };
      }
      const reason =
        decision === "start"
          ? undefined
          : "leave" in decision
            ? decision.leave
            : await runReason(client, now, decision);
      return { account, deployment: now, ...(reason === undefined ? { does: "start" } : { does: "leave", reason }) };
    });
  }

  /** Starts the deployment if the same decision, right before, says so. */
  start({ account, deployment }: Decided): Promise<Decided> {
    return this.#orFailure({ account, deployment, does: "fail" }, async () => {
      const now = await this.decide(account, deployment, false);
      if (now.does === "nothing") {
        const does = this.command.by === "service" ? "fail" : "leave";
        return { ...now, does, reason: "somebody has changed its pause meanwhile" };
      }
      if (now.does !== "start") {
        return now;
      }
      const client = account.client.forObject();
      const changed = await changeStatus(client, deployment.id, "unpause");
      if ("problem" in changed) {
        return { ...now, does: "fail", reason: changed.problem };
      }
      const kept = markOf(now.deployment) === undefined ? undefined : await unmark(client, deployment.id);
      return kept === undefined ? now : { ...now, does: "fail", reason: `it runs, but the mark stays: ${kept}` };
    });
  }

  #wish(id: string): Wish {
    const { by, selection } = this.command;
    const isGiven = selection.by === "ids" && selection.ids.includes(id);
    return { by, isGiven, isDeclared: this.managed.get(id)?.isPaused === true };
  }

  /** An error about one deployment, or with several accounts of one of them, must not keep the others paused. */
  async #orFailure(failed: Decided, work: () => Promise<Decided>): Promise<Decided> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof QoderError && (this.hasSeveralAccounts || !meetsAll(error))) {
        return { ...failed, reason: failureText(error, goOnAgain) };
      }
      throw error;
    }
  }
}

async function runReason(
  client: QoderClient,
  { id }: ReadDeployment,
  { startUnlessRunSince: time }: { readonly startUnlessRunSince: number },
): Promise<string | undefined> {
  const run = await newestRun(client, id);
  return Date.parse(run?.createdAt ?? "") > time
    ? "it has run since, so somebody has started and paused it"
    : undefined;
}

function rowOf({ deployment }: Decided, by: Wish["by"]): string {
  return by === "service" ? `${shown(deployment)}: ${printable(serviceReason(deployment))}` : shown(deployment);
}

function leftLines(decided: readonly Decided[], by: Wish["by"]): string[] {
  const left = decided.filter(({ does }) => does === "leave");
  return by === "service"
    ? listedIfAny(
        "Left alone, as a program stops them with `paused: true`",
        "deployment",
        left.map((one) => rowOf(one, by)),
      )
    : listedIfAny(
        "Left alone",
        "deployment",
        left.map(({ deployment, reason = "" }) => `${shown(deployment)}: ${printable(reason)}`),
      );
}

function failures(decided: readonly Decided[]): string[] {
  return decided.flatMap(({ does, deployment: { id, name }, reason = "" }) =>
    does === "fail" ? [notStarted({ id, name, reason })] : [],
  );
}

function notStarted({ id, name, reason }: UnreadObject): string {
  return `Not started: ${shown({ id, name })}: ${printable(reason)}`;
}

interface ResumeCommand extends Selected {
  readonly by: Wish["by"];
  readonly dryRun: boolean;
  readonly yes: boolean;
}

const options = {
  "paused-by-service": flag(
    "start the deployments that the service paused instead, never one that a person paused; without a selection all",
  ),
  ...deploymentOptions,
  ...askingOptions,
} as const;

export const resumeCommand: CommandRow<typeof options> = {
  name: "resume",
  brief: "starts again the deployments that pause has paused",
  usage:
    "(dep_... | NAME | --all | --agent ID | --stack [NAME] | --label KEY=VALUE | --paused-by-service) [--dry-run] [--yes]",
  does: "Starts again, of the selected deployments, the ones that `pulumi-qoder pause` has paused on any machine and that nobody has started, paused or archived since, and that no program stops. Takes their marks away. Lists its changes first, and asks. Cancelled sessions stay cancelled.",
  argument: selectedArgument,
  options,
  statuses:
    "0 every deployment is as asked, 1 one is not (stderr names it) or no deployment was found, 2 the command line is wrong, or there is no terminal to ask in.",
  page: "docs/commands.md#resume",
  again: goOnAgain,
};

function asked(
  { values, positionals }: CommandLine<typeof options>,
  { ask, clock }: WriteSurroundings,
): ResumeCommand | undefined {
  const { "paused-by-service": isByService, "dry-run": dryRun, yes, workspace } = values;
  const selection = deploymentsSelected(values, positionals) ?? (isByService ? ({ by: "all" } as const) : undefined);
  if (selection === undefined) {
    return undefined;
  }
  refuseUnasked(ask, { yes, dryRun });
  const by = isByService ? "service" : "command";
  return { by, selection, workspace, time: commandTime(values.timeout, clock), dryRun, yes };
}
