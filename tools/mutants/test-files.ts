import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

export const repository = join(__dirname, "..", "..");

export function filesBelow(folder: string, ending: string): readonly string[] {
  return readdirSync(join(repository, folder), { recursive: true, encoding: "utf8" })
    .map((name) => `${folder}/${name.replaceAll("\\", "/")}`)
    .filter((name) => name.endsWith(ending))
    .sort();
}

/** The files whose tests run without the CLI, if their path has one of these words. */
export function testFiles(words: readonly string[]): readonly string[] {
  const all = ["test/unit", "test/plugin"].flatMap((folder) => filesBelow(folder, ".test.ts"));
  return words.length === 0 ? all : all.filter((file) => words.some((word) => file.includes(word)));
}

const known = new Map<string, readonly string[]>();

/** The files that this file loads itself, by their whole paths. */
function loadedBy(file: string): readonly string[] {
  const found = known.get(file);
  if (found) return found;
  const imports =
    /^(?:import|export) (?!type ).*?from "(\.[^"]*)"|^\} from "(\.[^"]*)"|(?:require|import)\("(\.[^"]*)"\)/gm;
  const loaded = [...readFileSync(file, "utf8").matchAll(imports)].flatMap(([, ...paths]) => {
    const path = resolve(dirname(file), paths.find((one) => one !== undefined) ?? "");
    return [`${path}.ts`, join(path, "index.ts")].filter(existsSync);
  });
  known.set(file, loaded);
  return loaded;
}

/** All that a test file loads, through others too. */
export function reachedBy(file: string): ReadonlySet<string> {
  const found = new Set([join(repository, file)]);
  // The loop also visits the members that it adds.
  for (const one of found) {
    for (const next of loadedBy(one)) found.add(next);
  }
  return found;
}
