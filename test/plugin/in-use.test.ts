import { namingKinds } from "../../provider/kinds/table";
import { kinds } from "../kinds";
import { agent } from "../kinds/agent";
import { deployment } from "../kinds/deployment";
import { environment } from "../kinds/environment";
import type { KindRow } from "../kinds/kind-row";
import { skill } from "../kinds/skill";
import {
  deploymentList,
  deploymentOf,
  failedRemoval,
  isLive,
  listShows,
  namedKinds,
} from "../support/named-by-deployments";
import { SharedCommand } from "../support/shared-command";
import { type Properties, type SimulatedStack, World } from "../support/world";

const world = World.ofTests();

const always = { times: Number.POSITIVE_INFINITY };

describe.each(namedKinds)("the removal of an $noun", (row) => {
  const { kind, noun, argument } = row;
  const existing = () => world.existing(kind, kind.least);
  /** The lists that the removal reads if no deployment names the object: a team may name an agent. */
  const lists = kind.looks.beforeArchive;

  test("reads the deployments and archives if none of them names it", async () => {
    const { stack, path } = await existing();
    deploymentOf(world, row, noun === "agent" ? world.agent : world.environment, "another's");
    await stack.destroy();
    expect(world.api.requests.map(({ query }) => query)).toEqual([
      { limit: "100" },
      ...(noun === "agent" ? [{ limit: "100" }] : []),
      {},
    ]);
    expect(world.sent()).toEqual([...lists, ["POST", `${path}/archive`]]);
    expect(world.output).toEqual([]);
  });

  test("fails without a request to archive while a live deployment uses it; the error names the deployment and the remedies", async () => {
    const { stack, id } = await existing();
    const user = deploymentOf(world, row, id, "report");
    expect(await failedRemoval(stack)).toBe(
      `${kind.label} "daily" (${id}): delete failed: ${id} was not archived: a live deployment uses it: "report" (${user.id}).\nGive it another ${noun}, or remove it first (\`pulumi destroy --target URN\`), then run the same command again. Or set retainOnDelete: true or archiveInUse: true and run \`pulumi up\` before`,
    );
    expect(world.sent()).toEqual([deploymentList]);
    expect(isLive(world, row, id)).toBe(true);
    expect(stack.state?.id).toBe(id);
  });

  test("reads every page of the list, and fails with the names of five of all deployments", async () => {
    const { stack, id } = await existing();
    const made = Array.from({ length: 101 }, (_, index) => deploymentOf(world, row, id, `report ${index}`));
    const named = made.slice(-5).reverse();
    const shown = named.map((one) => `"${one.name}" (${one.id})`).join(", ");
    expect(await failedRemoval(stack)).toContain(
      `101 live deployments use it: ${shown} and 96 more.\nGive them another ${noun}`,
    );
    expect(world.sent()).toEqual([deploymentList, deploymentList]);
    expect(isLive(world, row, id)).toBe(true);
  });

  describe("in one command with a deployment that names it", () => {
    /** Both objects in the state of an earlier command. */
    async function both() {
      const used = await existing();
      const before = await world.existing(deployment, world.args({ [argument]: used.id }));
      const command = new SharedCommand(world);
      return {
        ...used,
        stack: command.resource(kind, used.stack),
        user: command.resource(deployment, before.stack),
        userPath: before.path,
        command,
      };
    }
    const other = () => (noun === "agent" ? world.otherAgent : world.otherEnvironment);

    test.each(["archived", "moved"])("archives it after the deployment was %s, even if a list is old", async (how) => {
      const { stack, id, path, user } = await both();
      const old = world.api.deployments.live();
      await (how === "archived" ? user.destroy() : user.up(world.args({ [argument]: other() })));
      world.sent();
      listShows(world, () => old);
      await stack.destroy();
      expect(world.sent()).toEqual([...lists, ["POST", `${path}/archive`]]);
      expect(isLive(world, row, id)).toBe(false);
    });

    test.each(["created", "updated", "moved"])(
      "fails if the command %s the deployment to it, even if the reply names nothing and the list does not show it yet",
      async (how) => {
        const used = await existing();
        const args = world.args({ [argument]: used.id });
        const before = how === "updated" ? args : world.args();
        const declared = how === "created" ? undefined : await world.existing(deployment, before);
        const command = new SharedCommand(world);
        const user = command.resource(deployment, declared?.stack ?? world.stackOf(deployment));
        world.api.fault({
          ...{ kind: "replace-body", method: "POST", path: declared?.path ?? "/deployments", ...always },
          transform: ({ agent: _, environment_id: __, ...shown }) => shown,
        });
        await user.up({ ...args, description: "new" });
        world.sent();
        listShows(world, () => []);
        const stack = command.resource(kind, used.stack);
        expect(await failedRemoval(stack)).toContain(`a live deployment uses it: "daily" (${user.state?.id})`);
        expect(world.sent()).toEqual([deploymentList]);
      },
    );

    test("fails after the update of the deployment failed", async () => {
      const { stack, id, user, userPath } = await both();
      world.api.fault({ kind: "status", status: 400, method: "POST", path: userPath });
      await expect(user.up(world.args({ [argument]: other() }))).rejects.toThrow("400");
      world.sent();
      expect(await failedRemoval(stack)).toContain("a live deployment uses it");
      expect(world.sent()).toEqual([deploymentList]);
      expect(isLive(world, row, id)).toBe(true);
    });
  });

  test.each([403, 503])("archives nothing if the list of deployments is answered with %s", async (status) => {
    const { stack, id } = await existing();
    world.api.fault({ kind: "status", status, method: "GET", path: "/deployments", ...always });
    const message = await failedRemoval(stack);
    expect(message).toContain(`${kind.label} "daily" (${id}): delete failed: GET /deployments`);
    expect(message).toContain(String(status));
    expect(new Set(world.sent().map(String))).toEqual(new Set([String(deploymentList)]));
    expect(isLive(world, row, id)).toBe(true);
    expect(stack.state?.id).toBe(id);
  });
});

