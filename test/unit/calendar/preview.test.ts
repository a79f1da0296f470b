import { writeFileSync } from "node:fs";
import { runCalendar } from "../../../command/calendar/main";
import { previewedFleet } from "../../../command/calendar/what-is-scheduled";
import { TemporaryFolder } from "../../support/temporary-folder";
import { ended } from "../ended";

const folder = TemporaryFolder.ofTests();
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const schedule = { expression: "0 9 * * *", timezone: "Asia/Shanghai" };
const type = "pulumi-nodejs:dynamic/qoder:Deployment";

interface StepOptions {
  readonly op?: string;
  readonly inputs?: object;
  readonly outputs?: object;
  readonly name?: string;
}

/** A step of `pulumi preview --json`, pulumi 3.274.1. */
function step({ op = "create", inputs = { schedule }, outputs, name = "daily" }: StepOptions) {
  const urn = `urn:pulumi:dev::reports::${type}::${name}`;
  const state = { urn, custom: true, type };
  const oldState = outputs === undefined ? {} : { oldState: { ...state, id: `dep_${name}`, outputs } };
  const newState = /delete/.test(op) ? {} : { newState: { ...state, inputs: { name, ...inputs } } };
  return { op, urn, ...oldState, ...newState };
}

const stack = {
  op: "same",
  urn: "urn:pulumi:dev::reports::pulumi:pulumi:Stack::reports-dev",
  newState: { type: "pulumi:pulumi:Stack" },
};
const preview = (steps: readonly object[], more: object = {}) =>
  previewedFleet(JSON.stringify({ steps: [stack, ...steps], changeSummary: { same: 1 }, ...more }));

const running = (id: string | undefined, budget?: number) => ({
  scheduled: [{ id, name: "daily", schedule, budget }],
  unread: [],
  paused: 0,
});

const [active, paused] = [{ status: "active" }, { status: "paused" }];
const resting = { scheduled: [], paused: 1 };
const none = { scheduled: [], unread: [], paused: 0 };
const unread = (reason: string) => ({ scheduled: [], unread: [{ name: "daily", reason }] });
const started = { schedule, paused: false };
const byService = { ...paused, pausedReason: { type: "error" } };
const unknownExpression = { schedule: { ...schedule, expression: unknown } };
const maySecret = "the preview does not show its schedule, which may be a secret";

test.each<[string, StepOptions, object]>([
  ["is new", {}, running(undefined)],
  ["changes", { op: "update", outputs: active }, running("dep_daily")],
  ["stays as it is", { op: "same", outputs: active }, running("dep_daily")],
  ["has a budget", { inputs: { schedule, budget: { maxCreditCost: "12.50" } } }, running(undefined, 12.5)],
  ["is paused by the program", { inputs: { schedule, paused: true } }, resting],
  ["is started by the program", { op: "update", inputs: started, outputs: paused }, running("dep_daily")],
  [
    "was paused by the service, although the program says paused: false",
    { op: "update", inputs: started, outputs: byService },
    resting,
  ],
  ["was paused by hand, without `paused` in the program", { op: "same", outputs: paused }, resting],
  ["has no schedule", { inputs: {} }, { scheduled: [], unscheduled: 1 }],
  ["is removed", { op: "delete", outputs: active }, none],
  ["is only read", { op: "read" }, none],
  [
    "has a schedule that comes from another resource",
    { inputs: unknownExpression },
    unread("its schedule is not known before `pulumi up`"),
  ],
  ["has a secret schedule", { inputs: { schedule: "[secret]" } }, unread(maySecret)],
])("the calendar of a preview places a deployment that %s", (_, options, fleet) => {
  expect(preview([step(options)], { changeSummary: { same: options.op === "same" ? 2 : 1 } })).toMatchObject({
    ...fleet,
    incomplete: undefined,
  });
});

