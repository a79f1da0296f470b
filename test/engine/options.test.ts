import * as pulumi from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { QoderAgent, QoderDeployment, type QoderDeploymentArgs } from "../../provider";
import type { EngineStack } from "../support/engine-stack";
import { EngineWorld, stateFile } from "../support/engine-world";

const world = EngineWorld.ofTests();
let stack: EngineStack;
beforeEach(async () => {
  stack = await world.stack();
});

function declaring(more: Partial<QoderDeploymentArgs> = {}, options: pulumi.CustomResourceOptions = {}): PulumiFn {
  return async () => {
    new QoderDeployment("daily", { ...world.args(), ...more }, options);
  };
}

test("ignoreChanges keeps a live value, protect prevents a destroy, and retainOnDelete keeps a deployment that leaves the program", async () => {
  const ignoring = { ignoreChanges: ["description"], protect: true };
  const program =
    (description: string, ...retained: readonly string[]) =>
    async () => {
      new QoderDeployment("ignored", { ...world.args(), description }, ignoring);
      new QoderDeployment("protected", world.args(), { protect: true });
      retained.map((name) => new QoderDeployment(name, world.args(), { retainOnDelete: true }));
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
  ["transforms", true],
  ["transformations", false],
])(
  "in an inline program, %s leave a secret in plain text in the state: %s, as SECURITY.md says",
  async (option, isPlain) => {
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

test("customTimeouts end a create that the service never answers", async () => {
  world.api.fault({ kind: "silence", method: "POST", times: 10 });
  await expect(stack.up(declaring({}, { customTimeouts: { create: "1s" } }))).rejects.toThrow(
    "for the whole operation was reached",
  );
});
