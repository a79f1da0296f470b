import { counted } from "../../provider/api/clock";
import { markOf, pauseId, pauseIn, tidied } from "../../provider/deployment/pause-mark";
import { advised } from "../advised";
import { eachOf } from "../client";
import { type CommandLine, type CommandRow, flag } from "../command";
import { changeStatus, type ReadDeployment, readDeployments, readToAct } from "../deployments";
import { pauseText, tidy } from "../pause/mark";
import { type KnownFleet, pausesOf } from "../pause/plan";
import { listed, listedIfAny, pauseRows } from "../pause/words";
import { type CommandAccount, inEachAccount, runSelected, type Scopes, type UnreadObject } from "../scope";
import {
  askingOptions,
  deploymentOptions,
  deploymentsSelected,
  nothingText,
  type Selected,
  selectedToAct,
  selectedUsage,
} from "../selection";
import { type Environment, isConfirmed, processSurroundings, type Streams, type WriteSurroundings } from "../terminal";
import { goOnAgain, lines, printable, shown } from "../words";
import { serviceReason, type Wish, whatToResume } from "./what-to-resume";

const exitStatus = { asAsked: 0, notAsAsked: 1 } as const;

export async function runResume(
  args: readonly string[],
  environment: Environment,
  streams: Streams,
  surroundings: WriteSurroundings = processSurroundings(),
): Promise<number> {
  return runSelected(
    { row: resumeCommand, args, environment, streams },
    (line) => asked(line, surroundings),
    (command, accounts, scopes, again) =>
      resumeIn(command, scopes, again, accounts, readDeployments, streams, surroundings),
  );
}

/** A deployment with the decision about it. `reason`: why the command leaves it alone, or what is a problem. */
interface Decided {
  readonly account: CommandAccount;
  readonly deployment: ReadDeployment;
  readonly does: "start" | "other pause" | "leave" | "fail" | "nothing";
  readonly reason?: string | undefined;
}

type Known = Pick<Decided, "account" | "deployment">;

/** Starts what the command means of the deployments that `read` returns, after a question, and returns the exit status. */
export async function resumeIn(
  command: ResumeCommand,
  scopes: Scopes,
  scopesAgain: () => Promise<Scopes>,
  accounts: readonly CommandAccount[],
  read: (account: CommandAccount) => Promise<KnownFleet>,
  { stdout, stderr }: Streams,
  { ask }: WriteSurroundings,
): Promise<number> {
  const fleets = await inEachAccount(
    accounts,
    async (account) => {
      const { read: listed, ...rest } = await read(account);
      const known = await eachOf(listed, (deployment) => whole({ account, deployment }));
      return { ...rest, known };
    },
    (unread) => ({ known: [], unread, cutOff: undefined }),
  );
  const known = fleets.flatMap((fleet): readonly (Known | Decided)[] => fleet.known);
  const now = accounts[0]?.client.serviceNow() ?? command.time.clock.now();
  const pauses = pausesToEnd(command, known, scopes);
  const wish = { ...command, pauses, isChosen: command.pauses.length > 0 };
  const all = known.map((one) => ("does" in one ? one : decided(one, wish, scopes)));
  const starts = all.filter(({ does }) => does === "start");
  stdout.write(planText(all, command, now));
  const unread = [...fleets.flatMap((fleet): readonly UnreadObject[] => fleet.unread), ...scopes.unknown];
  const cutOff = fleets.flatMap((fleet) => fleet.cutOff ?? []);
  let problems = [
    ...unread.map(notStarted),
    ...cutOff.map((reason) => `Not all deployments were read: ${printable(reason)}`),
    ...failures(all),
    ...missing(command, known, scopes).map((target) => `Not started: ${printable(target)}: ${unknownTarget}`),
  ];
  if (command.by === "command" && all.length + problems.length === 0) {
    stderr.write(nothingText("resume", command.selection));
    return exitStatus.notAsAsked;
  }
  const isAgreed = !command.dryRun && starts.length > 0;
  if (isAgreed && !(await isConfirmed(command, ask, `Start ${counted(starts.length, "deployment")} again?`, stderr))) {
    return exitStatus.notAsAsked;
  }
  if (!command.dryRun) {
    // A question takes time, in which `pulumi up` may have changed what the stack declares.
    const current = command.yes || !isAgreed ? scopes : await scopesAgain();
    const tried = await eachOf(starts, (one) => started(one, wish, current));
    const others = tried.filter(({ does }) => does !== "start");
    const kept = tried.flatMap(({ does, reason = [] }) => (does === "start" ? reason : []));
    stdout.write(isAgreed ? lines([...leftLines(others, command), `${starts.length - others.length} started`]) : "");
    const stale = all.filter((one) => one.does !== "start" && isStale(one, current));
    problems = [problems, failures(others), kept, ...(await eachOf(stale, (one) => keptMark(one, current)))].flat();
  }
  stderr.write(lines(problems));
  return problems.length === 0 ? exitStatus.asAsked : exitStatus.notAsAsked;
}

