import { connectionError } from "../../provider/api/connection";
import { apiError, isNotFound, QoderError } from "../../provider/api/errors";
import { cpuSeconds } from "../support/cpu-seconds";

const label = "POST /deployments";
const envelope = (error: object, rest: object = {}) => JSON.stringify({ type: "error", error, ...rest });
const missing = { type: "invalid_request_error", message: "Missing required field: name", param: "name" };
const ofBody = { request_id: "req-body" };
const missingText = "400 invalid_request_error (param name): Missing required field: name";
const archived = { type: "conflict_error", message: "Deployment is already archived" };
const notFound = { type: "not_found_error", message: "Agent 'ag-1' was not found.", code: "NOT_FOUND" };
const nulls = { type: null, message: null, param: null };
const ofProxy = "upstream connect error or disconnect/reset before headers";
const html = "<html><head><title>502 Bad Gateway</title></head>\n<body><h1>502 Bad Gateway</h1></body></html>";
const gateway = { code: "TOKEN_INVALID", message: "invalid pt-token", timestamp: "1789199957397" };

test.each<[what: string, expected: string, body: string, requestId: string | undefined]>([
  ["the envelope", `${missingText} [request id req-body]`, envelope(missing, ofBody), undefined],
  ["the request id of the header", `${missingText} [request id req-h]`, envelope(missing, ofBody), "req-h"],
  ["the older envelope", "409 conflict_error: Deployment is already archived", envelope(archived), undefined],
  ["null members", "404: no message", envelope(nulls, { request_id: null }), undefined],
  [
    "unknown members",
    "404 not_found_error: Agent 'ag-1' was not found [request id req-h]",
    envelope(notFound, { later: [1] }),
    "req-h",
  ],
  ["a gateway's flat body", "401: TOKEN_INVALID: invalid pt-token", JSON.stringify(gateway), undefined],
  ["a proxy's plain text", `503: ${ofProxy}`, ofProxy, undefined],
  ["an HTML page, as one line of text", "502: 502 Bad Gateway 502 Bad Gateway", html, undefined],
  ["an empty body", "500: an empty body", " \n", undefined],
  ["JSON of another shape", '500: {"error":"boom"}', '{"error":"boom"}', undefined],
  ["JSON null", "500: null [request id req-h]", "null", "req-h"],
  ["truncated JSON", '500: {"type":"error","err', '{"type":"error","err', undefined],
  ["a long text, which is cut", `500: ${"x".repeat(300)}…`, "x".repeat(301), undefined],
])("the message of an API error shows %s", (_, expected, body, requestId) => {
  const status = Number.parseInt(expected, 10);
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
  ["the API's own type under another status", 400, envelope({ type: "not_found_error", message: "no" }), false],
])("only the API's envelope of a 404 says that an object does not exist: %s", (_, status, body, expected) => {
  expect(isNotFound(apiError(label, status, body, undefined))).toBe(expected);
});

test("an API error has the type, the param and the request id of the envelope", () => {
  expect(apiError(label, 400, envelope(missing), "req-1")).toMatchObject({
    ...{ name: "QoderApiError", request: label, status: 400, type: "invalid_request_error" },
    ...{ serverMessage: "Missing required field: name", param: "name", requestId: "req-1" },
  });
});

test("the error about a page of a hundred thousand opening brackets takes less than 5 seconds", () => {
  const seconds = cpuSeconds(() => {
    expect(apiError(label, 502, "<".repeat(100_000), undefined).message).toContain("…");
  });
  expect(seconds).toBeLessThan(5);
});

const refused = "connect EMFILE 127.0.0.1:443";
test.each([
  // The message of Node if the process has too many open files.
  ["no unknown local address", `${refused} - Local (undefined:undefined)`, "EMFILE", refused],
  ["its code if the text lacks it", "handshake failed", "ERR_SSL", "handshake failed (ERR_SSL)"],
])("the error of a connection that did not open shows %s", (_, text, code, told) => {
  const cause = Object.assign(new Error(text), { code, syscall: "connect" });
  expect(connectionError(label, cause)).toMatchObject({ message: `${label} got no answer: ${told}`, sent: false });
});
