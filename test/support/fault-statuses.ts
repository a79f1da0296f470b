import {
  create,
  done,
  fails,
  failsOpen,
  list,
  look,
  looksAfter,
  ofStatus,
  once,
  type Row,
  settled,
  tries,
  undone,
  works,
} from "./fault-columns";

type Struck = NonNullable<Row["fault"]>;

const noWait = { "retry-after-ms": "0" };
/** The tries after three pauses as short as the service asks for, and then the usual pauses. */
const most = tries(8);
const text = (status: number, body: string): Struck => ({ kind: "status", status, body, headers: noWait });
const envelope = (status: number, type: string, more: object = {}): Struck => {
  const body = { type: "error", request_id: "req-1", error: { type, message: "Injected.", ...more } };
  return { kind: "status", status, body, headers: noWait };
};
const limited = (headers: Record<string, string>): Struck => ({ kind: "status", status: 429, headers });

const inCommand = works(tries(1, look));

/** The rows in which the service, or a gateway in front of it, answers with an error status. */
export const statusRows: readonly Row[] = [
  {
    name: "a redirect",
    fault: { kind: "status", status: 302, headers: { location: "https://elsewhere.example/" }, body: "" },
    cells: { all: fails(once, /redirects to https:\/\/elsewhere\.example\/: set qoder:baseUrl/) },
  },
  {
    name: "429 with Retry-After in seconds",
    fault: limited({ "retry-after": "0" }),
    cells: { all: fails(most, /429 rate_limit_error/) },
  },
  {
    name: "429 with Retry-After as a date",
    fault: limited({ "retry-after": "Wed, 21 Oct 2015 07:28:00 GMT" }),
    cells: { all: fails(most, /429 rate_limit_error/) },
  },
  {
    name: "429 with the header in milliseconds",
    fault: limited({ "retry-after-ms": "5" }),
    cells: { all: fails(most, /429 rate_limit_error/) },
  },
  {
    name: "429 without Retry-After, twice",
    fault: { ...limited({}), times: 2 },
    cells: { all: works(tries(3)) },
  },
  {
    name: "500",
    fault: envelope(500, "api_error"),
    cells: { all: failsOpen(undone(settled(8)), /500 api_error: Injected/) },
  },
  {
    name: "500, once",
    fault: { ...envelope(500, "api_error"), times: 1 },
    cells: { all: works(tries(2)), create: works(() => [create, list, create]) },
  },
  {
    name: "500 after the server acted",
    fault: { kind: "status-after", status: 500, headers: noWait },
    cells: { all: looksAfter(done(settled(8)), /500 api_error/) },
  },
  {
    name: "502 text",
    fault: text(502, "Bad Gateway"),
    cells: { all: failsOpen(undone(settled(8)), /502: Bad Gateway/) },
  },
  {
    name: "503 text",
    fault: text(503, "upstream connect error"),
    only: ofStatus,
    cells: { all: failsOpen(undone(settled(8)), /503: upstream connect error/) },
  },
  {
    name: "503 feature_not_available",
    fault: envelope(503, "feature_not_available"),
    cells: { all: fails(once, /503 feature_not_available: Injected/) },
  },
  {
    name: "401 in an envelope",
    fault: envelope(401, "authentication_error"),
    cells: { all: fails(once, /401 authentication_error.*qoder:pat/s) },
  },
  {
    name: "401 of the gateway",
    fault: {
      kind: "status",
      status: 401,
      body: { code: "TOKEN_INVALID", message: "invalid pt-token", timestamp: "1" },
    },
    cells: { all: fails(once, /401: TOKEN_INVALID: invalid pt-token.*qoder:pat/s) },
  },
  {
    name: "403",
    fault: envelope(403, "permission_error"),
    cells: {
      // A 403 may mean that the deployment is archived, so the provider reads it.
      all: fails(settled(1), /403 permission_error.*\n.*the token/s),
    },
  },
  {
    name: "404 for a removed deployment",
    fault: envelope(404, "not_found_error"),
    truth: { pause: "removed", unpause: "removed" },
    only: ["create", ...ofStatus],
    cells: {
      all: fails(settled(1), /404 not_found_error.*pulumi refresh/s),
      create: fails(once, /404 not_found_error.*ids of agent, environment/s),
    },
  },
  {
    name: "409 without a conflict at the service",
    fault: envelope(409, "conflict_error"),
    cells: {
      all: fails(tries(1, look), /409 conflict_error/),
      create: fails(tries(1, list), /409 conflict_error/),
      update: fails(once, /409 conflict_error/),
      read: fails(once, /409 conflict_error/),
    },
  },
  {
    name: "409 with a conflict at the service",
    truth: {
      create: "name taken",
      update: "archived",
      pause: "paused",
      unpause: "active",
      read: "archived",
      delete: "archived",
    },
    cells: {
      all: inCommand,
      // `pulumi-qoder resume` must know that a program stops the deployment.
      pause: works(tries(1, look, "POST /deployments/ID")),
      create: fails(tries(1, list), /409 conflict_error.*adopt: "dep_\w+"/s),
      update: fails(once, /409 conflict_error.*archived/s),
      read: works(once, "none"),
    },
  },
  {
    name: "400 with a param",
    fault: envelope(400, "invalid_request_error", { param: "agent" }),
    cells: { all: fails(once, /400 invalid_request_error \(param agent\): Injected/) },
  },
  {
    name: "400 without a param",
    fault: envelope(400, "invalid_request_error"),
    cells: { all: fails(once, /400 invalid_request_error: Injected/) },
  },
];
