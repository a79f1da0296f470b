import { appendFileSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import {
  coordinator,
  create,
  importAccount,
  previewNothing,
  refreshNothing,
  type StoredResource,
  toolset,
  upNothing,
} from "../support/imported-account";
import { ImportedProject, importAll } from "../support/imported-project";

const project = ImportedProject.ofTests();
test("importing 6 agents, 3 environments and 15 deployments of the older generation sends no write, and leaves no difference", async () => {
  await importAccount(project, 1, refreshNothing, upNothing);
});

test("an import beside a stack uses the constants of the first import, and leaves no difference", async () => {
  const { folder, world } = project;
  const pulumi = (...args: string[]) => project.pulumi(...args);
  await project.import(world.agent, world.environmentId);
  await project.intoNewStack();
  rmSync(join(folder, "import.json"));
  const daily = create(world, { name: "daily" });
  const member = { type: "agent", id: world.agent, version: 1 };
  const lead = world.api.agents.create({ name: "lead", tools: [toolset], multiagent: coordinator(member) });
  world.api.clearRequests();
  await project.import("--stack", "dev", "--kind", "agent,deployment");
  appendFileSync(join(folder, "index.ts"), 'import "./qoder-2";\n');
  const added = readFileSync(join(folder, "qoder-2.ts"), "utf8");
  expect(added).toContain('import { agent, environment } from "./qoder";\n');
  await project.compile("--skipLibCheck");
  await pulumi(...importAll.map((word) => (word === "import.json" ? "import-2.json" : word)));
  await project.each(previewNothing, refreshNothing, upNothing);
  expect(project.writes()).toEqual([]);
  const { resources } = JSON.parse(await pulumi("stack", "export")).deployment;
  const ids = resources.flatMap(({ type, id }: StoredResource) => (type.includes("qoder:") ? [id] : []));
  expect(ids.sort()).toEqual([world.agent, world.environmentId, daily.id, lead.id].sort());

  project.edit((program) => program.replace("model: ", 'description: "new", model: '));
  world.api.clearRequests();
  await pulumi("up", "--yes", "--skip-preview");
  const [first, ...followers] = world.sent().filter((request) => Array.isArray(request) && request[0] !== "GET");
  expect(first).toEqual(["POST", `/agents/${world.agent}`, expect.objectContaining({ description: "new" })]);
  expect(new Set(followers)).toEqual(
    new Set([
      ["POST", `/deployments/${daily.id}`, { agent: { type: "agent", id: world.agent, version: 2 } }],
      ["POST", `/agents/${lead.id}`, { multiagent: coordinator({ ...member, version: 2 }), version: 1 }],
    ]),
  );
  await pulumi(...previewNothing);
});
