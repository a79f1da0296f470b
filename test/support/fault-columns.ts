import type { Fault } from "../qoder-api";
import type { Place } from "./fault-places";
import type { Properties } from "./provider";

type ColumnName = "create" | "update" | "pause" | "unpause" | "read" | "delete";

/** One operation of the provider: the command that leads to it, and the request that meets the fault. */
export interface Column {
  readonly name: ColumnName;
  readonly command: "up" | "refresh" | "destroy";
  /** The arguments of an earlier `up`; undefined if there was none. */
  readonly before: Properties | undefined;
  readonly wanted: Properties;
  readonly struck: string;
}

export const create = "POST /deployments";
export const list = "GET /deployments";
export const look = "GET /deployments/ID";

const [old, changed] = [{ description: "old" }, { description: "new" }];

export const columns: readonly Column[] = [
  { name: "create", command: "up", before: undefined, wanted: changed, struck: create },
  { name: "update", command: "up", before: old, wanted: changed, struck: "POST /deployments/ID" },
  { name: "pause", command: "up", before: {}, wanted: { paused: true }, struck: "POST /deployments/ID/pause" },
  {
    name: "unpause",
    command: "up",
    before: { paused: true },
    wanted: { paused: false },
    struck: "POST /deployments/ID/unpause",
  },
  { name: "read", command: "refresh", before: old, wanted: old, struck: look },
  { name: "delete", command: "destroy", before: old, wanted: old, struck: "POST /deployments/ID/archive" },
];

/** The required results of the struck command. */
export interface Expected {
  readonly sent: readonly string[];
  /** A part of the error message; undefined if the command succeeds. */
  readonly fails: RegExp | undefined;
  /** "open": nobody knows whether the command acted. "changed": another state, in which no known value is missing. */
  readonly state: "none" | "as before" | "as wanted" | "open" | "changed";
}

export type Pattern = (column: Column) => Expected;

/** The true status at the service, whatever it answers. */
export type Truth = "removed" | "archived" | "paused" | "active" | "name taken";

export interface Row {
  readonly name: string;
  /** The place to which the requests go instead of the service. */
  readonly place?: Place;
  /** The fault of every struck request, unless `times` limits it. */
  readonly fault?: Omit<Fault, "method" | "path">;
  readonly truth?: Readonly<Partial<Record<ColumnName, Truth>>>;
  /** `customTimeouts` of the resource, in seconds. */
  readonly limit?: number;
  /** Left out: all operations. */
  readonly only?: readonly ColumnName[];
  readonly cells: { readonly all: Pattern } & Readonly<Partial<Record<ColumnName, Pattern>>>;
}

/** What only deployments have: `test/plugin/faults.test.ts` has the other operations, of all kinds. */
export const ofStatus: readonly ColumnName[] = ["pause", "unpause"];

type Requests = (column: Column) => readonly string[];

export const fails =
  (sent: Requests, message: RegExp): Pattern =>
  (column) => ({ sent: sent(column), fails: message, state: column.before === undefined ? "none" : "as before" });

/** Nobody knows whether the command acted: an update leaves an open state; a create without an id leaves none. */
export const failsOpen =
  (sent: Requests, message: RegExp): Pattern =>
  (column) => {
    const isUpdate = column.before !== undefined && column.command === "up";
    return { ...fails(sent, message)(column), ...(isUpdate ? { state: "open" } : {}) };
  };

export const works =
  (sent: Requests, state?: Expected["state"]): Pattern =>
  (column) => ({ sent: sent(column), fails: undefined, state: state ?? stateAfterSuccess(column) });

function stateAfterSuccess({ command }: Column): Expected["state"] {
  return command === "destroy" ? "none" : command === "refresh" ? "as before" : "as wanted";
}

export const nothing: Requests = () => [];
export const tries =
  (count: number, ...more: readonly string[]): Requests =>
  ({ struck }) => [...Array.from({ length: count }, () => struck), ...more];
export const once = tries(1);
/** The tries of a request that is settled: after the last one, the provider reads the deployment, if its own request was the write. */
export const settled =
  (count: number): Requests =>
  (column) =>
    tries(count, ...(ofSettled.includes(column.name) ? [look] : []))(column);
const ofSettled: readonly ColumnName[] = ["pause", "unpause", "delete"];
/** As `failsOpen`, except that a look finds what `pause`, `unpause` and `delete` have done. */
export const looksAfter =
  (sent: Requests, message: RegExp): Pattern =>
  (column) =>
    (ofSettled.includes(column.name) ? works(sent) : failsOpen(sent, message))(column);

const creating =
  (sent: readonly string[], others: Requests): Requests =>
  (column) =>
    column.name === "create" ? sent : others(column);

/** The number of tries within the time limit. */
const most = 5;
const mostFor = (request: string) => Array.from({ length: most }, () => request);

/** The service never acted. After each create, the provider looks for its object: before another one, and for the error. */
export const undone = (others: Requests = settled(most)) =>
  creating(
    mostFor(create).flatMap((request) => [request, list]),
    others,
  );
/** The service always acted: a list shows what the create made. */
export const done = (others: Requests = settled(most)) => creating([create, list], others);
/** The error of a create whose answer nobody can read names the object. */
export const named = fails(() => [create, list], /It may have made dep_\S+, created \d+ seconds? ago/);