describe("a command that removes two unused", () => {
  const two = async (kind: KindRow) => {
    const command = new SharedCommand(world);
    const made = [await world.existing(kind, kind.least), await world.existing(kind, kind.least)];
    return made.map((one) => ({ ...one, stack: command.resource(kind, one.stack), command }));
  };

  test("environments reads the list once, and remembers the deployment that it moved later", async () => {
    const [unused, used] = await two(environment);
    const before = await world.existing(deployment, world.args({ environmentId: used?.id }));
    const user = unused?.command.resource(deployment, before.stack);
    await unused?.stack.destroy();
    await user?.up(world.args({ environmentId: world.otherEnvironment }));
    await used?.stack.destroy();
    expect(world.sent()).toEqual([
      deploymentList,
      ["POST", `${unused?.path}/archive`],
      ["POST", before.path, { environment_id: world.otherEnvironment }],
      ["POST", `${used?.path}/archive`],
    ]);
  });

  test("agents reads one list of deployments and one list of agents", async () => {
    const [one, other] = await two(agent);
    await one?.stack.destroy();
    await other?.stack.destroy();
    expect(world.sent().filter((request) => String(request).startsWith("GET"))).toEqual([
      deploymentList,
      ["GET", "/agents"],
    ]);
  });
});

const go = { type: "user.message", content: "Go" };
const message = (type: string) => (id: string) => ({
  initialEvents: [{ type: "user.message", content: [{ type, source: { type: "file", fileId: id } }] }],
});
const team = (member: unknown) => ({
  tools: [{ type: "agent_toolset_20260401" }],
  multiagent: { type: "coordinator", agents: [{ type: "self" }, member] },
});

/** The arguments that name an object at each place of the table. */
const naming: Readonly<Record<string, readonly ((id: string) => Properties)[]>> = {
  agent: [(id) => ({ agent: id }), (id) => ({ agent: { id, version: 1 } })],
  environmentId: [(id) => ({ environmentId: id })],
  "vaultIds.*": [(id) => ({ vaultIds: [id] })],
  "resources.*.memoryStoreId": [(id) => ({ resources: [{ type: "memory_store", memoryStoreId: id }] })],
  "resources.*.fileId": [(id) => ({ resources: [{ type: "file", fileId: id }] })],
  "initialEvents.*.content.*.source.fileId": [message("document"), message("image")],
  "initialEvents.*.rubric.fileId": [
    (id) => ({
      initialEvents: [
        go,
        { type: "user.define_outcome", description: "A report", rubric: { type: "file", fileId: id } },
      ],
    }),
  ],
  "multiagent.agents.*": [team, (id) => team({ type: "agent", id }), (id) => team({ type: "agent", id, version: 1 })],
  "skills.*": [(id) => ({ skills: [{ type: "custom", skillId: id }] })],
};

