import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { type KindName, kindNames } from "../../provider/kinds/table";
import { type QoderApi, startQoderApi } from "../qoder-api";
import { PluginCalls, secretOf, unknown, urnOf } from "../support/plugin-calls";
import { struct } from "../support/struct";

let api: QoderApi;
let plugin: PluginCalls;
beforeEach(async () => {
  api = await startQoderApi({ tokens: { "pt-test": "default" } });
  plugin = new PluginCalls({ "qoder:baseUrl": api.url });
});
afterEach(() => api.close());

const requestOf = (kind: string, query: object = {}) =>
  new messages.ListRequest().setToken(`qoder:index:${kind}`).setQuery(struct({ ...query }));

/** The ids and names of one answer, and the token of the next one. */
async function listed(request: messages.ListRequest) {
  const answers = await plugin.list(request);
  const objects = answers.flatMap(({ result }) => (result === undefined ? [] : [[result.id, result.name]]));
  return { objects, next: answers.flatMap(({ continuation: next }) => next?.continuationToken ?? []) };
}

function deployment(name: string, agent = api.agents.create().id) {
  const events = [{ type: "user.message", content: "go" }];
  const environment = api.environments.create().id;
  return api.deployments.create({ name, agent, environment_id: environment, initial_events: events });
}

/** Makes an object of the kind, and returns its id in a state and its name. */
const makes: Readonly<Record<KindName, () => readonly [string, string]>> = {
  Environment: () => [api.environments.create({ name: "cloud" }).id, "cloud"],
  Skill: () => [api.skills.create({ display_title: "review" }).id, "review"],
  File: () => [api.files.create({ filename: "note.md" }).id, "note.md"],
  Agent: () => [api.agents.create({ name: "reporter" }).id, "reporter"],
  Vault: () => [api.vaults.create({ display_name: "tracker" }).id, "tracker"],
  VaultCredential: () => {
    const vault = api.vaults.create({ display_name: "tracker" });
    const auth = { type: "static_bearer" as const, mcp_server_url: "https://mcp.example.com", token: "a" };
    return [`${vault.id}/${api.credentials.create(vault.id, { auth }).id}`, "static_bearer https://mcp.example.com"];
  },
  MemoryStore: () => [api.memoryStores.create({ name: "notes" }).id, "notes"],
  Deployment: () => [deployment("daily").id, "daily"],
  DeploymentRun: () => [api.deployments.run(deployment("daily").id).id, ""],
};

test.each(kindNames)("the plugin lists an object of the kind %s with the id that `read` takes", async (kind) => {
  const [id, name] = makes[kind]();
  expect(await listed(requestOf(kind))).toEqual({ objects: [[id, name]], next: [] });
  const read = new messages.ReadRequest().setUrn(urnOf(`qoder:index:${kind}`, "one")).setId(id);
  const found = await plugin.answer<messages.ReadResponse>("read", read);
  expect(found.getId()).toBe(id);
});

test("a list of 250 deployments takes three requests and names each of them once", async () => {
  const agent = api.agents.create().id;
  const made = Array.from({ length: 250 }, (_, index) => deployment(`daily-${index}`, agent).id);
  api.clearRequests();
  const { objects } = await listed(requestOf("Deployment"));
  expect(objects.map(([id]) => id)).toEqual(made.reverse());
  expect(api.requests).toHaveLength(3);
  const first = await listed(requestOf("Deployment").setPageSize(200));
  expect([first.objects.length, first.next]).toEqual([200, [made[199]]]);
  const second = await listed(
    requestOf("Deployment")
      .setPageSize(200)
      .setContinuationToken(made[199] ?? ""),
  );
  expect([second.objects.map(([id]) => id), second.next]).toEqual([made.slice(200), []]);
  const few = await listed(requestOf("Deployment").setLimit(3));
  expect([few.objects.map(([id]) => id), few.next]).toEqual([made.slice(0, 3), []]);
});

test.each(["honour", "ignore"] as const)("a list has what its inputs say if filters %s", async (ownerFilters) => {
  api.switches.ownerFilters = ownerFilters;
  const [agent, other] = [api.agents.create().id, api.agents.create().id];
  const [active, paused, archived] = ["active", "paused", "archived"].map((name) => deployment(name, agent).id);
  deployment("other", other);
  api.deployments.pause(paused ?? "");
  api.deployments.archive(archived ?? "");
  const ids = async (query: object) => (await listed(requestOf("Deployment", query))).objects.map(([id]) => id);
  expect(await ids({ agent })).toEqual([paused, active]);
  expect(await ids({ agent, status: "paused" })).toEqual([paused]);
  expect(await ids({ agent, archived: true })).toEqual([archived, paused, active]);
  expect(await ids({ agent, archived: false })).toEqual([paused, active]);
  api.clearRequests();
  expect(await ids({ agent, archived: true, status: "active" })).toEqual([archived, active]);
  expect(api.requests.map(({ query }) => query)).toEqual([{ limit: "100", agent_id: agent, include_archived: "true" }]);
});

test("the credentials of one vault are listed by its id, and Qoder's own skills by their source", async () => {
  const [id] = makes.VaultCredential();
  makes.VaultCredential();
  const vaultId = id.split("/")[0];
  expect((await listed(requestOf("VaultCredential", { vaultId }))).objects).toEqual([
    [id, "static_bearer https://mcp.example.com"],
  ]);
  makes.Skill();
  const shared = api.skills.create({ display_title: "pdf", source: "qoder" });
  expect((await listed(requestOf("Skill", { source: "qoder" }))).objects).toEqual([[shared.id, "pdf"]]);
});

test.each([
  ["Webhook", {}, "qoder:index:Webhook cannot be listed: it is none of Environment, Skill, File, "],
  ["Deployment", { status: "Paused" }, 'qoder:index:Deployment list: status is "Paused"; write one of active, paused'],
  ["Skill", { source: "Qoder" }, 'qoder:index:Skill list: source is "Qoder"; write one of custom, qoder'],
  ["Agent", { status: "active" }, "qoder:index:Agent list: status is not an input of the list; its inputs: archived"],
  ["Deployment", { archived: "yes" }, "qoder:index:Deployment list: archived is not a boolean"],
])("a list of the kind %s with %j is an error that says so", async (kind, query, problem) => {
  await expect(listed(requestOf(kind, query))).rejects.toMatchObject({ details: expect.stringContaining(problem) });
  expect(api.requests).toEqual([]);
});

test("a refused list says what the service answered, without a secret input, and an unknown input makes the list unknown", async () => {
  api.fault({ kind: "status", method: "GET", path: "/deployments", status: 403 });
  const refused = listed(requestOf("Deployment", { agent: secretOf("agent_secret") }));
  await expect(refused).rejects.toMatchObject({
    details: expect.stringMatching(/^qoder:index:Deployment list: GET \/deployments was answered with 403 /),
  });
  await expect(refused).rejects.not.toMatchObject({ details: expect.stringContaining("agent_secret") });
  const answers = await plugin.list(requestOf("Deployment", { agent: unknown }));
  expect(answers).toEqual([expect.objectContaining({ computed: {} })]);
});
