import { agent } from "../../kinds/agent";
import { deployment } from "../../kinds/deployment";
import { environment } from "../../kinds/environment";
import { namedKinds } from "../../support/named-by-deployments";
import { SharedCommand } from "../../support/shared-command";
import { type Properties, World } from "../../support/world";

const world = World.ofTests();

const verifying = { "qoder:verify": "true" };

const named = () => ({ agent: world.api.agents.create().id, environmentId: world.api.environments.create().id });
type Named = ReturnType<typeof named>;

/** Deployments of an earlier command, in one new command with this configuration. */
async function deployments(
  names: readonly string[],
  args: Properties,
  config: Readonly<Record<string, string>> = verifying,
) {
  const before = [];
  for (const name of names) {
    before.push(await world.existing(deployment, world.args({ name, ...args })));
  }
  const command = new SharedCommand(world, config);
  return before.map(({ stack, ...one }) => ({ ...one, stack: command.resource(deployment, stack) }));
}

function archive({ agent: agentId, environmentId }: Named): { readonly agent: string; readonly environment: string } {
  const archivedAt = ({ archived_at: at }: { readonly archived_at: string | null }) => String(at);
  return {
    agent: archivedAt(world.api.agents.archive(agentId)),
    environment: archivedAt(world.api.environments.archive(environmentId)),
  };
}

const archived = (resource: string, noun: string, id: string, since: string) =>
  `warning: QoderDeployment "daily" (${resource}): its ${noun} ${id} was archived at ${since} and cannot be restored, so no run starts: give the deployment another ${noun}`;

const sorted = (lines: readonly unknown[]) => lines.map((line) => JSON.stringify(line)).sort();

describe.each(namedKinds)("with qoder:verify a refresh of a deployment with an $noun", ({ kind, noun, argument }) => {
  test.each([
    ["its id", false],
    ["its id and version", true],
  ])("that is archived warns, and keeps the state, if the program names the agent by %s", async (_, isPinned) => {
    const names = named();
    const agent = isPinned ? { id: names.agent, version: 1 } : names.agent;
    const [one] = await deployments(["daily"], { ...names, agent });
    const id = names[argument];
    const since = String(world.api[`${noun}s`].archive(id).archived_at);
    const state = one?.stack.state;
    expect(await one?.stack.refresh()).toBe("same");
    expect(one?.stack.state).toEqual(state);
    expect(world.output).toEqual([archived(one?.id ?? "", noun, id, since)]);
    expect(sorted(world.sent())).toEqual(
      sorted([
        ["GET", one?.path],
        ["GET", `/agents/${names.agent}`],
        ["GET", `/environments/${names.environmentId}`],
      ]),
    );
  });

  test(`that is archived does not warn if the live deployment has another ${noun}`, async () => {
    const names = named();
    const [one] = await deployments(["daily"], names);
    const other = noun === "agent" ? { agent: world.otherAgent } : { environment_id: world.otherEnvironment };
    world.api.deployments.edit(one?.id ?? "", other);
    world.api[`${noun}s`].archive(names[argument]);
    await one?.stack.refresh();
    expect(world.output).toEqual([]);
  });

  test.each([404, 403, 502, 503])("answered with %s takes less than 40 seconds, without a warning", async (status) => {
    const names = named();
    const [one] = await deployments(["daily"], names);
    const path = `/${kind.collection}/${names[argument]}`;
    world.api.fault({ kind: "status", status, method: "GET", path, times: Number.POSITIVE_INFINITY });
    const start = world.clock.now();
    expect(await one?.stack.refresh()).toBe("same");
    expect(world.clock.now() - start).toBeLessThan(40_000);
    expect(world.output.join()).not.toContain("archived");
    expect(new Set(world.sent().map(String)).size).toBe(3);
  });
});

test("with qoder:verify a refresh of three deployments sends one GET for their agent and one for their environment", async () => {
  const names = named();
  const titles = ["weekly", "monthly", "yearly"];
  const before = await deployments(titles, names);
  const since = archive(names);
  await Promise.all(before.map(({ stack }) => stack.refresh()));
  expect(sorted(world.sent())).toEqual(
    sorted([
      ...before.map(({ path }) => ["GET", path]),
      ["GET", `/agents/${names.agent}`],
      ["GET", `/environments/${names.environmentId}`],
    ]),
  );
  const warnings = before.flatMap(({ id }, index) => {
    const resource = `"${titles[index]}" at Qoder, ${id}`;
    return [
      archived(resource, "agent", names.agent, since.agent),
      archived(resource, "environment", names.environmentId, since.environment),
    ];
  });
  expect([...world.output].sort()).toEqual(warnings.sort());
});

test("with qoder:verify a refresh of an archived deployment sends no further GET, and warns of nothing that it names", async () => {
  const names = named();
  const [one] = await deployments(["daily"], names);
  archive(names);
  world.api.deployments.archive(one?.id ?? "");
  expect(await one?.stack.refresh()).toBe("delete");
  expect(world.sent()).toEqual([["GET", one?.path]]);
  expect(world.output).toEqual([expect.stringContaining("so this refresh takes it out of the state")]);
});

test.each<[string, Readonly<Record<string, string>>]>([
  ["without qoder:verify", {}],
  ["with qoder:verify false", { "qoder:verify": "false" }],
])("%s a refresh sends one GET for each deployment, and does not warn", async (_, config) => {
  const names = named();
  const before = await deployments(["daily", "weekly"], names, config);
  archive(names);
  for (const { stack } of before) {
    expect(await stack.refresh()).toBe("same");
  }
  expect(world.sent()).toEqual(before.map(({ path }) => ["GET", path]));
  expect(world.output).toEqual([]);
});

test.each([
  ["an agent", agent],
  ["an environment", environment],
])("with qoder:verify a refresh of %s sends one GET", async (_, kind) => {
  const before = await world.existing(kind, kind.least);
  await new SharedCommand(world, verifying).resource(kind, before.stack).refresh();
  expect(world.sent()).toEqual([["GET", before.path]]);
  expect(world.output).toEqual([]);
});
