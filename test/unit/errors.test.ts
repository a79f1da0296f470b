import { connectionError } from "../../provider/api/connection";
import { apiError, QoderError } from "../../provider/api/errors";
import { cpuSeconds } from "../support/cpu-seconds";

const label = "POST /deployments";
const envelope = (error: object, rest: object = {}) => JSON.stringify({ type: "error", error, ...rest });
const missing = { type: "invalid_request_error", message: "Missing required field: name", param: "name" };
const html = "<html><head><title>502 Bad Gateway</title></head>\n<body><h1>502 Bad Gateway</h1></body></html>";
const gateway = { code: "TOKEN_INVALID", message: "invalid pt-token", timestamp: "1789199957397" };

test.each<[string, number, string, string | undefined, string]>([
  [
    "the envelope",
    400,
    envelope(missing, { request_id: "req-body" }),
    undefined,
    "400 invalid_request_error (param name): Missing required field: name [request id req-body]",
  ],
  [
    "the envelope, with the request id of the header",
    400,
    envelope(missing, { request_id: "req-body" }),
    "req-header",
    "400 invalid_request_error (param name): Missing required field: name [request id req-header]",
  ],
  [
    "the older envelope without request id",
    409,
    envelope({ type: "conflict_error", message: "Deployment is already archived" }),
    undefined,
    "409 conflict_error: Deployment is already archived",
  ],
  [
    "null members",
    404,
    envelope({ type: null, message: null, param: null }, { request_id: null }),
    undefined,
    "404: no message",
  ],
  [
    "unknown members",
    404,
    envelope({ type: "not_found_error", message: "Agent 'ag-1' was not found.", code: "NOT_FOUND" }, { later: [1] }),
    "req-header",
    "404 not_found_error: Agent 'ag-1' was not found [request id req-header]",
  ],
  ["a gateway's flat body", 401, JSON.stringify(gateway), undefined, "401: TOKEN_INVALID: invalid pt-token"],
  [
    "a proxy's plain text",
    503,
    "upstream connect error or disconnect/reset before headers",
    undefined,
    "503: upstream connect error or disconnect/reset before headers",
  ],
  ["an HTML page, as one line of text", 502, html, undefined, "502: 502 Bad Gateway 502 Bad Gateway"],
  ["an empty body", 500, " \n", undefined, "500: an empty body"],
  ["JSON of another shape", 500, '{"error":"boom"}', undefined, '500: {"error":"boom"}'],
  ["JSON null", 500, "null", "req-header", "500: null [request id req-header]"],
  ["truncated JSON", 500, '{"type":"error","err', undefined, '500: {"type":"error","err'],
  ["a long text, which is cut", 500, "x".repeat(301), undefined, `500: ${"x".repeat(300)}…`],
])("the message of an API error shows %s", (_, status, body, requestId, expected) => {
  const error = apiError(label, status, body, requestId);
  expect(error.message).toBe(`POST /deployments was answered with ${expected}`);
  expect(error).toBeInstanceOf(QoderError);
  expect(error.status).toBe(status);
});

test.each<[string, number, string, boolean]>([
  ["the API's own answer", 404, envelope({ type: "not_found_error", message: "No such deployment." }), true],
  ["a page of a web server", 404, "<html><h1>404 Not Found</h1><hr>nginx</html>", false],
  ["a gateway's flat body", 404, JSON.stringify({ code: "not_found_error", message: "no route" }), false],
  ["a flat body with a type", 404, '{"type":"not_found_error","message":"no route"}', false],
  ["an envelope without a type", 404, envelope({ message: "no route" }), false],
  ["an envelope of another type", 404, envelope({ type: "invalid_request_error", message: "no route" }), false],
  ["an empty body", 404, "", false],
  ["the API's own type under another status", 400, envelope({ type: "not_found_error", message: "no" }), false],
])("only the API's envelope of a 404 says that an object does not exist: %s", (_, status, body, expected) => {
  expect(apiError(label, status, body, undefined).isNotFound).toBe(expected);
});

test("an API error has the type, the param and the request id of the envelope", () => {
  expect(apiError(label, 400, envelope(missing), "req-1")).toMatchObject({
    name: "QoderApiError",
    request: label,
    status: 400,
    type: "invalid_request_error",
    serverMessage: "Missing required field: name",
    param: "name",
    requestId: "req-1",
  });
});

test("the error about a page of a hundred thousand opening brackets takes less than 5 seconds", () => {
  const seconds = cpuSeconds(() => {
    expect(apiError(label, 502, "<".repeat(100_000), undefined).message).toContain("…");
  });
  expect(seconds).toBeLessThan(5);
});

test("the error for a socket that the system refused shows no unknown local address", () => {
  // The message of Node if the process has too many open files.
  const cause = Object.assign(new Error("connect EMFILE 127.0.0.1:443 - Local (undefined:undefined)"), {
    code: "EMFILE",
    syscall: "connect",
  });
  const { message, sent } = connectionError(label, cause);
  expect({ message, sent }).toEqual({ message: `${label} got no answer: connect EMFILE 127.0.0.1:443`, sent: false });
});