const places = namingKinds.flatMap(({ noun, named }) =>
  named.map((place) => ({ noun, at: place.at.join("."), place })),
);
const declared = places.filter(({ place }) => place.kind.label !== undefined);

test("each place of the table that names an object has an example", () => {
  expect(declared.map(({ at }) => at).sort()).toEqual(Object.keys(naming).sort());
});

describe.each(declared)("the removal of an object that a live $noun names at $at", ({ noun, at, place }) => {
  const userKind = kinds.find((kind) => kind.noun === noun);
  const namedKind = kinds.find((kind) => kind.noun === place.kind.noun);
  test.each((naming[at] ?? []).map((named) => [JSON.stringify(named("...")), named] as const))(
    "as %s ends nothing, and one after the removal of the user ends the object",
    async (_, named) => {
      if (userKind === undefined || namedKind === undefined) throw new Error("no such kind");
      const used = await world.existing(namedKind, namedKind.least);
      const { args } = { args: userKind.noun === "deployment" ? world.args() : userKind.least };
      const user = await world.existing(userKind, { ...args, name: "user", ...named(used.id) });
      const failed = await failedRemoval(used.stack);
      const text = [failed, ...world.output].join();
      const outcome = namedKind.end[0] === "DELETE" ? "deleted" : "archived";
      expect(text).toContain(`${used.id} was not ${outcome}: a live ${noun} uses it: "user" (${user.id})`);
      const ends = world.sent().filter((request) => !String(request).startsWith("GET"));
      expect(ends).toEqual([]);
      // A file leaves the state with a warning.
      expect(failed === "nothing failed").toBe(namedKind.noun === "file");
      const again = namedKind.noun === "file" ? undefined : used.stack;
      await user.stack.destroy();
      await again?.destroy();
      expect(world.sent().filter((request) => !String(request).startsWith("GET"))).toHaveLength(again ? 2 : 1);
    },
  );
});

const anAgent = (more: Properties = {}) => world.existing(agent, { ...agent.least, ...more });
const aSkill = () => world.existing(skill, skill.least);
const withSkill = (skillId: string) => ({ skills: [{ type: "custom", skillId }] });

/** The version of an agent as another one or a deployment names it. */
const first = (id: string) => ({ type: "agent", id, version: 1 });

/** What an object uses at first, the agent that loses it in version 2, and what still runs version 1. */
const olderUses: Readonly<
  Record<string, () => Promise<{ used: SimulatedStack; runs: string; agent: SimulatedStack }>>
> = {
  "a skill that version 1 of the agent of a deployment has": async () => {
    const used = await aSkill();
    const { id, stack } = await anAgent(withSkill(used.id));
    await world.existing(deployment, world.args({ name: "user", agent: { id, version: 1 } }));
    return { used: used.stack, agent: stack, runs: id };
  },
  "an agent that version 1 of the coordinator of a deployment names": async () => {
    const used = await anAgent();
    const { id, stack } = await anAgent({ name: "team", ...team(used.id) });
    await world.existing(deployment, world.args({ name: "user", agent: { id, version: 1 } }));
    return { used: used.stack, agent: stack, runs: id };
  },
  "a skill that version 1 of an agent has, which a coordinator names": async () => {
    const used = await aSkill();
    const { id, stack } = await anAgent(withSkill(used.id));
    await anAgent({ name: "user", ...team(first(id)) });
    return { used: used.stack, agent: stack, runs: id };
  },
  "a skill of an older version of an agent that an older version of a coordinator names": async () => {
    const used = await aSkill();
    const { id, stack } = await anAgent(withSkill(used.id));
    const coordinator = await anAgent({ name: "team", ...team(first(id)) });
    await world.existing(deployment, world.args({ name: "user", agent: { id: coordinator.id, version: 1 } }));
    await coordinator.stack.up({ ...agent.least, name: "team" });
    return { used: used.stack, agent: stack, runs: coordinator.id };
  },
};

