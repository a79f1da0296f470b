import fs, { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileKind } from "../../../provider/file/kind";
import { diff } from "../../../provider/resource/plan/diff";
import { priorStateIn } from "../../../provider/resource/state/state";
import { digestOf } from "../../../provider/skill/digests";
import { skillKind } from "../../../provider/skill/kind";
import { zipOf } from "../../../provider/skill/zip";
import { bearer } from "../../support/auths";
import { skillMd } from "../../support/skill-folder";
import { useImportWorld } from "./import-world";

const world = useImportWorld();
// The folder of the project: the command writes its program into a folder below it.
beforeEach(() => {
  jest.spyOn(process, "cwd").mockReturnValue(world.folder);
});

const here = (path: string) => world.here(path);
const textOf = (path: string) => world.textOf(path);
const program = () => world.line();
const tree = () => readdirSync(world.out, { recursive: true, encoding: "utf8" }).sort();
const written = (path: string, text: string) => {
  mkdirSync(dirname(here(path)), { recursive: true });
  writeFileSync(here(path), text);
};

const script = "#!/bin/sh\necho reviewed\n";
const review = {
  name: "review",
  files: { "SKILL.md": skillMd("review"), "scripts/run.sh": script, "__init__.py": "" },
};

test("the command writes skills and files into the project, and the program refers to them", async () => {
  const skill = world.api.skills.create({ ...review, metadata: { team: "platform" } });
  const file = world.api.files.create({ filename: "glossary.md", content: "# Words\n" });
  const older = { type: "custom", skill_id: skill.id, version: skill.latest_version };
  const newer = world.api.skills.addVersion(skill.id, review.files);
  const pdf = { type: "qoder", skill_id: "skill_pdf" };
  const agent = world.create("reviewer", { skills: [{ ...older, version: newer.version }, pdf] }, "agent");
  world.create("cautious", { skills: [older] }, "agent");
  world.create("eager", { skills: [{ type: "custom", skill_id: skill.id }] }, "agent");
  // An agent may name its own skill as one of the catalogue, and a QoderSkill would change that.
  world.create("odd", { skills: [{ ...older, type: "qoder" }] }, "agent");
  world.create("nightly", {
    agent,
    resources: [{ type: "file", file_id: file.id, mount_path: "/words" }],
    initial_events: [
      { type: "user.define_outcome", description: "d", rubric: { type: "file", file_id: file.id } },
      {
        type: "user.message",
        content: [{ type: "document", source: { type: "file", file_id: file.id }, title: file.id }],
      },
    ],
  });
  const { status, stdout, stderr } = await world.into("--all");
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(textOf("skills/review/SKILL.md")).toBe(skillMd("review"));
  expect(textOf("skills/review/scripts/run.sh")).toBe(script);
  expect(textOf("files/glossary.md")).toBe("# Words\n");
  for (const part of [
    'new QoderSkill("review", { source: "infra/skills/review", metadata: { team: "platform" } });',
    'new QoderFile("glossary.md", { source: "infra/files/glossary.md" });',
    'skills: [review, { type: "qoder", skillId: "skill_pdf" }]',
    `skills: [{ type: "custom", skillId: review.id, version: "${older.version}" }]`,
    'skills: [{ type: "custom", skillId: review.id }]',
    `skills: [{ type: "qoder", skillId: review.id, version: "${older.version}" }]`,
    'resources: [{ type: "file", fileId: glossaryMd.id, mountPath: "/words" }]',
    'rubric: { type: "file", fileId: glossaryMd.id }',
    `source: { type: "file", fileId: glossaryMd.id }, title: "${file.id}"`,
  ]) {
    expect(program()).toContain(part);
  }
  expect(stdout).toContain("Wrote 1 environment, 1 skill, 1 file, 5 agents and 1 deployment to ");
  expect(stdout).toContain(`The contents are in ${here("skills")} and ${here("files")}: the program reads them`);
});

test("the imported state of skills and files equals the program", async () => {
  const skill = world.api.skills.create({ ...review, display_title: "Review", metadata: { team: "x" } });
  const ends = new Date(world.clock.now() + 86_400_000);
  const life = { created_at: new Date(ends.getTime() - 86_400_000).toISOString(), expires_at: ends.toISOString() };
  world.api.files.create({ filename: "glossary.md", content: "# Words\n", ...life });
  await world.into("--all");
  const { resources } = JSON.parse(readFileSync(here("import.json"), "utf8"));
  const [one, other] = resources;
  expect(one.inputs).toMatchObject({
    name: "review",
    displayTitle: "Review",
    files: {
      "SKILL.md": digestOf(skillMd("review")),
      "scripts/run.sh": digestOf(script),
      "./__init__.py": digestOf(""),
    },
  });
  expect(one.outputs).toMatchObject({ ...one.inputs, latestVersion: skill.latest_version });
  expect(other.inputs).toMatchObject({
    name: "glossary.md",
    digest: digestOf("# Words\n"),
    expiresInSeconds: 86_400,
  });
  expect(diff(skillKind, priorStateIn(skillKind, one.outputs), one.inputs).changes).toBe(false);
  expect(diff(fileKind, priorStateIn(fileKind, other.outputs), other.inputs).changes).toBe(false);
  expect(world.program()).toContain("expiresInSeconds: 86400");
});

