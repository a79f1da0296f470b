import { agent } from "../kinds/agent";
import { deployment } from "../kinds/deployment";
import { environment } from "../kinds/environment";
import type { KindRow } from "../kinds/kind-row";
import { vaultCredential } from "../kinds/vault-credential";
import type { Switches } from "../qoder-api";
import { type KindWorld, World } from "../support/world";

let world: KindWorld;
beforeAll(async () => {
  world = await World.start(agent);
});
afterAll(() => world.stop());

const toolset = { type: "agent_toolset_20260401" };
const file = { type: "file", fileId: "file_1" };

interface Row {
  readonly what: string;
  readonly kind: KindRow;
  readonly switches: Partial<Switches>;
  readonly argument: string;
  readonly leftOut: unknown;
}

/** The program declares the value that the service fills in, and then removes it. */
const rows: readonly Row[] = [
  {
    what: "the settings of a model",
    kind: agent,
    switches: { modelEcho: "resolved" },
    argument: "model",
    leftOut: "ultimate",
  },
  {
    what: "the version of a skill",
    kind: agent,
    switches: { skillVersions: "resolved" },
    argument: "skills",
    leftOut: [{ type: "custom", skillId: "skill_1" }],
  },
  {
    what: "the settings of tools",
    kind: agent,
    switches: { toolSettings: "resolved" },
    argument: "tools",
    leftOut: [toolset],
  },
  {
    what: "the place of a file",
    kind: deployment,
    switches: { fillDefaults: true },
    argument: "resources",
    leftOut: [file],
  },
];

test.each(rows)(
  "removing $what from the program is one update, even if the service fills in the same value",
  async ({ kind, switches, argument, leftOut }) => {
    const { stack, id, args } = await world.declared(kind, { [argument]: leftOut }, switches);
    const got = await world.find("id", id);
    const given = { ...args, [argument]: Reflect.get(got, argument) };
    await stack.up(given);
    world.sent();
    expect(await stack.up(args)).toBe("update");
    expect(world.sent()).toHaveLength(1);
    for (const step of [await stack.preview(args), await stack.refresh(), await stack.up(args)]) {
      expect(step).toBe("same");
    }
    expect(stack.state?.outputs[argument]).toEqual(leftOut);
  },
);

test("an adoption sends one update of the model if the service shows the model with its settings", async () => {
  const { id, args } = await world.declared(agent, { model: "ultimate" }, { modelEcho: "resolved" });
  const request = ["POST", world.path(id), world.bodyOf({ model: "ultimate" })];
  const stack = world.stack();
  await stack.up({ ...args, adopt: id });
  expect(world.sent()).toEqual([["GET", world.path(id)], request]);
  for (const step of [await stack.refresh(), await stack.preview(args), await stack.up(args)]) {
    expect(step).toBe("same");
  }
});

test("a member that the service adds later to a credential is no difference, because no program can write that member", async () => {
  const { stack, id, args } = await world.declared(vaultCredential, {});
  world.api.switches.addedMembers = "objects";
  for (const step of [await stack.refresh(), await stack.preview(args), await stack.up(args)]) {
    expect(step).toBe("same");
  }
  expect(world.sent()).toEqual([["GET", world.path(id)]]);
});

test("a read by id describes an open network without the limits that the service shows beside it", async () => {
  const config = { type: "cloud", networking: { type: "unrestricted" } };
  const { stack, id } = await world.declared(environment, { config }, { unrestrictedNetworking: "with-limits" });
  const found = await world.command().read(id, {});
  expect(found?.inputs["config"]).toEqual(config);
  const imported = world.again(stack);
  imported.state = found;
  world.sent();
  await imported.up(found?.inputs ?? {});
  expect(world.sent()).toEqual([]);
  for (const step of [await imported.refresh(), await imported.preview(found?.inputs ?? {})]) {
    expect(step).toBe("same");
  }
});

test("a member that somebody added, and that a service keeps which merges the configuration, is said once", async () => {
  const packages = { type: "cloud", packages: { apt: ["jq"] } };
  const { stack, id, args } = await world.declared(
    environment,
    { config: packages },
    { environmentConfigUpdate: "merge" },
  );
  world.console.edit(id, { config: { type: "cloud", setup_script: "curl theirs.example.com" } });
  const after = { ...args, config: { type: "cloud" } };
  await stack.up(after);
  await stack.up(after);
  const told = world.output.filter((text) => text.includes("keeps members of config that this program never sent"));
  expect(told).toHaveLength(1);
});
