import * as pulumi from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { QoderAgent, QoderDeployment, type QoderDeploymentArgs } from "../../provider";
import { changedPaths, type EngineStack } from "../support/engine-stack";
import { EngineWorld, stateFile } from "../support/engine-world";

let world: EngineWorld;
let stack: EngineStack;
beforeEach(async () => {
  world = await EngineWorld.start();
  stack = await world.stack();
});
afterEach(() => world.stop());

function declaring(more: Partial<QoderDeploymentArgs> = {}, options: pulumi.CustomResourceOptions = {}): PulumiFn {
  return async () => {
    new QoderDeployment("daily", { ...world.args(), ...more }, options);
  };
}

test("ignoreChanges keeps a live value, protect prevents a destroy, and retainOnDelete keeps a deployment that leaves the program", async () => {
  const program =
    (description: string, ...retained: readonly string[]) =>
    async () => {
      new QoderDeployment(
        "ignored",
        { ...world.args(), description },
        { ignoreChanges: ["description"], protect: true },
      );
      new QoderDeployment("protected", world.args(), { protect: true });
      for (const name of retained) {
        new QoderDeployment(name, world.args(), { retainOnDelete: true });
      }
    };
  await stack.up(program("a", "retained"));
  world.sent();
  await stack.previewNothing(program("b", "retained"));
  await stack.up(program("b"));
  expect(stack.resources().map(({ urn }) => urn.split("::").pop())).not.toContain("retained");
  await expect(stack.destroy()).rejects.toThrow("protect");
  expect(world.sent()).toEqual([]);
  expect(world.api.deployments.live()).toHaveLength(3);
});

test("hideDiffs hides a difference that `up` sends, deletedWith forgets a deployment that stays live, and a stack reference names an agent of another stack", async () => {
  const shared = (system: string) => async () => {
    const agent = new QoderAgent("reporter", { model: "ultimate", system }, { hideDiffs: ["system"] });
    new QoderDeployment("with-agent", { ...world.args(), agent: world.agent }, { deletedWith: agent });
    return { id: agent.id, version: agent.version };
  };
  await stack.up(shared("You write short reports."));
  const { output } = await stack.preview(shared("You write long reports."));
  expect(output).toContain("qoder:Agent: (update)");
  expect(output).not.toContain("long reports");
  world.sent();
  await stack.up(shared("You write long reports."));
  expect(world.sent()).toEqual([
    ["POST", expect.stringMatching(/^\/agents\/agent_/), { system: "You write long reports.", version: 1 }],
  ]);

  const second = await world.stack("second");
  await second.up(async () => {
    const reference = new pulumi.StackReference("organization/engine-test/dev");
    const agent = { id: reference.requireOutput("id"), version: reference.requireOutput("version") };
    new QoderDeployment("by-reference", { ...world.args(), agent });
  });
  const byReference = world.api.deployments.live().find(({ name }) => name === "by-reference");
  expect(byReference?.agent).toMatchObject({ version: 2 });
  await second.destroy();
  world.sent();
  await stack.destroy();
  expect(world.live.name).toBe("with-agent");
  expect(stack.resources()).toEqual([]);
});

test.each([
  { option: "transforms", isPlain: true },
  { option: "transformations", isPlain: false },
])(
  "in an inline program, $option leave a secret in plain text in the state: $isPlain, as SECURITY.md says",
  async ({ option, isPlain }) => {
    const kept = ({ props, opts }: { props: object; opts: object }) => ({ props: { ...props }, opts });
    const metadata = { label: pulumi.secret("label-secret-91f0") };
    await stack.up(declaring({ metadata }, { [option]: [kept] }));
    expect(world.live.metadata).toEqual({ label: "label-secret-91f0" });
    expect(stateFile(world).includes("label-secret-91f0")).toBe(isPlain);
  },
);

test("an agent id from another resource is [unknown] in the preview, and `up` sends its value", async () => {
  const agent = world.agent;
  class Agent extends pulumi.dynamic.Resource {
    declare readonly agentId: pulumi.Output<string>;
    constructor(name: string) {
      super({ create: async () => ({ id: "1", outs: { agentId: agent } }) }, name, { agentId: undefined });
    }
  }
  const program = async () => {
    const { agentId } = new Agent("agent");
    new QoderDeployment("daily", {
      ...world.args(),
      agent: agentId,
      description: pulumi.interpolate`run by ${agentId}`,
      metadata: { agent: agentId, team: "a" },
      schedule: { expression: "0 9 * * *", timezone: agentId.apply(() => "UTC") },
      environmentVariables: { AGENT: agentId },
    });
  };
  const preview = await stack.preview(program);
  expect(preview.output.replace(/ +/g, " ")).toContain("agent : [unknown]");
  expect(preview.output).toContain('team : "a"');
  await stack.up(program);
  expect(world.live).toMatchObject({ agent: { id: agent }, metadata: { agent, team: "a" } });
});

