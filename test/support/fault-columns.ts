import type { KindRow } from "../kinds/kind-row";
import type { Properties } from "./provider";

type Operation = "create" | "update" | "pause" | "unpause" | "read" | "delete";

/** One operation of the provider: the command that leads to it, and the request that meets the fault. */
export interface Column {
  readonly operation: Operation;
  readonly command: "up" | "refresh" | "destroy";
  readonly struck: string;
  /** The arguments of an earlier `up`; undefined if there was none. */
  before(kind: KindRow): Properties | undefined;
  /** The arguments of the struck `up`, and of the next one. */
  wanted(kind: KindRow): Properties;
}

const old = ({ steps: [before = {}] }: KindRow) => before;
const wanted = ({ steps: [before = {}, after = before] }: KindRow) => after;
const none = () => undefined;

export const columns: readonly Column[] = [
  { operation: "create", command: "up", struck: "CREATE", before: none, wanted },
  { operation: "update", command: "up", struck: "UPDATE", before: old, wanted },
  { operation: "pause", command: "up", struck: "PAUSE", before: () => ({}), wanted: () => ({ paused: true }) },
  {
    ...{ operation: "unpause", command: "up", struck: "UNPAUSE" },
    before: () => ({ paused: true }),
    wanted: () => ({ paused: false }),
  },
  { operation: "read", command: "refresh", struck: "LOOK", before: old, wanted: old },
  { operation: "delete", command: "destroy", struck: "ARCHIVE", before: old, wanted },
];

export function columnsOf({ steps, statusArgument }: KindRow): readonly Column[] {
  const missing = [...(steps.length > 0 ? [] : ["update"]), ...(statusArgument ? [] : ["pause", "unpause"])];
  return columns.filter(({ operation }) => !missing.includes(operation));
}

export interface Expected {
  readonly sent: readonly string[];
  /** A part of the message; undefined if the command succeeds. */
  readonly fails: RegExp | undefined;
  /** "open": nobody knows whether the command acted. */
  readonly state: "none" | "as before" | "as wanted" | "open";
}

export type Expectation = (kind: KindRow, column: Column) => Expected;
type Requests = (kind: KindRow, column: Column) => readonly string[];

/** A service or a provider settles these by a look: their answers say less than the object. */
const isSettled = ({ operation }: Column) => ["pause", "unpause", "delete"].includes(operation);
const isUpdate = ({ operation, command }: Column) => command === "up" && operation !== "create";

export const times = (count: number, ...requests: readonly string[]) =>
  Array.from({ length: count }, () => requests).flat();
export const tries =
  (count: number, ...more: readonly string[]): Requests =>
  (_, { struck }) => [...times(count, struck), ...more];
export const once = tries(1);
export const nothing: Requests = () => [];

/** The tries of a request, and the look at what no answer says. */
export const settled =
  (count: number): Requests =>
  (kind, column) => [...tries(count)(kind, column), ...(isSettled(column) ? ["LOOK"] : [])];

/** The number of tries within the time limit. */
const most = 5;
/** The same, if a wait and a list follow each one. */
const mostWithLists = 4;

/**
 * The service never acted. A create whose page documents the key is sent again under the same key. Before each further create of another
 * kind, a list shows that the last one made nothing: of a kind with free names for as long as a service may hide a new object, which is
 * longer than the time limit.
 */
export const undone =
  (count = most): Requests =>
  (row, column) => {
    if (column.operation !== "create") {
      return settled(count)(row, column);
    }
    if (row.kind.documentsKey) {
      return [...times(most, "CREATE"), "LIST"];
    }
    return row.hasFreeNames ? ["CREATE", ...times(3, "LIST")] : times(mostWithLists, "CREATE", "LIST");
  };
/** The service always acted: a list shows what the create made. */
export const done =
  (count = most): Requests =>
  (row, column) =>
    column.operation === "create"
      ? [...times(row.kind.documentsKey ? count : 1, "CREATE"), "LIST"]
      : settled(count)(row, column);

export const fails =
  (sent: Requests, message: RegExp): Expectation =>
  (kind, column) => ({
    ...{ sent: sent(kind, column), fails: message },
    state: column.operation === "create" ? "none" : "as before",
  });

/** Nobody knows whether the command acted: an update leaves an open state; a create without an id leaves none. */
export const failsOpen =
  (sent: Requests, message: RegExp): Expectation =>
  (kind, column) => ({ ...fails(sent, message)(kind, column), ...(isUpdate(column) ? { state: "open" } : {}) });

export const works =
  (sent: Requests, state?: Expected["state"]): Expectation =>
  (kind, column) => ({ sent: sent(kind, column), fails: undefined, state: state ?? stateAfter(column) });

const stateAfter = ({ command }: Column) =>
  command === "destroy" ? "none" : command === "refresh" ? "as before" : "as wanted";

/** After a removal that the service did, the read shows an archive. That of a deleted new object proves nothing within the time limit. */
const ended =
  (sent: Requests): Expectation =>
  (kind, column) =>
    kind.end[0] === "DELETE"
      ? fails(sent, /It is unknown whether .* was deleted: .*may not be visible yet/s)(kind, column)
      : works(sent)(kind, column);

/** As `failsOpen`, except that a look finds what a change of status and a removal have done. */
export const looksAfter =
  (sent: Requests, message: RegExp): Expectation =>
  (kind, column) =>
    (column.operation === "delete" ? ended(sent) : isSettled(column) ? works(sent) : failsOpen(sent, message))(
      kind,
      column,
    );

/** `all`, unless the row has another expectation of the operation. */
export const cells =
  (all: Expectation, others: Readonly<Partial<Record<Operation | "status", Expectation>>> = {}): Expectation =>
  (kind, column) =>
    (
      others[column.operation] ??
      (isSettled(column) && column.operation !== "delete" ? others.status : undefined) ??
      all
    )(kind, column);
