import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { create, previewNothing, refreshNothing, upNothing } from "../support/imported-account";
import { ImportedProject } from "../support/imported-project";
import { skillMd } from "../support/skill-folder";

const project = ImportedProject.ofTests();
test("an import of an agent, its skill, a file and a deployment sends no write, and a changed skill then updates all three", async () => {
  const { world } = project;
  // The service may not return the content of an upload: the program then has the id of that file.
  world.api.switches.fileContentOfUploads = 403;
  const files = { "SKILL.md": skillMd("review"), "__init__.py": "", "scripts/run.sh": "#!/bin/sh\necho reviewed\n" };
  const skill = world.api.skills.create({ name: "review", display_title: "Review", files });
  const glossary = world.api.files.create({ filename: "glossary.md", content: "# Words\n", downloadable: true });
  const kept = world.api.files.create({ filename: "kept.md" });
  const skills = [{ type: "custom", skill_id: skill.id, version: skill.latest_version }];
  const agent = world.api.agents.create({ name: "reviewer", skills });
  const resources = [glossary, kept].map(({ id }) => ({ type: "file", file_id: id }));
  const deployment = create(world, { name: "nightly", agent: agent.id, resources });
  await project.import(skill.id, glossary.id, agent.id, deployment.id);
  expect(project.program()).not.toMatch(new RegExp(`${skill.id}|${glossary.id}`));
  expect(project.program()).toContain(kept.id);
  await project.compile("--skipLibCheck");
  await project.intoNewStack();
  await project.each(upNothing, refreshNothing, previewNothing);
  expect(project.writes()).toEqual([]);
  expect(await project.pulumi("stack", "export")).not.toMatch(/echo reviewed|# Words/);

  world.api.clearRequests();
  appendFileSync(join(project.folder, "skills", "review", "SKILL.md"), "Then praise.\n");
  await project.pulumi("up", "--yes", "--skip-preview");
  const sent = world.sent().filter((request) => Array.isArray(request) && request[0] !== "GET");
  expect(sent).toEqual([
    ["POST", `/skills/${skill.id}/versions`, { files: [expect.anything()] }],
    ["POST", `/agents/${agent.id}`, expect.objectContaining({ skills: [expect.objectContaining({ type: "custom" })] })],
    ["POST", `/deployments/${deployment.id}`, { agent: { type: "agent", id: agent.id, version: 2 } }],
  ]);
  await project.pulumi(...previewNothing);
});
