import { type FailedCall, QoderApiError, QoderConnectionError, QoderReplyError } from "../../provider/api/errors";
import { type Repetition, type ReplyHeaders, repetitionAfter, retryDelay } from "../../provider/api/retry";

const now = new Date("2026-06-14T08:54:05Z");

function answered(status: number, type?: string): QoderApiError {
  return new QoderApiError("POST /deployments", status, { type, message: "refused" });
}
const lost = new QoderConnectionError("POST /deployments", true, "socket hang up");
const neverSent = new QoderConnectionError("POST /deployments", false, "connect ECONNREFUSED");
const unreadable = new QoderReplyError("POST /deployments", 200, "its body is not JSON", undefined);

function delay(headers: ReplyHeaders = {}, tries = 1, random = 0) {
  return retryDelay(headers, tries, now, () => random);
}

test.each<[string, FailedCall, ReplyHeaders, Repetition, Repetition]>([
  ["400", answered(400, "invalid_request_error"), {}, "none", "none"],
  ["404", answered(404, "not_found_error"), {}, "none", "none"],
  ["408", answered(408), {}, "long", "none"],
  ["409", answered(409, "conflict_error"), {}, "none", "none"],
  ["429", answered(429, "rate_limit_error"), {}, "long", "long"],
  ["500", answered(500, "api_error"), {}, "long", "none"],
  ["501", answered(501, "feature_not_available"), {}, "none", "none"],
  ["502", answered(502), {}, "long", "none"],
  ["503", answered(503), {}, "long", "none"],
  ["503 feature_not_available", answered(503, "feature_not_available"), {}, "none", "none"],
  ["302", answered(302), {}, "none", "none"],
  ["a lost answer", lost, {}, "long", "none"],
  ["a refused connection", neverSent, {}, "brief", "brief"],
  ["an unreadable success", unreadable, {}, "brief", "none"],
  ["500 with x-should-retry: false", answered(500), { "x-should-retry": "false" }, "none", "none"],
  ["429 with x-should-retry: false", answered(429), { "x-should-retry": "false" }, "none", "none"],
  ["400 with x-should-retry: true", answered(400), { "x-should-retry": "true" }, "brief", "none"],
])(
  "after %s the patience for a safe request and for any other request is as in the table",
  (_, error, headers, safe, onlyIfRefused) => {
    expect(repetitionAfter(error, headers, "safe")).toBe(safe);
    expect(repetitionAfter(error, headers, "only-if-refused")).toBe(onlyIfRefused);
  },
);

test.each<[ReplyHeaders, number]>([
  [{ "retry-after-ms": "150" }, 150],
  [{ "retry-after-ms": "150", "retry-after": "9" }, 150],
  [{ "retry-after-ms": "soon", "retry-after": "2" }, 2_000],
  [{ "retry-after-ms": "", "retry-after": "2" }, 2_000],
  [{ "retry-after": "2" }, 2_000],
  [{ "retry-after": "0.5" }, 500],
  [{ "retry-after": ["3", "4"] }, 3_000],
  [{ "retry-after": "-5" }, 0],
  [{ "retry-after": "Sun, 14 Jun 2026 08:54:12 GMT" }, 7_000],
  [{ "retry-after": "Sun, 14 Jun 2026 08:54:00 GMT" }, 0],
  [{ "retry-after": "3600" }, 60_000],
  [{ "retry-after-ms": "3600000" }, 60_000],
  [{ "retry-after": "soon" }, 500],
  [{ "retry-after": "" }, 500],
  [{}, 500],
])("the headers %j cause a wait of %i ms", (headers, expected) => {
  expect(delay(headers)).toBe(expected);
});

test.each([
  [1, 0, 500],
  [1, 1, 375],
  [2, 0, 1_000],
  [3, 0, 2_000],
  [4, 0, 4_000],
  [5, 0, 8_000],
  [7, 1, 6_000],
])("without headers, the wait after try %i with the random number %d is %i ms", (tries, random, expected) => {
  expect(delay({}, tries, random)).toBe(expected);
});

test.each([
  [3, 0],
  [4, 500],
  [5, 1_000],
  [9, 8_000],
])("retry-after: 0 allows no wait up to try 3: after try %i the wait is %i ms", (tries, expected) => {
  expect(delay({ "retry-after": "0" }, tries)).toBe(expected);
});
