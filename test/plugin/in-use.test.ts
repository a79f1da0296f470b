import { agent } from "../kinds/agent";
import { deployment } from "../kinds/deployment";
import { environment } from "../kinds/environment";
import type { KindRow } from "../kinds/kind-row";
import {
  deploymentList,
  deploymentOf,
  failedRemoval,
  isLive,
  listShows,
  namedKinds,
} from "../support/named-by-deployments";
import { SharedCommand } from "../support/shared-command";
import { World } from "../support/world";

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(() => world.stop());
beforeEach(() => world.reset());

const always = { times: Number.POSITIVE_INFINITY };

describe.each(namedKinds)("the removal of an $noun", (row) => {
  const { kind, noun, argument } = row;
  const existing = () => world.existing(kind, kind.least);

  test("reads the deployments and archives if none of them names it", async () => {
    const { stack, id, path } = await existing();
    deploymentOf(world, row, noun === "agent" ? world.agent : world.environment, "another's");
    await stack.destroy();
    const filter = noun === "agent" ? { agent_id: id } : {};
    expect(world.api.requests.map(({ query }) => query)).toEqual([{ limit: "100", ...filter }, {}]);
    expect(world.sent()).toEqual([deploymentList, ["POST", `${path}/archive`]]);
    expect(world.output).toEqual([]);
  });

  test("fails without a request to archive while a live deployment names it; the error names the deployment and the remedies", async () => {
    const { stack, id } = await existing();
    const user = deploymentOf(world, row, id, "report");
    expect(await failedRemoval(stack)).toBe(
      `${kind.label} "daily" (${id}): delete failed: ${id} was not archived: a live deployment names it: "report" (${user.id}). Archive it or name another ${noun} there first, then run the same command again; retainOnDelete: true keeps the ${noun}, and archiveInUse: true archives it nevertheless: either counts once \`pulumi up\` has recorded it`,
    );
    expect(world.sent()).toEqual([deploymentList]);
    expect(isLive(world, row, id)).toBe(true);
    expect(stack.state?.id).toBe(id);
  });

  test("fails with the names of five of seven deployments and the words `and 2 more`", async () => {
    const { stack, id } = await existing();
    const made = ["a", "b", "c", "d", "e", "f", "g"].map((name) => deploymentOf(world, row, id, name));
    const shown = made.slice(2).reverse();
    const named = shown.map((one) => `"${one.name}" (${one.id})`).join(", ");
    expect(await failedRemoval(stack)).toContain(
      `7 live deployments name it: ${named} and 2 more. Archive them or name another ${noun} there first`,
    );
    expect(world.sent()).toEqual([deploymentList]);
    expect(isLive(world, row, id)).toBe(true);
  });

  test("ignores archived deployments, even if the service lists them", async () => {
    const { stack, id, path } = await existing();
    const user = deploymentOf(world, row, id, "report");
    world.api.deployments.archive(user.id);
    listShows(world, () => world.api.deployments.all());
    await stack.destroy();
    expect(world.sent()).toEqual([deploymentList, ["POST", `${path}/archive`]]);
  });

  test("ignores deployments that name another $noun, even if the service ignores the filter", async () => {
    const { stack, id, path } = await existing();
    deploymentOf(world, row, noun === "agent" ? world.agent : world.environment, "another's");
    listShows(world, () => world.api.deployments.all());
    const user = deploymentOf(world, row, id, "report");
    expect(await failedRemoval(stack)).toContain(`a live deployment names it: "report" (${user.id}).`);
    expect(world.sent()).toEqual([deploymentList]);
    world.api.deployments.archive(user.id);
    await stack.destroy();
    expect(world.sent()).toEqual([deploymentList, ["POST", `${path}/archive`]]);
  });

  test("reads every page of the list", async () => {
    const { stack, id } = await existing();
    const user = deploymentOf(world, row, id, "first");
    const more = noun === "agent" ? id : world.environment;
    for (let index = 0; index < 100; index += 1) {
      deploymentOf(world, row, more, `later ${index}`);
    }
    expect(await failedRemoval(stack)).toContain(
      noun === "agent" ? "101 live deployments name it" : `a live deployment names it: "first" (${user.id})`,
    );
    expect(world.sent()).toEqual([deploymentList, deploymentList]);
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
    const moved = () => (noun === "agent" ? { agent: other() } : { environment_id: other() });

    test("archives it after the deployment was archived", async () => {
      const { stack, path, user, userPath } = await both();
      await user.destroy();
      await stack.destroy();
      expect(world.sent()).toEqual([["POST", `${userPath}/archive`], deploymentList, ["POST", `${path}/archive`]]);
    });

    test("archives it after the deployment was moved to another one", async () => {
      const { stack, path, user, userPath } = await both();
      await user.up(world.args({ [argument]: other() }));
      await stack.destroy();
      expect(world.sent()).toEqual([["POST", userPath, moved()], deploymentList, ["POST", `${path}/archive`]]);
    });

    test.each(["archived", "moved"])(
      "archives it after the deployment was %s, even if the list still shows the old deployment",
      async (how) => {
        const { stack, id, path, user } = await both();
        const old = world.api.deployments.live();
        await (how === "archived" ? user.destroy() : user.up(world.args({ [argument]: other() })));
        world.sent();
        listShows(world, () => old);
        await stack.destroy();
        expect(world.sent()).toEqual([deploymentList, ["POST", `${path}/archive`]]);
        expect(isLive(world, row, id)).toBe(false);
      },
    );

    test("fails if the command created the deployment, even if the list does not show it yet", async () => {
      const used = await existing();
      const command = new SharedCommand(world);
      const user = command.resource(deployment, world.stackOf(deployment));
      await user.up(world.args({ [argument]: used.id }));
      world.sent();
      listShows(world, () => []);
      const stack = command.resource(kind, used.stack);
      expect(await failedRemoval(stack)).toContain(`a live deployment names it: "daily" (${user.state?.id})`);
      expect(world.sent()).toEqual([deploymentList]);
    });

    test("fails after the update of the deployment failed", async () => {
      const { stack, id, user, userPath } = await both();
      world.api.fault({ kind: "status", status: 400, method: "POST", path: userPath });
      await expect(user.up(world.args({ [argument]: other() }))).rejects.toThrow("400");
      world.sent();
      expect(await failedRemoval(stack)).toContain("a live deployment names it");
      expect(world.sent()).toEqual([deploymentList]);
      expect(isLive(world, row, id)).toBe(true);
    });
  });

  test.each([403, 503])(
    "fails without a request to archive if the list of deployments is answered with %s",
    async (status) => {
      const { stack, id } = await existing();
      world.api.fault({ kind: "status", status, method: "GET", path: "/deployments", ...always });
      const message = await failedRemoval(stack);
      expect(message).toContain(`${kind.label} "daily" (${id}): delete failed: GET /deployments`);
      expect(message).toContain(String(status));
      expect(new Set(world.sent().map(String))).toEqual(new Set([String(deploymentList)]));
      expect(isLive(world, row, id)).toBe(true);
      expect(stack.state?.id).toBe(id);
    },
  );

  test("fails and keeps the state if the service refuses the archive", async () => {
    const { stack, id, path } = await existing();
    world.api.fault({ kind: "status", status: 403, method: "POST", path: `${path}/archive`, ...always });
    expect(await failedRemoval(stack)).toContain("403");
    expect(world.sent()).toEqual([deploymentList, ["POST", `${path}/archive`], ["GET", path]]);
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

  test("agents reads one list for each of them", async () => {
    const [one, other] = await two(agent);
    await one?.stack.destroy();
    await other?.stack.destroy();
    const asked = world.api.requests.filter(({ method }) => method === "GET").map(({ query }) => query["agent_id"]);
    expect(asked).toEqual([one?.id, other?.id]);
  });
});
