import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { z } from "zod";
import { parseJson } from "../../api/foreign-text";

const packageSchema = z.looseObject({ type: z.literal("module") });

/** Whether files in this folder are ES modules: the nearest package.json says it ("Node.js: Packages", `type`). */
export function holdsEsModules(folder: string): boolean {
  const file = join(folder, "package.json");
  if (existsSync(file)) {
    return packageSchema.safeParse(parseJson(readFileSync(file, "utf8")).value).success;
  }
  const parent = dirname(resolve(folder));
  return parent !== resolve(folder) && holdsEsModules(parent);
}
