import { counted, dayMs, secondText } from "../../provider/api/clock";
import { smallest } from "../../provider/api/extremes";
import { cut, width } from "../../provider/api/lines";
import { excerpt } from "../../provider/api/terminal-text";
import { creditSum, median } from "../../provider/deployment-run/credits";
import { type Advisor, advised } from "../advised";
import { brief } from "../printer";
import { dayText } from "../runs/texts";
import { usualMs } from "../runs/usual";
import { lines } from "../words";
import { type Advice, causes, type DeploymentStatus, type Problem } from "./causes";
import { behindAgent, behindText } from "./differences";
import {
  headText,
  healthText,
  holdsIn,
  isNew,
  isOver,
  namesIn,
  notCompared,
  pausesText,
  type WindowView,
} from "./summary";
import type { View } from "./table";

const mostLines = 30;
/** So many lines are for the causes, whatever else a narrow terminal leaves out. */
const leastOfCauses = 12;
const longestName = 40;

interface Found extends Problem {
  readonly deployment: DeploymentStatus;
}

/** A text of the screen, and the command that it advises. */
type Line = readonly [text: string, command?: string];

/** A fleet on one screen: what is new, what is known, what is over, what the window cost, and what is forgotten. Nothing of it is stored. */
export function screen(all: readonly DeploymentStatus[], view: WindowView, question: Advisor): string {
  const { columns, since } = view;
  const again = (option: string) => commandText("status", question, [], ["--since", secondText(since), option]);
  const head = [headText(all, view), `${healthText(all, view)}.`];
  const rows = causes
    .map(({ name }) => all.flatMap((deployment) => foundIn(deployment, name, since)))
    .filter((found) => found.length > 0)
    .sort((one, other) => newIn(other, since) - newIn(one, since))
    .map((found) => causeLines(found, view, question, columns));
  const first = head.flatMap((text) => brief(text, undefined, columns));
  const last = brief("A row each", again("--table"), columns);
  const more = (count: number) => brief(`and ${counted(count, "more cause")}`, again("--problems"), columns);
  const room = mostLines - first.length - last.length;
  const sections = [
    ...overText(all, view),
    ...creditsText(all, view),
    ...givenText(all),
    ...pausedText(all, view, question),
    ...besideTexts(all, view, question),
  ].map(([text, command]) => brief(text, command, columns));
  const tail = fitting(sections, room - Math.min(rows.flat().length, leastOfCauses)).flat();
  const roomOfRows = room - tail.length;
  const shown = rows.flat().length <= roomOfRows ? rows : fitting(rows, roomOfRows - more(rows.length).length);
  const left = rows.length - shown.length;
  return lines([...first, ...shown.flat(), ...(left === 0 ? [] : more(left)), ...tail, ...last]);
}

/** The first of these parts, as many as fit into this number of lines. */
function fitting(parts: readonly (readonly string[])[], room: number): (readonly string[])[] {
  const sums = parts.map((_, index) => parts.slice(0, index + 1).flat().length);
  return parts.filter((_, index) => (sums[index] ?? 0) <= room);
}

/** The first problem of this cause, and the newest of the known ones after the new ones. */
function foundIn(deployment: DeploymentStatus, cause: string, since: number): Found[] {
  const found = deployment.problems.filter((problem) => problem.cause.name === cause);
  const one = found.find((problem) => isNew(problem, since)) ?? found[0];
  return one === undefined ? [] : [{ ...one, deployment }];
}

/** 1 if one of them is new, else 0. */
const newIn = (found: readonly Found[], since: number) => Number(found.some((one) => isNew(one, since)));

function overText(all: readonly DeploymentStatus[], view: WindowView): Line[] {
  const over = all.filter(isOver(view.since));
  return over.length === 0 ? [] : [[`Over: ${namesIn(over, view.columns - 40)} failed, and the last run is fine.`]];
}

