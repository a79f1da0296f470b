import { run } from "../../../command/main";
import { agents, deployments, skills } from "../../../provider/kinds/table";
import { ended } from "../ended";
import { useToldPulumi } from "../stack/told-stack";

const told = useToldPulumi();

/** What the command prints for this output of `pulumi preview --refresh --json`. */
function printed(preview: object | string, { args = [] as string[], stderr = "", status = 0 } = {}) {
  const stdout = typeof preview === "string" ? preview : JSON.stringify(preview);
  told.pulumi.says("preview", { stdout, stderr, status });
  return ended((streams) => run(["drift", ...args], told.pulumi.environment, streams), undefined, [
    "pt-of-the-drift-4410",
  ]);
}

const { type } = deployments;
const urn = (name: string) => `urn:pulumi:dev::fleet::${type}::${name}`;
const step = (op: string, name: string, live?: object, wanted?: object, more: object = {}) => ({
  ...{ op, urn: urn(name), ...more },
  ...(live === undefined ? {} : { oldState: { type, inputs: live } }),
  ...(wanted === undefined ? {} : { newState: { type, inputs: wanted } }),
});
const same = "Qoder holds what the program says\n";
const linesOf = (text: string) => text.split("\n").slice(0, -1);

test("drift prints both values of each difference, at any depth, but no text that looks like a secret and nothing that Qoder moves by itself", async () => {
  const schedule = { expression: "0 3 * * *", timezone: "UTC" };
  const live = { schedule: { ...schedule, expression: "0 4 * * *" }, vaultIds: ["vault_1"], name: "a", __origin: "x" };
  const outputs = { lastRunAt: "2026-11-25T03:00:00Z", updatedAt: "2026-11-25T03:00:00Z" };
  const steps = [
    step("refresh", "a", undefined, undefined, {
      ...{ oldState: { type, inputs: live, outputs }, newState: { type, inputs: live, outputs: {} } },
    }),
    step("same", "b", live, live),
    step("update", "a", live, { schedule, vaultIds: ["vault_1", "vault_2"], name: "a", __origin: "y" }),
    step("create", "c", undefined, live),
    step("update", "d", { token: "[secret]" }, { token: "[secret]" }, { diffReasons: ["token"] }),
    step("update", "f", { environmentVariables: { KEY: `ghp_${"a1".repeat(18)}`, MODE: "fast" } }, {}),
    step("create-replacement", "e", { name: "x" }, { name: "y" }),
    step("replace", "e", { name: "x" }, { name: "y" }),
    step("delete-replaced", "e", { name: "x" }),
  ];
  const { status, stdout, stderr } = await printed({ steps });
  expect({ status, stderr }).toEqual({ status: 2, stderr: "" });
  expect(linesOf(stdout)).toEqual([
    "a (Deployment): pulumi up --refresh would update it",
    '  schedule.expression: "0 4 * * *" => "0 3 * * *"',
    '  vaultIds[1]: nothing => "vault_2"',
    "c (Deployment): pulumi up --refresh would create it",
    "d (Deployment): pulumi up --refresh would update it",
    "  token differs; the values are secret or belong to Qoder",
    "f (Deployment): pulumi up --refresh would update it",
    '  environmentVariables: {"KEY":"[secret]","MODE":"fast"} => nothing',
    "e (Deployment): pulumi up --refresh would replace it",
    '  name: "x" => "y"',
  ]);
  expect(told.pulumi.asked()).toEqual([["preview", "--refresh", "--json", "--non-interactive", "--color=never"]]);
});

test.each([
  ["that the state holds in plain text", { token: "tok-7f3a9c" }, { token: "[secret]" }],
  ["that the program no longer hides", { token: "[secret]" }, { token: "tok-7f3a9c" }],
  ["in an object that is one now", { token: { value: "tok-7f3a9c" } }, { token: "[secret]" }],
])("drift prints no secret %s", async (_, live, wanted) => {
  const more = { diffReasons: ["token", "name"] };
  const { stdout } = await printed({
    steps: [step("update", "a", { ...live, name: "x" }, { ...wanted, name: "y" }, more)],
  });
  expect(linesOf(stdout)).toEqual([
    "a (Deployment): pulumi up --refresh would update it",
    '  name: "x" => "y"',
    "  token differs; the values are secret or belong to Qoder",
  ]);
});

