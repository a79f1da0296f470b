import { EngineWorld } from "../support/engine-world";
import { create, github, importAccount, previewNothing, refreshNothing, upNothing } from "../support/imported-account";
import { ImportedProject, importAll } from "../support/imported-project";
import { KeyService } from "../support/key-service";

let world: EngineWorld;
let project: ImportedProject;
beforeEach(async () => {
  world = await EngineWorld.start();
  project = new ImportedProject(world);
});
afterEach(() => world.stop());

const pulumi = (...args: string[]) => project.pulumi(...args);

test("importing 6 agents, 3 environments and 15 deployments sends no write, and leaves no difference", async () => {
  await importAccount(world, project, 2, [upNothing, [...refreshNothing, "--run-program"], previewNothing]);
});

test("a token that the API does not return is the first change after an import, and is sent with the resources only", async () => {
  const { id } = create(world, { name: "review", resources: [{ ...github, authorization_token: "ghp_5e1d" }] });
  await project.import(id);
  await pulumi("stack", "init", "dev", "--secrets-provider", KeyService.provider);
  await pulumi(...importAll);
  project.edit((program) => program.replace(/\/\/ (authorizationToken: )config\..*$/m, '$1"ghp_new",'));
  world.api.clearRequests();
  await pulumi("up", "--yes", "--skip-preview");
  expect(world.sent()).toEqual([
    ["POST", `/deployments/${id}`, { resources: [{ ...github, authorization_token: "ghp_new" }] }],
  ]);
  await pulumi("preview", "--expect-no-changes");
});
