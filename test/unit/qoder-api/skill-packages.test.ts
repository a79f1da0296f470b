import { zip } from "../../qoder-api/zip";
import { invalid, upload, useLab } from "./lab";

const manifest = (name = "my-skill", description = "d") => `---\nname: ${name}\ndescription: ${description}\n---\n`;
const TREE = { "my-skill/SKILL.md": manifest() };
const refusal = invalid({ param: "files" });
type Tree = Record<string, string>;
const packed = (files: Record<string, string | Buffer>) =>
  zip(Object.entries(files).map(([path, content]) => ({ path, content: Buffer.from(content) })));

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
});
