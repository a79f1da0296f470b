import { join } from "node:path";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { QoderAgent, QoderDeployment, QoderFile, QoderSkill } from "../../provider";
import { type Outcome, warnings } from "../support/engine-stack";
import { EngineWorld, stateFile } from "../support/engine-world";
import { reviewFiles, SkillFolders, skillMd } from "../support/skill-folder";

let world: EngineWorld;
let folders: SkillFolders;
beforeEach(async () => {
  world = await EngineWorld.start();
  folders = new SkillFolders();
});
afterEach(async () => {
  folders.remove();
  await world.stop();
});

/** Two agents that share a skill, and five deployments of them. */
function program(source: string): PulumiFn {
  return async () => {
    const review = new QoderSkill("review", { source });
    const reviewer = new QoderAgent("reviewer", { model: "ultimate", skills: [review] });
    const editor = new QoderAgent("editor", { model: "ultimate", skills: [review] });
    const { environmentId, initialEvents } = world.args();
    for (const [index, agent] of [reviewer, reviewer, reviewer, editor, editor].entries()) {
      new QoderDeployment(`nightly-${index}`, { agent, environmentId, initialEvents });
    }
  };
}

function onlySkill() {
  const [skill, ...others] = world.api.skills.all();
  expect(others).toEqual([]);
  return { id: skill?.id ?? "", version: skill?.latest_version ?? "" };
}

/** The changed paths in a preview, by the names of the resources. */
function changed({ events }: Outcome): Record<string, string[]> {
  const shown = events.flatMap(({ resourcePreEvent }) => {
    const { urn = "", op, detailedDiff } = resourcePreEvent?.metadata ?? {};
    return op === "update" ? [[urn.split("::").at(-1), Object.keys(detailedDiff ?? {}).sort()]] : [];
  });
  return Object.fromEntries(shown);
}

test("after changed lines in two files, one `up` updates the skill, both agents and all deployments with eight requests; the same files elsewhere are no change", async () => {
  const source = folders.write("here/review", reviewFiles);
  const stack = await world.stack();
  const up = await stack.up(program(source));
  expect(stateFile(world)).not.toContain(folders.root);
  const texts = [stateFile(world), JSON.stringify(up.events), up.output];
  expect(texts.filter((text) => text.includes("echo reviewed"))).toEqual([]);
  const before = onlySkill();
  const agents = world.api.agents.all().filter(({ skills }) => skills.length > 0);
  expect(agents.map(({ skills }) => skills)).toEqual(
    agents.map(() => [{ type: "custom", skill_id: before.id, version: before.version }]),
  );
  expect(Object.keys(world.api.skills.files(before.id)).sort()).toEqual(["SKILL.md", "__init__.py", "scripts/run.sh"]);
  world.sent();

  // A member of a difference that starts with two underscores is internal, but a file is not.
  const changes = { "__init__.py": "import os\n", "scripts/run.sh*": "#!/bin/sh\necho reviewed twice\n" };
  folders.write("here/review", changes);
  const preview = await stack.preview(program(source));
  expect(world.sent()).toEqual([]);
  expect(changed(preview)["review"]).toEqual(['files["./__init__.py"]', 'files["scripts/run.sh"]']);
  expect(Object.keys(changed(preview))).toHaveLength(8);
  await stack.up(program(source));
  const after = onlySkill();
  expect(after.id).toBe(before.id);
  expect(after.version).not.toBe(before.version);
  const sent = world.sent();
  expect(sent).toHaveLength(8);
  expect(sent[0]).toEqual(["POST", `/skills/${after.id}/versions`, { files: [expect.anything()] }]);
  const skills = [{ type: "custom", skill_id: after.id, version: after.version }];
  expect(sent.slice(1)).toEqual(
    expect.arrayContaining([
      ...agents.map(({ id, version }) => ["POST", `/agents/${id}`, { skills, version }]),
      ...world.api.deployments
        .live()
        .map(({ id, agent }) => ["POST", `/deployments/${id}`, { agent: { ...agent, type: "agent" } }]),
    ]),
  );
  const files = Object.entries({ ...reviewFiles, ...changes }).reverse();
  const old = new Date("2020-02-29T23:59:59Z");
  const there = folders.write("there/of/another/person/review", Object.fromEntries(files), old);
  await stack.previewNothing(program(there));
});

