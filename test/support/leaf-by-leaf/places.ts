import type { MemberPath } from "../../qoder-api/member-changes";
import { isObject } from "../../qoder-api/parse";
import type { JsonObject } from "../../qoder-api/wire";
import type { Properties } from "../provider";

/** What somebody does at one place of what the service shows. */
export interface PlacedEdit {
  readonly what: string;
  readonly path: MemberPath;
  /** Undefined where the member is taken away. */
  readonly value: unknown;
}

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
    isLeaf(value) ? [{ what: `changes ${path.join(".")}`, path, value: another(String(path.at(-1)), value) }] : [],
  );
}

/** One member more in each object. What only the user names, such as `metadata`, belongs to whoever names it. */
export function addedMembers(shown: JsonObject, program: Properties): PlacedEdit[] {
  return placesIn(shown, program).flatMap(({ path, value }) =>
    isObject(value) ? [{ what: `adds to ${path.join(".")}`, path: [...path, "later"], value: "x" }] : [],
  );
}

/** One member less in each object, and one element less in each list. What is empty means what its absence means. */
export function removedMembers(shown: JsonObject, program: Properties): PlacedEdit[] {
  return placesIn(shown, program).flatMap(({ path, value }) =>
    path.length > 1 && !isEmpty(value) ? [{ what: `removes ${path.join(".")}`, path, value: undefined }] : [],
  );
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
