import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { QoderDeployment, type QoderDeploymentArgs } from "../../provider";
import { ofOneCommand } from "../kinds/common";
import { rowOf } from "../kinds/deployment";
import { argumentNames } from "../support/deployment";
import { EngineWorld } from "../support/engine-world";
import { everything, wholeTeam } from "../support/everything";

const folder = join(__dirname, "states");
const versionsIn = (states: string) => readdirSync(states).filter((name) => name.endsWith(".json"));
const versions = versionsIn(folder);
const teams = join(folder, "whole-team");

let world: EngineWorld;
beforeEach(async () => {
  world = await EngineWorld.start();
});
afterEach(() => world.stop());

test("the folder of states has a state of the first version", () => {
  expect(versions).toContain("0.1.0.json");
});

/** The arguments that an update sends; their values differ from the saved state, which also pins the agent. */
const changed = argumentNames.filter(
  (name) => name !== "casConfig" && name !== "paused" && !ofOneCommand.includes(name),
);
const others = Object.fromEntries(changed.map((name) => [name, rowOf(name).value]));
const body = {
  ...Object.assign({}, ...changed.map((name) => rowOf(name).sent)),
  // Metadata is sent key by key: the saved state has the same team, and a label.
  metadata: { tier: "1", label: null },
};

const declaring = (more: Partial<QoderDeploymentArgs>) => async () => {
  new QoderDeployment("daily-report", { ...everything, ...more });
};

test.each(versions)(
  "with a state of version %s a preview is empty, and `up` sends a change of every argument",
  async (file) => {
    const stack = await world.stack();
    await stack.automation.importStack(JSON.parse(readFileSync(join(folder, file), "utf8")));
    await stack.previewNothing(declaring({}));
    expect(world.sent()).toEqual([]);

    // The service does not have the deployment of the saved state, but the requests show the changes.
    await expect(stack.up(declaring(others))).rejects.toThrow("404 not_found_error");
    expect(world.sent()).toEqual([["POST", expect.stringMatching(/^\/deployments\/dep_\w+$/), body]]);
    // A change of casConfig begins with a GET, because its body includes settings of others.
    await expect(stack.up(declaring({ casConfig: { maxRetries: 3 } }))).rejects.toThrow("404 not_found_error");
    expect(world.sent()).toEqual([["GET", expect.stringMatching(/^\/deployments\/dep_\w+$/)]]);
    await expect(stack.up(declaring({ paused: false }))).rejects.toThrow("404 not_found_error");
    expect(world.sent()).toEqual([["POST", expect.stringMatching(/^\/deployments\/dep_\w+\/unpause$/)]]);
  },
);

/** A state with a baseline records what its service added: more members are a difference then. */
const withoutBaselines = versions.filter((file) => !readFileSync(join(folder, file), "utf8").includes('"__shown"'));

test.each(withoutBaselines)(
  "a refresh and a preview of a state of version %s show no difference if the service adds defaults and members",
  async (file) => {
    Object.assign(world.api.switches, { casConfig: "present", fillDefaults: true, addedMembers: "objects" });
    world.api.agents.create({ id: "agent_019eb4d4a06d747c865d5800b9c57ae2" });
    world.api.environments.create({ id: "env_019e64e01a137caf953ac2ac7b42ec5c" });
    const making = await world.stack("making");
    await making.up(declaring({}));
    const stack = await world.stack();
    const saved = readFileSync(join(folder, file), "utf8");
    await stack.automation.importStack(JSON.parse(saved.replace(/dep_01\w+/g, world.live.id)));
    world.sent();
    for (let times = 0; times < 2; times += 1) {
      await stack.refresh();
      await stack.previewNothing(declaring({}));
    }
    await stack.up(declaring({}));
    expect(world.sent()).toEqual(Array.from({ length: 2 }, () => ["GET", `/deployments/${world.live.id}`]));
  },
);

test.each(versionsIn(teams))("a preview of a whole team in a state of version %s is empty", async (file) => {
  const stack = await world.stack();
  await stack.automation.importStack(JSON.parse(readFileSync(join(teams, file), "utf8")));
  await stack.previewNothing(wholeTeam);
  expect(world.sent()).toEqual([]);
});
