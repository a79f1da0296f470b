import { existsSync } from "node:fs";
import { type Noun, useImportWorld } from "./import-world";

const world = useImportWorld();

const toolset = "agent_toolset_20260401";

const texts = [7, ["a"], { text: "a" }];
const names = [7, { text: "daily" }, null];
const metadata = ["team=x", ["team"]];
const tooLong = { a: "b".repeat(513) };
const cron = { type: "cron", expression: "0 9 * * *" };
const agent = { type: "agent", id: "agent_1" };
const server = { name: "a", url: "https://b" };

/** Members of replies in shapes that no version of the API has shown. */
// biome-ignore format: a line holds several shapes
const shapes: Readonly<Record<Noun, Readonly<Record<string, readonly unknown[]>>>> = {
  deployment: {
    name: names,
    description: texts,
    agent: ["agent_1", 7, [], {}, { id: 7 }, { id: "agent_1", version: "3" }, null],
    environment_id: [7, { id: "env_1" }, null],
    schedule: ["0 9 * * *", [], cron, { ...cron, expression: [""], timezone: "UTC" }, { ...cron, timezone: { name: "UTC" } }],
    initial_events: ["hello", { type: "user.message" }, ["hello"], [{ kind: "user.message" }], [{ type: 7 }], null],
    resources: ["file_1", { type: "file" }, ["file_1"], [{ file_id: "file_1" }], [{ type: "file", file_id: 7 }]],
    vault_ids: ["vault_1", { vault_1: true }, [7], [{ id: "vault_1" }]],
    metadata: [
      ...metadata, { cas_config: "reuse" }, { cas_config: ["reuse"] }, { cas_config: { config: "fast" } },
      { cas_config: { config: { max_retries: "2" } } }, { cas_config: { session_strategy: { type: "reuse" } } },
    ],
    environment_variables: [{ A: "1" }, [{ name: "A" }], 7],
    budget: ["12.50", 12.5, {}, { max_credit_cost: {} }, { max_credit_cost: null }],
    status: [7, { paused: true }],
    paused_reason: ["manual", {}, { type: 7 }],
  },
  agent: {
    name: names,
    model: [
      7, [], {}, { id: 7 }, { id: "a", effort: 7 }, { id: "a", context_window: "b" }, { id: "a", speed: "b" }, null,
    ],
    system: texts,
    description: texts,
    tools: [
      "Bash", ["Bash"], [{ kind: "bash" }], [{ type: "bash" }], [{ type: toolset, enabled_tools: "Bash" }],
      [{ type: toolset, timeout: 7 }], [{ type: "custom", name: "a", description: "b" }], { type: toolset },
    ],
    mcp_servers: [
      "a", ["a"], [{ name: "a" }], [{ ...server, type: 7 }], [{ ...server, type: "stdio" }],
      [{ ...server, headers: { c: "d" } }], [server, { ...server, url: "https://c" }],
    ],
    skills: [
      "a", ["a"], [{ type: "custom" }], [{ type: "custom", skill_id: 7 }], [{ type: "other", skill_id: "a" }],
      [{ type: "custom", skill_id: "a", files: ["b"] }],
    ],
    multiagent: [
      "a", [], {}, { type: "swarm", agents: ["agent_1"] }, { type: "coordinator", agents: null },
      { type: "coordinator", agents: ["agent_1"], strategy: "a" },
      ...[
        7, { id: "agent_1" }, { type: "agent" }, { type: "other" }, { ...agent, role: "b" }, { type: "advisor" },
        { type: "advisor", model: 7 }, { type: "advisor", model: "a", role: "b" },
        { type: "advisor", model: { id: "a", speed: "b" } },
      ].map((member) => ({ type: "coordinator", agents: [member] })),
    ],
    metadata: [...metadata, tooLong],
    version: ["3", { number: 3 }],
  },
  environment: {
    name: names,
    description: texts,
    config: [
      "cloud", [], {}, { type: 7 }, { type: "other" }, null, { type: "self_hosted", networking: { type: "unrestricted" } },
      ...[
        { region: "eu" }, { setup_script: 7 }, { setup_script: ["a"] }, { networking: "limited" },
        { networking: { allowed_hosts: ["a"] } }, { networking: { type: "allowed_hosts", hosts: ["a"] } },
        { networking: { type: "limited", ports: [7] } }, { networking: { type: "limited", allowed_hosts: "a" } },
        { packages: "jq" }, { packages: ["jq"] }, { packages: { apt: "jq" } }, { packages: { apt: [7] } },
        { packages: { brew: ["jq"] } },
      ].map((shown) => ({ type: "cloud", ...shown })),
    ],
    metadata: [...metadata, tooLong],
  },
};
const nouns = ["deployment", "agent", "environment"] as const;
const rows = nouns.flatMap((noun) =>
  Object.entries(shapes[noun]).map(([member, values]) => [member, noun, values] as const),
);

/** From now on each reply shows these values, by the ids of their objects, in this member. */
function show(member: string, values: ReadonlyMap<string, unknown>): void {
  const changed = (_: string, shown: unknown) =>
    shown instanceof Object && "id" in shown && typeof shown.id === "string" && values.has(shown.id)
      ? { ...shown, [member]: values.get(shown.id) }
      : shown;
  world.api.fault({
    kind: "replace-body",
    method: "GET",
    times: Number.POSITIVE_INFINITY,
    transform: (reply) => JSON.parse(JSON.stringify(reply, changed)),
  });
}

// If an import took such a member for missing, the program would omit it, and the next update would clear it.
test.each(rows)(
  "with %s in an unknown shape each %s is left out with the reason, and the others are imported",
  async (member, noun, values) => {
    const more = noun === "agent" ? { tools: [{ type: toolset }] } : {};
    const first = world.create("first", more, noun);
    const odd = new Map(values.map((value, index) => [world.create(`odd-${index}`, more, noun), value]));
    const last = world.create("last", more, noun);
    show(member, odd);
    for (const selection of [
      ["--all", "--kind", noun],
      [first, ...odd.keys(), last],
    ]) {
      const { status, stderr } = await world.into(...selection, "--force");
      const leftOut = [...stderr.matchAll(/^Skipped: (\w+).*\n {2}.+\n/gm)];
      expect(leftOut.map(([text]) => text).join("")).toBe(stderr);
      expect(new Set(leftOut.map(([, id = ""]) => odd.get(id)))).toEqual(new Set(values));
      expect(world.importedIds()).toEqual([first, last]);
      expect(status).toBe(1);
    }
  },
);

test("a deployment with archived_at in an unknown shape is skipped, with the member", async () => {
  const odd = world.create("odd");
  show("archived_at", new Map([[odd, { time: "2026-06-14T08:53:32Z" }]]));
  const all = await world.into("--all", "--kind", "deployment");
  const one = await world.into(odd);
  for (const { stderr } of [all, one]) {
    expect(stderr).toMatch(new RegExp(`^Skipped: ${odd}\\n  .*archived_at is not as the API documents it`));
    expect(stderr).toContain("There is nothing to import");
  }
  expect([all.status, one.status]).toEqual([1, 1]);
  expect(existsSync(world.out)).toBe(false);
});

test("the reason names the member in an unknown shape", async () => {
  const odd = world.create("odd");
  show("vault_ids", new Map([[odd, "vault_a"]]));
  expect((await world.into(odd)).stderr).toContain("vault_ids is not as the API documents it");
});
