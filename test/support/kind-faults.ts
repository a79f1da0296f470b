import type { KindRow } from "../kinds/kind-row";
import type { Fault } from "../qoder-api";

type Operation = "create" | "update" | "read" | "delete";

/** One operation of the provider: the command that leads to it, and the request that meets the fault. */
export interface Column {
  readonly operation: Operation;
  readonly command: "up" | "refresh" | "destroy";
  readonly struck: string;
}

export const columns: readonly Column[] = [
  { operation: "create", command: "up", struck: "CREATE" },
  { operation: "update", command: "up", struck: "UPDATE" },
  { operation: "read", command: "refresh", struck: "LOOK" },
  { operation: "delete", command: "destroy", struck: "ARCHIVE" },
];

export interface Expected {
  /** The purposes of the requests. */
  readonly sent: readonly string[];
  /** A part of the message; undefined if the command succeeds. */
  readonly fails: RegExp | undefined;
  /** "open": nobody knows whether the command acted. */
  readonly state: "none" | "as before" | "as wanted" | "open";
}

type Expectation = (kind: KindRow, column: Column) => Expected;

export interface FaultRow {
  readonly name: string;
  /** The fault of every struck request. Its text repeats the secret, if it has a text. */
  readonly fault: (secret: string) => Omit<Fault, "method" | "path">;
  /** True if the object is gone, whatever the answers say. */
  readonly isGone?: true;
  readonly expected: Expectation;
}

const times = (count: number, ...requests: readonly string[]) => Array.from({ length: count }, () => requests).flat();
/** The number of tries within the time limit. */
const most = 5;

const stateAfter = ({ operation, command }: Column) =>
  operation === "create" ? "none" : operation === "read" ? "as before" : command === "destroy" ? "none" : "as wanted";

function fails(sent: readonly string[], message: RegExp, { operation }: Column): Expected {
  return { sent, fails: message, state: operation === "create" ? "none" : "as before" };
}

/** Nobody knows whether the command acted: an update leaves an open state; a create without an id leaves none. */
function failsOpen(sent: readonly string[], message: RegExp, column: Column): Expected {
  const failed = fails(sent, message, column);
  return column.operation === "update" ? { ...failed, state: "open" } : failed;
}

function works(sent: readonly string[], column: Column): Expected {
  return { sent, fails: undefined, state: column.operation === "create" ? "as wanted" : stateAfter(column) };
}

/**
 * A create whose page documents the key is sent again under the same key. Before each further create of another kind, a list shows that
 * the last one made nothing: of a kind with free names for as long as a service may hide a new object, which is longer than the time limit.
 */
const undone = ({ hasFreeNames, kind }: KindRow, { operation, struck }: Column) => {
  if (operation !== "create") {
    return [...times(most, struck), ...lookAfter(operation)];
  }
  if (kind.documentsKey) {
    return [...times(most, "CREATE"), "LIST"];
  }
  return hasFreeNames ? ["CREATE", ...times(3, "LIST")] : times(most, "CREATE", "LIST");
};
/** What no answer to a removal says, the provider reads. */
const lookAfter = (operation: Operation) => (operation === "delete" ? ["LOOK"] : []);
const done = ({ kind }: KindRow, { operation, struck }: Column) =>
  operation === "create" ? [...times(kind.documentsKey ? most : 1, "CREATE"), "LIST"] : times(most, struck);

/** After a removal that the service did, the read shows an archive. That of a deleted new object proves nothing within the time limit. */
function ended(sent: readonly string[], kind: KindRow, column: Column): Expected {
  const isUnproven = kind.end[0] === "DELETE";
  const unproven = /It is unknown whether .* was deleted: .*may not be visible yet/s;
  return isUnproven ? fails([...sent, "LOOK"], unproven, column) : works([...sent, "LOOK"], column);
}