test("skills and files with the same name get numbered paths, and the program keeps names that are no file names", async () => {
  for (const text of ["one", "two"]) {
    world.api.skills.create({ name: "review", files: { "notes.md": text } });
    world.api.files.create({ filename: "Glossary.md", content: text });
  }
  world.api.files.create({ filename: "../../.git/config", content: "[core]\n" });
  expect(await world.into("--all")).toMatchObject({ status: 0, stderr: "" });
  expect(textOf("skills/review/notes.md")).toBe("one");
  expect(textOf("skills/review-2/notes.md")).toBe("two");
  expect(textOf("files/Glossary-2.md")).toBe("two");
  expect(readdirSync(here("files")).sort()).toEqual(["Glossary-2.md", "Glossary.md", "__.._.git_config"]);
  expect(program()).toContain('new QoderSkill("review-2", { source: "infra/skills/review-2" });');
  expect(program()).toContain('source: "infra/files/Glossary-2.md", name: "Glossary.md"');
  expect(program()).toContain('source: "infra/files/__.._.git_config", name: "../../.git/config"');
});

test("an existing file is used if its content is equal, and otherwise left unchanged", async () => {
  world.api.skills.create({ name: "review", files: { "notes.md": "theirs" } });
  world.api.files.create({ filename: "glossary.md", content: "theirs" });
  written("skills/review/SKILL.md", skillMd("review"));
  written("files/glossary.md", "mine");
  symlinkSync("/nowhere", here("files/glossary-2.md"));
  await world.into("--all");
  expect(textOf("skills/review/SKILL.md")).toBe(skillMd("review"));
  expect(textOf("files/glossary.md")).toBe("mine");
  expect(textOf("skills/review-2/notes.md")).toBe("theirs");
  expect(textOf("files/glossary-3.md")).toBe("theirs");
  const before = tree();
  expect(await world.into("--all", "--force")).toMatchObject({ status: 0 });
  expect(tree()).toEqual(before);
  expect(world.program()).toContain('source: "infra/skills/review-2"');
  expect(world.program()).toContain('source: "infra/files/glossary-3.md"');
});

const packed = (...paths: string[]) =>
  zipOf(
    "review",
    ["SKILL.md", ...paths].map((path) => ({
      path,
      bytes: Buffer.from(path === "SKILL.md" ? skillMd("review") : ""),
      isExecutable: path.endsWith(".sh"),
    })),
  );

test("the command keeps the executable bit, and writes and names no trace of a tool, which could run commands here", async () => {
  const hooks = Array.from({ length: 12 }, (_, number) => `a/.GIT/hooks/h${number}`);
  const archive = packed("run.sh", ".git/config", "b/.git", "git~1/config", ...hooks, "x/__pycache__/run.pyc");
  world.api.skills.create({ name: "review", archive });
  const { stdout, stderr, status } = await world.into("--all");
  expect({ stderr, status }).toEqual({ stderr: "", status: 0 });
  expect(statSync(here("skills/review/run.sh")).mode & 0o111).not.toBe(0);
  expect(statSync(here("skills/review/SKILL.md")).mode & 0o111).toBe(0);
  expect(tree().filter((path) => path.startsWith("skills/review/"))).toEqual([
    "skills/review/SKILL.md",
    "skills/review/run.sh",
  ]);
  expect(stdout).toContain(
    "\nreview: Left out of infra/skills/review: .git, a/.GIT, b/.git, git~1 and x/__pycache__ (16 files), which a QoderSkill never uploads: the next version will not contain them.\n",
  );
  const { resources } = JSON.parse(readFileSync(here("import.json"), "utf8"));
  expect(Object.keys(resources[0].inputs.files).sort()).toEqual(["SKILL.md", "run.sh"]);
});

