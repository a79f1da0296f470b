import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { QoderDeployment } from "../../provider";
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

test.each(versions)("a state written by %s previews empty and takes a change", async (file) => {
  const stack = await world.stack();
  await stack.automation.importStack(JSON.parse(readFileSync(join(folder, file), "utf8")));
  const program = async () => {
    new QoderDeployment("daily-report", everything);
  };
  await stack.previewNothing(program);
  await stack.up(program);
  expect(world.sent()).toEqual([]);
  const changed = await stack.preview(async () => {
    new QoderDeployment("daily-report", { ...everything, description: "changed" });
  });
  expect(changed.output).toMatch(/~ description: .* => "changed"/);
});
