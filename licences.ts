import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

const declared = z.object({ license: z.string() });

/**
 * The licences of the packages of these files, which ask for their texts beside copied code. Of a package without a file of the text, the
 * name of its licence; throws if it declares none.
 */
export async function licencesOf(files: readonly string[]): Promise<string> {
  const folders = new Set(files.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file) ?? []));
  const texts = [...folders].sort().map(async (folder) => {
    const name = (await readdir(folder)).find((file) => /^licen[cs]e/i.test(file));
    if (name === undefined) {
      const { license } = declared.parse(JSON.parse(await readFile(join(folder, "package.json"), "utf8")));
      return `${folder}\n\n${license}\n`;
    }
    return `${folder}\n\n${await readFile(join(folder, name), "utf8")}`;
  });
  return (await Promise.all(texts)).join(`\n${"-".repeat(80)}\n`);
}