const unknownTarget = "no selected deployment has this id, this name or the mark of this pause; it may have ended";

/** The pauses on the command line, else the newest one, if the command line gives no names. */
function pausesToEnd(command: ResumeCommand, known: readonly Known[], { managed }: Scopes): readonly string[] {
  if (command.pauses.length > 0 || command.isEachGiven) {
    return command.pauses;
  }
  const marks = known.map(({ deployment }) => {
    const pause = pauseIn(deployment, managed.get(deployment.id));
    return pause.by === "command" && (pause.isProven || command.changed) ? pause.mark : undefined;
  });
  return pausesOf(marks)
    .slice(0, 1)
    .map(({ mark }) => mark.pause);
}

function isGiven(
  { given, isEachGiven }: ResumeCommand,
  { id, name = "" }: ReadDeployment,
  { managed }: Scopes,
): boolean {
  const names = [id, name, managed.get(id)?.resourceName ?? "", managed.get(id)?.name ?? ""];
  return isEachGiven || given.some((text) => names.includes(text));
}

/** What stands beside a pause on the command line and is no deployment, and the pauses of no deployment. */
function missing(command: ResumeCommand, known: readonly Known[], scopes: Scopes): string[] {
  const { given, pauses } = command;
  const isKnown = (text: string) =>
    known.some(({ deployment }) => isGiven({ ...command, given: [text] }, deployment, scopes));
  const isMarked = (id: string) => known.some(({ deployment }) => markOf(deployment)?.pause === id);
  return [...given.filter((text) => !isKnown(text)), ...pauses.filter((id) => !isMarked(id))];
}

/** Not every list shows the metadata, which has the mark of the pause. */
async function whole(known: Known): Promise<Known | Decided> {
  const { status, metadata } = known.deployment;
  return status !== "paused" || metadata !== undefined ? known : readAgain(known);
}

/** The deployment as a GET shows it. */
async function readAgain({ account, deployment }: Known): Promise<Known | Decided> {
  const { id, name } = deployment;
  const now = await readToAct(account.client.forObject(), id);
  return "reason" in now
    ? { account, deployment, does: "fail", reason: now.reason }
    : // An archive changes the name.
      { account, deployment: { ...now, name } };
}

/** Starts the deployment if the same decision, right before, says so. */
async function started(known: Known, wish: FleetWish, scopes: Scopes): Promise<Decided> {
  const current = await readAgain(known);
  const now = "does" in current ? current : decided(current, wish, scopes);
  if (now.does === "nothing" || now.does === "other pause") {
    const does = wish.by === "service" ? "fail" : "leave";
    return { ...now, does, reason: "somebody has changed its pause meanwhile" };
  }
  return now.does === "start" ? start(now, scopes) : now;
}

async function start(now: Decided, scopes: Scopes): Promise<Decided> {
  const { account, deployment } = now;
  const changed = await changeStatus(account.client.forObject(), deployment.id, "unpause");
  if ("problem" in changed) {
    return { ...now, does: "fail", reason: changed.problem };
  }
  const ended = markOf(deployment)?.pause;
  const isMarked = isStale({ account, deployment: changed.deployment }, scopes, ended);
  const [reason] = isMarked ? await keptMark(now, scopes, ended) : [];
  return { ...now, reason };
}

/** True if the marks of the deployment say what does not hold. */
function isStale({ account, deployment }: Known, { managed }: Scopes, ended?: string): boolean {
  return tidied(deployment, managed.get(deployment.id), account.client.serviceNow(), ended) !== undefined;
}

/** Takes away what the marks say and what does not hold; returns the reason if the service did not do it. */
async function keptMark({ account, deployment }: Known, { managed }: Scopes, ended?: string): Promise<string[]> {
  const kept = await tidy(account.client.forObject(), deployment, managed.get(deployment.id), ended);
  return kept === undefined ? [] : [`The mark of ${shown(deployment)} stays: ${printable(kept)}`];
}

type FleetWish = ResumeCommand & Pick<Wish, "isChosen">;

