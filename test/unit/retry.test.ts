import { type FailedCall, QoderApiError, QoderConnectionError, QoderReplyError } from "../../provider/api/errors";
import { type Repeat, type ReplyHeaders, retryDelay } from "../../provider/api/retry";

const now = new Date("2026-06-14T08:54:05Z");

function answered(status: number, type?: string): QoderApiError {
  return new QoderApiError("POST /deployments", status, type, "refused", undefined, undefined);
}
const lost = new QoderConnectionError("POST /deployments", true, "socket hang up");
const neverSent = new QoderConnectionError("POST /deployments", false, "connect ECONNREFUSED");
const unreadable = new QoderReplyError("POST /deployments", 200, "its body is not JSON", undefined);

function delay(error: FailedCall, repeat: Repeat, headers: ReplyHeaders = {}, tries = 1, random = 0) {
  return retryDelay(error, headers, repeat, tries, now, () => random);
}

test.each<[string, FailedCall, ReplyHeaders, Record<Repeat, boolean>]>([
  ["400", answered(400, "invalid_request_error"), {}, { safe: false, "only-if-refused": false }],
  ["401", answered(401, "authentication_error"), {}, { safe: false, "only-if-refused": false }],
  ["403", answered(403, "permission_error"), {}, { safe: false, "only-if-refused": false }],
  ["404", answered(404, "not_found_error"), {}, { safe: false, "only-if-refused": false }],
  ["408", answered(408), {}, { safe: true, "only-if-refused": false }],
  ["409", answered(409, "conflict_error"), {}, { safe: false, "only-if-refused": false }],
  ["429", answered(429, "rate_limit_error"), {}, { safe: true, "only-if-refused": true }],
  ["500", answered(500, "api_error"), {}, { safe: true, "only-if-refused": false }],
  ["501", answered(501, "feature_not_available"), {}, { safe: false, "only-if-refused": false }],
  ["502", answered(502), {}, { safe: true, "only-if-refused": false }],
  ["503", answered(503), {}, { safe: true, "only-if-refused": false }],
  [
    "503 of a feature that is off",
    answered(503, "feature_not_available"),
    {},
    { safe: false, "only-if-refused": false },
  ],
  ["302", answered(302), {}, { safe: false, "only-if-refused": false }],
  ["a lost answer", lost, {}, { safe: true, "only-if-refused": false }],
  ["a refused connection", neverSent, {}, { safe: true, "only-if-refused": true }],
  ["an unreadable success", unreadable, {}, { safe: true, "only-if-refused": false }],
  ["500, should not", answered(500), { "x-should-retry": "false" }, { safe: false, "only-if-refused": false }],
  ["429, should not", answered(429), { "x-should-retry": "false" }, { safe: false, "only-if-refused": false }],
  ["400, should", answered(400), { "x-should-retry": "true" }, { safe: true, "only-if-refused": false }],
  ["500, should", answered(500), { "x-should-retry": ["true"] }, { safe: true, "only-if-refused": false }],
])("after %s a request is repeated as its kind allows", (_, error, headers, expected) => {
  expect(delay(error, "safe", headers) !== undefined).toBe(expected.safe);
  expect(delay(error, "only-if-refused", headers) !== undefined).toBe(expected["only-if-refused"]);
});

test.each<[string, number, FailedCall]>([
  ["500", 3, answered(500)],
  ["a lost answer", 3, lost],
  ["a refused connection", 3, neverSent],
  ["429", 8, answered(429)],
])("after %s the tries end with number %i", (_, most, error) => {
  expect(delay(error, "safe", {}, most - 1)).toBeDefined();
  expect(delay(error, "safe", {}, most)).toBeUndefined();
});

test.each<[ReplyHeaders, number]>([
  [{ "retry-after-ms": "150" }, 150],
  [{ "retry-after-ms": "150", "retry-after": "9" }, 150],
  [{ "retry-after-ms": "soon", "retry-after": "2" }, 2_000],
  [{ "retry-after-ms": "", "retry-after": "2" }, 2_000],
  [{ "retry-after": "2" }, 2_000],
  [{ "retry-after": "0.5" }, 500],
  [{ "retry-after": ["3", "4"] }, 3_000],
  [{ "retry-after": "0" }, 0],
  [{ "retry-after": "-5" }, 0],
  [{ "retry-after": "Sun, 14 Jun 2026 08:54:12 GMT" }, 7_000],
  [{ "retry-after": "Sun, 14 Jun 2026 08:54:00 GMT" }, 0],
  [{ "retry-after": "3600" }, 60_000],
  [{ "retry-after-ms": "3600000" }, 60_000],
  [{ "retry-after": "soon" }, 500],
  [{ "retry-after": "" }, 500],
  [{}, 500],
])("%j asks for a delay of %i ms", (headers, expected) => {
  expect(delay(answered(429), "safe", headers)).toBe(expected);
});

test.each([
  [1, 0, 500],
  [1, 1, 375],
  [2, 0, 1_000],
  [3, 0, 2_000],
  [4, 0, 4_000],
  [5, 0, 8_000],
  [7, 0, 8_000],
  [7, 1, 6_000],
])("without an answer to the contrary, try %i with chance %d waits %i ms", (tries, random, expected) => {
  expect(delay(answered(429), "safe", {}, tries, random)).toBe(expected);
});
