import { create, github, importAccount, previewNothing, refreshNothing, upNothing } from "../support/imported-account";
import { ImportedProject } from "../support/imported-project";

const project = ImportedProject.ofTests();

test("importing 6 agents, 3 environments and 15 deployments sends no write, and leaves no difference", async () => {
  await importAccount(project, 2, upNothing, [...refreshNothing, "--run-program"], previewNothing);
});

test("a token that the API does not return is the first change after an import, and is sent with the resources only", async () => {
  const { world } = project;
  const { id } = create(world, { name: "review", resources: [{ ...github, authorization_token: "ghp_5e1d" }] });
  await project.import(id);
  await project.intoNewStack();
  project.edit((program) => program.replace(/\/\/ (authorizationToken: )config\..*$/m, '$1"ghp_new",'));
  world.api.clearRequests();
  await project.pulumi("up", "--yes", "--skip-preview");
  expect(world.sent()).toEqual([
    ["POST", `/deployments/${id}`, { resources: [{ ...github, authorization_token: "ghp_new" }] }],
  ]);
  await project.pulumi(...previewNothing);
});
