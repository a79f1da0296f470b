import type { MemberPath } from "../qoder-api/managed-objects";
import { isObject } from "../qoder-api/parse";
import type { JsonObject } from "../qoder-api/wire";
import type { Properties } from "./provider";

/** A change by a user at one place of a reply. */
export interface PlacedEdit {
  readonly what: string;
  readonly path: MemberPath;
  /** Undefined if the member is removed. */
  readonly value: unknown;
  /** True if the state forgets a token with its repository, so that the next `up` sends the token again. */
  readonly losesToken: boolean;
}

/** Of the agent in a reply, only the id is an argument, unless the program pins a version. */
const agentMembers = ["id"];
/** Members with only one type in the API: a reply without the type means the same. */
const oneType = ["schedule", "budget", "mcp_servers", "packages"];
/** "Define an outcome": 3 iterations mean the same as no number. */
const meansItsAbsence = ["max_iterations"];

/** The service sets these members by itself, so a changed value does not mean that a user changed it. */
const serviceOwned = ["upcoming_runs_at", "last_run_at", "stats"];

/** Values for members in which any other text would be invalid. */
const plausible: Readonly<Record<string, unknown>> = {
  expression: "0 0 * * *",
  timezone: "Europe/Rome",
  max_credit_cost: "99.00",
  checkout: { type: "branch", name: "other" },
  configs: [{ name: "Bash", enabled: false }],
};

/** For each leaf of the arguments in a reply, an edit that changes it. */
export function changedLeaves(shown: JsonObject, program: Properties): PlacedEdit[] {
  return placesIn(shown, program).flatMap(({ path, value }) =>
    isLeaf(value) && !isOfAgent(path) && !isOfOthers(path)
      ? [edit("changes", path, another(String(path.at(-1)), value), program)]
      : [],
  );
}

/**
 * For each object, an edit that adds a member. Maps whose keys belong to the user, such as `metadata`, are left out, and so are
 * the settings of `cas_config`.
 */
export function addedMembers(shown: JsonObject, program: Properties): PlacedEdit[] {
  return placesIn(shown, program).flatMap(({ path, value }) =>
    isObject(value) && path[0] !== "agent" && !path.includes("cas_config")
      ? [{ ...edit("adds to", path, "x", program), path: [...path, "later"], losesToken: false }]
      : [],
  );
}

/**
 * For each object and list, edits that remove a member or element. Empty values are left out, because they mean the same as
 * their absence; so are values that the program never gave.
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

/** True for `revision` in `cas_config`: the stand-in may add this member, and no program gives it. */
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

/** A text in the program means an object with only this member. */
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
