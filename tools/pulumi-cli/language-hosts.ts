import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { withLock } from "../lock.cjs";
import { cachedCliFolder } from "./cache";
import { buildGoHost, buildSdkTools, buildYamlHost, neededGo } from "./go-build";
import { fileNames, isExecutable, type PulumiCli } from "./installation";

type Progress = (line: string) => void;

/**
 * The folder with the language host of Pulumi YAML: next to the CLI if it came from the vendor's archive, otherwise in the cache. The
 * first call on a machine builds the host.
 */
export async function yamlHostFolder({ searchPath }: PulumiCli, progress: Progress = () => {}): Promise<string> {
  const found = searchPath.find((folder) => isExecutable(join(folder, fileNames.yamlHost)));
  return found ?? (await builtFolder("yaml", (partial) => buildYamlHost(partial, progress)));
}

/** The folder in the cache with the generator of SDKs and the language host of Python. */
export function sdkFolder(progress: Progress = () => {}): Promise<string> {
  return builtFolder("sdks", (partial) => buildSdkTools(partial, progress));
}

/** The folder in the cache with the language host of Go. */
export function goHostFolder(progress: Progress = () => {}): Promise<string> {
  return builtFolder("go", (partial) => buildGoHost(partial, progress));
}

/** Builds into a temporary folder first, so that no process sees a partly built folder. */
async function builtFolder(purpose: string, build: (partial: string) => Promise<void>): Promise<string> {
  const parent = `${cachedCliFolder()}-${purpose}`;
  const folder = join(parent, "bin");
  mkdirSync(dirname(parent), { recursive: true });
  const fill = async () => {
    if (existsSync(folder)) {
      return;
    }
    const partial = mkdtempSync(`${parent}.partial-`);
    try {
      await build(partial).catch((error: Error) => {
        const go = `Go ${neededGo} or later, https://go.dev/dl/`;
        throw new Error(`The build of ${purpose} for the tests needs ${go}, and failed: ${error.message}`);
      });
      mkdirSync(parent, { recursive: true });
      renameSync(partial, folder);
    } finally {
      rmSync(partial, { recursive: true, force: true });
    }
  };
  if (!existsSync(folder)) {
    await withLock(`${parent}.lock`, fill, {});
  }
  return folder;
}
