import type { Fault } from "../qoder-api";
import {
  cells,
  done,
  type Expectation,
  fails,
  failsOpen,
  looksAfter,
  nothing,
  once,
  settled,
  times,
  tries,
  undone,
  works,
} from "./fault-columns";
import type { Place } from "./fault-places";

type Struck = Omit<Fault, "method" | "path">;

/** The true status at the service, whatever it answers. */
type Truth = "gone" | "archived" | "paused" | "active" | "name taken";

export interface FaultRow {
  readonly name: string;
  /** The place to which the requests go instead of the service. */
  readonly place?: Place;
  /** The fault of every struck request, unless `times` limits it. Its text repeats the secret, if it has a text. */
  readonly fault?: (secret: string) => Struck;
  readonly truth?: Truth | Readonly<Record<string, Truth>>;
  /** `customTimeouts` of the struck command, in seconds; by default enough for five tries with their pauses. */
  readonly limit?: number;
  readonly expected: Expectation;
}

const noWait = { "retry-after-ms": "0" };
/** The tries after three pauses as short as the service asks for, and then the usual pauses. */
const without = 8;
const envelope = (status: number, type: string) => {
  const body = { type: "error", request_id: "req-1", error: { type, message: "Injected." } };
  return (): Struck => ({ kind: "status", status, body, headers: noWait });
};
const replaced = (transform: Fault["transform"]) => (): Struck => ({
  kind: "replace-body",
  ...(transform && { transform }),
});
const created = () => ["CREATE", "LIST"];
/** The error of a create whose answer nobody can read names the object. */
const named = fails(created, /It may have made \S+, created \d+ seconds? ago/);
/** The service refuses the second try, because the first one acted; a read confirms this. */
const confirmed = works(tries(2, "LOOK"));
const json = /answered with 200, but its body is not JSON/;
const unreadable = /created_at is not as the API documents it/;

/** In all rows, the object holds a secret, which no update changes. */
const ofEachKind: readonly FaultRow[] = [
  {
    name: "a connection that is reset before the service acted",
    fault: () => ({ kind: "reset-before" }),
    expected: failsOpen(undone(), /got no answer.*ECONNRESET/s),
  },
  {
    name: "a connection that is reset after the service acted",
    fault: () => ({ kind: "reset-after" }),
    expected: looksAfter(done(), /got no answer.*ECONNRESET/s),
  },
  {
    name: "503 until the time limit",
    fault: (secret) => ({ kind: "status", status: 503, body: `upstream ${secret} is away` }),
    expected: failsOpen(undone(), /503: upstream \[secret\] is away/),
  },
  {
    name: "an HTML page with 200",
    fault: (secret) => ({
      ...{ kind: "replace-body", status: 200, contentType: "text/html" },
      body: `<html><h1>Sign in ${secret}</h1></html>`,
    }),
    expected: cells(looksAfter(settled(3), /its body is not JSON: Sign in \[secret\]/), {
      create: fails(done(3), /its body is not JSON: Sign in \[secret\]/),
    }),
  },
  {
    name: "a reply about another object",
    fault: (secret) => ({ kind: "replace-body", transform: (reply) => ({ ...reply, id: `other-${secret}` }) }),
    expected: cells(looksAfter(settled(1), /the response describes "other-\[secret\]"/), {
      // The create made its object, which the error names.
      create: fails(created, /the response describes "other-\[secret\]"/),
    }),
  },
  {
    name: "a reply with a member that cannot be read",
    fault: (secret) => ({ kind: "replace-body", transform: (reply) => ({ ...reply, created_at: { secret } }) }),
    expected: cells(looksAfter(settled(1), unreadable), {
      create: works(() => ["CREATE", "LOOK"]),
      // The reply to a DELETE has no time.
      delete: (kind, column) => works(kind.end[0] === "DELETE" ? once : settled(1))(kind, column),
    }),
  },
  {
    name: "a 404 of a gateway",
    fault: (secret) => ({ kind: "status", status: 404, body: { message: `no Route matched with ${secret}` } }),
    expected: fails(once, /was answered with 404: .*no Route matched with \[secret\]/),
  },
  {
    name: "a 404 of the service for a removed object",
    fault: (secret) => ({
      ...{ kind: "status", status: 404 },
      body: { type: "error", error: { type: "not_found_error", message: `${secret} was not found` } },
    }),
    truth: "gone",
    expected(kind, column) {
      const { operation } = column;
      if (column.command === "up") {
        const sent = operation === "pause" || operation === "unpause" ? settled(1) : once;
        return fails(sent, /404 not_found_error: \[secret\] was not found/)(kind, column);
      }
      const first = operation === "read" ? times(2, "LOOK") : ["ARCHIVE", ...times(2, "LOOK")];
      return { sent: first, fails: undefined, state: "none" };
    },
  },
];

