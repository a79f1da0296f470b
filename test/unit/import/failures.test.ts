import { existsSync } from "node:fs";
import { planned } from "../../../command/import/what-to-import";
import { token, useImportWorld } from "./import-world";
import { deployment } from "./objects";

const world = useImportWorld();

test("the command names each object it leaves out with the reason, imports the others and exits with 1", async () => {
  const kept = world.create("kept");
  const archived = world.create("old");
  world.api.deployments.archive(archived);
  const strange = world.create("strange");
  world.api.deployments.overwrite(strange, { resources: [{ type: "volume", volume_id: "vol_1" }] });
  const { status, stderr } = await world.into(kept, archived, strange, "dep_none");
  expect(status).toBe(1);
  expect(world.importedIds()).toEqual([kept]);
  expect(stderr).toContain("Skipped: dep_none\n  this token sees no such deployment");
  expect(stderr).toMatch(
    new RegExp(`Skipped: ${archived} "old_archived_\\d+"\\n {2}was archived at 20.* and cannot be restored`),
  );
  expect(stderr).toContain(`Skipped: ${strange} "strange"\n  resources[0].type: is not one of github_repository`);
});

test("if nothing can be imported, the command writes no file and exits with 1", async () => {
  const { status, stderr } = await world.into("--all", "--kind", "deployment");
  expect(status).toBe(1);
  expect(stderr).toContain("There is nothing to import");
  expect(existsSync(world.out)).toBe(false);
});

test("--agent with an unknown agent imports nothing", async () => {
  world.create("daily");
  const { status, stderr } = await world.into("--agent", "agent_none", "--kind", "agent,deployment");
  expect(stderr).toContain("Skipped: agent_none\n  this token sees no such agent");
  expect(stderr).toContain("There is nothing to import");
  expect(status).toBe(1);
});

test.each(["--all", "dep_1"])("the error hides the token if the answer repeats it, with %s", async (selection) => {
  const page = { status: 200, contentType: "text/plain", body: `authorization: Bearer ${token}` };
  world.api.fault({ kind: "status", ...page, method: "GET", times: Number.POSITIVE_INFINITY });
  const { status, stderr } = await world.printed(selection);
  expect(status).toBe(1);
  expect(stderr).toContain("its body is not JSON: authorization: Bearer [secret]");
  expect(stderr).not.toContain(token);
});

test("without a token or with a wrong token, the error names the variables to set and hides the token", async () => {
  for (const environment of [{}, { QODER_PAT: " ", QODER_ACCESS_TOKEN: "" }]) {
    const none = await world.printedWith(environment, "--all");
    expect(none).toMatchObject({ status: 1, stdout: "" });
    expect(none.stderr).toContain("set QODER_PAT");
    expect(none.stderr).toContain("This command reads the environment");
  }
  const wrong = await world.printedWith({ QODER_PAT: "pt-expired", QODER_BASE_URL: world.api.url }, "--all");
  expect(wrong.status).toBe(1);
  expect(wrong.stderr).toContain("GET /environments was answered with 401");
  expect(wrong.stderr).toContain("Set a valid token in QODER_PAT");
  expect(wrong.stderr).not.toContain("pt-expired");
});

test("with the key of a service account the command makes one exchange", async () => {
  const id = world.create("daily");
  const { key } = world.api.serviceAccounts.create();
  world.api.clearRequests();
  const environment = { QODER_SA_KEY: key, QODER_BASE_URL: world.api.url };
  const { status, stdout } = await world.printedWith(environment, "--all");
  expect(status).toBe(0);
  expect(stdout).toContain(id);
  expect(world.api.requests.filter(({ method }) => method !== "GET").map(({ path }) => path)).toEqual([
    "/api/v1/serviceToken/exchange",
  ]);
});

