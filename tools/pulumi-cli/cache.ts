import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { basename, dirname, join } from "node:path";
import { inspect, type PulumiCli, pulumiVersion } from "./installation";

function userCacheFolder(): string {
  const home = homedir();
  if (process.env["XDG_CACHE_HOME"]) return process.env["XDG_CACHE_HOME"];
  if (process.platform === "darwin") return join(home, "Library", "Caches");
  if (process.platform === "win32") return process.env["LOCALAPPDATA"] ?? join(home, "AppData", "Local");
  return join(home, ".cache");
}

/** The cache is outside the repository, so that all clones share it, and `git clean` keeps it. */
export function cachedCliFolder(): string {
  const name = `pulumi-${pulumiVersion}-${process.platform}-${process.arch}`;
  return join(userCacheFolder(), "pulumi-qoder", name);
}

export async function fromCache(target = cachedCliFolder()): Promise<PulumiCli> {
  if (!existsSync(target)) throw new Error("nothing there yet");
  return await inspect(target, "cache");
}

/**
 * Lets `fill` make a CLI in a temporary folder, checks it, and moves it into the cache, so that nobody sees half a CLI. The
 * caller holds the lock of the cache.
 */
export async function installIntoCache(
  source: PulumiCli["source"],
  fill: (folder: string) => Promise<void>,
  target = cachedCliFolder(),
): Promise<PulumiCli> {
  const prefix = `${target}.partial-`;
  removeLeftovers(prefix);
  const partial = mkdtempSync(prefix);
  const removePartial = () => rmSync(partial, { recursive: true, force: true });
  process.once("exit", removePartial);
  try {
    await fill(partial);
    await inspect(partial, source);
    // Under the same lock, `fromCache` has found the present folder broken.
    rmSync(target, { recursive: true, force: true });
    renameSync(partial, target);
  } finally {
    process.off("exit", removePartial);
    removePartial();
  }
  return await inspect(target, source);
}

/** Removes the temporary folders of killed processes. */
function removeLeftovers(prefix: string): void {
  const folder = dirname(prefix);
  for (const name of readdirSync(folder)) {
    if (name.startsWith(basename(prefix))) rmSync(join(folder, name), { recursive: true, force: true });
  }
}
