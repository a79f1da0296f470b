import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const dist = join(__dirname, "..", "..", "dist");

/** Every module that the declarations of a file import, through all that belong to this package. */
function importedBy(file: string, seen = new Set<string>()): Set<string> {
  for (const [, module = ""] of readFileSync(file, "utf8").matchAll(/(?:from|import\()\s*"([^"]+)"/g)) {
    const next = join(dirname(file), `${module}.d.ts`);
    if (!module.startsWith(".")) {
      seen.add(module);
    } else if (!seen.has(next) && existsSync(next)) {
      importedBy(next, seen.add(next));
    }
  }
  return seen;
}

// Pulumi's own templates check the declarations of libraries, with settings under which those of zod do not compile.
test("the types that a program sees need no package but Pulumi's", () => {
  const modules = [...importedBy(join(dist, "index.d.ts"))].filter((module) => !module.startsWith(dist));
  expect(modules).toEqual(["@pulumi/pulumi"]);
});

test("the constructor shows no form that is for get alone", () => {
  expect(readFileSync(join(dist, "deployment", "index.d.ts"), "utf8").match(/constructor\(.*\)/g)).toHaveLength(1);
});
