import { excerpt } from "../../api/foreign-text";
import { pauseOf } from "../../deployment/paused";
import type { RunError } from "../../deployment-run/arguments";
import type { DeploymentRun } from "../../deployment-run/list";
import type { FailureSearch } from "../../deployment-run/runs";
import { momentText } from "../../schedule/runs";
import { jsonText } from "../terminal";
import { archivedOf, isHealthy, type Needed, type Watched } from "./watched";

const none = "-";
const longestName = 40;
const longestWord = 100;
const longestMessage = 120;

/** One line a deployment, with the times of this zone, and what the lines mean. */
export function table(deployments: readonly Watched[], timeZone: string): string {
  const head = ["", "DEPLOYMENT", "NAME", "STATE", "NEXT RUN", "LAST RUN", "ITS SESSION", "LAST FAILURE"];
  const rows = deployments.map((deployment) => cells(deployment, timeZone));
  return [...aligned([head, ...rows]), "", summary(deployments, timeZone), ""].join("\n");
}

function cells(deployment: Watched, timeZone: string): string[] {
  const { id, name, lastRun, lastFailure } = deployment;
  return [
    isHealthy(deployment) ? " " : "!",
    excerpt(id, longestWord),
    name === undefined ? none : excerpt(name, longestName),
    state(deployment),
    nextRun(deployment, timeZone),
    lastRun === undefined ? "never" : lastRunText(lastRun, timeZone),
    lastRun === undefined ? none : session(lastRun),
    failure(lastFailure, timeZone),
  ];
}

function state(deployment: Watched): string {
  const { status, pausedReason } = deployment;
  const by = pauseOf(deployment);
  const reason = by === "by the service" ? (pausedReason?.error?.type ?? pausedReason?.type) : undefined;
  const words = by === undefined ? status : `paused ${by}${reason === undefined ? "" : `: ${reason}`}`;
  const archived = archivedOf(deployment)
    // The service itself may have given this as its reason for the pause ("Errors": `agent_archived_error`).
    .filter((noun) => reason !== `${noun}_archived_error`)
    .map((noun) => `, its ${noun} is archived`);
  return `${excerpt(words, longestWord)}${archived.join("")}`;
}

function nextRun({ status, isScheduled, nextRunAt }: Watched, timeZone: string): string {
  if (nextRunAt !== undefined) {
    return time(nextRunAt, timeZone);
  }
  return status === "active" ? (isScheduled ? "not told" : "by hand only") : none;
}

function lastRunText({ createdAt, trigger }: DeploymentRun, timeZone: string): string {
  const at = time(createdAt, timeZone);
  switch (trigger) {
    case undefined:
      return at;
    case "manual":
      return `${at} by hand`;
    default:
      return `${at} by ${excerpt(trigger, longestWord)}`;
  }
}

function session({ sessionId, error }: DeploymentRun): string {
  if (sessionId === undefined) {
    return error === undefined ? "not started" : "could not start";
  }
  return `started ${excerpt(sessionId, longestWord)}${error === undefined ? "" : ", failed"}`;
}

function failure({ found, lookedAt }: FailureSearch, timeZone: string): string {
  if (found?.error !== undefined) {
    return `${time(found.createdAt, timeZone)} ${errorText(found.error)}`;
  }
  return lookedAt === undefined ? "none" : `none in the last ${lookedAt} runs`;
}

function errorText({ type, message }: RunError): string {
  return `${excerpt(type, longestWord)}: ${excerpt(message, longestMessage)}`;
}

/** A time in another form than that of the API is shown as it came: RFC 3339 has years of four digits (section 5.6). */
function time(text: string | undefined, timeZone: string): string {
  const moment = new Date(text ?? "");
  const year = moment.getUTCFullYear();
  if (year > 0 && year < 9_999) {
    return momentText(moment, timeZone);
  }
  return text === undefined ? "at a time not told" : excerpt(text, longestWord);
}

function summary(deployments: readonly Watched[], timeZone: string): string {
  const [healthy, all] = [deployments.filter(isHealthy).length, deployments.length];
  const count = `${healthy} of ${all} healthy${healthy < all ? "; ! marks the others" : ""}. Times are in ${timeZone}.`;
  return `${count} A session that started may have failed since: only the session tells.`;
}

/** What terminals write two columns wide. */
const wide =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303f\uff01-\uff60\uffe0-\uffe6]|\ufe0f/u;

const graphemes = new Intl.Segmenter("en");

function width(text: string): number {
  return Array.from(graphemes.segment(text)).reduce((sum, { segment }) => sum + (wide.test(segment) ? 2 : 1), 0);
}

/** The rows as lines, with every column as wide as its widest cell. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, cell] of row.entries()) {
      widths[index] = Math.max(widths[index] ?? 0, width(cell));
    }
  }
  return rows.map((row) =>
    row
      .map((cell, index) => cell + " ".repeat((widths[index] ?? 0) - width(cell)))
      .join("  ")
      .trimEnd(),
  );
}

/** The members are a contract: the help names them. */
export function json(deployments: readonly Watched[]): string {
  return `${jsonText(deployments.map(deploymentJson), 2)}\n`;
}

function deploymentJson(deployment: Watched) {
  const { id, name, status, pausedReason, nextRunAt, lastRun, lastFailure, agent, environment } = deployment;
  return {
    id,
    name: name ?? null,
    status,
    pausedReason: pausedReason ?? null,
    nextRunAt: nextRunAt ?? null,
    lastRun: lastRun === undefined ? null : lastRunJson(lastRun),
    lastFailure: lastFailure.found === undefined ? null : lastFailureJson(lastFailure.found),
    agent: neededJson(agent),
    environment: neededJson(environment),
    healthy: isHealthy(deployment),
  };
}

function neededJson(needed: Needed | undefined) {
  return needed === undefined ? null : { id: needed.id, archived: needed.isArchived ?? null };
}

function lastRunJson({ id, createdAt, trigger, sessionId, error }: DeploymentRun) {
  return {
    id,
    createdAt: createdAt ?? null,
    trigger: trigger ?? null,
    sessionId: sessionId ?? null,
    error: error ?? null,
  };
}

function lastFailureJson({ id, createdAt, error }: DeploymentRun) {
  return { id, createdAt: createdAt ?? null, error: error ?? null };
}
