import fs, { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { useImportWorld } from "./import-world";

const world = useImportWorld();

let id: string;
beforeEach(() => {
  id = world.create("daily", { environment_variables: "API_KEY=sk-1" });
});

const names = ["deployments.ts", "import.json"] as const;
const file = (name: string) => join(world.out, name);
const mode = (name: string) => (lstatSync(file(name)).mode & 0o777).toString(8);
const all = (...more: string[]) => world.into("--all", ...more);

test("without --out the command prints both texts, and names the option that writes files", async () => {
  const { status, stdout, stderr } = await world.printed(id);
  expect(status).toBe(0);
  expect(stdout).toContain('new QoderDeployment("daily"');
  expect(stdout).toContain(`"id": "${id}"`);
  expect(stderr).toBe("Printed 1 deployment. Add --out FOLDER to have the two files written\n");
});

test("with --out the command writes both files and prints the next commands", async () => {
  const id = world.create("daily", { resources: [{ type: "github_repository", url: "https://github.com/acme/shop" }] });
  const { status, stdout, stderr } = await world.into(id);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(stdout).toContain(`pulumi import --file ${world.out}/import.json --generate-code=false --protect=false --yes`);
  expect(stdout).toContain("pulumi preview --expect-no-changes");
  expect(stdout).toContain("set the secret that the API does not give back (authorizationToken)");
  expect(world.program()).toContain('new QoderDeployment("daily"');
  expect(world.importedIds()).toEqual([id]);
});

test("the command replaces existing files with --force only", async () => {
  await world.into(id);
  writeFileSync(join(world.out, "deployments.ts"), "// edited by hand");
  const { status, stdout, stderr } = await world.into(id);
  expect({ status, stdout, stderr }).toEqual({
    status: 0,
    stdout: "",
    stderr: "Left out 1 object that the stack or an import file has already\nNothing is new. No file was written\n",
  });
  expect(world.program()).toBe("// edited by hand");
  expect(await world.into(id, "--force")).toMatchObject({ status: 0 });
  expect(world.program()).toContain('new QoderDeployment("daily"');
});

test("only the owner can read the two files, which may contain environment variables", async () => {
  expect(await all()).toMatchObject({ status: 0 });
  expect(names.map(mode)).toEqual(["600", "600"]);
  expect(readdirSync(world.out).sort()).toEqual([...names]);
});

test("a replaced file that all could read is then readable by its owner only", async () => {
  mkdirSync(world.out);
  for (const name of names) {
    writeFileSync(file(name), "old", { mode: 0o644 });
  }
  expect(await all("--force")).toMatchObject({ status: 0 });
  expect(names.map(mode)).toEqual(["600", "600"]);
  expect(world.program()).toContain("sk-1");
  expect(readdirSync(world.out).sort()).toEqual([...names]);
});

test.each(names)(
  "a symbolic link in the place of %s stays, is replaced with --force, and is never followed",
  async (name) => {
    mkdirSync(world.out);
    const target = join(world.folder, "target");
    writeFileSync(target, "precious");
    symlinkSync(target, file(name));
    expect(await all()).toMatchObject({ status: 0 });
    expect(lstatSync(file(name)).isSymbolicLink()).toBe(true);
    expect(readdirSync(world.out).sort()).toEqual([name, "deployments-2.ts", "import-2.json"].sort());
    expect(await all("--force")).toMatchObject({ status: 0 });
    expect(readFileSync(target, "utf8")).toBe("precious");
    expect(lstatSync(file(name)).isSymbolicLink()).toBe(false);
    expect(names.map(mode)).toEqual(["600", "600"]);
  },
);

test("a broken symbolic link stays, and --force creates no file at its target", async () => {
  mkdirSync(world.out);
  const target = join(world.folder, "target");
  symlinkSync(target, file("import.json"));
  await all();
  expect(lstatSync(file("import.json")).isSymbolicLink()).toBe(true);
  await all("--force");
  expect(existsSync(target)).toBe(false);
});

test("a folder that is a symbolic link is followed", async () => {
  mkdirSync(join(world.folder, "real"));
  symlinkSync(join(world.folder, "real"), world.out);
  expect(await all()).toMatchObject({ status: 0 });
  expect(readdirSync(join(world.folder, "real")).sort()).toEqual([...names]);
});

test("if a file cannot be replaced, the command leaves no temporary file", async () => {
  mkdirSync(join(world.out, "deployments.ts", "inner"), { recursive: true });
  const { status, stderr } = await all("--force");
  expect(status).toBe(1);
  expect(stderr).toMatch(/^pulumi-qoder import failed: .*deployments\.ts/);
  expect(readdirSync(world.out)).toEqual(["deployments.ts"]);
});

test("if the second file cannot be replaced, the error says that the first file was", async () => {
  mkdirSync(join(world.out, "import.json", "inner"), { recursive: true });
  const { stderr } = await all("--force");
  expect(stderr).toBe(
    `pulumi-qoder import failed: ${file("import.json")} cannot be replaced: illegal operation on a directory (EISDIR). ${file("deployments.ts")} was replaced\n`,
  );
  expect(readdirSync(world.out).sort()).toEqual([...names]);
});

const esModule = JSON.stringify({ type: "module" });
test.each<[string, Readonly<Record<string, string>>, string]>([
  ["no package.json", {}, '"./deployments"'],
  ["a package.json of ES modules in the folder", { "infra/package.json": esModule }, '"./deployments.js"'],
  ["a package.json of ES modules in a parent", { "package.json": esModule }, '"./deployments.js"'],
  ["a nearer package.json without a type", { "package.json": esModule, "infra/package.json": "{}" }, '"./deployments"'],
  ["a package.json of CommonJS", { "package.json": JSON.stringify({ type: "commonjs" }) }, '"./deployments"'],
  ["a package.json that cannot be read", { "package.json": "{" }, '"./deployments"'],
])("the printed import line loads in a project with %s", async (_, files, path) => {
  mkdirSync(world.out);
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(world.folder, name), text);
  }
  const { stdout } = await all();
  expect(stdout).toContain(`add this line to the program:  import ${path};\n`);
});