test("a preview shows a changed token as a change of resources, without its value", async () => {
  const program = (authorizationToken: string, mountPath: string) =>
    declaring({
      resources: [{ type: "github_repository", url: "https://github.com/acme/a", authorizationToken, mountPath }],
    });
  await stack.up(program("ghp_old1", "/a"));
  const preview = await stack.preview(program("ghp_new2", "/a"));
  expect(Object.keys(changedPaths(preview)).join()).toBe("resources[0].authorizationToken");
  expect(preview.output).not.toMatch(/ghp_old1|ghp_new2/);
  expect(changedPaths(await stack.preview(program("ghp_old1", "/b")))).toEqual({ "resources[0].mountPath": "update" });
});

test("customTimeouts end a create that the service never answers", async () => {
  world.api.fault({ kind: "silence", method: "POST", times: 10 });
  await expect(stack.up(declaring({}, { customTimeouts: { create: "1s" } }))).rejects.toThrow(
    "for the whole operation was reached",
  );
});

test("`up --target` updates only the target", async () => {
  const program = (description: string) => async () => {
    for (const name of ["one", "two"]) {
      new QoderDeployment(name, { ...world.args(), description });
    }
  };
  await stack.up(program("a"));
  const one = world.api.deployments.live().find(({ name }) => name === "one");
  world.sent();
  const target = ["urn:pulumi:dev::engine-test::pulumi-nodejs:dynamic/qoder:Deployment::one"];
  await stack.automation.up({ color: "never", target, program: program("b") });
  expect(world.sent()).toEqual([["POST", `/deployments/${one?.id}`, { description: "b" }]]);
});

test("a preview knows an output without a value, even as an argument of another resource", async () => {
  const program = async () => {
    const daily = new QoderDeployment("daily", world.args());
    const { description, metadata, budget, casConfig, schedule, vaultIds } = daily;
    new QoderDeployment("copy", { ...world.args(), description, metadata, budget, casConfig, schedule, vaultIds });
    const hasRun = daily.lastRunAt.apply((time) => time !== undefined);
    return { lastRunAt: daily.lastRunAt, pausedReason: daily.pausedReason, archivedAt: daily.archivedAt, hasRun };
  };
  await stack.up(program);
  expect(stack.outputs()["hasRun"]?.value).toBe(false);
  const recorded = Object.keys(stack.resources().find(({ urn }) => urn.endsWith("::daily"))?.outputs ?? {});
  expect(recorded).toEqual(expect.arrayContaining(["name", "agent", "lastRunAt"]));
  expect(recorded.filter((name) => ["description", "budget", "adopt", "acknowledge"].includes(name))).toEqual([]);
  const { output } = await stack.previewNothing(program);
  expect(output).not.toContain("[unknown]");
  await stack.refresh();
  await stack.previewNothing(program);
});

test("a program does not see its own value of an argument that somebody removed and `ignoreChanges` keeps", async () => {
  const program = async () => {
    const description = "of the program";
    const daily = new QoderDeployment("daily", { ...world.args(), description }, { ignoreChanges: ["description"] });
    return { seen: daily.description.apply((value) => value ?? "nothing") };
  };
  await stack.up(program);
  expect(stack.outputs()["seen"]?.value).toBe("of the program");
  world.api.deployments.edit(world.live.id, { description: "" });
  await stack.refresh();
  await stack.up(program);
  expect(stack.outputs()["seen"]?.value).toBe("nothing");
  await stack.previewNothing(program);
});

test("QoderDeployment.get reads a deployment, and no command on it sends a write", async () => {
  const { id } = world.api.deployments.create({
    name: "elsewhere",
    agent: world.agent,
    environment_id: world.environmentId,
    initial_events: [{ type: "user.message", content: [{ type: "text", text: "hello" }] }],
    schedule: { type: "cron", expression: "0 9 * * *", timezone: "UTC" },
  });
  const program = async () => {
    const found = QoderDeployment.get("found", id);
    const described = found.description.apply((text) => text !== undefined);
    return { name: found.name, upcomingRunsAt: found.upcomingRunsAt, schedule: found.schedule, described };
  };
  await stack.up(program);
  const outputs = stack.outputs();
  expect(outputs["name"]?.value).toBe("elsewhere");
  expect(outputs["upcomingRunsAt"]?.value).toHaveLength(5);
  expect(outputs["schedule"]?.value).toEqual({ expression: "0 9 * * *", timezone: "UTC" });
  await stack.automation.refresh({ color: "never", expectNoChanges: true });
  const { output } = await stack.previewNothing(program);
  expect(output).not.toMatch(/^ *[-+~] +(agent|name|schedule|described)|\[unknown\]/m);
  await stack.destroy();
  expect(new Set(world.api.requests.map(({ method }) => method))).toEqual(new Set(["GET"]));
});
