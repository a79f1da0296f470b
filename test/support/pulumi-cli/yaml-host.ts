import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { withLock } from "../lock.cjs";
import { cachedCliFolder } from "./cache";
import { buildYamlHost } from "./go-build";
import { fileNames, isExecutable, type PulumiCli } from "./installation";

/**
 * The folder with what runs programs in Pulumi YAML: that of the CLI where the vendor's archive was unpacked, else one in the cache, in
 * which the first call on a machine builds it.
 */
export async function yamlHostFolder(
  { searchPath }: PulumiCli,
  progress: (line: string) => void = () => {},
): Promise<string> {
  const folder = join(`${cachedCliFolder()}-yaml`, "bin");
  const find = () => [...searchPath, folder].find((one) => isExecutable(join(one, fileNames.yamlHost)));
  mkdirSync(dirname(dirname(folder)), { recursive: true });
  return (
    find() ?? (await withLock(`${dirname(folder)}.lock`, async () => find() ?? (await build(folder, progress)), {}))
  );
}

/** Nobody ever sees half of it. */
async function build(folder: string, progress: (line: string) => void): Promise<string> {
  const partial = mkdtempSync(`${dirname(folder)}.partial-`);
  try {
    await buildYamlHost(partial, progress);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(dirname(folder), { recursive: true });
    renameSync(partial, folder);
  } finally {
    if (existsSync(partial)) {
      rmSync(partial, { recursive: true, force: true });
    }
  }
  return folder;
}