test("if no server answers, the error says that the same command can be run again", async () => {
  const { status, stderr } = await world.printedWith(
    { QODER_PAT: token, QODER_BASE_URL: "http://127.0.0.1:1" },
    "--all",
  );
  expect(status).toBe(1);
  expect(stderr).toContain("got no answer");
  expect(stderr).toContain("Check the network and QODER_BASE_URL, then run the same command again");
});

/** Imports until a request for this path has come: then the time limit is over. */
function importUntil(path: string | RegExp, ...args: readonly string[]) {
  const transform = (reply: object) => {
    world.clock.pass(2_000);
    return reply;
  };
  world.api.fault({ kind: "replace-body", path, transform });
  return world.into(...args, "--timeout", "2s");
}

const reason =
  "got no answer: the time limit of 2 s for the whole operation was reached. Run the same command again with more time (--timeout TIME, such as 10m)";

test("after the time limit in a list, the command reports the unread kind and imports the objects it has read", async () => {
  world.create("daily");
  const { agent, environment_id } = world.references;
  const { status, stderr } = await importUntil("/deployments", "--all");
  expect(world.importedIds()).toEqual([environment_id, agent]);
  expect(stderr).toBe(
    `Not all deployments were read: GET /deployments ${reason}. Those that were read are imported; give the others by their ids (dep_...)\n`,
  );
  expect(status).toBe(1);
});

test("after the time limit with several ids, the command names the unread ids and imports the others", async () => {
  const [quick, slow, last] = [world.create("quick"), world.create("slow"), world.create("last")];
  const { status, stderr } = await importUntil(`/deployments/${slow}`, quick, slow, last);
  expect(world.importedIds()).toEqual([quick]);
  const why = `GET /deployments/${slow} ${reason}`;
  expect(stderr).toBe(`Skipped: ${slow}\n  ${why}\nSkipped: ${last}\n  ${why}\n`);
  expect(status).toBe(1);
});

test("if nothing was read in time, one line says so and the command exits with 1", async () => {
  world.create("daily");
  const { status, stdout, stderr } = await importUntil(/./, "--all");
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr).toBe(`pulumi-qoder import failed: GET /environments ${reason}\n`);
});

test.each(["agent", "environment"] as const)(
  "an archived %s that is imported by its id is left out with the reason",
  async (noun) => {
    const id = world.createOne()[noun];
    world.api[`${noun}s`].archive(id);
    const { status, stderr } = await world.into(id);
    expect(stderr).toMatch(
      new RegExp(`^Skipped: ${id} ".*"\n {2}was archived at 20.* and cannot be restored\nThere is nothing`),
    );
    expect(status).toBe(1);
  },
);

test("a deployment that this version cannot express is left out with the place and the reason", () => {
  const reasons = (more: Readonly<Record<string, unknown>>) => planned([deployment(more)]).leftOut[0]?.reasons;
  expect(reasons({ resources: [{ type: "volume", volume_id: "vol_1" }] })).toEqual([
    "resources[0].type: is not one of github_repository, git_repository, file, memory_store",
  ]);
  expect(reasons({ environment_variables: "QODER_HOME=/x" })?.[0]).toContain("is reserved by Qoder");
  expect(reasons({ initial_events: undefined })).toEqual(["initialEvents: is missing"]);
  expect(reasons({ agent: undefined })).toEqual(["agent: is missing"]);
  const cached = { type: "text", text: "hello", cache_control: { type: "ephemeral" } };
  expect(reasons({ initial_events: [{ type: "user.message", content: [cached] }] })).toEqual([
    "initialEvents[0].content[0].cacheControl: is not known here; known are type, text",
  ]);
});

test("a left-out deployment leaves its name to the others", () => {
  const { taken, leftOut } = planned([
    deployment({ id: "dep_1", resources: [{ type: "volume" }] }),
    deployment({ id: "dep_2" }),
  ]);
  expect(leftOut.map(({ id }) => id)).toEqual(["dep_1"]);
  expect(taken.map(({ object: { id }, names }) => [id, names.resource])).toEqual([["dep_2", "daily"]]);
});