/** A cause in one line: how many deployments have it, which, and what to run; in two if the terminal is narrow. */
function causeLines(found: readonly Found[], view: WindowView, question: Advisor, columns: number): string[] {
  const { since, timeZone, now } = view;
  const [first] = found;
  if (first === undefined) {
    return [];
  }
  const { cause } = first;
  const sorted = [...found.filter((one) => isNew(one, since)), ...found.filter((one) => !isNew(one, since))];
  const fresh = found.filter((one) => isNew(one, since)).length;
  const oldest = smallest(found.flatMap((one) => (isNew(one, since) ? [] : (one.since ?? []))));
  const counts = [
    ...(fresh > 0 ? [`${fresh} new`] : []),
    ...(found.length > fresh
      ? [`${found.length - fresh} known since ${dayText(timeZone, now)(new Date(oldest).toISOString())}`]
      : []),
  ];
  const head = `! ${cause.name}, ${counts.join(", ")}: `;
  const command = adviceText(cause.advice, sorted, view, question);
  const texts = new Set(sorted.map(({ text }) => text));
  const sentence = excerpt(first.text, 1_000);
  const says = (room: number) => (texts.size === 1 && room > 0 ? `: ${cut(sentence, room)}` : "");
  const deployments = sorted.map(({ deployment }) => deployment);
  const beside = columns - width(head) - width(command) - 4;
  const isBeside = width(namesIn(deployments, beside)) <= beside;
  const room = isBeside ? beside : columns - width(head) - 1;
  const names = namesIn(deployments, room);
  return brief(`${head}${names}${says(room - width(names) - 2)}`, command, columns, 1);
}

/** A command names so many deployments or sessions at most. */
const mostTargets = 3;

/** The one command for a cause. */
function adviceText(
  { command, about, options = [] }: Advice,
  found: readonly Found[],
  { managed, since }: WindowView,
  question: Advisor,
): string {
  const sessions = found.flatMap(({ session }) => session ?? []).slice(0, mostTargets);
  const deployments = found.slice(0, about === "one" ? 1 : mostTargets).map(({ deployment }) => deployment);
  const isAll = about === "all" || (about === "some" && found.length > mostTargets);
  const words = options.flatMap((option) => (option === "--since" ? [option, secondText(since)] : option));
  return about === "sessions"
    ? `\`${advised(command, sessions, question)}\``
    : commandText(command, question, isAll ? [] : deployments, words, managed);
}

/** A command about these deployments of the selection, or about all of it, as a shell takes it. */
function commandText(
  command: string,
  asked: Advisor,
  deployments: readonly DeploymentStatus[],
  options: readonly string[],
  managed: View["managed"] = new Map(),
): string {
  const ids = deployments.map(({ id }) => id);
  const names = ids.flatMap((id) => managed.get(id)?.resourceName ?? []);
  const targets = asked.selection.by === "stack" ? names : ids;
  const selection =
    ids.length === 0 || asked.selection.by === "stack" ? asked.selection : ({ by: "ids", ids } as const);
  return `\`${advised(command, targets, { ...asked, selection }, ...options)}\``;
}

/** The credits of each of the seven days before the window, the first one right before it. */
function daysBefore({ usual }: DeploymentStatus, since: number): number[] {
  const days = Array.from({ length: usualMs / dayMs }, () => 0);
  for (const { startedAt, credits = 0 } of usual.week) {
    const day = Math.floor((since - startedAt) / dayMs);
    days[day] = creditSum([days[day] ?? 0, credits]);
  }
  return days;
}

const mostMovers = 3;

/** What the window cost beside the median day of the week before, and the deployments that moved it. */
function creditsText(all: readonly DeploymentStatus[], { since, now }: WindowView): Line[] {
  const days = Math.max((now - since) / dayMs, 1);
  const each = all.map((deployment) => {
    const before = daysBefore(deployment, since);
    const usual = creditSum([(median(before) ?? 0) * days]);
    const spent = deployment.since?.credits ?? 0;
    return { deployment, before, usual, spent, moved: creditSum([spent, -usual]) };
  });
  const sums = Array.from({ length: usualMs / dayMs }, (_, day) =>
    creditSum(each.map(({ before }) => before[day] ?? 0)),
  );
  const known = sums.filter((sum) => sum > 0);
  if (known.length === 0) {
    return [];
  }
  const spent = creditSum(each.map((one) => one.spent));
  const usual = creditSum([(median(known) ?? 0) * days]);
  const moved = each
    .filter((one) => one.moved !== 0)
    .sort((one, other) => Math.abs(other.moved) - Math.abs(one.moved))
    .slice(0, mostMovers)
    .map(
      (one) =>
        `${excerpt(one.deployment.name ?? one.deployment.id, longestName)} ${one.moved > 0 ? "+" : ""}${one.moved} (${one.spent}, usually ${one.usual})`,
    );
  const movers = moved.length === 0 ? "" : `; most moved: ${moved.join(", ")}`;
  const length = days > 1 ? "time of this length" : "day";
  return [[`Credits: ${spent}, and ${usual} in the median ${length} of the week before${movers}.`]];
}

