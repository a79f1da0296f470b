import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const repository = resolve(__dirname, "..", "..");

const foldersOf = (folder: string) =>
  readdirSync(join(repository, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);

test.each(["provider", "test"])(
  "the layout in CONTRIBUTING.md has a line for each folder of %s, and no other lines",
  (folder) => {
    const contributing = readFileSync(join(repository, "CONTRIBUTING.md"), "utf8");
    const [, tree = ""] = /## Layout\n\n```\n([\s\S]*?)```/.exec(contributing) ?? [];
    const [, lines = ""] = new RegExp(`^${folder}/.*\n((?: .*\n)*)`, "m").exec(tree) ?? [];
    const named = [...lines.matchAll(/^ {2}([\w-]+)\/ +\S/gm)].map(([, name]) => name);
    expect(named.sort()).toEqual(foldersOf(folder).sort());
  },
);

/** The other folders of the package from which this folder imports. */
function importedBy(folder: string): string[] {
  const files = readdirSync(join(repository, "provider", folder), { recursive: true, encoding: "utf8" });
  const imported = files
    .filter((name) => name.endsWith(".ts"))
    .flatMap((name) => [
      ...readFileSync(join(repository, "provider", folder, name), "utf8").matchAll(
        /(?:from |require\(|import\()"(?:\.\.\/)+([\w-]+)\//g,
      ),
    ]);
  const folders = new Set(imported.map(([, name = ""]) => name).filter((name) => foldersOf("provider").includes(name)));
  return [...folders].sort();
}

// With these limits a reader needs no other kinds, the API's client needs no Pulumi, and a program loads no code of the provider.
test.each([
  ["kinds", []],
  ["program", ["kinds"]],
  ["api", []],
  ["account", ["api"]],
  ["resource", ["account", "api", "kinds"]],
  ["look-up", ["account", "api", "program", "resource"]],
  ["schedule", ["program", "resource"]],
])("the folder %s of the package imports only from %j", (folder, allowed) => {
  expect(importedBy(folder)).toEqual(allowed);
});
