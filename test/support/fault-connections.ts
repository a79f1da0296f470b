import {
  create,
  done,
  fails,
  failsOpen,
  look,
  looksAfter,
  named,
  nothing,
  ofStatus,
  once,
  type Row,
  tries,
  undone,
  works,
} from "./fault-columns";

/** The service refuses the second try of a change of status, because the first one acted; a read confirms this. */
const confirmed = works(tries(2, look));

/** The faults of the connection, and of the reply to a request that succeeded. */
export const connectionRows: readonly Row[] = [
  { name: "connect refused", place: "refused", cells: { all: fails(nothing, /ECONNREFUSED.*Nothing was sent/s) } },
  {
    name: "DNS failure",
    place: "unknown-host",
    cells: { all: fails(nothing, /(ENOTFOUND|EAI_AGAIN).*Nothing was sent/s) },
  },
  {
    name: "an untrusted certificate",
    place: "self-signed",
    cells: { all: fails(nothing, /self-signed certificate.*Nothing was sent/s) },
  },
  {
    name: "plain http where TLS is expected",
    place: "no-tls",
    cells: { all: fails(nothing, /(SSL|EPROTO).*Nothing was sent/s) },
  },
  {
    name: "reset before the server acted",
    fault: { kind: "reset-before" },
    only: ofStatus,
    cells: { all: failsOpen(undone(), /got no answer.*ECONNRESET/s) },
  },
  {
    name: "reset after the server acted",
    fault: { kind: "reset-after" },
    only: ofStatus,
    cells: { all: looksAfter(done(), /got no answer.*ECONNRESET/s) },
  },
  {
    name: "reset after the server acted, once",
    fault: { kind: "reset-after", times: 1 },
    cells: {
      all: works(tries(2)),
      create: named,
      pause: confirmed,
      unpause: confirmed,
      delete: confirmed,
    },
  },
  { name: "silence", fault: { kind: "silence" }, limit: 1, cells: { all: failsOpen(once, /time limit/) } },
  {
    name: "headers, then silence",
    fault: { kind: "headers-then-silence" },
    limit: 1,
    cells: { all: failsOpen(once, /time limit/) },
  },
  { name: "a slow body", fault: { kind: "slow-body", delayMs: 300 }, cells: { all: works(once) } },
  {
    name: "a body slower than the time limit",
    fault: { kind: "slow-body", delayMs: 5_000 },
    limit: 1,
    cells: { all: failsOpen(once, /time limit/) },
  },
  {
    name: "a connection that ends within the body",
    fault: { kind: "truncate", cut: "connection" },
    cells: { all: looksAfter(done(), /got no answer/) },
  },
  {
    name: "a complete reply with half of the JSON",
    fault: { kind: "truncate", cut: "json" },
    cells: {
      all: failsOpen(tries(3), /answered with 200, but its body is not JSON/),
      create: named,
      pause: confirmed,
      unpause: confirmed,
      read: fails(tries(3), /answered with 200, but its body is not JSON/),
      delete: confirmed,
    },
  },
  {
    name: "an HTML page with 200",
    fault: { kind: "replace-body", status: 200, contentType: "text/html", body: "<html><h1>Sign in</h1></html>" },
    only: ofStatus,
    cells: { all: works(tries(3, look)) },
  },
  {
    name: "a reply with the id alone",
    fault: { kind: "replace-body", transform: ({ id }) => ({ id }) },
    cells: {
      all: works(tries(1, look)),
      create: works(() => [create, look]),
      update: failsOpen(once, /created_at is not as the API documents it/),
      read: fails(once, /created_at is not as the API documents it/),
    },
  },
  {
    name: "a reply without the id",
    fault: { kind: "replace-body", transform: ({ id: _, ...rest }) => rest },
    cells: {
      all: works(tries(1, look)),
      create: named,
      update: failsOpen(once, /id is not as the API documents it/),
      read: fails(once, /id is not as the API documents it/),
    },
  },
  {
    name: "a reply with unknown fields",
    fault: { kind: "replace-body", transform: (reply) => ({ ...reply, flavour: { nested: [null] }, owner: null }) },
    cells: { all: works(once) },
  },
  {
    name: "a reply with unknown values of an enum",
    fault: {
      kind: "replace-body",
      transform: (reply) => ({ ...reply, status: "hibernating", paused_reason: { type: "quota" } }),
    },
    cells: {
      all: works(once),
      pause: works(tries(1, look)),
      unpause: works(tries(1, look)),
      read: works(once, "as wanted"),
    },
  },
  {
    name: "a reply of 10 MB",
    fault: { kind: "replace-body", transform: (reply) => ({ ...reply, padding: "x".repeat(10 * 1024 * 1024) }) },
    cells: {
      all: works(tries(1, look)),
      create: named,
      update: failsOpen(once, /answered with 200, but its body has more than 8 MB/),
      read: fails(once, /answered with 200, but its body has more than 8 MB/),
    },
  },
];