/** What the last runs gave, by names and sizes. */
function givenText(all: readonly DeploymentStatus[]): Line[] {
  const given = all.flatMap(({ judged: [last] = [] }) => (last?.result.state === "done" ? (last.given ?? []) : []));
  const withArtifacts = given.filter(({ artifacts }) => artifacts.length > 0);
  const artifacts = withArtifacts.reduce((sum, one) => sum + one.artifacts.length, 0);
  const withMessage = given.filter((one) => one.artifacts.length === 0 && one.message !== undefined).length;
  const nothing = given.length - withArtifacts.length - withMessage;
  const runs = `${counted(given.length, "last run")} that ${given.length === 1 ? "is" : "are"} done`;
  const gave = `${withArtifacts.length} gave ${counted(artifacts, "artifact")}, ${withMessage} a message alone, ${nothing} nothing`;
  return given.length === 0 ? [] : [[`Of ${runs}, ${gave}.`]];
}

/** The pauses, with the command that shows how each of them ends. */
function pausedText(all: readonly DeploymentStatus[], { columns }: View, question: Advisor): Line[] {
  const text = pausesText(all, columns);
  const command = all.some(({ pausedBy }) => pausedBy === "by the service")
    ? advised("resume", [], question, "--dry-run", "--paused-by-service")
    : advised("resume", holdsIn(all), question, "--dry-run");
  return text === undefined ? [] : [[text, `\`${command}\``]];
}

const mostAgents = 3;

/** What is not as the program says: what runs an older version than its agent has, a text for each of the first agents, and what was changed. */
function besideTexts(all: readonly DeploymentStatus[], { managed, columns }: View, question: Advisor): Line[] {
  const behind = grouped(all, (one) => {
    const found = behindAgent(one, managed.get(one.id));
    return found === undefined ? [] : [behindText({ ...found, agent: excerpt(found.agent, longestName) })];
  }).map(
    ([text, deployments]) =>
      `${counted(deployments.length, "deployment")} ${text.replace("runs", deployments.length === 1 ? "runs" : "run")}: ${namesIn(deployments, columns - 70)}`,
  );
  const changed = grouped(all, (one) => one.changed).map(
    ([what, deployments]) => `${what} (${namesIn(deployments, Math.max(columns / 2 - 30, 0))})`,
  );
  const left = behind.length - mostAgents;
  const texts = [
    ...(left <= 1 ? behind : [...behind.slice(0, mostAgents), `... and ${left} more versions that stay behind`]),
    ...(changed.length === 0 ? [] : [`Changed at Qoder since the last \`up\`: ${changed.join("; ")}`]),
    ...notCompared(all, columns - 90),
  ];
  const { selection } = question;
  const stack = selection.by === "stack" ? { by: selection.by, name: selection.name } : selection;
  const drift = `\`${advised("drift", [], { selection: stack })}\``;
  return texts.map((text, index) => (index === texts.length - 1 ? [text, drift] : [text]));
}

/** The deployments by each text about them. */
function grouped(
  all: readonly DeploymentStatus[],
  textsOf: (deployment: DeploymentStatus) => readonly string[],
): (readonly [string, readonly DeploymentStatus[]])[] {
  const groups = new Map<string, DeploymentStatus[]>();
  for (const deployment of all) {
    for (const text of textsOf(deployment)) {
      groups.set(text, [...(groups.get(text) ?? []), deployment]);
    }
  }
  return [...groups];
}
