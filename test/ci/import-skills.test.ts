import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { EngineWorld } from "../support/engine-world";
import { ImportedProject, importAll } from "../support/imported-project";
import { KeyService } from "../support/key-service";
import { skillMd } from "../support/skill-folder";

let world: EngineWorld;
let project: ImportedProject;
beforeEach(async () => {
  world = await EngineWorld.start();
  project = new ImportedProject(world);
});
afterEach(() => world.stop());

const pulumi = (...args: string[]) => project.pulumi(...args);

test("an import of an agent, its skill, a file and a deployment sends no write, and a changed skill then updates all three", async () => {
  // The service may not return the content of an upload: the program then has the id of that file.
  world.api.switches.fileContentOfUploads = 403;
  const files = { "SKILL.md": skillMd("review"), "__init__.py": "", "scripts/run.sh": "#!/bin/sh\necho reviewed\n" };
  const skill = world.api.skills.create({ name: "review", display_title: "Review", files });
  const glossary = world.api.files.create({ filename: "glossary.md", content: "# Words\n", downloadable: true });
  const kept = world.api.files.create({ filename: "kept.md" });
  const skills = [{ type: "custom", skill_id: skill.id, version: skill.latest_version }];
  const agent = world.api.agents.create({ name: "reviewer", skills });
  const deployment = world.api.deployments.create({
    name: "nightly",
    agent: agent.id,
    environment_id: world.environmentId,
    initial_events: [{ type: "user.message", content: "Review" }],
    resources: [glossary, kept].map(({ id }) => ({ type: "file", file_id: id })),
  });
  await project.import(skill.id, glossary.id, agent.id, deployment.id);
  expect(project.program()).not.toMatch(new RegExp(`${skill.id}|${glossary.id}`));
  expect(project.program()).toContain(kept.id);
  await project.compile("--skipLibCheck");
  await pulumi("stack", "init", "dev", "--secrets-provider", KeyService.provider);
  await pulumi(...importAll);
  for (const command of [
    ["up", "--yes", "--skip-preview", "--expect-no-changes"],
    ["refresh", "--yes", "--skip-preview", "--expect-no-changes"],
    ["preview", "--expect-no-changes"],
  ]) {
    await pulumi(...command);
  }
  expect(world.api.requests.filter(({ method }) => method !== "GET")).toEqual([]);
  expect(await pulumi("stack", "export")).not.toMatch(/echo reviewed|# Words/);

  world.api.clearRequests();
  appendFileSync(join(world.folder, "project", "skills", "review", "SKILL.md"), "Then praise.\n");
  await pulumi("up", "--yes", "--skip-preview");
  const sent = world.sent().filter((request) => Array.isArray(request) && request[0] !== "GET");
  expect(sent).toEqual([
    ["POST", `/skills/${skill.id}/versions`, { files: [expect.anything()] }],
    ["POST", `/agents/${agent.id}`, expect.objectContaining({ skills: [expect.objectContaining({ type: "custom" })] })],
    ["POST", `/deployments/${deployment.id}`, { agent: { type: "agent", id: agent.id, version: 2 } }],
  ]);
  await pulumi("preview", "--expect-no-changes");
});
