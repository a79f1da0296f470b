import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ImportWorld } from "./import-world";

let world: ImportWorld;
beforeEach(async () => {
  world = await ImportWorld.start();
  world.create("daily", { environment_variables: "API_KEY=sk-1" });
});
afterEach(() => world.stop());

const names = ["deployments.ts", "import.json"] as const;
const file = (name: string) => join(world.out, name);
const mode = (name: string) => (lstatSync(file(name)).mode & 0o777).toString(8);
const all = (...more: string[]) => world.command("import", "--all", "--out", world.out, ...more);

test("both files, which hold environment variables, are for their owner alone", async () => {
  expect(await all()).toMatchObject({ status: 0 });
  expect(names.map(mode)).toEqual(["600", "600"]);
  expect(readdirSync(world.out).sort()).toEqual([...names]);
});

test("a file that all could read is for its owner alone when it was replaced", async () => {
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
  "a symbolic link in the place of %s is refused, and with --force replaced, never followed",
  async (name) => {
    mkdirSync(world.out);
    const target = join(world.folder, "target");
    writeFileSync(target, "precious");
    symlinkSync(target, file(name));
    const refused = await all();
    expect(refused.status).toBe(1);
    expect(refused.stderr).toContain(`${file(name)} would be replaced`);
    expect(await all("--force")).toMatchObject({ status: 0 });
    expect(readFileSync(target, "utf8")).toBe("precious");
    expect(lstatSync(file(name)).isSymbolicLink()).toBe(false);
    expect(names.map(mode)).toEqual(["600", "600"]);
  },
);

test("a symbolic link that leads nowhere makes no file there, and is refused before anything is read", async () => {
  mkdirSync(world.out);
  const target = join(world.folder, "target");
  symlinkSync(target, file("import.json"));
  const { stderr } = await all();
  expect(stderr).toContain(`${file("import.json")} would be replaced`);
  expect(world.api.requests).toEqual([]);
  await all("--force");
  expect(existsSync(target)).toBe(false);
});

test("the folder may be a symbolic link", async () => {
  mkdirSync(join(world.folder, "real"));
  symlinkSync(join(world.folder, "real"), world.out);
  expect(await all()).toMatchObject({ status: 0 });
  expect(readdirSync(join(world.folder, "real")).sort()).toEqual([...names]);
});

test("where a file cannot be replaced, nothing is left beside it", async () => {
  mkdirSync(join(world.out, "deployments.ts", "inner"), { recursive: true });
  const { status, stderr } = await all("--force");
  expect(status).toBe(1);
  expect(stderr).toMatch(/^pulumi-qoder import failed: .*deployments\.ts/);
  expect(readdirSync(world.out)).toEqual(["deployments.ts"]);
});

const esModule = JSON.stringify({ type: "module" });
test.each<[string, Readonly<Record<string, string>>, string]>([
  ["no package.json", {}, '"./deployments"'],
  ["a package.json of ES modules in the folder", { "infra/package.json": esModule }, '"./deployments.js"'],
  ["a package.json of ES modules in a parent", { "package.json": esModule }, '"./deployments.js"'],
  [
    "a package.json without a type nearer than that",
    { "package.json": esModule, "infra/package.json": "{}" },
    '"./deployments"',
  ],
  ["a package.json of CommonJS", { "package.json": JSON.stringify({ type: "commonjs" }) }, '"./deployments"'],
  ["a package.json that cannot be read", { "package.json": "{" }, '"./deployments"'],
])("with %s the line for the program is one that the project can load", async (_, files, path) => {
  mkdirSync(world.out);
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(world.folder, name), text);
  }
  const { stdout } = await all();
  expect(stdout).toContain(`add this line to the program:  import ${path};\n`);
});

test.each([
  ["above the folder, by its name", ".", '"./infra/deployments"'],
  ["in the folder", "infra", '"./deployments"'],
  ["elsewhere, as if the project were the folder", "other", '"./deployments"'],
])("run %s, the line for the program is one that the project can load", async (_, project, path) => {
  const cwd = jest.spyOn(process, "cwd").mockReturnValue(join(world.folder, project));
  try {
    expect((await all()).stdout).toContain(`add this line to the program:  import ${path};\n`);
  } finally {
    cwd.mockRestore();
  }
});
