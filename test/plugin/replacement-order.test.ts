import { environment } from "../support/kinds";
import { PluginWorld } from "../support/plugin-world";
import type { Properties } from "../support/provider";

let world: PluginWorld;
beforeAll(async () => {
  world = await PluginWorld.start();
});
afterAll(() => world.stop());
beforeEach(() => world.resetAll());

const open = { config: { type: "cloud", networking: { type: "unrestricted" } } };
const ownWorkers: Properties = { config: { type: "self_hosted" } };

/** The calls of the engine in one command that replaces the environment, in the order of creates before deletes. */
async function replacement(more: Properties = {}) {
  const { stack, id, path } = await world.existing(environment, { ...open, ...more });
  const run = world.command({}, environment);
  const { inputs: olds = {}, outputs = {} } = stack.state ?? {};
  const declared = { ...olds, ...ownWorkers };
  const { inputs } = await run.check(declared, olds);
  const difference = await run.diff(id, outputs, inputs);
  const { inputs: news } = await run.check(declared, {});
  return {
    id,
    path,
    difference,
    create: () => run.create(news),
    remove: () => run.delete({ id, inputs: olds, outputs }),
  };
}

test("the new environment is created, and then the old one is archived", async () => {
  const { id, path, difference, create, remove } = await replacement();
  expect(difference).toMatchObject({ replaces: ["config"], deleteBeforeReplace: false });
  const made = await create();
  expect(made.id).not.toBe(id);
  await remove();
  expect(world.sent()).toEqual([
    ["GET", "/environments"],
    ["POST", "/environments", { name: "daily", config: { type: "self_hosted" } }],
    ["GET", "/deployments"],
    ["POST", `${path}/archive`],
  ]);
});

test("a create that the service refuses leaves the old environment as it was", async () => {
  const { id, create } = await replacement();
  const body = { type: "error", error: { type: "permission_error", message: "no" } };
  world.api.fault({ kind: "status", method: "POST", path: "/environments", status: 403, body });
  await expect(create()).rejects.toThrow("403 permission_error");
  expect(world.api.environments.get(id).archived_at).toBeNull();
});

test("a name that the service gives once only is an error that names the old one and deleteBeforeReplace", async () => {
  const { id, create } = await replacement();
  world.api.switches.duplicateNamesElsewhere = "conflict";
  await expect(create()).rejects.toThrow(
    `${id}, which this one replaces, still has the name and stands as it was: set the resource option deleteBeforeReplace: true`,
  );
  expect(world.api.environments.get(id).archived_at).toBeNull();
});

test("adopt takes no old environment again that is replaced", async () => {
  const { id } = world.api.environments.create({ name: "daily", ...open });
  const { create } = await replacement({ adopt: id });
  expect((await create()).id).not.toBe(id);
});
