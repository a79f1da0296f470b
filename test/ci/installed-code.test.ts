import { readFileSync, writeFileSync } from "node:fs";
import { QoderDeployment } from "../../provider";
import { EngineWorld } from "../support/engine-world";
import { InstalledProject } from "../support/installed-project";

const world = EngineWorld.ofTests();

test("a refresh and a destroy run the installed code, and not the code of the last `up`", async () => {
  const { folder, plugin } = new InstalledProject(world);
  const stack = await world.stack("dev", {}, folder);
  const program = async () => {
    new QoderDeployment("daily", world.args());
  };
  await stack.up(program);
  const edited = readFileSync(plugin, "utf8");
  writeFileSync(plugin, `${edited}\nconsole.log("the edited package is loaded");\n`);
  expect((await stack.refresh()).output).toContain("the edited package is loaded");
  expect((await stack.destroy()).output).toContain("the edited package is loaded");
});
