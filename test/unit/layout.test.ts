import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { largest, smallest } from "../../provider/api/extremes";
import { importedBy } from "../../tools/documents/folder-imports";
import { filesBelow } from "../../tools/mutants/test-files";

const repository = resolve(__dirname, "..", "..");

const foldersOf = (folder: string) =>
  readdirSync(join(repository, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);

test.each(["provider", "command", "test", "tools"])(
  "the layout in CONTRIBUTING.md has a line for each folder of %s, and no other lines",
  (folder) => {
    const contributing = readFileSync(join(repository, "CONTRIBUTING.md"), "utf8");
    const [, tree = ""] = /## Layout\n\n```\n([\s\S]*?)```/.exec(contributing) ?? [];
    const [, lines = ""] = new RegExp(`^${folder}/.*\n((?: .*\n)*)`, "m").exec(tree) ?? [];
    const named = [...lines.matchAll(/^ {2}([\w-]+)\/ +\S/gm)].map(([, name]) => name);
    expect(named.sort()).toEqual(foldersOf(folder).sort());
  },
);

/** What the files of the folder import that this expression matches. */
function importsIn(folder: string, pattern: RegExp): RegExpExecArray[] {
  return filesBelow(folder, ".ts").flatMap((name) => [...textOf(name).matchAll(pattern)]);
}

// With these limits a reader needs no other kinds, the API's client needs no Pulumi, and a program loads no code of the provider.
test.each([
  ["kinds", []],
  ["program", ["kinds"]],
  ["api", []],
  ["account", ["api"]],
  ["resource", ["account", "api", "kinds"]],
  ["look-up", ["account", "api", "program", "resource"]],
  ["schedule", ["api", "program", "resource"]],
])("the folder %s of the package imports only from %j", (folder, allowed) => {
  expect(importedBy(folder)).toEqual(allowed);
});

// The order of these folders in CONTRIBUTING.md. A decision about a value thus never calls the code that asked for it.
test("in resource/, a folder imports only from the folders before it", () => {
  const { rooms, back } = backwardImports();
  expect(rooms.sort()).toEqual(foldersOf("provider/resource").sort());
  expect(back).toEqual([]);
});

function backwardImports(): { readonly rooms: string[]; readonly back: string[] } {
  const [, lines = ""] = /^ {2}resource\/.*\n((?: {4}.*\n)*)/m.exec(textOf("CONTRIBUTING.md")) ?? [];
  const rooms = [...lines.matchAll(/^ {4}(\w+)\/ /gm)].map(([, name = ""]) => name);
  const roomOf = (file: string) => rooms.indexOf(relative("provider/resource", file).split("/")[0] ?? "");
  const back = [...importsOfFiles(["provider/resource"])].flatMap(([file, imported]) => {
    const from = relative(repository, file);
    const others = imported
      .map((one) => relative(repository, one))
      .filter((one) => one.startsWith("provider/resource/"));
    // provider.ts is in no folder and imports from each.
    return others
      .filter((one) => roomOf(from) !== -1 && !(roomOf(one) >= 0 && roomOf(one) <= roomOf(from)))
      .map((one) => `${from} -> ${one}`);
  });
  return { rooms, back };
}

test("no arrow leads from the package to the commands and the probe, nor from the commands to the probe", () => {
  expect(importsIn("provider", /"(?:\.\.\/)+(?:command|tools)\//g)).toEqual([]);
  expect(importsIn("command", /"(?:\.\.\/)+tools\//g)).toEqual([]);
});

/** The imports of each file in these folders, types included, also those of functions that load at their call. */
function importsOfFiles(folders: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const all = folders.flatMap((folder) => filesBelow(folder, ".ts")).map((name) => join(repository, name));
  const imported = (file: string) =>
    [...readFileSync(file, "utf8").matchAll(/(?:\bfrom |\bimport |\bimport\(|\brequire\()"(\.[^"]*)"/g)].flatMap(
      ([, path = ""]) =>
        [`${resolve(dirname(file), path)}.ts`, resolve(dirname(file), path, "index.ts")].filter(existsSync),
    );
  return new Map(all.map((file) => [file, imported(file)]));
}

const code = (text: string) => text.replaceAll(/^\s*(\/\/|\*|\/\*).*$/gm, "");

/** The files whose imports lead back to themselves. */
function circles(imports: ReadonlyMap<string, readonly string[]>): string[] {
  const reached = (file: string) => {
    const found = new Set(imports.get(file));
    // The loop also visits the members that it adds.
    for (const one of found) {
      for (const next of imports.get(one) ?? []) {
        found.add(next);
      }
    }
    return found;
  };
  return [...imports.keys()].filter((file) => reached(file).has(file)).map((file) => relative(repository, file));
}

test("no file imports itself through others, types included", () => {
  expect(circles(importsOfFiles(["provider", "command"]))).toEqual([]);
});

test("no file spreads the numbers of a list into the arguments of a call, which a long list would overflow", () => {
  const files = [...importsOfFiles(["provider", "command"]).keys()];
  // A day has 1,440 minutes, and a month 31 days.
  const foreign = files.filter((file) => !file.includes("/provider/schedule/"));
  expect(foreign.filter((file) => /Math\.(max|min)\([^\n)]*\.\.\./.test(code(readFileSync(file, "utf8"))))).toEqual([]);
  expect([largest(Array.from({ length: 300_000 }, (_, index) => index)), smallest([2, 1])]).toEqual([299_999, 1]);
});

test("the numbers of milliseconds of all waits, limits and windows are in one table", () => {
  const number = /^(?:export )?const \w+Ms = [\d_]+;/m;
  const files = [...importsOfFiles(["provider", "command"]).keys()].filter((file) =>
    number.test(readFileSync(file, "utf8")),
  );
  // These two define the units.
  expect(files.map((file) => relative(repository, file)).sort()).toEqual(["provider/api/clock.ts"]);
});

/** The rows of the first table with these headings. */
function tableIn(text: string, headings: string): string[][] {
  const [, rows = ""] = new RegExp(`^\\| ${headings} \\|\\n.*\\n((?:\\|.*\\n)*)`, "m").exec(text) ?? [];
  return [...rows.matchAll(/^\| (.*?) \| (.*) \|$/gm)].map(([, first = "", second = ""]) => [first, second]);
}

const textOf = (file: string) =>
  existsSync(join(repository, file)) ? readFileSync(join(repository, file), "utf8") : "";

test("test/README.md has the tests of each promise of the architecture, and names only files and folders that exist", () => {
  const promises = tableIn(textOf("CONTRIBUTING.md"), "promise \\| file");
  const page = textOf("test/README.md");
  expect(promises.length).toBeGreaterThan(0);
  expect(tableIn(page, "promise \\| tests").map(([promise]) => promise)).toEqual(promises.map(([promise]) => promise));
  const named = [...page.matchAll(/`((?:unit|plugin|engine|ci)\/[\w/-]+)`/g)].map(([, name = ""]) => name);
  const files = named.map((name) => `test/${name}${name.endsWith("/") ? "" : ".test.ts"}`);
  expect(files.filter((file) => !existsSync(join(repository, file)))).toEqual([]);
});