test.each([
  ["in the folder above, with the folder's name", ".", '"./infra/deployments"'],
  ["in the folder itself", "infra", '"./deployments"'],
  ["elsewhere, as if run in the folder", "other", '"./deployments"'],
])("the printed import line is right for a command that is run %s", async (_, project, path) => {
  jest.spyOn(process, "cwd").mockReturnValue(join(world.folder, project));
  expect((await all()).stdout).toContain(`add this line to the program:  import ${path};\n`);
});

describe("a full disk", () => {
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

  test.each([0, 1])("during the write of file %i leaves no file, and one sentence says so", async (position) => {
    fillsUpAt(position);
    const { status, stdout, stderr } = await all();
    expect(stderr).toBe(
      `pulumi-qoder import failed: ${file(names[position] ?? "")} cannot be written: no space left on device (ENOSPC). Neither file was written\n`,
    );
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(readdirSync(world.out)).toEqual([]);
  });

  test.each([0, 1])(
    "during the write of file %i with --force leaves the existing files unchanged",
    async (position) => {
      mkdirSync(world.out);
      for (const name of names) {
        writeFileSync(file(name), "old");
      }
      fillsUpAt(position);
      expect(await all("--force")).toMatchObject({ status: 1, stdout: "" });
      expect(names.map((name) => readFileSync(file(name), "utf8"))).toEqual(["old", "old"]);
      expect(readdirSync(world.out).sort()).toEqual([...names]);
    },
  );
});

test("a folder that cannot be made is reported in one sentence", async () => {
  const { status, stdout, stderr } = await world.printed("--all", "--out", "/proc/infra/deep");
  expect(stderr).toBe(
    "pulumi-qoder import failed: the folder /proc/infra cannot be made: no such file or directory (ENOENT). Neither file was written\n",
  );
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
});

test("a file in the place of the folder is reported in one sentence", async () => {
  writeFileSync(world.out, "a file");
  const { stderr } = await world.printed("--all", "--out", join(world.out, "deep"));
  expect(stderr).toBe(
    `pulumi-qoder import failed: ${join(world.out, "deep", "deployments.ts")} cannot be written: not a directory (ENOTDIR). Neither file was written\n`,
  );
});
