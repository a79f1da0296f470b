import { deploymentKind } from "../../provider/deployment/kind";
import { deploymentType } from "../../provider/program/source";
import type { Message } from "../../provider/resource/engine/answer";
import { remarkKinds } from "../../provider/resource/plan-remark";
import { KindProvider } from "../../provider/resource/provider";
import { Session } from "../../provider/resource/session";
import type { Properties } from "../support/provider";
import { originOf } from "../support/simulated-stack";
import { SkippingClock } from "../support/skipping-clock";

const urn = originOf(deploymentType);
const args = {
  agent: "agent_1",
  environmentId: "env_1",
  initialEvents: [{ type: "user.message", content: "go" }],
  schedule: { expression: "0 9 1 * 1", timezone: "UTC" },
};
const bothDays = '"0 9 1 * 1" names days of the month and days of the week';

/** What one command tells of this declaration before its end, and at its end. */
async function told(command: unknown, declared: Properties = {}, olds: Properties = {}) {
  const messages: Message[] = [];
  const tell = async (message: Message) => void messages.push(message);
  const session = new Session({ clock: new SkippingClock(), environment: { QODER_PAT: "pt-test" }, tell });
  const provider = new KindProvider(deploymentKind, session);
  const news = { name: "daily", __origin: `org/${urn}`, __command: command, ...args, ...declared };
  const { inputs = {}, failures } = await provider.check(olds, news);
  // A replacement is checked once more, without the old inputs.
  await provider.check({}, news);
  expect(inputs).not.toHaveProperty("__command");
  const before = messages.splice(0);
  await session.remarks.end();
  return { before, atEnd: messages, failures: failures?.map(({ reason }) => reason) };
}

const severities = (messages: readonly Message[]) => messages.map(({ severity }) => severity);

test("remarks of a plan wait for the end of the command; each is told once: a warning beside its resource, the next runs as a table", async () => {
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

test("a command that ends twice, by a cancellation and by its last signal, tells its remarks once", async () => {
  const messages: Message[] = [];
  const tell = async (message: Message) => void messages.push(message);
  const session = new Session({ clock: new SkippingClock(), environment: { QODER_PAT: "pt-test" }, tell });
  await new KindProvider(deploymentKind, session).check({}, { name: "daily", __origin: `org/${urn}`, ...args });
  await Promise.all([session.remarks.end(), session.remarks.end()]);
  expect(severities(messages)).toEqual(["warning", "info"]);
});

test("an update after the preview repeats the warnings alone", async () => {
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
])("with qoder:remarks of %s the preview tells these severities", async (remarks, expected) => {
  const { atEnd, failures } = await told({ isPreview: true, remarks });
  expect(failures).toEqual([]);
  expect(severities(atEnd)).toEqual(expected);
});

test("a kind in qoder:remarks that does not exist is a failure of the first resource, which lists all kinds", async () => {
  const { failures } = await told({ isPreview: true, remarks: "warnings, nightly" });
  expect(failures).toEqual([
    `qoder:remarks has "nightly"; it takes all, warnings, none, and with commas the kinds of remarks to keep quiet: ${remarkKinds.join(", ")}`,
  ]);
});

test("a kind that a resource acknowledges is not told of that resource, and other kinds are", async () => {
  expect(severities((await told({ isPreview: true }, { acknowledge: ["either-day"] })).atEnd)).toEqual(["info"]);
  expect(severities((await told({ isPreview: true }, { acknowledge: ["dst"] })).atEnd)).toEqual(["warning", "info"]);
});

test("a kind that does not exist is no kind to acknowledge, and the check lists all kinds", async () => {
  const { failures } = await told({ isPreview: true }, { acknowledge: ["either-day", "nightly"] });
  expect(failures).toEqual([`acknowledge[1]: is not one of ${remarkKinds.join(", ")}`]);
});

test("a remark names the resource, and what it is called at Qoder where that differs", async () => {
  const [warning] = (await told({ isPreview: true }, { name: "report" })).atEnd;
  expect(warning?.text).toMatch(/^QoderDeployment "daily" \("report" at Qoder\): "0 9 1 \* 1" names days/);
});

test("a resource that was renamed is named as the program declares it now", async () => {
  const olds = { ...args, name: "old", schedule: undefined, __origin: urn.replace("daily", "old") };
  const { atEnd } = await told({ isPreview: true }, {}, olds);
  const [warning, runs] = atEnd;
  expect(warning?.urn).toBe(urn);
  expect(warning?.text).toMatch(/^QoderDeployment "daily"/);
  expect(runs?.text.split("\n")[1]).toMatch(/ {2}daily$/);
});

test("another name at Qoder that holds what a terminal obeys is shown without it", async () => {
  const [warning] = (await told({ isPreview: true }, { name: "a\u001b[2Jb<{%x%}>" })).atEnd;
  expect(warning?.text).toContain("at Qoder");
  expect(warning?.text).not.toContain("\u001b");
  expect(warning?.text).not.toContain("<{%");
});
