import { counted, minuteMs } from "../../provider/api/clock";
import { patience } from "../../provider/api/patience";
import { type Hold, holdsOf, isOfPerson, pauseId } from "../../provider/deployment/holds";
import { type ActingCommand, actOn, type Known, type KnownFleet, readAgain, readToActOn } from "../act";
import { advised } from "../advised";
import { eachOf } from "../client";
import { type CommandLine, type CommandRow, flag } from "../command";
import { changeStatus } from "../deployments";
import { holdText, keptHolds } from "../pause/hold";
import { type Context, runnerOf, type Scopes } from "../scope";
import { askingOptions, deploymentOptions, deploymentsSelected, selectedToAct, selectedUsage } from "../selection";
import { processSurroundings, type WriteSurroundings } from "../terminal";
import { goOnAgain, listed, listedIfAny, printable, shown } from "../words";
import { serviceReason, type ToResume, type Wish, whatToResume } from "./what-to-resume";

/** Takes off the holds that the command means, and starts what nobody holds any more. Returns the exit status. */
export async function resume(
  context: Context<ActingCommand, WriteSurroundings>,
  fleets: readonly KnownFleet[],
  { by, pauses, given, isEachGiven }: PausesToEnd,
): Promise<number> {
  const { command, accounts, scopes } = context;
  const now = accounts[0]?.client.serviceNow() ?? command.time.clock.now();
  const all = fleets.flatMap(({ read }) => read);
  const isNamed = ({ deployment: { id, name = "" } }: Known, texts: readonly string[]) => {
    const managed = scopes.managed.get(id);
    const names = [id, name, managed?.resourceName ?? "", managed?.name ?? ""];
    return texts.some((text) => names.includes(text));
  };
  const isHeld = (pause: string) => all.some(({ deployment }) => holdsOf(deployment).some(({ id }) => id === pause));
  const unknown = [
    ...given.filter((text) => !isEachGiven && !all.some((known) => isNamed(known, [text]))),
    ...pauses.filter((pause) => !isHeld(pause)),
  ].map((id) => ({
    id,
    reason: "no selected deployment has this id or name, or is held by this pause; it may have ended",
  }));
  const decide = (known: Known, { managed }: Scopes) =>
    whatToResume(known, managed.get(known.deployment.id), {
      by,
      pauses,
      isGiven: isEachGiven || isNamed(known, given),
      advised: (targets, ...options) => advised("resume", targets, command, ...options),
      now,
    });
  /** The deployments that start according to the plan. */
  const planned = new Set<string>();
  return actOn<Known, ToResume>(context, {
    verb: by === "service" ? undefined : "resume",
    not: "Not started",
    fleets: [...fleets, { read: [], unread: unknown }],
    named: ({ deployment }) => deployment,
    decide,
    title(items) {
      const starts = items.filter((item) => item.starts);
      starts.map(({ deployment }) => planned.add(deployment.id));
      return planLines(items, by, now);
    },
    question: questionText,
    again: readAgain,
    act: resumed,
    close: async (tried, current) => {
      const rest = (command.dryRun ? [] : all).filter(({ deployment: { id } }) =>
        tried.every(({ deployment }) => deployment.id !== id),
      );
      const kept = await eachOf(rest, (known) => keptHolds(known, decide(known, current).ended));
      const changed = tried.filter(({ deployment }) => planned.has(deployment.id));
      const started = tried.filter(({ does, starts }) => does === "act" && starts).length;
      return {
        done: tried.length === 0 ? [] : [...stoppedLines(changed, by, now), `${started} started`],
        problems: [...tried.flatMap((item) => item.kept ?? []), ...kept.flatMap((line) => line ?? [])],
      };
    },
  });
}

/** Starts the deployment before its hold goes: after a kill in between the same command takes it off. */
async function resumed(item: ToResume): Promise<ToResume> {
  const { account, ended, starts } = item;
  const client = account.client.forObject();
  const changed = starts ? await changeStatus(client, item.deployment.id, "unpause") : item;
  if ("problem" in changed) {
    return { ...item, does: "fail", reason: changed.problem };
  }
  const { deployment } = changed;
  const other = holdsOf(deployment).find((hold) => [...ended, ...item.others].every(({ id }) => id !== hold.id));
  const again = starts && other !== undefined ? await changeStatus(client, deployment.id, "pause") : undefined;
  const kept = await keptHolds({ account, deployment }, ended);
  if (other === undefined || again === undefined) {
    return { ...item, kept };
  }
  return "problem" in again
    ? {
        ...item,
        does: "fail",
        reason: `it was started although ${other.id} has held it meanwhile: ${again.problem}`,
        kept,
      }
    : { ...item, does: "leave", reason: `${other.id} has held it meanwhile`, kept };
}

/** The plan of the command, for the person who confirms it. */
function planLines(all: readonly ToResume[], by: Wish["by"], now: number): string[] {
  const title = by === "service" ? "To start, paused by the service" : "To start";
  const starts = all.filter(({ does, starts }) => does === "act" && starts);
  const rows = starts.map((one) => `${shown(one.deployment)}: ${whyPaused(one, by, now)}`);
  return [...listed(title, "deployment", rows), ...stoppedLines(all, by, now)];
}

