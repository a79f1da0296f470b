import { type Fields, type Kind, missing, useLab } from "./lab";

const toolset = {
  type: "agent_toolset_20260401",
  enabled_tools: ["Bash", "Read", "Write", "Edit", "Glob", "Grep", "WebFetch", "WebSearch"],
};
const server = { type: "url", name: "weather-service", url: "https://mcp.example.com/mcp" };
const noPackages = { type: "packages", apt: [], cargo: [], gem: [], go: [], npm: [], pip: [] };
const cloud = (packages: Fields) => ({ config: { type: "cloud", packages } });
const auth = { type: "static_bearer", mcp_server_url: "https://example.com/mcp-stream", token: "s3cret-token" };
const shownAuth = { type: auth.type, mcp_server_url: auth.mcp_server_url };

interface Example {
  readonly kind: Kind;
  /** The type in a reply, and the prefix of an id. */
  readonly type: string;
  readonly prefix: string;
  readonly body: Fields;
  /** What the answer to the create shows besides the body. */
  readonly filledIn: Fields;
  readonly change?: Fields;
  /** What the answer to the update shows, if that is not the change. */
  readonly changed?: Fields;
  readonly archived?: Fields;
  readonly isDeleted: boolean;
}

const examples: readonly Example[] = [
  {
    ...{ kind: "agents", type: "agent", prefix: "agent", isDeleted: false },
    body: {
      ...{ name: "doc-test-agent", model: "ultimate", system: "You are a documentation testing assistant." },
      ...{ tools: [toolset], mcp_servers: [server] },
    },
    filledIn: { description: "", skills: [], metadata: {}, multiagent: null, version: 1 },
    change: {
      ...{ name: "doc-test-agent-updated", model: "ultimate", description: "Used for API documentation testing" },
      ...{ system: "You are an updated documentation testing assistant.", tools: [], mcp_servers: [], version: 1 },
    },
    changed: { version: 2 },
  },
  {
    ...{ kind: "environments", type: "environment", prefix: "env", isDeleted: true },
    body: { name: "doc-test-env", ...cloud({ apt: ["curl"] }) },
    filledIn: { description: "", ...cloud({ ...noPackages, apt: ["curl"] }), metadata: {} },
    change: { description: "Environment used for API documentation testing" },
  },
  {
    ...{ kind: "vaults", type: "vault", prefix: "vault", isDeleted: true },
    body: { display_name: "my-mcp-vault", metadata: { team: "docs" } },
    filledIn: {},
  },
  {
    ...{ kind: "credentials", type: "vault_credential", prefix: "vcred", isDeleted: true },
    body: { auth, metadata: { team: "docs" } },
    filledIn: { auth: shownAuth, display_name: null, vault_id: expect.stringMatching(/^vault_/) },
    change: { auth: { type: auth.type, token: "n3w" }, metadata: { team: null, by: "ops" } },
    changed: { auth: shownAuth, metadata: { by: "ops" } },
  },
  {
    ...{ kind: "memory_stores", type: "memory_store", prefix: "memstore", isDeleted: true },
    body: {
      ...{ name: "project-alpha-memory", description: "Agent knowledge base for project Alpha" },
      metadata: { team: "backend" },
    },
    filledIn: { status: "active", entry_count: 0, total_size: 0 },
    change: { name: "project-alpha-memory-v2", metadata: { team: null, env: "production" } },
    changed: { metadata: { env: "production" } },
    archived: { status: "archived" },
  },
];

const lab = useLab();
const listed = async (path: string) => (await lab.get(path)).body.data;
const at = (time: string) => expect.stringMatching(new RegExp(`^2026-06-14T${time}(\\.\\d{0,5}[1-9])?Z$`));

test.each(examples)("the service answers the documented requests of $kind as printed", async (example) => {
  const { kind, type, prefix, body, filledIn, change, changed, archived, isDeleted } = example;
  const collection = lab.path(kind);
  const created = await lab.post(collection, body);
  // Only the answer to a create of a vault has credentials.
  const { credentials, ...shown } = created.body;
  expect([created.status, credentials]).toEqual([200, kind === "vaults" ? [] : undefined]);
  expect(shown).toEqual({
    ...{ ...body, ...filledIn, type, id: expect.stringMatching(new RegExp(`^${prefix}_[0-9a-f]{32}$`)) },
    ...{ archived_at: null, created_at: at("08:53:32"), updated_at: shown["created_at"] },
  });
  const path = `${collection}/${shown.id}`;
  expect((await lab.get(path)).body).toEqual(shown);
  expect((await listed(collection))?.[0]).toEqual(shown);

  lab.set("2026-06-14T09:00:00.5Z");
  if (change !== undefined) {
    const updated = await lab.post(path, change);
    expect(updated.body).toEqual({ ...shown, ...change, ...changed, updated_at: at("09:00:00") });
    Object.assign(shown, updated.body);
    expect((await lab.get(path)).body).toEqual(shown);
  }
  const end = (await lab.post(`${path}/archive`)).body;
  expect(end).toEqual({ ...shown, ...archived, archived_at: at("09:00:00"), updated_at: end["archived_at"] });
  expect((await lab.get(path)).body).toEqual(end);
  expect((await listed(collection))?.map(({ id }) => id)).not.toContain(shown.id);
  expect(await listed(`${collection}?include_archived=true`)).toContainEqual(end);
  if (!isDeleted) return;
  expect((await lab.delete(path)).body).toEqual({ id: shown.id, type: `${type}_deleted` });
  for (const gone of [await lab.get(path), await lab.delete(path)]) expect(gone).toEqual(missing());
});
