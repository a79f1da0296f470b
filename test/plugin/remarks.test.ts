import { deploymentKind } from "../../provider/deployment/kind";
import { deploymentType } from "../../provider/program/source";
import type { Message } from "../../provider/resource/engine/answer";
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

/** What one command tells of this declaration. */
async function told(command: unknown, declared: Properties = {}, olds: Properties = {}): Promise<Message[]> {
  const messages: Message[] = [];
  const tell = async (message: Message) => void messages.push(message);
  const session = new Session({ clock: new SkippingClock(), environment: { QODER_PAT: "pt-test" }, tell });
  const provider = new KindProvider(deploymentKind, session);
  const news = { name: "daily", __origin: `org/${urn}`, __command: command, ...args, ...declared };
  const { inputs = {}, failures } = await provider.check(olds, news);
  expect(failures).toEqual([]);
  // A replacement is checked once more, without the old inputs.
  await provider.check({}, news);
  expect(inputs).not.toHaveProperty("__command");
  return messages;
}

const kinds = (messages: readonly Message[]) => messages.map(({ severity }) => severity);

test("each remark is told once in a command, beside its resource, by severity", async () => {
  const [runs, warning, ...others] = await told({ isPreview: true });
  expect(runs).toMatchObject({ severity: "info", text: expect.stringContaining('"daily": runs next at ') });
  expect(warning).toMatchObject({ severity: "warning", urn, text: expect.stringContaining(bothDays) });
  expect(others).toEqual([]);
});

test("an update after the preview repeats the warnings alone", async () => {
  expect(kinds(await told({ isPreview: false }))).toEqual(["warning"]);
});

test.each([
  ["all", ["info", "warning"]],
  ["warnings", ["warning"]],
  ["none", []],
])("with qoder:remarks of %s the preview tells these severities", async (remarks, severities) => {
  expect(kinds(await told({ isPreview: true, remarks }))).toEqual(severities);
});

test("of many new deployments the next runs are told in full of the first two, and of each other in fewer words", async () => {
  const messages: Message[] = [];
  const tell = async (message: Message) => void messages.push(message);
  const session = new Session({ clock: new SkippingClock(), environment: { QODER_PAT: "pt-test" }, tell });
  const provider = new KindProvider(deploymentKind, session);
  for (let number = 1; number <= 20; number += 1) {
    const name = `daily-${number}`;
    const schedule = { expression: `${number} 9 * * *`, timezone: "UTC" };
    await provider.check({}, { ...args, name, schedule, __origin: originOf(deploymentType, "dev", name) });
  }
  expect(messages).toHaveLength(20);
  const [first, second, ...others] = messages.map(({ text }) => text);
  for (const text of [first, second]) {
    expect(text).toMatch(/^QoderDeployment "daily-\d": runs next at .*, .*, .* \(UTC\)$/);
  }
  expect(others.map((text) => text.replace(/\w{3} \d{4}-\d\d-\d\d/, "DATE"))).toEqual(
    others.map((_, index) => {
      const [number, minute] = [index + 3, String(index + 3).padStart(2, "0")];
      return `QoderDeployment "daily-${number}": next DATE 09:${minute}   ${number} 9 * * *   UTC`;
    }),
  );
});

test("a remark names the resource, and what it is called at Qoder where that differs", async () => {
  const [runs] = await told({ isPreview: true }, { name: "report" });
  expect(runs?.text).toMatch(/^QoderDeployment "daily" \("report" at Qoder\): runs next at /);
});

test("a resource that was renamed is named as the program declares it now", async () => {
  const olds = { ...args, name: "old", schedule: undefined, __origin: urn.replace("daily", "old") };
  const messages = await told({ isPreview: true }, {}, olds);
  expect(messages.map(({ urn: of, text }) => [of, text.slice(0, 24)])).toEqual([
    [urn, 'QoderDeployment "daily": '.slice(0, 24)],
    [urn, 'QoderDeployment "daily": '.slice(0, 24)],
  ]);
});

test("another name at Qoder that holds what a terminal obeys is shown without it", async () => {
  const [runs] = await told({ isPreview: true }, { name: "a\u001b[2Jb<{%x%}>" });
  expect(runs?.text).not.toContain("\u001b");
  expect(runs?.text).not.toContain("<{%");
});
