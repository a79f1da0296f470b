import { deploymentKind } from "../../provider/deployment/kind";
import { deployments } from "../../provider/kinds/table";
import type { Message } from "../../provider/resource/engine/answer";
import { diagnosticKinds } from "../../provider/resource/kind/diagnostics";
import { KindProvider } from "../../provider/resource/provider";
import { Session } from "../../provider/resource/session/session";
import type { Properties } from "../support/provider";
import { originOf } from "../support/simulated-stack";
import { SkippingClock } from "../support/skipping-clock";

const urn = originOf(deployments.type);
const args = {
  agent: "agent_1",
  environmentId: "env_1",
  initialEvents: [{ type: "user.message", content: "go" }],
  schedule: { expression: "0 9 1 * 1", timezone: "UTC" },
};
const bothDays = '"0 9 1 * 1" has days of the month and days of the week';

/** The messages of one command about this declaration, before its end and at its end. */
async function told(command: unknown, declared: Properties = {}, olds: Properties = {}) {
  const messages: Message[] = [];
  const tell = async (message: Message) => void messages.push(message);
  const session = new Session({ clock: new SkippingClock(), environment: { QODER_PAT: "pt-test" }, tell });
  const provider = new KindProvider(deploymentKind, session);
  const news = { name: "daily", __origin: `org/${urn}`, __command: command, ...args, ...declared };
  const { inputs = {}, failures } = await provider.check(olds, news);
  // For a replacement the engine calls `check` a second time, without old inputs.
  await provider.check({}, news);
  expect(inputs).not.toHaveProperty("__command");
  const before = messages.splice(0);
  await session.remarks.end();
  return { before, atEnd: messages, failures: failures?.map(({ reason }) => reason) };
}

const severities = (messages: readonly Message[]) => messages.map(({ severity }) => severity);

test("a preview prints each remark once, at its end: a warning with the urn of its resource, and the next runs as a table", async () => {
  const { before, atEnd } = await told({ isPreview: true });
  expect(before).toEqual([]);
  const [warning, runs, ...others] = atEnd;
  expect(warning).toMatchObject({ severity: "warning", urn, text: expect.stringContaining(bothDays) });
  expect(warning?.text).toMatch(/^QoderDeployment "daily": .* \[either-day\]$/);
  expect(runs).toMatchObject({ severity: "info", urn: undefined });
  expect(runs?.text).toMatch(
    /^Next runs, in the time of UTC:\n {2}\w{3} \d{4}-\d\d-\d\d 09:00 {2}0 9 1 \* 1 {2}daily\n/,
  );
  expect(others).toEqual([]);
});

test('an `up` stays an `up` if the last resource has ignoreChanges: ["*"], whose inputs tell nothing of the command', async () => {
  const messages: Message[] = [];
  const tell = async (message: Message) => void messages.push(message);
  const session = new Session({ clock: new SkippingClock(), environment: { QODER_PAT: "pt-test" }, tell });
  const provider = new KindProvider(deploymentKind, session);
  const declared = { name: "daily", __origin: `org/${urn}`, ...args };
  await provider.check({}, { ...declared, __command: { isPreview: false, diagnostics: "either-day" } });
  const ignored = { ...declared, name: "ignored", agent: "agent_2", __origin: `org/${urn}-ignored` };
  await provider.check(ignored, ignored);
  await session.remarks.end();
  expect(messages).toEqual([]);
});

test("an `up` after the preview repeats the warnings only", async () => {
  expect(severities((await told({ isPreview: false })).atEnd)).toEqual(["warning"]);
});

test.each([
  ["all", ["warning", "info"]],
  ["warnings", ["warning"]],
  ["none", []],
  ["next-runs", ["warning"]],
  ["either-day", ["info"]],
  ["warnings,either-day", []],
  [" either-day , next-runs ", []],
  ["dst", ["warning", "info"]],
])("with qoder:diagnostics of %j a preview prints messages with the severities %j", async (diagnostics, expected) => {
  const { atEnd, failures } = await told({ isPreview: true, diagnostics });
  expect(failures).toEqual([]);
  expect(severities(atEnd)).toEqual(expected);
});

test("an unknown kind in qoder:diagnostics makes the check fail with a list of all kinds", async () => {
  const { failures } = await told({ isPreview: true, diagnostics: "warnings, nightly" });
  expect(failures).toEqual([
    `qoder:diagnostics has "nightly"; it takes all, warnings, none, and with commas the kinds of warnings to leave out: ${diagnosticKinds.join(", ")}`,
  ]);
});

test("a resource that acknowledges a kind of remark gets no remark of that kind, and all others", async () => {
  expect(severities((await told({ isPreview: true }, { acknowledge: ["either-day"] })).atEnd)).toEqual(["info"]);
  expect(severities((await told({ isPreview: true }, { acknowledge: ["dst"] })).atEnd)).toEqual(["warning", "info"]);
});

test("an unknown kind in acknowledge makes the check fail with a list of all kinds", async () => {
  const { failures } = await told({ isPreview: true }, { acknowledge: ["either-day", "nightly"] });
  expect(failures).toEqual([`acknowledge[1]: is not one of ${diagnosticKinds.join(", ")}`]);
});

test("a remark has the Pulumi name of the resource, and its name at Qoder if that is another one", async () => {
  const [warning] = (await told({ isPreview: true }, { name: "report" })).atEnd;
  expect(warning?.text).toMatch(/^QoderDeployment "daily" \("report" at Qoder\): "0 9 1 \* 1" has days/);
});

test("a remark shows no name at Qoder that the program marks as a secret", async () => {
  const { atEnd } = await told({ isPreview: true, secretPlaces: [["name"]] }, { name: "a secret name" });
  expect(atEnd.length).toBeGreaterThan(1);
  expect(JSON.stringify(atEnd)).not.toContain("a secret name");
});

test("a remark about a renamed resource has its new name", async () => {
  const olds = { ...args, name: "old", schedule: undefined, __origin: urn.replace("daily", "old") };
  const { atEnd } = await told({ isPreview: true }, {}, olds);
  const [warning, runs] = atEnd;
  expect(warning?.urn).toBe(urn);
  expect(warning?.text).toMatch(/^QoderDeployment "daily"/);
  expect(runs?.text.split("\n")[1]).toMatch(/ {2}daily$/);
});
