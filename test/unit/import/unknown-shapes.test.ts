import { existsSync } from "node:fs";
import { ImportWorld, type Noun } from "./import-world";

let world: ImportWorld;
beforeEach(async () => {
  world = await ImportWorld.start();
});
afterEach(() => world.stop());

const toolset = "agent_toolset_20260401";

/** Members of replies in shapes that no version of the API has shown. */
const shapes: Readonly<Record<Noun, Readonly<Record<string, readonly unknown[]>>>> = {
  deployment: {
    name: [7, { text: "daily" }, null],
    description: [7, ["a"], { text: "a" }],
    agent: ["agent_1", 7, [], {}, { id: 7 }, { id: "agent_1", version: "3" }, null],
    environment_id: [7, { id: "env_1" }, null],
    schedule: [
      "0 9 * * *",
      [],
      { type: "cron", expression: "0 9 * * *" },
      { type: "cron", expression: ["0 9 * * *"], timezone: "UTC" },
      { type: "cron", expression: "0 9 * * *", timezone: { name: "UTC" } },
    ],
    initial_events: ["hello", { type: "user.message" }, ["hello"], [{ kind: "user.message" }], [{ type: 7 }], null],
    resources: ["file_1", { type: "file" }, ["file_1"], [{ file_id: "file_1" }], [{ type: "file", file_id: 7 }]],
    vault_ids: ["vault_1", { vault_1: true }, [7], [{ id: "vault_1" }]],
    metadata: [
      "team=x",
      ["team"],
      { cas_config: "reuse" },
      { cas_config: ["reuse"] },
      { cas_config: { config: "fast" } },
      { cas_config: { config: { max_retries: "2" } } },
      { cas_config: { session_strategy: { type: "reuse" } } },
    ],
    environment_variables: [{ A: "1" }, [{ name: "A" }], 7],
    budget: ["12.50", 12.5, {}, { max_credit_cost: {} }, { max_credit_cost: null }],
    status: [7, { paused: true }],
    paused_reason: ["manual", {}, { type: 7 }],
  },
  agent: {
    name: [7, { text: "daily" }, null],
    model: [
      7,
      [],
      {},
      { id: 7 },
      { id: "a", effort: 7 },
      { id: "a", context_window: "b" },
      { id: "a", speed: "b" },
      null,
    ],
    system: [7, ["a"], { text: "a" }],
    description: [7, ["a"], { text: "a" }],
    tools: [
      "Bash",
      ["Bash"],
      [{ kind: "bash" }],
      [{ type: "bash" }],
      [{ type: toolset, enabled_tools: "Bash" }],
      [{ type: toolset, timeout: 7 }],
      [{ type: "custom", name: "a", description: "b" }],
      { type: toolset },
    ],
    mcp_servers: [
      "a",
      ["a"],
      [{ name: "a" }],
      [{ name: "a", url: "b", type: 7 }],
      [{ name: "a", url: "b", type: "stdio" }],
      [{ name: "a", url: "b", headers: { c: "d" } }],
      [
        { name: "a", url: "b" },
        { name: "a", url: "c" },
      ],
    ],
    skills: [
      "a",
      ["a"],
      [{ type: "custom" }],
      [{ type: "custom", skill_id: 7 }],
      [{ type: "other", skill_id: "a" }],
      [{ type: "custom", skill_id: "a", files: ["b"] }],
    ],
    multiagent: [
      "a",
      [],
      {},
      { type: "swarm", agents: ["agent_1"] },
      { type: "coordinator", agents: null },
      ...[
        7,
        { id: "agent_1" },
        { type: "agent" },
        { type: "other" },
        { type: "agent", id: "agent_1", role: "b" },
        { type: "advisor" },
        { type: "advisor", model: 7 },
        { type: "advisor", model: "a", role: "b" },
        { type: "advisor", model: { id: "a", speed: "b" } },
      ].map((member) => ({ type: "coordinator", agents: [member] })),
      { type: "coordinator", agents: ["agent_1"], strategy: "a" },
    ],
    metadata: ["team=x", ["team"], { a: "b".repeat(513) }],
    version: ["3", { number: 3 }],
  },
  environment: {
    name: [7, { text: "daily" }, null],
    description: [7, ["a"], { text: "a" }],
    config: [
      "cloud",
      [],
      {},
      { type: 7 },
      { type: "other" },
      null,
      ...[
        { region: "eu" },
        { setup_script: 7 },
        { setup_script: ["a"] },
        { networking: "limited" },
        { networking: { allowed_hosts: ["a"] } },
        { networking: { type: "allowed_hosts", hosts: ["a"] } },
        { networking: { type: "limited", ports: [7] } },
        { networking: { type: "limited", allowed_hosts: "a" } },
        { packages: "jq" },
        { packages: ["jq"] },
        { packages: { apt: "jq" } },
        { packages: { apt: [7] } },
        { packages: { brew: ["jq"] } },
      ].map((shown) => ({ type: "cloud", ...shown })),
      { type: "self_hosted", networking: { type: "unrestricted" } },
    ],
    metadata: ["team=x", ["team"], { a: "b".repeat(513) }],
  },
};
const nouns = ["deployment", "agent", "environment"] as const;
const rows = nouns.flatMap((noun) =>
  Object.entries(shapes[noun]).flatMap(([member, values]) =>
    values.map((value) => [member, JSON.stringify(value).slice(0, 80), noun, value] as const),
  ),
);

/** From now on each reply shows this value in this member of this object. */
function show(id: string, member: string, value: unknown): void {
  const changed = (_: string, shown: unknown) =>
    shown instanceof Object && "id" in shown && shown.id === id ? { ...shown, [member]: value } : shown;
  world.api.fault({
    kind: "replace-body",
    method: "GET",
    times: Number.POSITIVE_INFINITY,
    transform: (reply) => JSON.parse(JSON.stringify(reply, changed)),
  });
}

// If an import took such a member for missing, the program would omit it, and the next update would clear it.
test.each(rows)(
  "with %s shown as %s the %s is left out with the reason, and the others are imported",
  async (member, _, noun, value) => {
    const more = noun === "agent" ? { tools: [{ type: toolset }] } : {};
    const [first = "", odd = "", last = ""] = ["first", "odd", "last"].map((name) => world.create(name, more, noun));
    show(odd, member, value);
    for (const selection of [
      ["--all", "--kind", noun],
      [first, odd, last],
    ]) {
      const { status, stderr } = await world.command("import", ...selection, "--out", world.out, "--force");
      expect(stderr).toMatch(new RegExp(`^Left out: ${odd}.*\\n  .+\\n$`));
      expect(world.importedIds()).toEqual([first, last]);
      expect(status).toBe(1);
    }
  },
);

test("a deployment with archived_at in an unknown shape counts as archived", async () => {
  const odd = world.create("odd");
  show(odd, "archived_at", { time: "2026-06-14T08:53:32Z" });
  const all = await world.command("import", "--all", "--kind", "deployment", "--out", world.out);
  expect(all.stderr).toContain("There is nothing to take over");
  const one = await world.command("import", odd, "--out", world.out);
  expect(one.stderr).toContain(
    `Left out: ${odd} "odd"\n  archived at {"time":"2026-06-14T08:53:32Z"}, which is for ever`,
  );
  expect([all.status, one.status]).toEqual([1, 1]);
  expect(existsSync(world.out)).toBe(false);
});
