import { QoderApiError, QoderConnectionError, QoderReplyError } from "../../provider/api/errors";
import { escaped, excerpt, harmless } from "../../provider/api/terminal-text";
import { cpuSeconds } from "../support/cpu-seconds";

test.each<[string, string, string]>([
  ["escape sequences", "a\u001b[31mred\u001b[0m\u009b1mb", "a [31mred [0m 1mb"],
  ["line breaks and tabs", "a\r\n\tb\u2028c\u0000d", "a b c d"],
  ["characters that change the direction", "a\u202e\u2066b\u2069c\u200fd", "a b c d"],
  ["half a character", "a\ud83db\udc00", "a\ufffdb\ufffd"],
  ["a colour of the Pulumi CLI", "a<{%fg 1%}>b<{%reset%}>", "a<{ %fg 1% }>b<{ %reset% }>"],
  ["a colour whose beginning and end overlap", "<{%}>", "<{ % }>"],
  ["a colour with a removed character inside", "<\u0000{%x%\u202e}>", "< {%x% }>"],
])("a text with %s cannot act on a terminal or on the CLI", (_, text, expected) => {
  expect(harmless(text)).toBe(expected);
  expect(excerpt(text, 100)).toBe(expected);
});

test.each([
  ["a colour of the Pulumi CLI", "<{%fg 1%}>", "<{\\u0025fg 1\\u0025}>"],
  ["a colour whose beginning and end overlap", "<{%}>", "<{\\u0025}>"],
  ["escape sequences of a terminal", "\u001b[2J\u009b\u2028\u202e", "\\u001b[2J\\u009b\\u2028\\u202e"],
  ["harmless characters", "100 % of <{}> {%}\n", "100 % of <{}> {%}\n"],
])("the escaped form of JSON with %s has the same meaning", (_, text, expected) => {
  expect(escaped(text)).toBe(expected);
  expect(JSON.parse(escaped(JSON.stringify(text)))).toBe(text);
});

test("an excerpt ends between characters, and has no double spaces", () => {
  expect(excerpt("a".repeat(101), 100)).toBe(`${"a".repeat(100)}…`);
  expect(excerpt("a".repeat(100), 100)).toBe("a".repeat(100));
  expect(excerpt(`${"a".repeat(99)}\ud83d\ude00b`, 100)).toBe(`${"a".repeat(99)}…`);
  expect(excerpt("  a \n  b  ", 100)).toBe("a b");
  expect(harmless("two  spaces of our own")).toBe("two  spaces of our own");
});

const long = `<{%x%}>\u001b[2J\u202e${"y".repeat(1_000)}`;
test.each<[string, Error, number]>([
  [
    "an answer of the API",
    new QoderApiError("GET /x", 400, { type: long, message: long, param: long, requestId: long }),
    300 + 3 * 100,
  ],
  ["an unreadable success", new QoderReplyError("GET /x", 200, long, long), 400 + 100],
  ["a failed connection", new QoderConnectionError("GET /x", true, long), 300],
])("the message of %s cuts foreign texts, and cannot act on a terminal or on the CLI", (_, error, most) => {
  expect(error.message).not.toMatch(/[\p{Cc}\u202e]|<\{%|%\}>/u);
  expect(error.message.length).toBeLessThan(most + 100);
  expect(error.message).toContain("yyy…");
});

test.each(["<{%", "%}>", "\u001b", " ", "\n", "<", "\ud800", ".", "0"])(
  "an excerpt and an error of eight million characters of %j take less than 40 seconds",
  (piece) => {
    const text = `${piece.repeat(8_000_000 / piece.length)}x`;
    const seconds = cpuSeconds(() => {
      expect(excerpt(text, 300).length).toBeLessThanOrEqual(310 + 300);
      const error = new QoderApiError("GET /x", 400, { type: text, message: text });
      expect(error.message.length).toBeLessThan(1_500);
    });
    expect(seconds).toBeLessThan(40);
  },
);