/** What does not start, with the reason. */
function stoppedLines(all: readonly ToResume[], by: Wish["by"], now: number): string[] {
  const released = all.filter(({ does, starts }) => does === "act" && !starts);
  const left = all.filter(({ does }) => does === "leave");
  return [
    ...listedIfAny(
      "Released, and still stopped",
      "deployment",
      released.map((one) => `${shown(one.deployment)}: ${whyPaused(one, by, now)}`),
    ),
    ...listedIfAny(
      "Left alone",
      "deployment",
      left.map(({ deployment, reason = "" }) => `${shown(deployment)}: ${printable(reason)}`),
    ),
  ];
}

/**
 * A later change hides who has started and paused the deployment since. Our own write of the hold changes `updated_at` too, by another clock
 * than the time of the hold, so a change of the same minute is no later one.
 */
const soonMs = minuteMs;

/** Who paused the deployment, when and why, and what still stops it. */
function whyPaused({ deployment, ended, reason }: ToResume, by: Wish["by"], now: number): string {
  const last = Date.parse(ended.at(-1)?.when ?? "");
  const isChanged = Date.parse(deployment.updated_at ?? "") > last + soonMs;
  const parts = [
    ...(by === "service" ? [printable(serviceReason(deployment))] : ended.map((hold) => holdText(hold, now))),
    ...(by === "command" && ended.length === 0 ? ["paused by hand"] : []),
    ...(isChanged ? [`changed since, at ${printable(deployment.updated_at ?? "")}`] : []),
    ...(reason === undefined ? [] : [reason]),
  ];
  return parts.join("; ");
}

function questionText(todo: readonly ToResume[]): string | undefined {
  const starts = todo.filter((item) => item.starts).length;
  const released = todo.length - starts;
  const work = [
    ...(starts > 0 ? [`Start ${counted(starts, "deployment")} again`] : []),
    ...(released > 0 ? [`take the pause off ${counted(released, "deployment")} that stay stopped`] : []),
  ].join(", and ");
  return todo.length === 0 ? undefined : `${work.charAt(0).toUpperCase()}${work.slice(1)}?`;
}

/**
 * Reads the selected deployments: once more if the lists may not show the whole pause yet, because they show none of it, or a hold of a
 * command that may be at work or has just ended: its first holds are older than its last pauses.
 */
async function readPauses(context: Context<unknown>, { by, pauses }: PausesToEnd): Promise<KnownFleet[]> {
  const fleets = await readToActOn(context);
  const [{ client } = {}] = context.accounts;
  const holds = fleets.flatMap(({ read }) => read.flatMap(({ deployment }) => holdsOf(deployment)));
  const ofPauses = pauses.map((pause) => holds.filter(({ id }) => id === pause));
  const lastBegin = (client?.serviceNow() ?? 0) - patience.holdingMs;
  const isWhole = (shown: readonly Hold[]) =>
    shown.length > 0 && shown.every(({ when }) => Date.parse(when) < lastBegin);
  const areWhole = pauses.length > 0 ? ofPauses.every(isWhole) : isWhole(holds.filter(isOfPerson));
  if (by === "service" || client === undefined || areWhole) {
    return fleets;
  }
  await client.forObject().pause(patience.lateMs);
  return readToActOn(context);
}

interface PausesToEnd extends Pick<Wish, "by" | "pauses"> {
  /** The ids and names of deployments beside the pauses. */
  readonly given: readonly string[];
  /** True if the command line gives the ids or names of all selected deployments. */
  readonly isEachGiven: boolean;
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
  brief: "restarts the deployments that a pause has stopped",
  usage: `(p-... | ${selectedUsage} | --paused-by-service) [options]`,
  does: "Ends the pause `p-...`, or all pauses by persons of the selected deployments. Starts each of these deployments unless somebody else holds it, the program pauses it, or the service paused it. With the id or name of a deployment, also ends a pause by hand. Lists its changes first, and asks.",
  argument: ["p-... dep_... NAME", "a pause, as `pulumi-qoder pause` names it, and the ids or names of deployments"],
  options,
  statuses: { 0: "every deployment is as asked", 1: "a deployment is not, or none was found" },
  page: "docs/commands.md#resume",
  again: goOnAgain,
};

function asked(line: CommandLine<typeof options>, surroundings: WriteSurroundings) {
  const pauses = line.positionals.filter((text) => pauseId.test(text));
  const given = line.positionals.filter((text) => !pauseId.test(text));
  if (pauses.length > 0) {
    deploymentsSelected({ all: false }, given);
  }
  // The deployments of a pause have no common selection.
  const positionals = pauses.length > 0 ? [] : given;
  const isByService = line.values.pausedByService;
  const isAll = pauses.length > 0 || isByService;
  const acting = selectedToAct({ ...line, positionals }, surroundings, isAll ? { by: "all" } : undefined);
  const by = isByService ? "service" : "command";
  const ended: PausesToEnd = { by, pauses, given, isEachGiven: positionals.length > 0 };
  return acting && { ...acting, ended };
}

export const runResume = runnerOf({
  row: resumeCommand,
  around: processSurroundings,
  asked,
  work: async (context: Context<NonNullable<ReturnType<typeof asked>>, WriteSurroundings>) => {
    const { ended } = context.command;
    return resume(context, await readPauses(context, ended), ended);
  },
});