/** A success that shows another object, or a member in another form: the next `up` sends an update again. */
function ofWrongReply(kind: KindRow, column: Column, message: RegExp): Expected {
  switch (column.operation) {
    case "create":
      // The create made its object, which the error names.
      return fails(["CREATE", "LIST"], message, column);
    case "read":
      return fails(["LOOK"], message, column);
    case "delete":
      return ended([column.struck], kind, column);
    default:
      return failsOpen([column.struck], message, column);
  }
}

/** In all rows, the object holds a secret, which no update changes. */
export const faultRows: readonly FaultRow[] = [
  {
    name: "a connection that is reset before the service acted",
    fault: () => ({ kind: "reset-before" }),
    expected: (kind, column) => failsOpen(undone(kind, column), /got no answer.*ECONNRESET/s, column),
  },
  {
    name: "a connection that is reset after the service acted",
    fault: () => ({ kind: "reset-after" }),
    expected: (kind, column) =>
      column.operation === "delete"
        ? ended(times(most, column.struck), kind, column)
        : failsOpen(done(kind, column), /got no answer.*ECONNRESET/s, column),
  },
  {
    name: "503 until the time limit",
    fault: (secret) => ({ kind: "status", status: 503, body: `upstream ${secret} is away` }),
    expected: (kind, column) => failsOpen(undone(kind, column), /503: upstream \[secret\] is away/, column),
  },
  {
    name: "an HTML page with 200",
    fault: (secret) => ({
      kind: "replace-body",
      status: 200,
      contentType: "text/html",
      body: `<html><h1>Sign in ${secret}</h1></html>`,
    }),
    expected(kind, column) {
      const message = /answered with 200, but its body is not JSON: Sign in \[secret\]/;
      switch (column.operation) {
        case "create":
          return fails([...times(kind.kind.documentsKey ? 3 : 1, "CREATE"), "LIST"], message, column);
        case "read":
          return fails(times(3, "LOOK"), message, column);
        case "delete":
          return ended(times(3, column.struck), kind, column);
        default:
          return failsOpen(times(3, column.struck), message, column);
      }
    },
  },
  {
    name: "a reply about another object",
    fault: (secret) => ({ kind: "replace-body", transform: (reply) => ({ ...reply, id: `other-${secret}` }) }),
    expected: (kind, column) => ofWrongReply(kind, column, /the response describes "other-\[secret\]"/),
  },
  {
    name: "a reply with a member that cannot be read",
    fault: (secret) => ({ kind: "replace-body", transform: (reply) => ({ ...reply, created_at: { secret } }) }),
    expected(kind, column) {
      // The reply to a DELETE has no time, and a create has made the object.
      if (column.operation === "create") {
        return works(["CREATE", "LOOK"], column);
      }
      return column.operation === "delete" && kind.end[0] === "DELETE"
        ? works([column.struck], column)
        : ofWrongReply(kind, column, /created_at is not as the API documents it/);
    },
  },
  {
    name: "a 404 of a gateway",
    fault: (secret) => ({ kind: "status", status: 404, body: { message: `no Route matched with ${secret}` } }),
    expected: (_, column) =>
      fails([column.struck], /was answered with 404: .*no Route matched with \[secret\]/, column),
  },
  {
    name: "a 404 of the service for a removed object",
    fault: (secret) => ({
      kind: "status",
      status: 404,
      body: { type: "error", error: { type: "not_found_error", message: `${secret} was not found` } },
    }),
    isGone: true,
    expected(kind, column) {
      const { operation, struck } = column;
      if (operation === "create" || operation === "update") {
        return fails([struck], /404 not_found_error: \[secret\] was not found/, column);
      }
      const first = operation === "read" ? times(2, "LOOK") : ["ARCHIVE", ...times(2, "LOOK")];
      return kind.witness(kind.least) === undefined
        ? fails(first, /probably belongs to another account or workspace/, column)
        : { sent: [...first, "WITNESS"], fails: undefined, state: "none" };
    },
  },
];
