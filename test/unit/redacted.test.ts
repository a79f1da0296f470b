import { createHash } from "node:crypto";
import { redacted } from "../../provider/api/redacted";
import { cpuSeconds } from "../support/cpu-seconds";

const secret = `pt-a+b/c=<d>&"e'f\\g~h i\té!`;
const base64 = (text: string) => Buffer.from(text).toString("base64");
const entities = (text: string, quote: string) =>
  text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", quote);
const escapedWhere = (unsafe: RegExp, written: (code: string) => string) =>
  JSON.stringify(secret)
    .slice(1, -1)
    .replace(unsafe, (character) => written(character.charCodeAt(0).toString(16).padStart(4, "0")));

test.each<[string, string]>([
  ["itself", secret],
  ["a part of a URL", encodeURIComponent(secret)],
  ["a part of a URL in small letters", encodeURIComponent(secret).replace(/%../g, (code) => code.toLowerCase())],
  ["a whole URL", encodeURI(secret)],
  ["a value of a form", new URLSearchParams({ value: secret }).toString().slice("value=".length)],
  ["JSON", JSON.stringify(secret).slice(1, -1)],
  ["JSON as Go writes it", escapedWhere(/[<>&]/g, (code) => `\\u${code}`)],
  ["JSON as .NET writes it", escapedWhere(/[<>&+'~é]/g, (code) => `\\u${code.toUpperCase()}`)],
  ["JSON with every slash escaped", JSON.stringify(secret).slice(1, -1).replaceAll("/", "\\/")],
  ["text that Go quotes", JSON.stringify(secret).slice(1, -1).replace("é", "\\u00e9")],
  ["HTML", entities(secret, "&#39;")],
  ["HTML with names", entities(secret, "&apos;")],
  ["HTML with numbers", entities(secret, "&#x27;").replaceAll("é", "&#233;").replaceAll("+", "&#43;")],
  ["base64", base64(secret)],
  ["base64 without padding", base64(secret).replace(/=+$/, "")],
  ["base64url", Buffer.from(secret).toString("base64url")],
])("the cleaned text hides a secret in the form of %s", (_, written) => {
  expect(redacted(`bad "${written}" there`, [secret])).toBe('bad "[secret]" there');
  expect(redacted(JSON.stringify({ error: `bad ${written}` }), [secret])).toBe('{"error":"bad [secret]"}');
});

const inJson = (text: string) => JSON.stringify(text).slice(1, -1);
const inGo = (text: string) =>
  inJson(text).replace(/[<>&]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
const quotedByGo = (text: string) =>
  inJson(text).replace(/\P{ASCII}/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code > 0xffff ? `\\U${code.toString(16).padStart(8, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
  });

test.each<[string, (text: string) => string]>([
  ["JSON in JSON", (text) => inJson(inJson(text))],
  ["Go's JSON in JSON", (text) => inJson(inGo(text))],
  ["JSON in a text that Go quotes (%+q)", (text) => quotedByGo(inJson(text))],
  ["a text that Go quotes (%+q) in JSON", (text) => inJson(quotedByGo(text))],
  ["a part of a URL in JSON in JSON", (text) => inJson(inJson(encodeURIComponent(text)))],
  ["JSON in HTML", (text) => entities(inJson(text), "&#39;")],
  ["a part of a URL in a part of a URL", (text) => encodeURIComponent(encodeURIComponent(text))],
])("the cleaned text hides a secret in the form of %s, and keeps the text around it", (_, written) => {
  const hard = `${secret}\\\\"\\n<\u{1f600}>`;
  const [before, after] = [written('bad "'), written('" \\ there\n')];
  expect(redacted(`${before}${written(hard)}${after}`, [hard])).toBe(`${before}[secret]${after}`);
});

test.each<[what: string, text: string, secrets: readonly string[], cleaned: string]>([
  ["hides a secret that looks like an escape", "bad \\u0041\\n\\x41!", ["\\u0041\\n\\x41"], "bad [secret]!"],
  ["hides a secret after a backslash", "bad C:\\token-1", ["token-1"], "bad C:\\[secret]"],
  [
    "keeps invalid escapes, and hides a secret beside them",
    "\\Uffffffff \\ud800 \\u00 \\ pt-secret-1\\",
    ["pt-secret-1"],
    "\\Uffffffff \\ud800 \\u00 \\ [secret]\\",
  ],
  ["has no tail of a secret that contains another one", "bad pt-1-long", ["pt-1", "pt-1-long"], "bad [secret]"],
  ["has no tail of such a secret in JSON", 'bad pt-1\\"long', ["pt-1", 'pt-1"long'], "bad [secret]"],
  ["hides a secret without its line break at the end", "bad pt-secret-1.", ["pt-secret-1\n"], "bad [secret]."],
  ["hides it in JSON", 'bad "pt-secret-1\\n".', [" pt-secret-1\n"], 'bad "[secret]\\n".'],
  ["keeps a short line of a secret of several lines", "bad mode: a", ["mode: a\nMIIEvgIBADANBgkqhk"], "bad mode: a"],
  ["keeps a secret of one letter", "a bad case", ["a", "  \n"], "a bad case"],
  ["reads a secret as text, not as a pattern", "axc abc", ["a.c"], "axc abc"],
])("the cleaned text %s", (_, text, secrets, cleaned) => {
  expect(redacted(text, secrets)).toBe(cleaned);
});

test.each(["x-access-token:", "oauth2:", "u:", ""])(
  "the cleaned text hides a secret in the base64 of %j and the secret",
  (user) => {
    const token = "ghp_30c1aa5f77e1b2";
    for (const padding of ["base64", "base64url"] as const) {
      const header = `Basic ${Buffer.from(`${user}${token}`).toString(padding)}`;
      const clean = redacted(`bad ${header}`, [token]);
      expect(clean).toContain("[secret]");
      const rest = clean.replace("bad Basic ", "").replace(/\[secret\].*/, "");
      const left = Buffer.from(rest, "base64").toString("latin1");
      // The group of four characters at the end of the user may contain the first letter of the secret.
      expect(left).not.toContain(token.slice(0, 2));
    }
  },
);

const key = "-----BEGIN KEY-----\nMIIEvgIBADANBgkqhk\n\n  iG9w0BAQEFAASCBKgw\n-----END KEY-----\n";

test.each<[string, string]>([
  ["its lines in one", key.trim().replace(/\s+/g, " ")],
  ["the line breaks of Windows", key.trim().replaceAll("\n", "\r\n")],
  ["no empty line and no indentation", key.trim().replace(/\s*\n\s*/g, "\n")],
  ["one of its lines alone", "MIIEvgIBADANBgkqhk"],
  ["one of its lines in base64", base64("iG9w0BAQEFAASCBKgw")],
])(
  "the cleaned text hides a secret of several lines that is written with %s, and keeps what is around it",
  (_, written) => {
    expect(redacted(`bad ${written} there`, [key])).toBe("bad [secret] there");
  },
);

test.each([4_000, 100_000])("the cleaned text hides a secret of %i characters", (length) => {
  const long = "+/<é".repeat(length / 4);
  expect(redacted(`bad ${long} or ${JSON.stringify(long)}`, [long])).toBe('bad [secret] or "[secret]"');
});

test.each([
  ["of URLs", "%25%2".repeat(800_000) + "pt-%".repeat(1_000_000)],
  ["of escapes", '\\\\\\"\\u00'.repeat(1_000_000)],
])("the cleaning of eight million characters %s takes less than 20 seconds", (_, text) => {
  const seconds = cpuSeconds(() => {
    redacted(text, ["pt-secret%25-1", "%25%25%25%25%25%25%25%25%25%25%25%25%25%25x", '\\"'.repeat(20)]);
  });
  expect(seconds).toBeLessThan(20);
});

test("the search for 2,000 secrets takes hardly more steps than that for two, also in 500 texts", () => {
  const secrets = Array.from(
    { length: 2_000 },
    (_, index) => `pt-${createHash("sha256").update(`${index}`).digest("hex")}`,
  );
  const texts = Array.from({ length: 500 }, (_, index) => `line ${index} of a log with ${secrets[index]} and more`);
  const steps = [jest.spyOn(String.prototype, "matchAll"), jest.spyOn(RegExp.prototype, "exec")];
  const stepsFor = (some: readonly string[]) => {
    redacted("once, which compiles the search", some);
    for (const step of steps) {
      step.mockClear();
    }
    const cleaned = texts.map((text) => redacted(text, some));
    expect(cleaned[1]).toBe("line 1 of a log with [secret] and more");
    return steps.reduce((sum, step) => sum + step.mock.calls.length, 0);
  };
  const [few, many] = [stepsFor(secrets.slice(0, 2)), stepsFor(secrets)];
  jest.restoreAllMocks();
  expect(many - few).toBeLessThan(100 * texts.length);
});

test("secrets that share all their letters but one are told apart", () => {
  const secrets = Array.from({ length: 100 }, (_, index) => `shared-${index}-shared`);
  expect(redacted("shared-7-shared shared-70-shared shared-700-shared", secrets)).toBe(
    "[secret] [secret] shared-700-shared",
  );
});
