import { zip } from "../../qoder-api/zip";
import { invalid, upload, useLab } from "./lab";

const manifest = (name = "my-skill", description = "d") => `---\nname: ${name}\ndescription: ${description}\n---\n`;
const TREE = { "my-skill/SKILL.md": manifest() };
const refusal = invalid({ param: "files" });
type Tree = Record<string, string>;
const packed = (files: Record<string, string | Buffer>) =>
  zip(Object.entries(files).map(([path, content]) => ({ path, content: Buffer.from(content) })));

/** An archive by Python's zipfile: an empty directory, a deflated file, and a stored file with a name in UTF-8. */
const BY_PYTHON = [
  "UEsDBBQAAAAAAAAAIQAAAAAAAAAAAAAAAAAJAAAAbXktc2tpbGwvUEsDBBQAAAAIAAAAIQAO0PheLgAAAO4AAAARAAAAbXktc2tpbGwvU0tJTE",
  "wubWTT1dXlykvMTbVSyK3ULc7OzMnhSkktTi7KLCjJzM+zUkjh0gWqKEmtKFEYBgQAUEsDBBQAAAgAAAAAIQA+jQQOAgAAAAIAAAASAAAAbXkt",
  "c2tpbGwvw7xidW5nLm1kw6lQSwECFAMUAAAAAAAAACEAAAAAAAAAAAAAAAAACQAAAAAAAAAAAAAAgAEAAAAAbXktc2tpbGwvUEsBAhQDFAAAAA",
  "gAAAAhAA7Q+F4uAAAA7gAAABEAAAAAAAAAAAAAAIABJwAAAG15LXNraWxsL1NLSUxMLm1kUEsBAhQDFAAACAAAAAAhAD6NBA4CAAAAAgAAABIA",
  "AAAAAAAAAAAAAIABhAAAAG15LXNraWxsL8O8YnVuZy5tZFBLBQYAAAAAAwADALYAAAC2AAAAAAA=",
].join("");

describe("a package of a skill", () => {
  const lab = useLab();
  const create = (files: Record<string, string | Buffer>, part = "files") =>
    lab.post("/skills", undefined, { form: upload(part, files) });
  const zipped = (files: Tree) => create({ "s.zip": packed(files) });

  test.each<[string, Tree]>([
    ["no files", {}],
    ["no SKILL.md", { "my-skill/README.md": "x" }],
    ["SKILL.md one folder too deep", { "my-skill/docs/SKILL.md": manifest() }],
    ["SKILL.md in the root", { "SKILL.md": manifest() }],
    ["two top-level directories", { ...TREE, "other/a.md": "x" }],
    ["a file next to the directory", { ...TREE, "a.md": "x" }],
    ["a directory with another name than the skill", { "other/SKILL.md": manifest() }],
    ["a path out of the directory", { ...TREE, "my-skill/../../etc/passwd": "x" }],
    ["a path out of the directory with backslashes", { ...TREE, "my-skill\\..\\..\\a": "x" }],
    ["an absolute path", { ...TREE, "/etc/passwd": "x" }],
    ["no front matter", { "my-skill/SKILL.md": "name: my-skill\ndescription: d\n" }],
    ["front matter after an empty line", { "my-skill/SKILL.md": `\n${manifest()}` }],
    ["no name", { "my-skill/SKILL.md": "---\ndescription: d\n---\n" }],
    ["a name in the text alone", { "my-skill/SKILL.md": "---\ndescription: d\n---\nname: my-skill\n" }],
    ["no description", { "my-skill/SKILL.md": "---\nname: my-skill\n---\n" }],
    ["upper case in its name", { "My-skill/SKILL.md": manifest("My-skill") }],
    ["a hyphen at the start of its name", { "-skill/SKILL.md": manifest("-skill") }],
    ["a name of 65 letters", { [`${"a".repeat(65)}/SKILL.md`]: manifest("a".repeat(65)) }],
  ])("with %s is refused, as a tree and as a zip", async (_what, files) => {
    expect(await create(files)).toEqual(refusal);
    expect(await zipped(files)).toEqual(refusal);
    expect(lab.api.skills.all()).toEqual([]);
  });

  test.each<[string, Tree, string]>([
    ["underscores, which the open format forbids", { "my_skill/SKILL.md": manifest("my_skill") }, "d"],
    ["a name of 64 letters", { [`${"a".repeat(64)}/SKILL.md`]: manifest("a".repeat(64)) }, "d"],
    ["other keys", { "my-skill/SKILL.md": "---\nlicense: MIT\nname: my-skill\ndescription: d\nversion: 3\n---" }, "d"],
    ["a quoted description", { "my-skill/SKILL.md": manifest("my-skill", '"a: b"') }, "a: b"],
    ["a folded description", { "my-skill/SKILL.md": manifest("my-skill", ">-\n  one\n  two") }, "one two"],
    [
      "a description of 1025 characters",
      { "my-skill/SKILL.md": manifest("my-skill", "x".repeat(1025)) },
      "x".repeat(1025),
    ],
    ["CRLF line ends", { "my-skill/SKILL.md": manifest().replaceAll("\n", "\r\n") }, "d"],
    ["names in UTF-8", { ...TREE, "my-skill/übung.md": "é" }, "d"],
    ["an empty file and an empty folder", { ...TREE, "my-skill/empty": "", "my-skill/folder/": "" }, "d"],
  ])("with %s is accepted, as a tree and as a zip", async (_what, files, description) => {
    for (const created of [await create(files), await zipped(files)]) {
      expect(created).toMatchObject({ status: 201, body: { description } });
      const kept = lab.api.skills.files(String(created.body.id));
      expect(Object.keys(kept)).toEqual(
        Object.keys(files)
          .filter((path) => !path.endsWith("/"))
          .map((path) => path.replace(/^[^/]+\//, "")),
      );
    }
  });

  test.each<[string, (zip: Buffer) => Buffer]>([
    ["a zip that was cut off", (zip) => zip.subarray(0, zip.length - 30)],
    ["a zip with changed bytes", (zip) => Buffer.concat([zip.subarray(0, 60), Buffer.from("????"), zip.subarray(64)])],
    ["not a zip", () => Buffer.from("PK, but no zip")],
  ])("that is %s is refused", async (_what, damage) => {
    expect(
      await create({ "s.zip": damage(packed({ "my-skill/SKILL.md": `${manifest()}${"text ".repeat(40)}` })) }),
    ).toEqual(refusal);
  });

  test("made by another program is unpacked correctly", async () => {
    const { body } = await create({ "s.zip": Buffer.from(BY_PYTHON, "base64") });
    const files = Object.entries(lab.api.skills.files(String(body.id))).map(([path, content]) => [
      path,
      String(content),
    ]);
    expect(files).toEqual([
      ["SKILL.md", `${manifest()}${"text ".repeat(40)}`],
      ["übung.md", "é"],
    ]);
  });
});