test.each(["read", "read-replacement", "discard", "discard-replaced", "remove-pending-replace", "import-replacement"])(
  "drift prints no line for the step %s, which changes nothing or is a part of a replacement",
  async (op) => {
    const ended = await printed({ steps: [step(op, "a", { name: "x" }, { name: "y" })] });
    expect(ended).toMatchObject({ status: 0, stdout: same });
  },
);

test.each([
  [[], []],
  [["--stack"], []],
  [["--stack", "acme/prod"], ["--stack=acme/prod"]],
])("without a difference, drift %j prints one line and ends with 0", async (args, passed) => {
  const diagnostics = [{ severity: "info", message: 'QoderDeployment "a": next run [next-runs]\n' }];
  const steps = [step("same", "a", {}, {})];
  expect(await printed({ steps, diagnostics }, { args })).toEqual({ status: 0, stdout: same, stderr: "" });
  expect(told.pulumi.asked()[0]?.slice(3, -2)).toEqual(passed);
});

test("drift names each pause that the program does not declare, once, as the preview does, and ends with 2", async () => {
  const [hand, service] = ["somebody paused this deployment [paused-by-hand]", "the service did [paused-by-service]"];
  const diagnostics = [
    { severity: "info", message: `\u001b[36mQoderDeployment "a", "b": ${hand}\u001b[0m\n` },
    { severity: "info", message: `QoderDeployment "a", "b": ${hand}` },
    { severity: "warning", message: `warning: QoderDeployment "c": ${service}\n  more` },
    { severity: "warning", message: 'QoderDeployment "d": the old one is archived [replacement]' },
  ];
  const { status, stdout } = await printed({ steps: [], diagnostics });
  expect(linesOf(stdout)).toEqual([`QoderDeployment "a", "b": ${hand}`, `QoderDeployment "c": ${service}`]);
  expect(status).toBe(2);
});

test("drift prints at most 100 lines, with the pauses before the others, and says how many are left out", async () => {
  const steps = Array.from({ length: 60 }, (_, index) =>
    step("update", `a${index}`, { name: "x" }, { name: "y".repeat(900) }),
  );
  const message = 'QoderDeployment "a": somebody paused it [paused-by-hand]';
  const lines = linesOf((await printed({ steps, diagnostics: [{ severity: "info", message }] })).stdout);
  expect(lines).toHaveLength(100);
  expect(lines[0]).toBe(message);
  expect(lines.at(-1)).toBe("... and 22 more lines: run pulumi preview --refresh --diff");
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(400);
});

test("a preview that fails is a failure with each error once, without a token, and with what was found before", async () => {
  const diagnostics = [
    { severity: "error", message: "no answer for pt-of-the-drift-4410\n" },
    { severity: "info", message: "next run" },
    { severity: "error", message: "no answer for pt-of-the-drift-4410\npreview failed" },
  ];
  const steps = [step("create", "c", undefined, {})];
  expect(await printed({ steps, diagnostics }, { status: 1 })).toEqual({
    status: 1,
    stdout: "c (Deployment): pulumi up --refresh would create it\n",
    stderr: "pulumi-qoder drift failed, as the preview of Pulumi did:\nno answer for [secret]\npreview failed\n",
  });
});

test("a Pulumi CLI that prints no preview is a failure with its reason and its remedy", async () => {
  const stderr =
    "pulumi-qoder drift failed: `pulumi preview --refresh --json` failed: no stack selected. `pulumi stack ls` lists the stacks; give one with --stack NAME\n";
  const ended = await printed("", { stderr: "error: no stack selected\n", status: 1 });
  expect(ended).toEqual({ status: 1, stdout: "", stderr });
  expect(await printed("[]")).toMatchObject({ status: 1, stderr: expect.stringContaining("cannot read") });
  const misspelt = await printed("", { args: ["--stak"] });
  expect(misspelt).toMatchObject({ status: 64, stderr: expect.stringContaining("mean --stack") });
});

