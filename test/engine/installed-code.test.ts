import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { QoderDeployment } from "../../provider";
import { EngineWorld, repository } from "../support/engine-world";

let world: EngineWorld;
beforeEach(async () => {
  world = await EngineWorld.start();
});
afterEach(() => world.stop());

/** A project in which the built package is installed, as a user has it. */
function installedPackage(): { readonly project: string; readonly lifecycle: string } {
  const project = join(world.folder, "project");
  const modules = join(project, "node_modules");
  const installed = join(modules, "pulumi-qoder");
  mkdirSync(join(modules, "@pulumi"), { recursive: true });
  mkdirSync(installed);
  cpSync(join(repository, "dist"), join(installed, "dist"), { recursive: true });
  cpSync(join(repository, "package.json"), join(installed, "package.json"));
  symlinkSync(join(repository, "node_modules"), join(installed, "node_modules"));
  symlinkSync(join(repository, "node_modules", "@pulumi", "pulumi"), join(modules, "@pulumi", "pulumi"));
  return { project, lifecycle: join(installed, "dist", "lifecycle.js") };
}

test("refresh and destroy run the code that is installed now, not the code of the last up", async () => {
  const { project, lifecycle } = installedPackage();
  const stack = await world.stack("dev", {}, project);
  const program = async () => {
    new QoderDeployment("daily", world.args());
  };
  await stack.up(program);
  const edited = readFileSync(lifecycle, "utf8");
  writeFileSync(lifecycle, `${edited}\nconsole.log("the edited package is loaded");\n`);
  expect((await stack.refresh()).output).toContain("the edited package is loaded");
  await stack.previewNothing(program);
  expect((await stack.destroy()).output).toContain("the edited package is loaded");
});