test("the calendar reads the preview of a program in a language of the plugin", () => {
  const told: object = JSON.parse(JSON.stringify(step({})).replaceAll(type, "qoder:index:Deployment"));
  expect(preview([told])).toMatchObject(running(undefined));
});

test("the calendar of a preview shows a replaced deployment once, with its new schedule", () => {
  const other = { ...schedule, expression: "0 10 * * *" };
  const outputs = { status: "active" };
  const steps = [
    step({ op: "create-replacement", inputs: { schedule: other }, outputs }),
    step({ op: "replace", inputs: { schedule: other }, outputs }),
    step({ op: "delete-replaced", outputs }),
  ];
  expect(preview(steps).scheduled).toMatchObject([{ schedule: other }]);
});

test("a deployment whose name is not known before `up` has its resource name in the calendar", () => {
  const { scheduled } = preview([step({ inputs: { name: unknown, schedule }, name: "weekly::all" })]);
  expect(scheduled).toMatchObject([{ name: "weekly::all" }]);
});

test("the calendar says how to show the unchanged resources that a preview hides", () => {
  const hidden = preview([step({})], { changeSummary: { same: 4, create: 1 } });
  expect(hidden.incomplete).toBe(
    "this preview does not show 3 resources that do not change; `pulumi preview --json --show-sames` shows all",
  );
});

test("--preview refuses a preview that failed, and shows its error", () => {
  const diagnostics = [{ severity: "error", message: "error: Running program failed:\nError: no such agent" }];
  expect(() => preview([], { diagnostics })).toThrow(
    "the preview failed: Running program failed: Error: no such agent",
  );
});

/** Runs the command without a token, and at an address where no request gets an answer. */
function calendar(args: readonly string[], input = "") {
  const surroundings = {
    timeZone: "Asia/Shanghai",
    now: () => Date.parse("2026-11-20T01:30:00Z"),
    input: async () => input,
  };
  const environment = { QODER_BASE_URL: "http://127.0.0.1:1" };
  return ended((streams) => runCalendar(["--preview", ...args], environment, streams, surroundings));
}

test.each([["-"], ["FILE"]])(
  "--preview %s takes a file or the standard input, needs no token and sends no request",
  async (name) => {
    const text = JSON.stringify({ steps: [step({})], changeSummary: { create: 1 } });
    const file = folder.at("preview.json");
    writeFileSync(file, text);
    const options = ["--json", "--days", "2"];
    const { status, stdout } = await (name === "-" ? calendar(["-", ...options], text) : calendar([file, ...options]));
    const runs = [{ id: null, name: "daily", scheduledAt: "2026-11-21T01:00:00Z" }];
    expect([status, JSON.parse(stdout).runs]).toEqual([0, runs]);
  },
);

test.each([["as text"], ["as JSON", "--json"]])(
  "--preview fails on a preview that hides every deployment, and the error says how to show them, %s",
  async (_, ...more) => {
    const text = JSON.stringify({ steps: [stack], changeSummary: { same: 5 } });
    const hidden =
      "this preview does not show 4 resources that do not change; `pulumi preview --json --show-sames` shows all";
    const stderr = `pulumi-qoder calendar failed: there is nothing to show: ${hidden}\n`;
    expect(await calendar(["-", ...more], text)).toEqual({ status: 1, stdout: "", stderr });
  },
);

test.each([
  ["a file that does not exist", "/nonexistent/file", "", /cannot be read: no such file or directory \(ENOENT\)/],
  ["plain text", "-", "Previewing update (dev)", /--preview takes what `pulumi preview --json` prints/],
  ["other JSON", "-", '{"deployments": []}', /--preview takes what `pulumi preview --json` prints/],
  ["an empty object", "-", "{}", /--preview takes what `pulumi preview --json` prints/],
])("--preview refuses %s", async (_, file, input, reason) => {
  expect(await calendar([file], input)).toEqual({ status: 1, stdout: "", stderr: expect.stringMatching(reason) });
});