test("without a Pulumi CLI, drift names itself, as nobody gave --stack", async () => {
  const stderr =
    "pulumi-qoder drift failed: there is no Pulumi CLI on the PATH, and this command needs `pulumi preview --refresh --json`. Install it (https://www.pulumi.com/docs/install/)\n";
  const found = await ended((streams) => run(["drift"], { PATH: "/nowhere" }, streams));
  expect(found).toMatchObject({ status: 1, stderr });
});

test("a name, a value and an error can neither act on a terminal nor add a line to the report", async () => {
  const hostile = "x\u001b[2J\u202e\u2028\u009b1m\r";
  const live = { name: hostile, metadata: { [hostile]: "a" } };
  const diagnostics = [{ severity: "error", message: hostile }];
  const steps = [step("update", hostile, live, { name: "y", metadata: {} }), step("create", "a\nb", undefined, {})];
  const { stdout, stderr } = await printed({ steps, diagnostics }, { status: 1 });
  expect([...linesOf(stdout), ...linesOf(stderr)]).toHaveLength(6);
  expect(stdout + stderr).not.toMatch(/(?!\n)[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u);
});

const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const agentType = agents.type;
const changed = (of: string, name: string, id: string, live: object, wanted: object, outputs: object = {}) => ({
  op: JSON.stringify(live) === JSON.stringify(wanted) ? "same" : "update",
  urn: `urn:pulumi:dev::fleet::${of}::${name}`,
  oldState: { type: of, id, inputs: live, outputs },
  newState: { type: of, id, inputs: wanted, outputs },
});
const follower = (name: string, id: string, more: object = {}) =>
  changed(type, name, `dep_${name}`, { agent: { id, version: 4 }, ...more }, { agent: { id, version: unknown } });

test("one edited agent is one difference, and what follows is one line for each type", async () => {
  const skill = (version: string) => [{ skillId: "skill_1", version }];
  const steps = [
    changed(skills.type, "checklist", "skill_1", { source: "a" }, { source: "b" }),
    changed(agentType, "reviewer", "agent_2", { skills: skill("1") }, { skills: skill(unknown) }),
    changed(agentType, "reporter", "agent_1", { system: "Joke." }, { system: "Report." }),
    ...Array.from({ length: 9 }, (_, index) => follower(`report-${index}`, "agent_1")),
    follower("review", "agent_2"),
    follower("renamed", "agent_1", { name: "x" }),
    follower("elsewhere", "agent_9"),
  ];
  const { status, stdout } = await printed({ steps });
  expect(status).toBe(2);
  expect(linesOf(stdout)).toEqual([
    expect.stringMatching(/^checklist \(Skill\): pulumi up --refresh would update it$/),
    '  source: "a" => "b"',
    "  1 agent follows: reviewer",
    "  1 deployment follows: review",
    "reporter (Agent): pulumi up --refresh would update it",
    '  system: "Joke." => "Report."',
    `  9 deployments follow: ${Array.from({ length: 9 }, (_, index) => `report-${index}`).join(", ")}`,
    "renamed (Deployment): pulumi up --refresh would update it",
    '  agent.version: 4 => "[unknown]"',
    '  name: "x" => nothing',
    "elsewhere (Deployment): pulumi up --refresh would update it",
    '  agent.version: 4 => "[unknown]"',
  ]);
});

test.each([
  ["an id alone", "agent_1", 1, true],
  ["an id alone in an object", { id: "agent_1" }, 1, true],
  ["an id alone, at the newest version", "agent_1", 3, false],
  ["a version", { id: "agent_1", version: 1 }, 1, false],
  ["the id of an agent outside of the stack", "agent_9", 1, false],
])("drift says what runs behind its agent where the program names %s", async (_, agent, agentVersion, isBehind) => {
  const steps = [
    changed(agentType, "reporter", "agent_1", {}, {}, { version: 3 }),
    changed(type, "report", "dep_1", { agent }, { agent }, { agentVersion }),
  ];
  const { status, stdout } = await printed({ steps });
  expect(stdout).toBe(
    isBehind
      ? "report (Deployment) runs version 1 of reporter, the newest is 3: the program names the agent by its id alone. Give the agent itself to follow, or { id, version } to stay\n"
      : same,
  );
  expect(status).toBe(isBehind ? 2 : 0);
});