test("one warning names all contents by which tools act, with what they do, and the command writes them", async () => {
  const many = Array.from({ length: 7 }, (_, number) => `p${number}/.npmrc`);
  const others = ["sub/.envrc", "docs/CLAUDE.local.md", "conftest.py", "bare/HEAD"];
  const paths = [".vscode/tasks.json", ".vscode/settings.json", ...many, ...others];
  world.api.skills.create({ name: "review", archive: packed(...paths, ".odd", "git/x", "notes.md") });
  world.api.files.create({ filename: "x.test.ts", content: "text" });
  const { stderr, status } = await world.into("--all");
  expect(stderr).toBe(
    `${[
      "Warning: these files can run code or change settings when tools open the project. Read them first:",
      "  infra/skills/review: git may take for a repository, and run the commands of, the folder of bare/HEAD",
      "  infra/skills/review: package managers obey p0/.npmrc, p1/.npmrc, p2/.npmrc, p3/.npmrc, p4/.npmrc and 2 more",
      "  infra/skills/review: editors obey .vscode",
      "  infra/skills/review: coding agents obey docs/CLAUDE.local.md",
      "  infra/skills/review: shells and version managers load sub/.envrc",
      "  infra/skills/review: test runners run conftest.py",
      "  infra/skills/review: tools find settings in .odd",
      "  infra/files: test runners run x.test.ts",
    ].join("\n")}\n`,
  );
  expect(status).toBe(0);
  expect(tree()).toEqual(expect.arrayContaining(paths.map((path) => `skills/review/${path}`)));
});

test.each([
  [{ team: "x", ["__proto__"]: "y" }, 'metadata: { team: "x", // '],
  [{ ["__proto__"]: "y" }, "metadata: { // "],
])(
  "the program says that a label __proto__ stays at Qoder, because no program can send it",
  async (metadata, start) => {
    world.create("reporter", { metadata }, "agent");
    world.create("cloud2", { metadata }, "environment");
    world.api.skills.create({ ...review, metadata });
    world.api.files.create({ filename: "glossary.md", metadata });
    const vault = world.api.vaults.create({ display_name: "tracker", metadata }).id;
    world.api.credentials.create(vault, { auth: bearer, metadata });
    world.api.memoryStores.create({ name: "lessons", metadata });
    expect(await world.into("--all")).toMatchObject({ status: 0, stderr: "" });
    const comment = "The label __proto__ stays at Qoder as it is: the SDK of Pulumi sends no member of this name.";
    expect(program().split(`${start}${comment}`)).toHaveLength(8);
    expect(readFileSync(here("import.json"), "utf8")).not.toContain("__proto__");
  },
);

test("--all skips skills of the catalogue, and an id of such a skill is left out with the reason", async () => {
  world.api.switches.skillListWithoutSource = "all";
  const own = world.api.skills.create(review);
  const pdf = world.api.skills.create({ name: "pdf", source: "qoder" });
  expect(await world.into("--all", "--kind", "skill")).toMatchObject({ status: 0, stderr: "" });
  expect(world.importedIds()).toEqual([own.id]);
  expect(world.requests).toEqual(["GET /skills", `GET /skills/${own.id}/versions/${own.latest_version}/content`]);
  const { status, stderr } = await world.into(pdf.id, "--force");
  expect(stderr).toContain(
    `Skipped: ${pdf.id} "pdf"\n  it is a skill of Qoder's catalogue, which no account manages; a program uses it with getSkill({ id: "${pdf.id}" })\n`,
  );
  expect(status).toBe(1);
});

test("without --out the command prints both texts and writes no content", async () => {
  world.api.skills.create(review);
  world.api.files.create({ filename: "glossary.md" });
  const write = jest.spyOn(fs, "writeFileSync");
  const { stdout, stderr } = await world.printed("--all");
  expect(stdout).toContain('new QoderSkill("review", {\n  source: "skills/review",\n});');
  expect(stderr).toBe(
    "Printed 1 skill and 1 file. Add --out FOLDER to have the two files written, and the contents of 1 skill and 1 file\n",
  );
  expect(readdirSync(world.folder)).toEqual([]);
  // The contents are read as the program will read them, in a folder of the system.
  const paths = write.mock.calls.map(([path]) => resolve(`${path}`));
  expect(paths).not.toEqual([]);
  expect(paths.filter((path) => path.startsWith(world.folder))).toEqual([]);
});

test("if a file cannot be written, the command removes the contents that it wrote", async () => {
  world.api.skills.create(review);
  mkdirSync(here("qoder.ts/inner"), { recursive: true });
  const { status, stderr } = await world.into("--all", "--force");
  expect(stderr).toMatch(/^pulumi-qoder import failed: .*qoder\.ts/);
  expect(status).toBe(1);
  expect(tree()).toEqual(["qoder.ts", "qoder.ts/inner"]);
});