describe("what runs is a version: the provider", () => {
  const started = async (title: string) => {
    const found = await olderUses[title]?.();
    if (found === undefined) throw new Error("no such use");
    await found.agent.up({ ...agent.least, system: "Version 2" });
    world.sent();
    return found;
  };
  const ends = () => world.sent().filter((request) => !String(request).startsWith("GET"));

  test.each(Object.keys(olderUses))("ends nothing that only an older version uses: %s", async (title) => {
    const { used, runs } = await started(title);
    const failed = await failedRemoval(used);
    expect(failed).toMatch(new RegExp(`uses it: "user" \\(\\w+\\), which runs version 1 of ${runs}\\.\n`));
    expect(ends()).toEqual([]);
  });

  test("reads an older version once for all removals, and no newest version", async () => {
    const [title = ""] = Object.keys(olderUses);
    const { used, runs } = await started(title);
    await world.existing(deployment, world.args({ name: "newest", agent: runs }));
    const command = new SharedCommand(world);
    const stacks = [used, (await aSkill()).stack].map((stack) => command.resource(skill, stack));
    world.api.clearRequests();
    await Promise.all(stacks.map(failedRemoval));
    const read = world.api.requests.filter(({ path }) => path === `/agents/${runs}`);
    expect(read.map(({ query }) => query)).toEqual([{ version: "1" }]);
    expect(ends()).toHaveLength(1);
  });

  test.each([
    ["ends what only a version names that is gone", { kind: "status", status: 404 }, 1],
    ["ends nothing while an older version cannot be read", { kind: "status", status: 403 }, 0],
  ] as const)("asks once more about a version that %s before an end", async (_, fault, count) => {
    const [title = ""] = Object.keys(olderUses);
    const { used, runs } = await started(title);
    world.api.fault({ ...fault, method: "GET", path: `/agents/${runs}`, ...always });
    const failed = await failedRemoval(used);
    expect(failed).toMatch(count > 0 ? /^nothing failed$/ : /403 permission_error.*\nCheck that the token belongs to/);
    expect(ends()).toHaveLength(count);
  });

  test.each([
    ["the newest version", (agent: object) => ({ ...agent, version: 2, skills: [] }), "version 2"],
    ["no version", ({ version: _, ...agent }: { version?: unknown }) => ({ ...agent, skills: [] }), "version unknown"],
  ])("ends nothing if the service answers with %s in place of the older one", async (_, transform, described) => {
    const [title = ""] = Object.keys(olderUses);
    const { used, runs } = await started(title);
    world.api.fault({ kind: "replace-body", method: "GET", path: `/agents/${runs}`, transform, ...always });
    expect(await failedRemoval(used)).toContain(`the response describes ${described} of "${runs}"`);
    expect(ends()).toEqual([]);
  });
});

test("a team that names itself by its id is archived", async () => {
  const { stack, id, path } = await world.existing(agent, { ...agent.least, name: "team" });
  await stack.up({ ...agent.least, name: "team", ...team(id) });
  await stack.destroy();
  expect(world.sent().at(-1)).toEqual(["POST", `${path}/archive`]);
});

test("an agent is archived after its team was archived, or lost it, in the same command", async () => {
  const [left, kept] = [await world.existing(agent, agent.least), await world.existing(agent, agent.least)];
  const args = { ...agent.least, name: "team" };
  const before = await world.existing(agent, { ...args, ...team(left.id) });
  const command = new SharedCommand(world);
  const user = command.resource(agent, before.stack);
  await user.up({ ...args, ...team(kept.id) });
  await command.resource(agent, left.stack).destroy();
  expect(await failedRemoval(command.resource(agent, kept.stack))).toContain(
    `a live agent uses it: "team" (${user.state?.id})`,
  );
  await user.destroy();
  await command.resource(agent, kept.stack).destroy();
  expect(world.api.agents.live().map(({ id }) => id)).not.toContain(kept.id);
});
