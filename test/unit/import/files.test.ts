import fs, { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { leastPulumi } from "../../../command/import/texts";
import { useImportWorld } from "./import-world";

const world = useImportWorld();

let id: string;
beforeEach(() => {
  id = world.create("daily", { environment_variables: "API_KEY=sk-1" });
});

const names = ["qoder.ts", "import.json"] as const;
const file = (name: string) => world.here(name);
const mode = (name: string) => (lstatSync(file(name)).mode & 0o777).toString(8);
const all = (...more: string[]) => world.into("--all", ...more);

test("with --out the command writes both files and prints the next commands", async () => {
  const id = world.create("daily", { resources: [{ type: "github_repository", url: "https://github.com/acme/shop" }] });
  const stdout = `Wrote 1 deployment to OUT/qoder.ts and OUT/import.json. Nothing was changed at Qoder.
OUT/qoder.ts has one member a line: run your formatter.

Next, in the folder of the Pulumi project, with Pulumi ${leastPulumi} or later:
  1. add this line to the program:  import "./qoder";
  2. pulumi import --file OUT/import.json --generate-code=false --protect=false --yes
  3. pulumi preview --expect-no-changes
  4. set the secret that the API does not give back (authorizationToken), at the comments in the program, and run \`pulumi up\`
  5. label each object with its owner, with one request each: pulumi config set --path qoder:defaultMetadata.owner PROJECT/STACK, and pulumi up
`;
  expect(await world.into(id)).toEqual({ status: 0, stdout: stdout.replaceAll("OUT", world.out), stderr: "" });
  expect(world.program()).toContain('new QoderDeployment("daily"');
  expect(world.importedIds()).toEqual([id]);
});

test("the command replaces existing files with --force only", async () => {
  await world.into(id);
  writeFileSync(join(world.out, "qoder.ts"), "// edited by hand");
  const stderr =
    "Left out 1 object that the stack or an import file has already\nNothing is new. No file was written\n";
  expect(await world.into(id)).toEqual({ status: 0, stdout: "", stderr });
  expect(world.program()).toBe("// edited by hand");
  expect(await world.into(id, "--force")).toMatchObject({ status: 0 });
  expect(world.program()).toContain('new QoderDeployment("daily"');
});

test.each([false, true])(
  "only the owner can read the two files, which may contain environment variables; one is there that all could read: %s",
  async (isThere) => {
    if (isThere) {
      mkdirSync(world.out);
      names.map((name) => writeFileSync(file(name), "old", { mode: 0o644 }));
    }
    expect(await all("--force")).toMatchObject({ status: 0 });
    expect(names.map(mode)).toEqual(["600", "600"]);
    expect(world.program()).toContain("sk-1");
    expect(readdirSync(world.out).sort()).toEqual([...names].sort());
  },
);

test.each([
  ["qoder.ts", "precious"],
  ["qoder.ts", undefined],
  ["import.json", "precious"],
  ["import.json", undefined],
])(
  "a symbolic link in the place of %s stays, is replaced with --force, and its target (%s) is never written",
  async (name, held) => {
    mkdirSync(world.out);
    const target = join(world.folder, "target");
    if (held !== undefined) writeFileSync(target, held);
    symlinkSync(target, file(name));
    expect(await all()).toMatchObject({ status: 0 });
    expect(lstatSync(file(name)).isSymbolicLink()).toBe(true);
    expect(readdirSync(world.out).sort()).toEqual([name, "qoder-2.ts", "import-2.json"].sort());
    expect(await all("--force")).toMatchObject({ status: 0 });
    expect(existsSync(target) ? readFileSync(target, "utf8") : undefined).toBe(held);
    expect(lstatSync(file(name)).isSymbolicLink()).toBe(false);
    expect(names.map(mode)).toEqual(["600", "600"]);
  },
);

test("a folder that is a symbolic link is followed", async () => {
  mkdirSync(join(world.folder, "real"));
  symlinkSync(join(world.folder, "real"), world.out);
  expect(await all()).toMatchObject({ status: 0 });
  expect(readdirSync(join(world.folder, "real")).sort()).toEqual([...names].sort());
});

test.each([
  ["qoder.ts", "cannot be replaced: illegal operation on a directory (EISDIR). Neither file was written", 1],
  ["import.json", "cannot be replaced: illegal operation on a directory (EISDIR). FOLDER/qoder.ts was replaced", 2],
])("if %s cannot be replaced, the error says what was, and no temporary file is left", async (name, reason, left) => {
  mkdirSync(join(world.out, name, "inner"), { recursive: true });
  const { status, stderr } = await all("--force");
  expect(stderr.replaceAll(world.out, "FOLDER")).toBe(`pulumi-qoder import failed: FOLDER/${name} ${reason}\n`);
  expect([status, readdirSync(world.out).sort()]).toEqual([1, names.slice(0, left).sort()]);
});

const esModule = JSON.stringify({ type: "module" });
test.each<[string, string, Readonly<Record<string, string>>, string]>([
  ["with no package.json", "infra", {}, "./qoder"],
  ["with a package.json of ES modules in the folder", "infra", { "infra/package.json": esModule }, "./qoder.js"],
  ["with a package.json of ES modules in a parent", "infra", { "package.json": esModule }, "./qoder.js"],
  ["with a nearer one of no type", "infra", { "package.json": esModule, "infra/package.json": "{}" }, "./qoder"],
  ["with one that cannot be read", "infra", { "package.json": "{" }, "./qoder"],
  ["in the folder above", ".", {}, "./infra/qoder"],
  ["elsewhere, as if run in the folder", "other", {}, "./qoder"],
])("the printed import line loads in a project %s", async (_, project, files, path) => {
  jest.spyOn(process, "cwd").mockReturnValue(join(world.folder, project));
  mkdirSync(world.out);
  Object.entries(files).map(([name, text]) => writeFileSync(join(world.folder, name), text));
  expect((await all()).stdout).toContain(`add this line to the program:  import "${path}";\n`);
});

/** The write at this position writes only a part and throws, as on a full disk. */
function fillsUpAt(position: number): void {
  const write = fs.writeFileSync;
  let writes = 0;
  jest.spyOn(fs, "writeFileSync").mockImplementation((file, data, options) => {
    const isFull = writes === position;
    writes += 1;
    write(file, isFull ? String(data).slice(0, 100) : data, options);
    if (isFull) {
      throw Object.assign(new Error("ENOSPC: no space left on device, write"), { errno: -constants.errno.ENOSPC });
    }
  });
}

test.each([0, 1])(
  "a full disk during the write of file %i leaves no new file and the old ones as they were, and one sentence says so",
  async (position) => {
    fillsUpAt(position);
    const stderr = `pulumi-qoder import failed: ${file(names[position] ?? "")} cannot be written: no space left on device (ENOSPC). Neither file was written\n`;
    expect(await all()).toEqual({ status: 1, stdout: "", stderr });
    expect(readdirSync(world.out)).toEqual([]);
    names.map((name) => writeFileSync(file(name), "old"));
    jest.mocked(fs.writeFileSync).mockRestore();
    fillsUpAt(position);
    expect(await all("--force")).toMatchObject({ status: 1, stdout: "" });
    expect(names.map(world.textOf, world)).toEqual(["old", "old"]);
    expect(readdirSync(world.out).sort()).toEqual([...names].sort());
  },
);

const notMade = "the folder /proc/infra cannot be made: no such file or directory (ENOENT). Neither file was written";
const notWritten = "FOLDER/deep/qoder.ts cannot be written: not a directory (ENOTDIR). Neither file was written";

test.each([
  ["/proc/infra/deep", `Skipped: ID "review"\n  ${notMade}\npulumi-qoder import failed: ${notMade}\n`],
  ["FOLDER/deep", `pulumi-qoder import failed: ${notWritten}\n`],
])(
  "the folder %s, which cannot be made or whose place a file has, is reported in one sentence",
  async (out, stderr) => {
    writeFileSync(world.out, "a file");
    const { id } = world.api.skills.create({ name: "review" });
    const make = fs.mkdirSync;
    jest.spyOn(fs, "mkdirSync").mockImplementation((path, options) => {
      const isDeep = String(path).startsWith("/proc/infra/");
      // Below /proc the option `recursive` never returns.
      return isDeep ? undefined : make(path, options);
    });
    const ended = await world.printed("--all", "--out", out.replace("FOLDER", world.out));
    const named = stderr.replaceAll("FOLDER", world.out).replaceAll("ID", id);
    expect(ended).toEqual({ status: 1, stdout: "", stderr: named });
  },
);
