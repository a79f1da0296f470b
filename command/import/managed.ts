import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { parseJson } from "../../provider/api/parse-json";
import { kindOfType } from "../../provider/kinds/table";
import { attempt, textIn } from "../files";
import type { ManagedResource } from "../stack";
import { neither } from "./content-folder";

/** An object that a resource manages already. */
export interface Managed extends ManagedResource {
  /** Where the resource is, in words: `the stack`. */
  readonly where: string;
}

const importedResource = z.looseObject({
  type: z.string(),
  name: z.string(),
  id: z.string(),
  inputs: z.looseObject({ __origin: z.string() }),
  outputs: z.record(z.string(), z.unknown()).default({}),
});
const importFile = z.looseObject({ resources: z.array(z.unknown()) });

/**
 * The objects in the import files that this command wrote into the folder. It reads no file below the folder, where downloaded
 * contents are, and no program: only the state tells what a program manages.
 */
export function importedInto(folder: string): Managed[] {
  return filesIn(folder, /^import(-\d+)?\.json$/).flatMap((where) => {
    const { resources = [] } = importFile.safeParse(parseJson(textIn(join(folder, where))).value).data ?? {};
    return resources.flatMap((resource) => {
      const read = importedResource.safeParse(resource).data;
      const kind = kindOfType(read?.type ?? "");
      // Other tools write files of this name too (`pulumi preview --import-file`).
      return read !== undefined && kind !== undefined && read.inputs.__origin.startsWith(originOf(read.id))
        ? [{ id: read.id, kind, resourceName: read.name, outputs: read.outputs, where }]
        : [];
    });
  });
}

/** The names of the files that this command may have written into the folder: it writes no symbolic link, and follows none. */
export function filesIn(folder: string, name: RegExp): string[] {
  const entries = existsSync(folder)
    ? attempt(`${folder} cannot be read`, () => readdirSync(folder, { withFileTypes: true }), neither)
    : [];
  return entries.flatMap((entry) => (entry.isFile() && name.test(entry.name) ? entry.name : []));
}

/** The beginning of `__origin` in an import file, which only this command writes. */
export const originOf = (id: string) => `imported::${id}::`;
