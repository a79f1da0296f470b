import type { PulumiFn } from "@pulumi/pulumi/automation";
import { QoderDeployment, type QoderDeploymentArgs } from "../../provider";
import type { JsonObject } from "../qoder-api/wire";
import { changedPaths, type EngineStack, type Outcome } from "../support/engine-stack";
import { EngineWorld } from "../support/engine-world";

let world: EngineWorld;
let stack: EngineStack;
beforeEach(async () => {
  world = await EngineWorld.start();
  stack = await world.stack();
});
afterEach(() => world.stop());

function declaring(more: Partial<QoderDeploymentArgs> = {}): PulumiFn {
  return async () => {
    new QoderDeployment("daily", { ...world.args(), ...more });
  };
}

const schedule = { expression: "0 9 * * *", timezone: "Asia/Shanghai" };
const everything: Partial<QoderDeploymentArgs> = {
  description: "the daily report",
  schedule,
  resources: [{ type: "file", fileId: "file_1" }],
  vaultIds: ["vault_1"],
  metadata: { team: "platform", tier: "1" },
  environmentVariables: { LEVEL: "info" },
  budget: { maxCreditCost: "12.5" },
  paused: false,
};

interface Row {
  readonly title: string;
  readonly args?: Partial<QoderDeploymentArgs>;
  readonly edit: JsonObject;
  /** The changed paths in a preview. */
  readonly shown: Readonly<Record<string, string>>;
  readonly lines: readonly string[];
  readonly sent: JsonObject;
}

const rows: readonly Row[] = [
  {
    title: "a name",
    edit: { name: "edited" },
    shown: { name: "update" },
    lines: ['~ name: "edited" => "daily-0"'],
    sent: { name: "daily-0" },
  },
  {
    title: "a time zone",
    edit: { schedule: { type: "cron", expression: "0 9 * * *", timezone: "UTC" } },
    shown: { "schedule.timezone": "update" },
    lines: ['~ timezone: "UTC" => "Asia/Shanghai"'],
    sent: { schedule: { type: "cron", ...schedule } },
  },
  {
    title: "a message",
    edit: { initial_events: [{ type: "user.message", content: [{ type: "text", text: "edited" }] }] },
    shown: { "initialEvents[0].content": "update" },
    lines: ['~ content: "edited" => "Generate today\'s status report"'],
    sent: {
      initial_events: [{ type: "user.message", content: [{ type: "text", text: "Generate today's status report" }] }],
    },
  },
  {
    title: "a declared metadata key beside a foreign one",
    edit: { metadata: { team: null, foreign: "x" } },
    shown: { "metadata.team": "add" },
    lines: ['+ team: "platform"'],
    sent: { metadata: { team: "platform" } },
  },
  {
    title: "resources, vaults, variables and budget at once",
    edit: {
      resources: [],
      vault_ids: ["vault_1", "vault_2"],
      environment_variables: "LEVEL=debug",
      budget: { type: "limit", max_credit_cost: "50" },
    },
    shown: {
      resources: "add",
      "vaultIds[1]": "delete",
      "environmentVariables.LEVEL": "update",
      "budget.maxCreditCost": "update",
    },
    lines: ['~ LEVEL: "debug" => "info"', '~ maxCreditCost: "50" => "12.5"'],
    sent: {
      resources: [{ type: "file", file_id: "file_1" }],
      vault_ids: ["vault_1"],
      environment_variables: "LEVEL=info",
      budget: { type: "limit", max_credit_cost: "12.5" },
    },
  },
  {
    title: "a description that the program leaves out",
    args: {},
    edit: { description: "edited" },
    shown: { description: "delete" },
    lines: ['- description: "edited"'],
    sent: { description: "" },
  },
];

test("a refresh records an edit, a preview shows it with both values, and `up` sends only the repair", async () => {
  const program: PulumiFn = async () => {
    rows.forEach(({ args = everything }, index) => {
      // Of an object without a name in the program, an edit of the name also shows the name that nobody gave.
      new QoderDeployment(`daily-${index}`, { name: `daily-${index}`, ...world.args(), ...args });
    });
  };
  await stack.up(program);
  const live = world.api.deployments.live();
  const ids = rows.map((_, index) => live.find(({ name }) => name === `daily-${index}`)?.id ?? "");
  rows.forEach(({ edit }, index) => {
    world.api.deployments.edit(ids[index] ?? "", edit);
  });
  world.sent();

  const refreshed = await stack.refresh();
  // Pages that answer for no object end the paging after the second: which reads the engine sends first decides whether there is one.
  const isPage = (request: unknown) => JSON.stringify(request) === '["GET","/deployments"]';
  const asked = world.sent();
  const reads = ids.map((id) => ["GET", `/deployments/${id}`]);
  expect(asked.filter((request) => !isPage(request)).sort()).toEqual([...reads].sort());
  expect(asked.filter(isPage).length).toBeLessThanOrEqual(2);

  const preview = await stack.preview(program);
  const text = preview.output.replace(/ +/g, " ").replaceAll(" :", ":");
  await stack.up(program);
  const sent = world.sent();
  rows.forEach(({ title, shown, lines, ...row }, index) => {
    const of = (outcome: Outcome) => ({ title, paths: changedPaths(outcome, `daily-${index}`) });
    expect(Object.keys(of(refreshed).paths).sort()).toEqual(Object.keys(shown).sort());
    expect(of(preview)).toEqual({ title, paths: shown });
    for (const line of lines) {
      expect(text).toContain(line);
    }
    expect(sent).toContainEqual(["POST", `/deployments/${ids[index]}`, row.sent]);
  });
  expect(sent).toHaveLength(rows.length);
});

