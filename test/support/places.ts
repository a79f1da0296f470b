import type { MemberPath } from "../qoder-api/member-changes";
import { isObject } from "../qoder-api/parse";
import type { JsonObject } from "../qoder-api/wire";
import type { Properties } from "./provider";

/** What somebody does at one place of what the service shows. */
export interface PlacedEdit {
  readonly what: string;
  readonly path: MemberPath;
  /** Undefined where the member is taken away. */
  readonly value: unknown;
  /** The state forgets a token with the repository that it was for, so the next `up` sends the token again. */
  readonly losesToken: boolean;
}

/** A deployment refers to its agent: what a reply tells of the agent besides its id is no argument, unless the program pins a version. */
const agentMembers = ["id"];
/** Where the API has one type alone, a reply without it means the same. */
const oneType = ["schedule", "budget", "mcp_servers", "packages"];
/** "Define an outcome": 3 is what no number means. */
const meansItsAbsence = ["max_iterations"];

/** The service sets these by itself, so a change in one says nothing of what somebody did. */
const serviceOwned = ["upcoming_runs_at", "last_run_at", "stats"];

/** What is plausible where another text would mean nothing. */
const plausible: Readonly<Record<string, unknown>> = {
  expression: "0 0 * * *",
  timezone: "Europe/Rome",
  max_credit_cost: "99.00",
  checkout: { type: "branch", name: "other" },
  configs: [{ name: "Bash", enabled: false }],
};

/** One change of each leaf in what the service shows of the arguments of a program. */
export function changedLeaves(shown: JsonObject, program: Properties): PlacedEdit[] {
  return placesIn(shown, program).flatMap(({ path, value }) =>
    isLeaf(value) && !isOfAgent(path) && !isOfOthers(path)
      ? [edit("changes", path, another(String(path.at(-1)), value), program)]
      : [],
  );
}

/**
 * One member more in each object. What only the user names, such as `metadata`, belongs to whoever names it, and so does each setting
 * of `cas_config`.
 */
export function addedMembers(shown: JsonObject, program: Properties): PlacedEdit[] {
  return placesIn(shown, program).flatMap(({ path, value }) =>
    isObject(value) && path[0] !== "agent" && !path.includes("cas_config")
      ? [{ ...edit("adds to", path, "x", program), path: [...path, "later"], losesToken: false }]
      : [],
  );
}

/**
 * One member less in each object, and one element less in each list. What is empty means what its absence means. What the program
 * never gave is as the program says when it is gone.
 */
export function removedMembers(shown: JsonObject, program: Properties): PlacedEdit[] {
  return placesIn(shown, program).flatMap(({ path, value }) =>
    path.length > 1 &&
    !isEmpty(value) &&
    !isOfAgent(path) &&
    !isImplied(path) &&
    !isOfOthers(path) &&
    isGiven(program, path)
      ? [edit("removes", path, undefined, program)]
      : [],
  );
}

function edit(how: string, path: MemberPath, value: unknown, program: Properties): PlacedEdit {
  const [field, , member] = path;
  const holdsToken =
    field === "resources" && JSON.stringify(program["resources"] ?? []).match(/token|password/i) !== null;
  const isOfAnother = path.length === 2 || member === "url" || (member === "type" && path.length === 3);
  return { what: `${how} ${path.join(".")}`, path, value, losesToken: holdsToken && isOfAnother };
}

/** Each setting of `cas_config` belongs to whoever gives it. */
function isOfOthers(path: MemberPath): boolean {
  return path.includes("cas_config") && path.at(-1) === "revision";
}

function isOfAgent([field, member]: MemberPath): boolean {
  return field === "agent" && !agentMembers.includes(String(member));
}

function isImplied(path: MemberPath): boolean {
  const [member, ...owners] = [...path].reverse().map(String);
  return (
    meansItsAbsence.includes(member ?? "") || (member === "type" && owners.some((owner) => oneType.includes(owner)))
  );
}

/** A text in the program stands for an object with nothing else. */
function isGiven(program: Properties, path: MemberPath): boolean {
  const [field, ...rest] = path[0] === "metadata" ? [] : path;
  if (field === undefined) {
    return true;
  }
  let value = Object.entries(program).find(([name]) => inSnakeCase(name) === field)?.[1];
  for (const part of rest) {
    if (typeof value === "string") {
      return ["type", "text", "id", 0].includes(path.at(-1) ?? "");
    }
    value = membersOf(value).find(([name]) => inSnakeCase(String(name)) === String(part))?.[1];
  }
  return value !== undefined;
}

interface Place {
  readonly path: MemberPath;
  readonly value: unknown;
}

function placesIn(shown: JsonObject, program: Properties): Place[] {
  const { metadata: labels, casConfig, paused: _paused, ...others } = program;
  const fields = ["name", ...Object.keys(others)].map(inSnakeCase).filter((field) => field in shown);
  const { metadata } = shown;
  const keys = isObject(metadata) ? Object.keys(metadata) : [];
  const ours = keys.filter((key) =>
    key === "cas_config" ? casConfig !== undefined : isObject(labels) && key in labels,
  );
  return [
    ...fields.flatMap((field) => placesBelow([field], shown[field])),
    ...ours.flatMap((key) => placesBelow(["metadata", key], isObject(metadata) ? metadata[key] : undefined)),
  ];
}

function placesBelow(path: MemberPath, value: unknown): Place[] {
  return [{ path, value }, ...membersOf(value).flatMap(([member, inner]) => placesBelow([...path, member], inner))];
}

function membersOf(value: unknown): [member: string | number, inner: unknown][] {
  if (Array.isArray(value)) return value.map((element, index) => [index, element]);
  return isObject(value) ? Object.entries(value).filter(([member]) => !serviceOwned.includes(member)) : [];
}

function isLeaf(value: unknown): boolean {
  return isEmpty(value) || typeof value !== "object";
}

function isEmpty(value: unknown): boolean {
  return value === null || value === "" || (typeof value === "object" && Object.keys(value).length === 0);
}

function another(member: string, value: unknown): unknown {
  if (member in plausible) return plausible[member];
  if (typeof value === "boolean") return !value;
  if (typeof value === "number") return value + 1;
  return Array.isArray(value) ? ["changed"] : `${typeof value === "string" ? value : ""}x`;
}

function inSnakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
