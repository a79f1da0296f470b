import type { LookUpArgs } from "./look-up-arguments";

export interface Question<Args> {
  /** The call in the program, for messages: `getAgent({ name: "reporter" })`. */
  readonly label: string;
  readonly args: Args;
}

/** The given arguments by name. Throws for an unknown argument. */
export function givenEntries(called: string, args: unknown, known: readonly string[]): [string, unknown][] {
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
export function givenText(called: string, name: string, value: unknown): string {
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
