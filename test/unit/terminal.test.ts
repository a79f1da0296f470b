import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { commandRows, run } from "../../command/main";
import { Sink } from "../../command/printer";
import { width } from "../../provider/api/lines";
import { filesBelow } from "../../tools/mutants/test-files";
import { ended } from "./ended";

const raw = /(?!\n)[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u;
const hostile = "x\u001b[2J\u202e\u2028\u009b1m\u0007\r\nforged: 0 failed";

interface Printing {
  readonly columns?: number;
  readonly secrets?: readonly string[];
  readonly isForProgram?: boolean;
}

function printed(text: string, { columns, secrets = [], isForProgram }: Printing = {}): string {
  const written: string[] = [];
  new Sink({ columns, write: (one) => written.push(one) }, new Set(secrets)).write(text, isForProgram);
  return written.join("");
}

test("no file of the commands prints by another way than a sink", () => {
  const printing = /console\.|process\.std(?:out|err)\b(?!\.on\()|\bstd(?:out|err)\.fd\b/g;
  const found = filesBelow("command", ".ts").flatMap((name) =>
    [...readFileSync(resolve(__dirname, "../..", name), "utf8").matchAll(printing)].map(([way]) => `${name}: ${way}`),
  );
  // A question goes through readline, which needs the stream itself.
  expect(found).toEqual(["command/terminal.ts: process.stderr"]);
});

test("a sink writes characters that act on a terminal as escapes, and no secret", () => {
  expect(printed(`${hostile}\n`)).toBe("x\\u001b[2J\\u202e\\u2028\\u009b1m\\u0007\\u000d\nforged: 0 failed\n");
  expect(printed("\u3164 a\u00adb 👩\u200d💻 \u{e0041}\n")).toBe("\\u3164 a\\u00adb 👩\\u200d💻 \\udb40\\udc41\n");
  expect(printed("bad pt-secret-1-secret\n", { secrets: ["pt-secret-1-secret"] })).toBe("bad [secret]\n");
});

test("a sink breaks lines at the width of the terminal, and indents what follows", () => {
  const text = `  not read: ${"读".repeat(40)}forged: 0 failed\nnext\n`;
  const lines = printed(text, { columns: 30 }).split("\n");
  expect(Math.max(...lines.map(width))).toBeLessThanOrEqual(30);
  expect(lines.filter((line) => !/^ {2}not|^ {4}\S|^next$|^$/.test(line))).toEqual([]);
  const indented = printed(`${" ".repeat(40)}${text}`, { columns: 20 }).split("\n");
  expect(Math.max(...indented.map(width))).toBeLessThanOrEqual(20);
});

test("a command in a broken line stays in one piece, so that it can be copied", () => {
  const text = `  ${"word ".repeat(16)}\`npx pulumi-qoder cancel sess_1\` ends it\n`;
  for (const columns of [60, 80, 90, 100]) {
    expect(printed(text, { columns })).toContain("`npx pulumi-qoder cancel sess_1`");
  }
});

test("a pipe gets each line whole, so that a search finds the row of a table", () => {
  const text = `not read: ${"word ".repeat(40)}end\n`;
  expect(printed(text)).toBe(text);
  expect(printed(text, { columns: 100, isForProgram: true })).toBe(text);
});

test("a short secret, which may be the name of something, stays in what a command prints itself", () => {
  expect(printed("nightly-production\n", { secrets: ["production"] })).toBe("nightly-production\n");
});

test.each([
  ...commandRows.map(({ name }) => [name, `--${hostile}`]),
  ...["status", "pause", "limits", "calendar"].map((name) => [name, "--all", "--label", hostile]),
  ...["status", "pause", "resume"].map((name) => [name, "--all", "--timeout", hostile]),
  ["status", "--all", "--since", hostile],
  ["calendar", "--all", "--svg", hostile],
  ["stand-in", "--with", hostile],
  [hostile],
])("the message about the wrong command line %j is one line, and acts on nothing", async (...args) => {
  const { status, stdout, stderr } = await ended((streams) => run(args, { QODER_PAT: "pt-1" }, streams));
  expect({ status, stdout }).toEqual({ status: 64, stdout: "" });
  expect(stderr).not.toMatch(raw);
  expect(stderr.trimEnd()).not.toContain("\n");
});
