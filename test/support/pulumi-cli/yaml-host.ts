import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { withLock } from "../lock.cjs";
import { cachedCliFolder } from "./cache";
import { buildYamlHost } from "./go-build";
import { fileNames, isExecutable, type PulumiCli } from "./installation";

/**
 * The folder with the program that runs Pulumi YAML: the CLI's folder if the vendor's archive was unpacked, otherwise a cache,
 * which the first call on a machine fills.
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

/** Builds in a temporary folder, so that nobody sees half a build. */
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
