import { type Sample, samples } from "../support/argument-samples";
import { argumentNames, fields } from "../support/deployment";
import { PluginWorld } from "../support/plugin-world";

let world: PluginWorld;
beforeAll(async () => {
  world = await PluginWorld.start();
});
afterAll(() => world.stop());
beforeEach(() => world.reset());

function sampled() {
  return samples({
    agent: world.agent,
    otherAgent: world.otherAgent,
    environment: world.environment,
    otherEnvironment: world.otherEnvironment,
  });
}

function row(name: string, table: Readonly<Record<string, Sample>>): Sample {
  const found = table[name];
  if (found === undefined) {
    throw new Error(`no sample of ${name}`);
  }
  return found;
}

const names = Object.keys(samples({ agent: "", otherAgent: "", environment: "", otherEnvironment: "" }));

test("every argument has a row here; pausing and adopting have tests of their own", () => {
  expect([...names, "paused", "adopt"].sort()).toEqual([...argumentNames].sort());
});

// Every argument with each generation of the API that has it.
const placeholders = samples({ agent: "", otherAgent: "", environment: "", otherEnvironment: "" });
const cases = ([1, 2] as const).flatMap((generation) =>
  names
    .filter((name) => row(name, placeholders).generations.includes(generation))
    .map((name) => ({ generation, name })),
);

test.each(cases)(
  "generation $generation: an edit of $name elsewhere is shown as that change alone, and up sends it alone",
  async ({ generation, name }) => {
    world.api.switches.generation = generation;
    const { value, edit, edited, repair } = row(name, sampled());
    const args = world.args({ [name]: value });
    const stack = world.stack();
    await stack.up(args);
    const { id } = world.live;
    const inputs = stack.state?.inputs;
    world.api.deployments.edit(id, edit);
    world.sent();

    expect(await stack.refresh()).toBe("update");
    expect(world.sent()).toEqual([["GET", `/deployments/${id}`]]);
    expect(stack.state?.inputs).toEqual({ ...inputs, [name]: edited });
    expect(await stack.preview(args)).toBe("update");
    await stack.up(args);
    // What others set beside it must be known as it is now.
    const look = name === "casConfig" ? [["GET", `/deployments/${id}`]] : [];
    expect(world.sent()).toEqual([...look, ["POST", `/deployments/${id}`, repair]]);
    expect(await stack.preview(args)).toBe("same");
    expect(await stack.refresh()).toBe("same");
    expect(await stack.preview(args)).toBe("same");
  },
);

/** What takes back an edit of an argument that the program leaves out; undefined where it is somebody else's business. */
const takenBack: Readonly<Record<string, unknown>> = {
  description: { description: "" },
  schedule: { schedule: null },
  resources: { resources: [] },
  vaultIds: { vault_ids: [] },
  metadata: undefined,
  casConfig: undefined,
  environmentVariables: { environment_variables: "" },
  budget: undefined,
};

test("every argument that may be left out has a row above", () => {
  expect(Object.keys(takenBack)).toEqual(
    argumentNames.filter((name) => fields[name].leftOut !== "refused" && name !== "paused" && name !== "adopt"),
  );
});

test.each(cases.filter(({ name }) => name in takenBack))(
  "generation $generation: an edit of $name, which the program leaves out, is taken back or left to others",
  async ({ generation, name }) => {
    world.api.switches.generation = generation;
    world.api.switches.scheduleNull = "accept";
    const stack = world.stack();
    await stack.up(world.args());
    const { id } = world.live;
    world.api.deployments.edit(id, row(name, sampled()).edit);
    const body = takenBack[name];
    expect(await stack.refresh()).toBe(body === undefined ? "same" : "update");
    world.sent();
    expect(await stack.up(world.args())).toBe(body === undefined ? "same" : "update");
    expect(world.sent()).toEqual(body === undefined ? [] : [["POST", `/deployments/${id}`, body]]);
    expect(await stack.preview(world.args())).toBe("same");
  },
);

test("foreign metadata survives every update, refresh and removal", async () => {
  const stack = world.stack();
  await stack.up(world.args({ metadata: { team: "a" } }));
  world.api.deployments.edit(world.live.id, { metadata: { foreign: "stays" } });
  await stack.refresh();
  expect(stack.state?.outputs["metadata"]).toEqual({ team: "a" });
  expect(stack.state?.outputs["effectiveMetadata"]).toEqual({ team: "a", foreign: "stays" });
  await stack.up(world.args({ metadata: { team: "b" } }));
  await stack.up(world.args());
  expect(world.live.metadata).toEqual({ foreign: "stays" });
});

