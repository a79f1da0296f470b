import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { QoderDeployment } from "../../provider";
import { changedPaths, EngineWorld } from "../support/engine-world";
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

test.each(versions)("a state written by %s previews empty and takes a change", async (file) => {
  const stack = await world.stack();
  await stack.automation.importStack(JSON.parse(readFileSync(join(folder, file), "utf8")));
  const program = async () => {
    new QoderDeployment("daily-report", everything);
  };
  await stack.previewNothing(program);
  await stack.up(program);
  expect(world.sent()).toEqual([]);
  const changed = async () => {
    new QoderDeployment("daily-report", { ...everything, description: "changed" });
  };
  expect(changedPaths(await stack.preview(changed))).toEqual({ description: "update" });
  // The deployment of the saved state exists nowhere; what would change it is seen all the same.
  await expect(stack.up(changed)).rejects.toThrow("404 not_found_error");
  expect(world.sent()).toEqual([
    ["POST", expect.stringMatching(/^\/deployments\/dep_\w+$/), { description: "changed" }],
  ]);
});