// test/plugin/gone.test.ts has the other 404 answers.
test("a refresh in the wrong workspace fails and keeps the state; a refresh of an archived deployment removes it", async () => {
  const program = declaring();
  await stack.up(program);
  const { id } = world.live;
  await stack.automation.setConfig("qoder:workspaceId", { value: "ws_other" });
  await expect(stack.refresh({ program })).rejects.toThrow("probably belongs to another account or workspace");
  expect(stack.deployment().id).toBe(id);
  expect(world.live.id).toBe(id);

  world.api.deployments.archive(id);
  await stack.automation.removeConfig("qoder:workspaceId");
  await stack.refresh({ program });
  expect(stack.resources().map((resource) => resource.id)).not.toContain(id);
});

test("replaceOnChanges removes a value that the API does not clear: the old deployment is archived, then a new one is created", async () => {
  Object.assign(world.api.switches, { scheduleNull: "ignore", budget: "ignore-null" });
  type Declaration = readonly [args: Partial<QoderDeploymentArgs>, options?: { replaceOnChanges: string[] }];
  const both =
    (...[scheduled, limited]: readonly [Declaration, Declaration]): PulumiFn =>
    async () => {
      new QoderDeployment("scheduled", { ...world.args(), ...scheduled[0] }, scheduled[1]);
      new QoderDeployment("limited", { ...world.args(), ...limited[0] }, limited[1]);
    };
  const replacing = { replaceOnChanges: ["schedule", "budget"] };
  const replacement = (name: string, cleared: string) => {
    const id = before.find((deployment) => deployment.name === name)?.id;
    const anew = expect.not.objectContaining({ [cleared]: expect.anything() });
    return [
      ["POST", `/deployments/${id}/archive`],
      ["POST", "/deployments", anew],
    ];
  };
  await stack.up(both([{ schedule }], [{ budget: { maxCreditCost: "5" } }]));
  const before = world.api.deployments.live();

  world.sent();
  const program = both([{}], [{}, replacing]);
  const failed = stack.automation.up({ color: "never", program, continueOnError: true });
  await expect(failed).rejects.toThrow('replaceOnChanges: ["schedule"]');
  expect(world.sent()).toEqual(expect.arrayContaining(replacement("limited", "budget")));

  await stack.refresh();
  world.sent();
  const scheduled = before.find(({ name }) => name === "scheduled")?.id;
  const { stdout } = await stack.automation.preview({
    program: both([{}, replacing], [{}, replacing]),
    color: "never",
  });
  expect(stdout).toContain(`is replaced: ${scheduled} is archived and cannot be restored`);
  await stack.up(both([{}, replacing], [{}, replacing]));
  expect(world.sent()).toEqual(replacement("scheduled", "schedule"));
  const live = world.api.deployments.live().map(({ name, schedule, budget }) => ({ name, schedule, budget }));
  expect(live).toEqual(["limited", "scheduled"].map((name) => ({ name, schedule: null, budget: undefined })));
});

test.each([
  ["at once", false],
  ["after a refresh", true],
])(
  "if the API keeps a value in an adoption, the advised replaceOnChanges replaces the deployment %s, as the preview says",
  async (_, isRefreshed) => {
    world.api.switches.scheduleNull = "ignore";
    const cron = { type: "cron", ...schedule };
    const { id } = world.api.deployments.create({
      ...{ name: "daily", agent: world.agent, environment_id: world.environmentId, schedule: cron },
      initial_events: [{ type: "user.message", content: "hello" }],
    });
    const adopting =
      (options?: { replaceOnChanges: string[] }): PulumiFn =>
      async () => {
        new QoderDeployment("daily", { ...world.args(), adopt: id }, options);
      };
    await expect(stack.up(adopting())).rejects.toThrow('replaceOnChanges: ["schedule"]');
    if (isRefreshed) {
      await stack.refresh();
    }
    const program = adopting({ replaceOnChanges: ["schedule"] });
    const preview = await stack.preview(program);
    expect(preview.output).toContain(`is replaced: ${id} is archived and cannot be restored`);
    const planned = preview.events.flatMap(({ resourcePreEvent }) => resourcePreEvent?.metadata.op ?? []);
    expect(planned).toContain("replace");
    world.sent();
    await stack.up(program);
    const [archive, create] = world.sent();
    expect([archive, create]).toEqual([
      ["POST", `/deployments/${id}/archive`],
      ["POST", "/deployments", expect.not.objectContaining({ schedule: expect.anything() })],
    ]);
    expect(world.live.id).not.toBe(id);
    await stack.previewNothing(program);
  },
);
