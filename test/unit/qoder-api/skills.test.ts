import { createHash } from "node:crypto";
import { zip } from "../../qoder-api/zip";
import { skillMd } from "../../support/skill-folder";
import { type Call, invalid, missing, upload, useLab } from "./lab";

const MANIFEST = "---\nname: my-skill\ndescription: Reads logs\n---\n\n# My skill\n";
const TREE = { "my-skill/SKILL.md": MANIFEST, "my-skill/scripts/run.sh": "#!/bin/sh\n" };
const packed = (files: Record<string, string>) =>
  zip(Object.entries(files).map(([path, text]) => ({ path, content: Buffer.from(text) })));
const commented = (archive: Buffer) => {
  const bytes = Buffer.concat([archive, Buffer.from("!")]);
  bytes.writeUInt16LE(1, archive.length - 2);
  return bytes;
};
const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

describe("skills", () => {
  const lab = useLab();
  const create = (files: Record<string, string | Buffer> = TREE, fields: Record<string, string> = {}, call?: Call) =>
    lab.post("/skills", undefined, { form: upload("files", files, fields), ...call });
  const addVersion = (id: unknown, files: Record<string, string | Buffer> = TREE) =>
    lab.post(`/skills/${id}/versions`, undefined, { form: upload("files", files) });
  const made = async () => String((await create()).body.id);

  test("the service creates, reads, lists and deletes a skill, with replies like real ones", async () => {
    lab.set("2026-08-18T12:26:29.961Z");
    const created = await create(TREE, { display_title: "My skill", metadata: '{"team":"ops"}' });
    expect(created).toMatchObject({ status: 201 });
    expect(created.body).toEqual({
      id: expect.stringMatching(/^skill_[0-9a-f]{32}$/),
      type: "skill",
      display_title: "My skill",
      description: "Reads logs",
      source: "custom",
      latest_version: expect.stringMatching(/^1787055989961\d{3}$/),
      metadata: { team: "ops" },
      created_at: expect.stringMatching(/^2026-08-18T12:26:29\.961/),
      updated_at: created.body["created_at"],
    });
    const path = `/skills/${created.body.id}`;
    expect((await lab.get(path)).body).toEqual(created.body);
    expect((await lab.get("/skills")).body.data).toEqual([created.body]);
    expect((await lab.delete(path)).body).toEqual({ id: created.body.id, type: "skill_deleted" });
    expect(await lab.get(path)).toEqual(missing());
    expect(await lab.delete(path)).toEqual(missing());
  });

  test("a new version is the first of the list, and a GET finds a version by its digits, not by `latest`", async () => {
    const id = await made();
    const first = lab.api.skills.get(id).latest_version;
    lab.set("2026-06-14T09:00:00Z");
    const added = await addVersion(id);
    expect(added).toMatchObject({ status: 201 });
    expect(added.body).toEqual({
      id: expect.stringMatching(/^skillver_/),
      type: "skill_version",
      skill_id: id,
      version: expect.stringMatching(/^\d{16}$/),
      name: "my-skill",
      description: "Reads logs",
      directory: "my-skill",
      created_at: expect.stringMatching(/^2026-06-14T09:00:00/),
      content_size: expect.any(Number),
      content_sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      status: "active",
      updated_at: added.body["created_at"],
    });
    const { version } = added.body;
    expect((await lab.get(`/skills/${id}`)).body).toMatchObject({
      latest_version: version,
      // As in a real reply, 46,039 microseconds after the version.
      updated_at: "2026-06-14T09:00:00.046928Z",
    });
    const list = (await lab.get(`/skills/${id}/versions`)).body;
    expect(list).toEqual({
      data: [added.body, expect.objectContaining({ version: first })],
      has_more: false,
      next_page: null,
    });
    const page = (await lab.get(`/skills/${id}/versions?limit=1`)).body;
    expect(page).toMatchObject({ data: [added.body], has_more: true, next_page: version });
    expect((await lab.get(`/skills/${id}/versions?page=${version}`)).body.data).toEqual([list.data?.[1]]);
    expect((await lab.get(`/skills/${id}/versions/${version}`)).body).toEqual(added.body);
    expect(await lab.get(`/skills/${id}/versions/1`)).toEqual(missing());
    for (const path of ["latest", "latest/content"]) {
      expect(await lab.get(`/skills/${id}/versions/${path}`)).toEqual(invalid());
    }
    expect(await lab.delete(`/skills/${id}/versions/latest`)).toEqual(invalid());
  });

  test("a download has the bytes of the upload", async () => {
    const archive = commented(packed(TREE));
    const { body } = await create({ "upload.zip": archive });
    const path = `/skills/${body.id}/versions/${body["latest_version"]}`;
    const content = await lab.get(`${path}/content`);
    expect(content.headers).toMatchObject({
      "content-type": "application/zip",
      "content-disposition": expect.stringMatching(/^attachment; filename=".+\.zip"$/),
      "content-length": String(archive.length),
    });
    expect(content.bytes).toEqual(archive);
    expect((await lab.get(path)).body).toMatchObject({ content_size: archive.length, content_sha256: sha256(archive) });
  });

  test("a create and an update of an agent with an unknown version of a skill are refused", async () => {
    const { id, latest_version } = lab.api.skills.create();
    const withSkill = (version: string) => ({ skills: [{ type: "custom", skill_id: id, version }] });
    const refusal = invalid({ param: "skills.0.version" });
    expect(await lab.send("agents", withSkill("1"))).toEqual(refusal);
    const agent = await lab.send("agents", withSkill(String(latest_version)));
    expect(agent).toMatchObject({ status: 200, body: withSkill(String(latest_version)) });
    expect(await lab.post(`/agents/${agent.body.id}`, { version: 1, ...withSkill("1") })).toEqual(refusal);
  });

  test.each<[string, Record<string, string>]>([
    ["no files", {}],
    ["no SKILL.md", { "my-skill/README.md": "x" }],
    ["SKILL.md one folder too deep", { "my-skill/docs/SKILL.md": skillMd("my-skill") }],
    ["SKILL.md in the root", { "SKILL.md": skillMd("my-skill") }],
    ["two top-level directories", { ...TREE, "other/a.md": "x" }],
    ["a file next to the directory", { ...TREE, "a.md": "x" }],
    ["a directory with another name than the skill", { "other/SKILL.md": skillMd("my-skill") }],
    ["a path out of the directory", { ...TREE, "my-skill/../../etc/passwd": "x" }],
    ["a path out of the directory with backslashes", { ...TREE, "my-skill\\..\\..\\a": "x" }],
    ["an absolute path", { ...TREE, "/etc/passwd": "x" }],
    ["no front matter", { "my-skill/SKILL.md": "name: my-skill\ndescription: d\n" }],
    ["front matter after an empty line", { "my-skill/SKILL.md": `\n${skillMd("my-skill")}` }],
    ["no name", { "my-skill/SKILL.md": "---\ndescription: d\n---\n" }],
    ["a name in the text alone", { "my-skill/SKILL.md": "---\ndescription: d\n---\nname: my-skill\n" }],
    ["no description", { "my-skill/SKILL.md": "---\nname: my-skill\n---\n" }],
    ["upper case in its name", { "My-skill/SKILL.md": skillMd("My-skill") }],
    ["a hyphen at the start of its name", { "-skill/SKILL.md": skillMd("-skill") }],
    ["a name of 65 letters", { [`${"a".repeat(65)}/SKILL.md`]: skillMd("a".repeat(65)) }],
  ])("a package with %s is refused, as a tree and as a zip", async (_what, files) => {
    for (const sent of [files, { "s.zip": packed(files) }]) {
      expect(await create(sent)).toEqual(invalid({ param: "files" }));
    }
    expect(lab.api.skills.all()).toEqual([]);
  });
});
