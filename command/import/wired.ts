import { join } from "node:path";
import { parseJson } from "../../provider/api/parse-json";
import { textIn } from "../files";
import { filesIn, type Managed } from "./managed";

/** A constant of a program that this command wrote earlier, with the module that exports it. */
export interface Wired {
  readonly identifier: string;
  readonly module: string;
}

/** Written as the first words of each program; see `importHead`. */
const written = /^\/\/ Written by `npx pulumi-qoder import`/;
const declaration = /^export const ([A-Za-z_$][\w$]*) = new (\w+)\(\s*("(?:[^"\\\n]|\\.)*")/gm;

/**
 * The constants of these managed objects, by ids, as the earlier programs of this command in the folder export them. It reads no other
 * program: a person may have moved a declaration, and then the new program names the object by its id.
 */
export function wiredIn(folder: string, managed: readonly Managed[]): ReadonlyMap<string, Wired> {
  const exported = new Map<string, Wired | undefined>();
  for (const file of filesIn(folder, /^qoder(-\d+)?\.ts$/)) {
    const text = textIn(join(folder, file));
    for (const [, identifier = "", label, name = ""] of written.test(text) ? text.matchAll(declaration) : []) {
      const key = `${label} ${parseJson(name).value}`;
      // Two declarations of one resource cannot both be in the program.
      exported.set(key, exported.has(key) ? undefined : { identifier, module: `./${file.replace(/\.ts$/, "")}` });
    }
  }
  return new Map(
    managed.flatMap(({ id, kind, resourceName }) => {
      const found = exported.get(`${kind.label} ${resourceName}`);
      return found === undefined ? [] : [[id, found] as const];
    }),
  );
}
