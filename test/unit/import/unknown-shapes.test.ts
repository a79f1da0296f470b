import { existsSync } from "node:fs";
import { ImportWorld } from "./import-world";

let world: ImportWorld;
beforeEach(async () => {
  world = await ImportWorld.start();
});
afterEach(() => world.stop());

/** The members of a reply in shapes that no version of the API has shown. */
const shapes: Readonly<Record<string, readonly unknown[]>> = {
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
};
const rows = Object.entries(shapes).flatMap(([member, values]) =>
  values.map((value) => [member, JSON.stringify(value), value] as const),
);

/** This member of this deployment, wherever a reply shows it. */
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

// What an import takes for "not there" is missing in the program, and the next update clears it at the service.
test.each(rows)(
  "with %s shown as %s a deployment is left out with the reason, the rest is taken",
  async (member, _, value) => {
    const [first, odd, last] = [world.create("first"), world.create("odd"), world.create("last")];
    show(odd, member, value);
    for (const selection of [["--all"], [first, odd, last]]) {
      const { status, stderr } = await world.command("import", ...selection, "--out", world.out, "--force");
      expect(stderr).toMatch(new RegExp(`^Left out: ${odd}.*\\n  .+\\n$`));
      expect(world.importedIds()).toEqual([first, last]);
      expect(status).toBe(1);
    }
  },
);

test("with archived_at shown in an unknown shape a deployment does not count as a live one", async () => {
  const odd = world.create("odd");
  show(odd, "archived_at", { time: "2026-06-14T08:53:32Z" });
  const all = await world.command("import", "--all", "--out", world.out);
  expect(all.stderr).toContain("There is nothing to take over");
  const one = await world.command("import", odd, "--out", world.out);
  expect(one.stderr).toContain(
    `Left out: ${odd} "odd"\n  archived at {"time":"2026-06-14T08:53:32Z"}, which is for ever`,
  );
  expect([all.status, one.status]).toEqual([1, 1]);
  expect(existsSync(world.out)).toBe(false);
});