test("with the older generation cas_config never travels unless the program sets it", async () => {
  world.api.switches.generation = 1;
  const stack = world.stack();
  await stack.up(world.args({ metadata: { team: "a", tier: "1" } }));
  world.api.deployments.run(world.live.id);
  expect(await stack.refresh()).toBe("same");
  world.sent();
  await stack.up(world.args({ metadata: { tier: "1" } }));
  expect(world.sent()).toEqual([["POST", `/deployments/${world.live.id}`, { metadata: { team: null } }]]);
  expect(world.live.metadata).toHaveProperty("cas_config.stats.total_runs", 1);
});

test("removing one setting of casConfig resets it alone, removing all clears the key", async () => {
  world.api.switches.generation = 1;
  const stack = world.stack();
  await stack.up(world.args({ casConfig: { maxRetries: 2, maxConcurrent: 3 } }));
  world.sent();
  await stack.up(world.args({ casConfig: { maxRetries: 2 } }));
  expect(world.live.metadata).toMatchObject({ cas_config: { config: { max_retries: 2, max_concurrent: 1 } } });
  world.sent();
  await stack.up(world.args());
  expect(world.sent()).toEqual([
    ["GET", `/deployments/${world.live.id}`],
    ["POST", `/deployments/${world.live.id}`, { metadata: { cas_config: null } }],
  ]);
});

test.each(["deep", "shallow"] as const)(
  "a setting of casConfig that somebody chose since the last refresh survives an update and a removal (%s merge)",
  async (casConfigMerge) => {
    Object.assign(world.api.switches, { generation: 1, casConfigMerge });
    const stack = world.stack();
    await stack.up(world.args({ casConfig: { maxRetries: 2 } }));
    const theirs = { session_strategy: "new_session", config: { max_retries: 2, timeout_ms: 9_000 } };
    world.api.deployments.edit(world.live.id, { metadata: { cas_config: theirs } });
    await stack.up(world.args({ casConfig: { maxRetries: 3 } }));
    expect(world.live.metadata).toMatchObject({ cas_config: { config: { max_retries: 3, timeout_ms: 9_000 } } });
    await stack.up(world.args());
    expect(world.live.metadata).toMatchObject({ cas_config: { config: { max_retries: 0, timeout_ms: 9_000 } } });
  },
);

test("a setting of casConfig that leaves the program is nobody's any more, also when it was at its default", async () => {
  world.api.switches.generation = 1;
  const stack = world.stack();
  await stack.up(world.args({ casConfig: { maxRetries: 0, maxConcurrent: 3 } }));
  const declared = world.args({ casConfig: { maxConcurrent: 3 } });
  await stack.up(declared);
  const theirs = { session_strategy: "new_session", config: { max_retries: 4, max_concurrent: 3 } };
  world.api.deployments.edit(world.live.id, { metadata: { cas_config: theirs } });
  expect(await stack.refresh()).toBe("same");
  expect(await stack.up(declared)).toBe("same");
  expect(world.live.metadata).toMatchObject({ cas_config: { config: { max_retries: 4, max_concurrent: 3 } } });
});

test("a budget that somebody took away is a difference after refresh, and up sets it again", async () => {
  const stack = world.stack();
  const declared = world.args({ budget: { maxCreditCost: "12.50" } });
  await stack.up(declared);
  world.api.deployments.edit(world.live.id, { budget: null });
  expect(await stack.refresh()).toBe("update");
  world.sent();
  await stack.up(declared);
  expect(world.sent()).toEqual([
    ["POST", `/deployments/${world.live.id}`, { budget: { type: "limit", max_credit_cost: "12.50" } }],
  ]);
  expect(await stack.refresh()).toBe("same");
});

test("what somebody changed since the last refresh is neither sent nor undone by an update of something else", async () => {
  const stack = world.stack();
  const declared = {
    description: "ours",
    paused: false,
    agent: { id: world.agent, version: 1 },
    vaultIds: ["vault_a"],
  };
  await stack.up(world.args(declared));
  const { id } = world.live;
  const theirs = world.api.agents.create().id;
  world.api.agents.bumpVersion(theirs);
  world.api.deployments.edit(id, { description: "theirs", vault_ids: [], agent: theirs });
  world.api.deployments.pause(id);
  for (const name of ["second", "third"]) {
    world.sent();
    await stack.up(world.args({ ...declared, name }));
    expect(world.sent()).toEqual([["POST", `/deployments/${id}`, { name }]]);
    expect(await stack.preview(world.args({ ...declared, name }))).toBe("same");
  }
  expect(world.live).toMatchObject({ description: "theirs", vault_ids: [], status: "paused" });
  expect(stack.state?.outputs["status"]).toBe("paused");
  expect(await stack.refresh()).toBe("update");
  world.sent();
  await stack.up(world.args({ ...declared, name: "third" }));
  expect(world.sent()).toEqual([
    [
      "POST",
      `/deployments/${id}`,
      { agent: { id: world.agent, type: "agent", version: 1 }, description: "ours", vault_ids: ["vault_a"] },
    ],
    ["POST", `/deployments/${id}/unpause`],
  ]);
});