/** What the API's client decides, whatever the kind is. */
const ofDeployments: readonly FaultRow[] = [
  { name: "connect refused", place: "refused", expected: fails(nothing, /ECONNREFUSED.*Nothing was sent/s) },
  { name: "DNS failure", place: "unknown-host", expected: fails(nothing, /(ENOTFOUND|EAI_AGAIN).*Nothing was sent/s) },
  {
    name: "an untrusted certificate",
    place: "self-signed",
    expected: fails(nothing, /self-signed certificate.*Nothing was sent/s),
  },
  {
    name: "plain http where TLS is expected",
    place: "no-tls",
    expected: fails(nothing, /(SSL|EPROTO).*Nothing was sent/s),
  },
  {
    name: "reset after the server acted, once",
    fault: () => ({ kind: "reset-after", times: 1 }),
    expected: cells(works(tries(2)), { create: named, status: confirmed, delete: confirmed }),
  },
  { name: "silence", fault: () => ({ kind: "silence" }), limit: 1, expected: failsOpen(once, /time limit/) },
  {
    name: "a body slower than the time limit",
    fault: () => ({ kind: "slow-body", delayMs: 5_000 }),
    limit: 1,
    expected: failsOpen(once, /time limit/),
  },
  {
    name: "a complete reply with half of the JSON",
    fault: () => ({ kind: "truncate", cut: "json" }),
    expected: cells(failsOpen(tries(3), json), { create: named, status: confirmed, delete: confirmed }),
  },
  {
    name: "a reply without the id",
    fault: replaced(({ id: _, ...rest }) => rest),
    expected: cells(looksAfter(settled(1), /id is not as the API documents it/), { create: named }),
  },
  {
    name: "a reply with unknown fields",
    fault: replaced((reply) => ({ ...reply, flavour: { nested: [null] }, owner: null })),
    expected: works(once),
  },
  {
    name: "a reply with unknown values of an enum",
    fault: replaced((reply) => ({ ...reply, status: "hibernating" })),
    expected: cells(works(once), { status: works(settled(1)), read: works(once, "as wanted") }),
  },
  {
    name: "a reply of 10 MB",
    fault: replaced((reply) => ({ ...reply, padding: "x".repeat(10 * 1024 * 1024) })),
    expected: cells(looksAfter(settled(1), /answered with 200, but its body has more than 8 MB/), { create: named }),
  },
  {
    name: "a redirect",
    fault: () => ({ kind: "status", status: 302, headers: { location: "https://elsewhere.example/" }, body: "" }),
    expected: fails(once, /redirects to https:\/\/elsewhere\.example\/: set qoder:baseUrl/),
  },
  {
    name: "429 with Retry-After",
    fault: () => ({ kind: "status", status: 429, headers: { "retry-after": "0" } }),
    expected: fails(tries(without), /429 rate_limit_error/),
  },
  {
    name: "500, once",
    fault: () => ({ ...envelope(500, "api_error")(), times: 1 }),
    expected: cells(works(tries(2)), { create: works(() => ["CREATE", "LIST", "CREATE"]) }),
  },
  {
    name: "500 after the server acted",
    fault: () => ({ kind: "status-after", status: 500, headers: noWait }),
    expected: looksAfter(done(without), /500 api_error/),
  },
  {
    name: "401",
    fault: envelope(401, "authentication_error"),
    expected: fails(once, /401 authentication_error.*qoder:pat/s),
  },
  {
    // A 403 may mean that the deployment is archived, so the provider reads it.
    name: "403",
    fault: envelope(403, "permission_error"),
    expected: fails(settled(1), /403 permission_error.*\n.*the token/s),
  },
  {
    name: "409 without a conflict at the service",
    fault: envelope(409, "conflict_error"),
    expected: cells(fails(settled(1), /409 conflict_error/), { create: fails(created, /409 conflict_error/) }),
  },
  {
    name: "409 with a conflict at the service",
    truth: {
      ...{ create: "name taken", update: "archived", pause: "paused", unpause: "active" },
      ...{ read: "archived", delete: "archived" },
    },
    expected: cells(works(settled(1)), {
      // `pulumi-qoder resume` must know that a program stops the deployment.
      pause: works(tries(1, "LOOK", "UPDATE")),
      create: fails(created, /409 conflict_error.*adopt: "dep_\w+"/s),
      update: fails(once, /409 conflict_error.*archived/s),
      read: works(once, "none"),
    }),
  },
];

export const faultRowsOf = (noun: string): readonly FaultRow[] =>
  noun === "deployment" ? [...ofEachKind, ...ofDeployments] : ofEachKind;
