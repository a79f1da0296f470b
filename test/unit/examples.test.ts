import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { satisfies } from "semver";
import { z } from "zod";
import { commandsOf } from "../support/readme-commands";

const repository = resolve(__dirname, "..", "..");
const examples = join(repository, "examples");
const folders = readdirSync(examples, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

const textOf = (...path: string[]) => readFileSync(join(examples, ...path), "utf8");
const packageSchema = z.object({
  name: z.string(),
  version: z.string().optional(),
  private: z.boolean().optional(),
  main: z.string().optional(),
  dependencies: z.record(z.string(), z.string()),
  devDependencies: z.record(z.string(), z.string()).default({}),
});
const packageOf = (...path: string[]) =>
  packageSchema.parse(JSON.parse(readFileSync(join(...path, "package.json"), "utf8")));

/** The example that is the project of the repository. */
const inRoot = "daily-report";
/** A program that calls the Automation API names its project in its code. */
const projectFiles: Readonly<Record<string, string>> = {
  "automation-api": "package.json",
  "policy-pack": "PulumiPolicy.yaml",
};
const inOtherLanguages = ["yaml", "python"];
const projects = folders.filter((name) => name !== inRoot && !inOtherLanguages.includes(name));

test.each(folders)(
  "the README of examples/%s has a title, commands and an expected result in at most 16 lines",
  (name) => {
    const readme = textOf(name, "README.md").trimEnd();
    expect(readme.split("\n").length).toBeLessThanOrEqual(16);
    expect(readme).toMatch(/^# \S/);
    expect(readme).toMatch(/\n\nYou see /);
    expect(commandsOf(readme)).toMatch(/(^|&& )(pulumi|npm) (up|preview|test|start)/m);
    const packed = `pulumi-qoder-${packageOf(repository).version}.tgz`;
    expect(new Set(readme.match(/pulumi-qoder-\d\S+?\.tgz/g))).toEqual(new Set(name === inRoot ? [] : [packed]));
  },
);

test("the README of the examples lists each folder, and no others", () => {
  const listed = [...textOf("README.md").matchAll(/^\| \[[\w-]+\]\(([\w-]+)\) \|/gm)].map(([, name]) => name);
  expect(listed.sort()).toEqual(folders.sort());
});

test.each(projects)(
  "examples/%s is a separate project whose dependencies match the versions in this repository",
  (name) => {
    const { [name]: projectFile = "Pulumi.yaml" } = projectFiles;
    expect(existsSync(join(examples, name, projectFile))).toBe(true);
    expect(textOf(name, "tsconfig.json")).toBe(textOf("template", "tsconfig.json"));
    const { private: isPrivate, main, dependencies, devDependencies } = packageOf(examples, name);
    expect({ isPrivate, main }).toEqual({ isPrivate: true, main: "index.ts" });
    for (const [dependency, range] of Object.entries({ ...dependencies, ...devDependencies })) {
      const own: Readonly<Record<string, string>> = { "pulumi-qoder": ".", "pulumi-qoder-stand-in": "stand-in" };
      const folder = join(repository, own[dependency] ?? join("node_modules", dependency));
      const manifest: unknown = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
      const { version } = z.object({ version: z.string() }).parse(manifest);
      const isVendored = range === `file:vendor/${dependency}-${version}.tgz`;
      expect([dependency, range, isVendored || satisfies(version, range)]).toEqual([dependency, range, true]);
    }
  },
);

test.each(projects)("the package.json of examples/%s has each imported package", (name) => {
  const sources = readdirSync(join(examples, name)).filter((file) => file.endsWith(".ts"));
  const imported = sources.flatMap((file) =>
    [...textOf(name, file).matchAll(/ from "([^"]+)"/g)].map(([, from = ""]) => from),
  );
  const packages = imported.filter((from) => !from.startsWith(".") && !from.startsWith("node:"));
  const names = packages.map((from) => /^(@[^/]+\/)?[^/]+/.exec(from)?.[0] ?? from);
  const { dependencies } = packageOf(examples, name);
  expect(names.filter((imported) => !(imported in dependencies))).toEqual([]);
});

test.each(inOtherLanguages)("Pulumi.yaml of examples/%s names the plugin in the package", (name) => {
  expect(textOf(name, "Pulumi.yaml")).toMatch(/^ {4}- name: qoder\n {6}path: node_modules\/pulumi-qoder\/plugin$/m);
});

test.each(["..", ...folders].filter((name) => existsSync(join(examples, name, "Pulumi.yaml"))))(
  "the project of examples/%s prints an error at once, also with a Node.js that does not end at frames of the SDK",
  (name) => {
    const project = textOf(name, "Pulumi.yaml");
    expect(
      /^runtime: *(yaml|\n {2}name: python)$/m.test(project) || /^ {4}nodeargs: --stack-trace-limit=0$/m.test(project),
    ).toBe(true);
  },
);

test.each(projects.filter((name) => name !== "policy-pack"))(
  "examples/%s checks at its top every setting that it requires",
  (name) => {
    const program = textOf(name, "index.ts");
    const required = [...program.matchAll(/\.require(Secret)?(?:Boolean|Number|Object)?\(["`]([^"`]+)["`]/g)];
    const [check = ""] = /^(?:import [^;]*;\n+)*requireSettings\(.*\);\n/.exec(program) ?? [];
    const checked = [...check.matchAll(/(plain|secret): \[([^\]]*)\]/g)].flatMap(([, how, names = ""]) =>
      [...names.matchAll(/"([^"]+)"/g)].map(([, one]) => `${how} ${one}`),
    );
    const accounts = ["staging", "production"];
    const wanted = required.flatMap(([, secret, setting = ""]) =>
      accounts.map((account) => `${secret ? "secret" : "plain"} ${setting.replace(/\$\{account\}/, account)}`),
    );
    expect(checked.sort()).toEqual([...new Set(wanted)].sort());
  },
);

test("the template of `pulumi new` declares the token as a secret", () => {
  const template = /^ {4}qoder:pat:\n(?: {6}.*\n)* {6}secret: true$/m;
  expect(textOf("template", "Pulumi.yaml")).toMatch(template);
});
