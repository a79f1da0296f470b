import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { QoderDeployment, type QoderDeploymentArgs } from "../../provider";
import type { ArgumentName } from "../support/deployment";
import { EngineWorld } from "../support/engine-world";
import { everything } from "../support/everything";

const folder = join(__dirname, "states");
const versions = readdirSync(folder);

let world: EngineWorld;
beforeEach(async () => {
  world = await EngineWorld.start();
});
afterEach(() => world.stop());

test("there is a state of the first version", () => {
  expect(versions).toContain("0.1.0.json");
});

/** For every argument another value and what an update sends then. The agent moves to the newest version. */
const changes = {
  name: ["other", { name: "other" }],
  description: ["other", { description: "other" }],
  agent: ["agent_019eb4d4a06d747c865d5800b9c57ae3", { agent: "agent_019eb4d4a06d747c865d5800b9c57ae3" }],
  environmentId: ["env_019e64e01a137caf953ac2ac7b42ec5d", { environment_id: "env_019e64e01a137caf953ac2ac7b42ec5d" }],
  schedule: [
    { expression: "0 7 * * *", timezone: "UTC" },
    { schedule: { type: "cron", expression: "0 7 * * *", timezone: "UTC" } },
  ],
  initialEvents: [
    [{ type: "user.message", content: "other" }],
    { initial_events: [{ type: "user.message", content: [{ type: "text", text: "other" }] }] },
  ],
  resources: [[{ type: "file", fileId: "file_2" }], { resources: [{ type: "file", file_id: "file_2" }] }],
  vaultIds: [["vault_c"], { vault_ids: ["vault_c"] }],
  metadata: [{ team: "other" }, { metadata: { team: "other", label: null } }],
  environmentVariables: [{ LEVEL: "debug" }, { environment_variables: "LEVEL=debug" }],
  budget: [{ maxCreditCost: "1" }, { budget: { type: "limit", max_credit_cost: "1" } }],
} satisfies Record<Exclude<ArgumentName, "casConfig" | "paused" | "adopt">, readonly [value: unknown, sent: object]>;

const declaring = (more: Partial<QoderDeploymentArgs>) => async () => {
  new QoderDeployment("daily-report", { ...everything, ...more });
};

test.each(versions)(
  "a state written by version %s previews empty and takes a change of every argument",
  async (file) => {
    const stack = await world.stack();
    await stack.automation.importStack(JSON.parse(readFileSync(join(folder, file), "utf8")));
    await stack.previewNothing(declaring({}));
    await stack.up(declaring({}));
    expect(world.sent()).toEqual([]);

    // The deployment of the saved state exists nowhere; what would change it is seen all the same.
    const others = Object.fromEntries(Object.entries(changes).map(([name, [value]]) => [name, value]));
    const body = Object.fromEntries(Object.values(changes).flatMap(([, sent]) => Object.entries(sent)));
    await expect(stack.up(declaring(others))).rejects.toThrow("404 not_found_error");
    expect(world.sent()).toEqual([["POST", expect.stringMatching(/^\/deployments\/dep_\w+$/), body]]);
    // A change of these settings begins with a look at what others set.
    await expect(stack.up(declaring({ casConfig: { maxRetries: 3 } }))).rejects.toThrow("404 not_found_error");
    expect(world.sent()).toEqual([["GET", expect.stringMatching(/^\/deployments\/dep_\w+$/)]]);
    await expect(stack.up(declaring({ paused: false }))).rejects.toThrow("404 not_found_error");
    expect(world.sent()).toEqual([["POST", expect.stringMatching(/^\/deployments\/dep_\w+\/unpause$/)]]);
  },
);
