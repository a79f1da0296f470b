import type { LookUpArgs } from "./look-up-arguments";

export interface Question<Args> {
  /** The call in the program, for messages: `getAgent({ name: "reporter" })`. */
  readonly label: string;
  readonly args: Args;
}

/** The given arguments by name. Throws for an unknown argument. */
function givenEntries(called: string, args: unknown, known: readonly string[]): [string, unknown][] {
  const members: [string, unknown][] = typeof args === "object" && args !== null ? Object.entries(args) : [];
  const given = members.filter(([, value]) => value !== undefined && value !== null);
  const other = given.find(([name]) => !known.includes(name));
  if (other !== undefined) {
    throw new Error(`${called}: ${other[0]} is not an argument; the arguments are ${words(known)}`);
  }
  return given;
}

function words(names: readonly string[]): string {
  return [names.slice(0, -1).join(", "), names.slice(-1)].join(" or ");
}

/** The value of an argument. Throws if it is not a text. */
function givenText(called: string, name: string, value: unknown): string {
  if (typeof value !== "string" || value.trim() === "") {
    throw new Error(`${called}: ${name} ${textProblem(called, value)}`);
  }
  return value;
}

function textProblem(called: string, value: unknown): string {
  const isLater = value instanceof Promise || (typeof value === "object" && value !== null && "apply" in value);
  return isLater ? `is an Output; use ${called}Output` : value === "" ? "is empty" : "is not a text";
}

/**
 * The question of a program. Throws for wrong arguments, because a program in JavaScript has no compiler that reports them.
 */
export function questionOf(called: string, args: unknown): Question<LookUpArgs> {
  const [[by, value] = [], ...more] = givenEntries(called, args, ["name", "id"]);
  if (by === undefined || more.length > 0) {
    throw new Error(`${called}: give either a name or an id, { name: "..." } or { id: "..." }`);
  }
  const text = givenText(called, by, value);
  return { label: `${called}({ ${by}: ${JSON.stringify(text)} })`, args: by === "id" ? { id: text } : { name: text } };
}

interface SkillSought {
  readonly id?: string | undefined;
  readonly name?: string | undefined;
  readonly source?: "custom" | "qoder";
}

export function skillQuestion(called: string, args: unknown): Question<SkillSought> {
  const given = givenEntries(called, args, ["name", "id", "source"]);
  const { source, ...by } = Object.fromEntries(given);
  const asked = questionOf(called, by);
  if (source === undefined) {
    return asked;
  }
  const text = givenText(called, "source", source);
  if (text !== "custom" && text !== "qoder") {
    throw new Error(`${called}: source is not one of custom, qoder`);
  }
  return { label: asked.label.replace(/ \}\)$/, `, source: "${text}" })`), args: { ...asked.args, source: text } };
}

interface RunsSought {
  readonly deploymentId: string;
  readonly limit?: number;
  readonly triggeredAfter?: string;
  readonly triggeredBefore?: string;
}

const times = ["triggeredAfter", "triggeredBefore"] as const;

export function runsQuestion(called: string, args: unknown): Question<RunsSought> {
  const given = Object.fromEntries(givenEntries(called, args, ["deploymentId", "limit", ...times]));
  const { limit } = given;
  const deploymentId = givenText(called, "deploymentId", given["deploymentId"]);
  if (limit !== undefined && !(typeof limit === "number" && Number.isInteger(limit) && limit > 0)) {
    throw new Error(`${called}: limit is not a whole number from 1 on`);
  }
  const range = times
    .filter((name) => given[name] !== undefined)
    .map((name) => [name, givenTime(called, name, given[name])]);
  return {
    label: `${called}({ deploymentId: ${JSON.stringify(deploymentId)} })`,
    args: { deploymentId, ...(limit === undefined ? {} : { limit }), ...Object.fromEntries(range) },
  };
}

const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

function givenTime(called: string, name: string, value: unknown): string {
  const text = givenText(called, name, value);
  if (!rfc3339.test(text) || Number.isNaN(Date.parse(text))) {
    throw new Error(`${called}: ${name} is not a time such as 2026-11-25T00:00:00Z`);
  }
  return text;
}
