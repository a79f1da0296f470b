import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const script = resolve(__dirname, "../../examples/pipeline/ci/differences.mjs");

/** What the script prints for this output of `pulumi preview --refresh --json`. */
function printed(preview: object | string, errors = ""): string[] {
  const folder = mkdtempSync(join(tmpdir(), "differences-"));
  try {
    const [given, told] = [join(folder, "preview.json"), join(folder, "errors.txt")];
    writeFileSync(given, typeof preview === "string" ? preview : JSON.stringify(preview));
    writeFileSync(told, errors);
    return execFileSync(process.execPath, [script, given, told], { encoding: "utf8" }).split("\n").slice(0, -1);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const urn = (name: string) => `urn:pulumi:dev::fleet::pulumi-nodejs:dynamic/qoder:Deployment::${name}`;
const step = (op: string, name: string, live?: object, wanted?: object, more: object = {}) => ({
  ...{ op, urn: urn(name), ...more },
  ...(live === undefined ? {} : { oldState: { inputs: live } }),
  ...(wanted === undefined ? {} : { newState: { inputs: wanted } }),
});

test("the report of the night has both values of each difference, at any depth, and nothing that Qoder moves by itself", () => {
  const schedule = { expression: "0 3 * * *", timezone: "UTC" };
  const live = { schedule: { ...schedule, expression: "0 4 * * *" }, vaultIds: ["vault_1"], name: "a", __origin: "x" };
  const outputs = { lastRunAt: "2026-11-25T03:00:00Z", updatedAt: "2026-11-25T03:00:00Z" };
  const steps = [
    { ...step("refresh", "a"), oldState: { inputs: live, outputs }, newState: { inputs: live, outputs: {} } },
    step("same", "b", live, live),
    step("update", "a", live, { schedule, vaultIds: ["vault_1", "vault_2"], name: "a", __origin: "y" }),
    step("create", "c", undefined, live),
    step("update", "d", { token: "[secret]" }, { token: "[secret]" }, { diffReasons: ["token"] }),
  ];
  const errors = "error: no changes were expected for preview but changes were proposed\n";
  expect(printed({ steps }, errors)).toEqual([
    "a (Deployment) would get: update",
    '  schedule.expression: "0 4 * * *" => "0 3 * * *"',
    '  vaultIds[1]: nothing => "vault_2"',
    "c (Deployment) would get: create",
    "d (Deployment) would get: update",
    "  token differs; the values are secret or belong to Qoder",
  ]);
});

test("the report of the night has at most 100 lines and says how many are left out", () => {
  const steps = Array.from({ length: 60 }, (_, index) =>
    step("update", `a${index}`, { name: "x" }, { name: "y".repeat(900) }),
  );
  const lines = printed({ steps });
  expect(lines).toHaveLength(100);
  expect(lines.at(-1)).toBe("... and 21 more lines: run pulumi preview --refresh --diff");
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(400);
});

test("a check that fails reports each error once, also if the CLI prints no JSON", () => {
  const diagnostics = [
    { severity: "error", message: "no token\n" },
    { severity: "info", message: "next run" },
  ];
  expect(printed({ steps: [], diagnostics }, "no token\nerror: preview failed\n")).toEqual([
    "no token",
    "error: preview failed",
  ]);
  expect(printed("", "error: no stack selected\n")).toEqual(["error: no stack selected"]);
});

test("a name, a value and an error can neither act on a terminal nor add a line to the report", () => {
  const hostile = "x\u001b[2J\u202e\u2028\u009b1m\r";
  const live = { name: hostile, metadata: { [hostile]: "a" } };
  const diagnostics = [{ severity: "error", message: hostile }];
  const steps = [step("update", hostile, live, { name: "y", metadata: {} }), step("create", `a\nb`, undefined, {})];
  const lines = printed({ steps, diagnostics }, hostile);
  expect(lines).toHaveLength(5);
  expect(lines.join("\n")).not.toMatch(/(?!\n)[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u);
});