function decided(known: Known, wish: FleetWish, scopes: Scopes): Decided {
  const { deployment } = known;
  const decision = whatToResume(deployment, scopes.managed.get(deployment.id), {
    ...wish,
    isGiven: isGiven(wish, deployment, scopes),
    advised: (targets, ...options) => advised("resume", targets, wish, ...options),
  });
  return typeof decision === "string"
    ? { ...known, does: decision }
    : { ...known, does: "leave", reason: decision.leave };
}

/** The plan of the command, for the person who confirms it. */
function planText(all: readonly Decided[], command: ResumeCommand, now: number): string {
  const starts = all.filter(({ does }) => does === "start");
  const others = all.filter(({ does }) => does === "other pause").map(({ deployment }) => markOf(deployment));
  const title = command.by === "service" ? "To start, paused by the service" : "To start";
  return lines([
    ...listed(
      title,
      "deployment",
      starts.map((one) => startRow(one, command, now)),
    ),
    ...listedIfAny("Other pauses, which do not end", "pause", pauseRows(pausesOf(others), command, now)),
    ...leftLines(all, command),
  ]);
}

function startRow(one: Decided, { by }: ResumeCommand, now: number): string {
  const mark = markOf(one.deployment);
  return by === "service"
    ? serviceRow(one)
    : `${shown(one.deployment)}${mark === undefined ? "" : `: ${pauseText(mark, now)}`}`;
}

function leftLines(decided: readonly Decided[], { by }: ResumeCommand): string[] {
  const left = decided.filter(({ does }) => does === "leave");
  const row = ({ deployment, reason = "" }: Decided) => `${shown(deployment)}: ${printable(reason)}`;
  return by === "service"
    ? listedIfAny("Left alone, as a program stops them with `paused: true`", "deployment", left.map(serviceRow))
    : listedIfAny("Left alone", "deployment", left.map(row));
}

function serviceRow({ deployment }: Decided): string {
  return `${shown(deployment)}: ${printable(serviceReason(deployment))}`;
}

function failures(decided: readonly Decided[]): string[] {
  const failed = decided.filter(({ does }) => does === "fail");
  return failed.map(({ deployment: { id, name }, reason = "" }) => notStarted({ id, name, reason }));
}

function notStarted({ id, name, reason }: UnreadObject): string {
  return `Not started: ${shown({ id, name })}: ${printable(reason)}`;
}

export interface ResumeCommand extends Selected, Pick<Wish, "by" | "changed"> {
  /** The ids of pauses on the command line. */
  readonly pauses: readonly string[];
  /** The ids and names of deployments beside them. */
  readonly given: readonly string[];
  /** True if the command line gives the ids or names of all selected deployments. */
  readonly isEachGiven: boolean;
  readonly dryRun: boolean;
  readonly yes: boolean;
}

const options = {
  "paused-by-service": flag(
    "start the deployments that the service paused instead, never one that a person paused; without a selection all",
  ),
  changed: flag("start also what somebody has changed since its pause, and what an interrupted pause left"),
  ...deploymentOptions,
  ...askingOptions,
} as const;

export const resumeCommand: CommandRow<typeof options> = {
  name: "resume",
  brief: "starts again the deployments that a pause has stopped",
  usage: `(p-... | ${selectedUsage} | --paused-by-service) [options]`,
  does: "Ends the pause that `p-...` names, else the newest pause of the selected deployments: starts those that nobody has changed since and that no program stops. An id or a name also starts a deployment that somebody has paused by hand. Lists its changes first, and asks. Cancelled sessions stay cancelled.",
  argument: ["p-... dep_... NAME", "a pause, as `pulumi-qoder pause` names it, and the ids or names of deployments"],
  options,
  statuses: { 0: "every deployment is as asked", 1: "a deployment is not, or none was found" },
  page: "docs/commands/resume.md",
  again: goOnAgain,
};

function asked(line: CommandLine<typeof options>, surroundings: WriteSurroundings): ResumeCommand | undefined {
  const { changed, pausedByService: isByService } = line.values;
  const pauses = line.positionals.filter((text) => pauseId.test(text));
  const given = line.positionals.filter((text) => !pauseId.test(text));
  if (pauses.length > 0) {
    deploymentsSelected({ all: false }, given);
  }
  // The deployments of a pause have no common selection.
  const positionals = pauses.length > 0 ? [] : given;
  const isAll = pauses.length > 0 || isByService;
  const acting = selectedToAct({ ...line, positionals }, surroundings, isAll ? { by: "all" } : undefined);
  const by = isByService ? "service" : "command";
  return acting && { ...acting, by, changed, pauses, given, isEachGiven: positionals.length > 0 };
}
