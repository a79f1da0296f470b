import { environment } from "../kinds/environment";
import { type Properties, World } from "../support/world";

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
    await stack.findsNoDifference({ config });
  });
});

test("`up` fails if the service deletes a label instead of emptying it, before and after a refresh", async () => {
  world.api.switches.emptyEnvironmentMetadata = "delete";
  const stack = world.stackOf(environment);
  await stack.up({ config: cloud, metadata: { a: "1" } });
  const failure = "the API answered the change of metadata with success but still shows the old value";
  await expect(stack.up({ config: cloud, metadata: { a: "" } })).rejects.toThrow(failure);
  // After an unfinished update a refresh returns no inputs, and the next diff reports the rest.
  expect(await stack.refresh()).toBe("same");
  expect(stack.state?.outputs["metadata"]).toEqual({ a: "1" });
  expect(await stack.preview({ config: cloud, metadata: { a: "" } })).toBe("update");
  await expect(stack.up({ config: cloud, metadata: { a: "" } })).rejects.toThrow(failure);
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
    await stack.findsNoDifference({ name: "daily", config, adopt: id });
  });
});

describe("a preview", () => {
  const limitedPackages = { ...cloud, networking: { type: "limited" }, packages: { apt: ["jq"] } };
  const silent = "without config.networking the network is limited: no hosts, no package managers, no MCP servers";
  const shut =
    "a limited network refuses these packages at the start of a session; set config.networking.allowPackageManagers: true";
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
