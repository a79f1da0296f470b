import { useImportWorld } from "./import-world";

const world = useImportWorld();

const types = {
  400: "invalid_request_error",
  403: "permission_error",
  404: "not_found_error",
  429: "rate_limit_error",
  500: "api_error",
  501: "feature_not_available",
  503: "feature_not_available",
} as const;

function refuse(path: string, status: keyof typeof types, skip = 0): void {
  const body = { error: { type: types[status], message: "No." } };
  world.api.fault({ kind: "status", method: "GET", path, status, body, skip, times: 40 });
}

test.each([400, 403, 404, 429, 500, 501, 503] as const)(
  "if a list is answered with %d, the command imports the other kinds and says with which --kind it skips the list",
  async (status) => {
    const vault = world.api.vaults.create({ display_name: "tracker" }).id;
    const deployment = world.create("daily", { vault_ids: [vault] });
    const { agent, environment_id } = world.references;
    refuse("/vaults", status);
    const { status: exitStatus, stderr } = await world.into("--all");
    expect(stderr).toMatch(
      new RegExp(
        `^Not all vaults were read: GET /vaults was answered with ${status} .*; give the others by their ids \\(vault_\\.\\.\\.\\)\n` +
          `Not all vault credentials were read: GET /vaults was answered with ${status} .*\n` +
          "To leave out what cannot be read, run the command with --kind environment,skill,file,agent,memory-store,deployment\n$",
      ),
    );
    expect(exitStatus).toBe(1);
    expect(world.importedIds()).toEqual([environment_id, agent, deployment]);
    expect(world.program()).toContain(`  vaultIds: ["${vault}"],\n`);
  },
);

test.each([
  ["environments", "environments"],
  ["skills", "skills"],
  ["files", "files"],
  ["agents", "agents"],
  ["vaults", "vaults"],
  ["memory_stores", "memory stores"],
  ["deployments", "deployments"],
])(
  "if the service has no feature behind the list of %s, the command imports the other kinds and names the list",
  async (collection, words) => {
    const { vaults, memoryStores, skills, files } = world.api;
    const ids: Readonly<Record<string, string>> = {
      ...{ vaults: vaults.create().id, memory_stores: memoryStores.create({ name: "lessons" }).id },
      ...{ skills: skills.create({ name: "review" }).id, files: files.create({ filename: "glossary.md" }).id },
      deployments: world.create("daily"),
      ...{ environments: world.references.environment_id, agents: world.references.agent },
    };
    refuse(`/${collection}`, 503);
    const { status, stderr } = await world.into("--all");
    expect(stderr).toContain(`Not all ${words} were read: GET /${collection} was answered with 503`);
    const others = Object.entries(ids).flatMap(([name, id]) => (name === collection ? [] : [id]));
    expect(world.importedIds().sort()).toEqual(others.sort());
    expect(status).toBe(1);
  },
);

test("if the list of agents is refused, the deployments keep the ids of their agents and the versions that run", async () => {
  world.create("daily");
  const { agent } = world.references;
  world.api.agents.bumpVersion(agent);
  refuse("/agents", 403);
  await world.into("--all", "--kind", "agent,environment,deployment");
  expect(world.program()).toContain(`  agent: { id: "${agent}", version: 1 },\n  environmentId: cloud.id,\n`);
});

test("if all lists are refused, one line says so and the command writes no file", async () => {
  world.api.fault({ kind: "status", method: "GET", status: 403, body: "No.", times: 40 });
  const { status, stdout, stderr } = await world.into("--all");
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr).toMatch(
    /^pulumi-qoder import failed: GET \/environments was answered with 403: No .* Check that the token [^\n]*\n$/,
  );
});

test("if a later page of a list is refused, the command imports the objects it has read", async () => {
  for (let count = 0; count < 101; count += 1) {
    world.create(`e${count}`, {}, "environment");
  }
  refuse("/environments", 400, 1);
  const { status, stderr } = await world.into("--all");
  expect(world.importedIds()).toHaveLength(100);
  expect(stderr).toContain("Not all environments were read: GET /environments was answered with 400");
  expect(stderr).not.toContain("--kind");
  expect(status).toBe(1);
});

test("if the service refuses an object that is given by its id, the command names it and imports the others", async () => {
  const [kept, refused] = [world.create("kept"), world.create("refused")];
  refuse(`/deployments/${refused}`, 403);
  const { status, stderr } = await world.into(refused, kept);
  expect(world.importedIds()).toEqual([kept]);
  expect(stderr).toMatch(
    new RegExp(`^Skipped: ${refused}\n {2}GET /deployments/${refused} was answered with 403 .*\n$`),
  );
  expect(status).toBe(1);
});

test("a list whose answer is no list is named, and the other kinds are imported", async () => {
  const environment = world.create("cloud", {}, "environment");
  world.api.fault({ kind: "status", method: "GET", path: "/skills", status: 200, body: "<html>", times: 40 });
  const { status, stderr } = await world.into("--all");
  expect(stderr).toMatch(/^Not all skills were read: GET \/skills was answered with 200, but its body is not JSON: /);
  expect(world.importedIds()).toEqual([environment]);
  expect(status).toBe(1);
});

test("if the service fails at an object that is given by its id, the command names it and imports the others", async () => {
  const [kept, failing] = [world.create("kept"), world.create("failing")];
  refuse(`/deployments/${failing}`, 500);
  const { status, stderr } = await world.into(failing, kept);
  expect(stderr).toMatch(
    new RegExp(`^Skipped: ${failing}\n {2}GET /deployments/${failing} was answered with 500 .*\n$`),
  );
  expect(world.importedIds()).toEqual([kept]);
  expect(status).toBe(1);
});

test("a refused token ends the command, because every list would refuse it", async () => {
  world.create("daily");
  const body = { error: { type: "authentication_error", message: "No." } };
  world.api.fault({ kind: "status", method: "GET", path: "/vaults", status: 401, body, times: 40 });
  const { status, stderr } = await world.into("--all");
  expect(stderr).toMatch(/^pulumi-qoder import failed: GET \/vaults was answered with 401 /);
  expect(status).toBe(1);
});
