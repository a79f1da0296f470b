import fs, { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { zipOf } from "../../../provider/skill/zip";
import { skillMd } from "../../support/skill-folder";
import { useImportWorld } from "./import-world";

const world = useImportWorld();
let sound: string;
beforeEach(() => {
  jest.spyOn(process, "cwd").mockReturnValue(world.folder);
  sound = world.api.skills.create({ name: "sound" }).id;
});

const file = (path: string, text: string) => ({ path, bytes: Buffer.from(text), isExecutable: false });
const main = file("SKILL.md", skillMd("odd"));
const packed = (...more: ReturnType<typeof file>[]) => zipOf("odd", [main, ...more]);

/** The zip with one text replaced by another text of the same length. */
const altered = (zip: Uint8Array, from: string, to: string) =>
  Buffer.from(Buffer.from(zip).toString("latin1").replaceAll(from, to), "latin1");

const large = packed(file("b", "x".repeat(51 * 1024 * 1024)));
/** The zip with another number at this place behind the last mark. */
function renumbered(zip: Uint8Array, mark: string, place: number, value: number): Buffer {
  const bytes = Buffer.from(zip);
  bytes.writeUInt32LE(value, bytes.lastIndexOf(Buffer.from(mark, "latin1")) + place);
  return bytes;
}
/** The zip with a declared size of ten bytes for its last file, and one with a wrong checksum of that. */
const lying = (zip: Uint8Array) => renumbered(renumbered(zip, "PK\u0001\u0002", 24, 10), "PK\u0003\u0004", 22, 10);
const miscounted = (zip: Uint8Array) => renumbered(zip, "PK\u0001\u0002", 16, 1);

test.each<[string, Uint8Array, string]>([
  ["a wrong checksum", miscounted(packed(file("b", "x"))), "which does not unpack to its declared size and checksum"],
  ["a path that is a file and a folder", packed(file("a", ""), file("a/b", "")), "cannot be written: "],
  [
    "a path that is a folder and a file",
    altered(packed(file("a/b", ""), file("c", "")), "odd/c", "odd/a"),
    "cannot be ",
  ],
  ["a NUL in a path", altered(packed(file("bc", "")), "odd/bc", "odd/b\0"), "or has an unusual spelling"],
  ["a name of 300 bytes", packed(file("n".repeat(300), "")), "with a name of more than 255 bytes"],
  ["a path of 5,000 bytes", packed(file(`${"n/".repeat(2_500)}n`, "")), "written: name too long (ENAMETOOLONG)"],
  [
    "a link inside of .git",
    altered(packed(file(".git/b", "")), "\u00a4\u0081", "\u00ed\u00a1"),
    "is a link or a device",
  ],
  ["a front matter of 1 MB", zipOf("odd", [file("SKILL.md", skillMd("odd", "k: ".repeat(350_000)))]), "than 64 kB"],
  ["20,000 brackets", zipOf("odd", [file("SKILL.md", skillMd("odd", "[".repeat(20_000)))]), "are nested too deep"],
  ["a path out of its folder", altered(packed(file("b", "x")), "odd/b", "../bb"), "which leaves its folder"],
  ["a symbolic link", altered(packed(), "\u00a4\u0081", "\u00ed\u00a1"), "which is a link or a device"],
  ["a declared size above the limit", large, "unpacks to more than 50 MB"],
  ["a false declared size", lying(large), "which does not unpack to its declared size and checksum"],
  ["a download above the limit", Buffer.alloc(52 * 1024 * 1024), "but its body has more than 51 MB"],
  ["no SKILL.md", zipOf("odd", [file("README.md", "")]), "its package has no SKILL.md"],
  ["a SKILL.md without a name", zipOf("odd", [file("SKILL.md", "---\n---\n")]), "its package/SKILL.md:1: "],
  ["two folders at its top", altered(packed(file("b", "x")), "odd/b", "oth/b"), "nor one folder at its top"],
])("a package with %s is left out with the reason, and the other objects are imported", async (_, archive, reason) => {
  const { id } = world.api.skills.create({ name: "odd", archive });
  const { status, stderr } = await world.into("--all");
  expect(stderr).toMatch(new RegExp(`^Skipped: ${id} "odd"\n  .*\n$`));
  expect(stderr).toContain(reason);
  expect(status).toBe(1);
  expect(world.importedIds()).toEqual([sound]);
  expect(readdirSync(join(world.out, "skills"))).toEqual(["sound"]);
  expect(existsSync(join(world.folder, "bb"))).toBe(false);
});

test("a content that cannot be written where it belongs is left out with the reason, and the others are imported", async () => {
  const { id } = world.api.files.create({ filename: "glossary.md", content: "x", downloadable: true });
  mkdirSync(world.out, { recursive: true });
  writeFileSync(join(world.out, "skills"), "mine");
  const { status, stderr } = await world.into("--all");
  expect(stderr).toMatch(
    new RegExp(`^Skipped: ${sound} "sound"\n {2}.* cannot be written: .*\\((EEXIST|ENOTDIR)\\)\n$`),
  );
  expect(status).toBe(1);
  expect(world.importedIds()).toEqual([id]);
  expect(readFileSync(join(world.out, "skills"), "utf8")).toBe("mine");
});

test.each(["ENOSPC", "EDQUOT", "EROFS"] as const)("%s ends the command, which then leaves no content", async (code) => {
  world.api.skills.create({ name: "second" });
  const errno = -constants.errno[code];
  jest.spyOn(fs, "writeFileSync").mockImplementation(() => {
    throw Object.assign(new Error("full"), { errno });
  });
  const { status, stderr } = await world.into("--all");
  jest.mocked(fs.writeFileSync).mockRestore();
  const reason = `SKILL.md cannot be written: .*\\(${code}\\)\\. Neither file was written\n$`;
  expect(stderr).toMatch(new RegExp(`^pulumi-qoder import failed: .*${reason}`));
  expect(status).toBe(1);
  expect(existsSync(join(world.out, "skills"))).toBe(false);
});

test("a system that changes the names of files leaves out the skill whose files it would lose", async () => {
  const { id } = world.api.skills.create({ name: "odd", archive: packed(file("a:b", "x")) });
  const write = fs.writeFileSync;
  // NTFS writes to a stream of the file before the colon.
  jest
    .spyOn(fs, "writeFileSync")
    .mockImplementation((path, ...more) => write(typeof path === "string" ? path.replace(/:.*/, "") : path, ...more));
  const { stderr } = await world.into("--all");
  expect(stderr).toBe(`Skipped: ${id} "odd"\n  this system does not keep the name "a:b"\n`);
  expect(world.importedIds()).toEqual([sound]);
});

test("a skill without versions is left out with the reason", async () => {
  const { id, latest_version: version } = world.api.skills.create({ name: "empty" });
  world.api.skills.removeVersion(id, String(version));
  expect((await world.into("--all")).stderr).toBe(
    `Skipped: ${id} "empty"\n  all of its versions were deleted, so there are no files to import\n`,
  );
});

test("a file whose content the service refuses stays named by its id, and a binary file is left out", async () => {
  world.api.switches.fileContentOfUploads = 403;
  const kept = world.api.files.create({ filename: "glossary.md" }).id;
  const picture = world.api.files.create({ filename: "a.png", content: "a\0b", downloadable: true }).id;
  const open = world.api.files.create({ filename: "open.md", content: "open", downloadable: true }).id;
  const resources = [kept, open].map((file_id, index) => ({ type: "file", file_id, mount_path: `/${index}` }));
  const deployment = world.create("nightly", { resources });
  const { status, stderr } = await world.into(sound, kept, picture, open, deployment);
  expect(stderr).toContain(
    `Skipped: ${kept} "glossary.md"\n  the service does not give its content back (GET /files/${kept}/content was answered with 403`,
  );
  expect(stderr).toContain(`declare a QoderFile with its source and adopt: "${kept}"`);
  expect(stderr).toContain(`Skipped: ${picture} "a.png"\n  its content has a NUL byte; the API takes text alone\n`);
  expect(status).toBe(1);
  expect(world.line()).toContain(`{ type: "file", fileId: "${kept}", mountPath: "/0" }`);
  expect(world.line()).toContain('{ type: "file", fileId: openMd.id, mountPath: "/1" }');
  expect(readdirSync(join(world.out, "files"))).toEqual(["open.md"]);
});

test("a link to a content that is not https is not opened, and its signature is not printed", async () => {
  const { id } = world.api.files.create({ filename: "glossary.md" });
  const transform = () => ({ url: "http://files.example.com/contents/x?signature=s3cr3t" });
  expect(await world.into(id)).toMatchObject({ status: 0 });
  world.api.fault({ kind: "replace-body", method: "GET", path: `/files/${id}/content`, transform });
  const { stderr } = await world.into(id, "--force");
  expect(stderr).toContain(
    `GET /files/${id}/content was answered with a link to http://files.example.com, which is not https; it was not opened`,
  );
  expect(stderr).not.toContain("s3cr3t");
});

test("after a lost connection the command downloads nothing more and leaves out what it has not downloaded", async () => {
  const { id, latest_version: version } = world.api.skills.create({ name: "later" });
  const path = `/skills/${sound}/versions/${world.api.skills.versions(sound)[0]?.version}/content`;
  world.api.fault({ kind: "reset-before", method: "GET", path, times: 40 });
  const environment = world.create("cloud", {}, "environment");
  const { stderr } = await world.into("--all");
  expect(stderr).toContain(`Skipped: ${sound} "sound"\n  GET ${path} got no answer`);
  expect(stderr).toContain(`Skipped: ${id} "later"\n  GET ${path} got no answer`);
  expect(world.requests).not.toContain(`GET /skills/${id}/versions/${version}/content`);
  expect(world.importedIds()).toEqual([environment]);
  expect(readFileSync(join(world.out, "import.json"), "utf8")).not.toContain("skill_");
});