test("a changed file is uploaded again, its deployment moves to the new file, and the old file is deleted last", async () => {
  const source = join(folders.write("docs", { "glossary.md": "# Words\n" }), "glossary.md");
  const described: PulumiFn = async () => {
    const glossary = new QoderFile("glossary", { source, expiresInSeconds: 86_400 });
    const schedule = { expression: "0 9 * * *", timezone: "UTC" };
    const resources = [{ type: "file" as const, fileId: glossary.id }];
    new QoderDeployment("nightly", { ...world.args(), schedule, resources });
  };
  const stack = await world.stack();
  const preview = await stack.preview(described);
  expect(warnings(preview).map(([, text]) => text)).toEqual([
    expect.stringContaining('its file "glossary" is deleted 24 hours after its upload'),
  ]);
  await stack.up(described);
  const [before] = world.api.files.all();
  expect(stateFile(world)).not.toContain("# Words");
  world.sent();
  folders.write("docs", { "glossary.md": "# More words\n" });
  await stack.up(described);
  const [after, ...others] = world.api.files.all();
  expect(others).toEqual([]);
  expect(world.live).toMatchObject({ resources: [{ file_id: after?.id }] });
  const writes = world.sent().filter((request) => Array.isArray(request) && request[0] !== "GET");
  expect(writes).toEqual([
    ["POST", "/files", expect.anything()],
    ["POST", `/deployments/${world.live.id}`, { resources: [{ type: "file", file_id: after?.id }] }],
    ["DELETE", `/files/${before?.id}`],
  ]);
  await stack.previewNothing(described);
});

test("another name in the SKILL.md creates another skill, the agents move to the new skill, and the old skill is deleted last", async () => {
  const stack = await world.stack();
  await stack.up(program(folders.write("review", reviewFiles)));
  const before = onlySkill();
  const renamed = program(folders.write("critique", { "SKILL.md": skillMd("critique") }));
  world.sent();
  await stack.up(renamed);
  const after = onlySkill();
  expect(after.id).not.toBe(before.id);
  const writes = world.sent().filter((request) => Array.isArray(request) && request[0] !== "GET");
  expect(writes[0]).toEqual(["POST", "/skills", expect.anything()]);
  expect(writes.at(-1)).toEqual(["DELETE", `/skills/${before.id}`]);
  expect(writes).toHaveLength(1 + 2 + 5 + 1);
});

test("a preview shows a foreign version of a skill with its number and time, and the next `up` uploads the program's files again", async () => {
  const source = folders.write("review", reviewFiles);
  const stack = await world.stack();
  await stack.up(program(source));
  const { id } = onlySkill();
  const { version } = world.api.skills.addVersion(id, { "SKILL.md": skillMd("review", "Theirs") });
  world.sent();
  await stack.refresh();
  const preview = await stack.preview(program(source));
  expect(preview.output).toContain(`(version ${version})`);
  expect(preview.output).toMatch(/uploaded elsewhere at \d{4}-\d\d-\d\dT/);
  world.sent();
  await stack.up(program(source));
  expect(world.sent().slice(0, 3)).toEqual([
    ["GET", `/skills/${id}`],
    ["GET", `/skills/${id}/versions/${version}/content`],
    ["POST", `/skills/${id}/versions`, expect.anything()],
  ]);
  expect(Object.keys(world.api.skills.files(id)).sort()).toEqual(["SKILL.md", "__init__.py", "scripts/run.sh"]);
});
