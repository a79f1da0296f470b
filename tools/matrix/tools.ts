import { existsSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Manager } from "./cells";
import { printed } from "./command";

/** The folder of the Node.js of a cell, for PATH: that of this process, or an npm package for this system. */
export async function nodeFolder(node: string, workshop: string): Promise<string> {
  if (process.versions.node.startsWith(`${node}.`)) {
    return dirname(process.execPath);
  }
  const folder = join(workshop, `node-${node}`);
  const system = `${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
  if (!existsSync(folder)) {
    mkdirSync(folder);
    await npm(["install", "--prefix", folder, `node-${node}@npm:node-${system}@${node}`], folder);
  }
  return join(folder, "node_modules", `node-${node}`, "bin");
}

/** The versions in words, such as `Node.js 20.20.2, 22.23.3 and npm 11.19.1`. */
export async function versionsOf(nodes: readonly string[], workshop: string): Promise<string> {
  const versions = nodes.map(async (node) => {
    const folder = await nodeFolder(node, workshop);
    return (await printed(join(folder, "node"), ["--version"], { cwd: folder, env: process.env })).trim().slice(1);
  });
  return `Node.js ${(await Promise.all(versions)).join(", ")} and npm ${(await npm(["--version"], workshop)).trim()}`;
}

/** The package managers besides npm, which npm downloads and starts. */
const yarn = { command: "yarn", name: "@yarnpkg/cli-dist", version: "4.18.1" };
export const otherManagers: Partial<Record<Manager, typeof yarn>> = {
  pnpm: { command: "pnpm", name: "pnpm", version: "10.34.8" },
  yarn,
  "yarn Plug'n'Play": yarn,
  "yarn Plug'n'Play, `yarn exec pulumi`": yarn,
  bun: { command: "bun", name: "bun", version: "1.4.5" },
};

/** Installs the packages of the folder's package.json, with all caches except npm's in `caches`. */
export async function install(manager: Manager, folder: string, caches: string): Promise<void> {
  const registry = (await npm(["config", "get", "registry"], folder)).trim();
  const other = otherManagers[manager];
  const start = other === undefined ? [] : ["exec", `--package=${other.name}@${other.version}`, "--", other.command];
  await npm([...start, "install"], folder, {
    // The registry of npm's configuration, in the variable of each other package manager.
    NPM_CONFIG_STORE_DIR: join(caches, "pnpm"),
    YARN_NPM_REGISTRY_SERVER: registry,
    YARN_GLOBAL_FOLDER: join(caches, "yarn"),
    BUN_CONFIG_REGISTRY: registry,
    BUN_INSTALL_CACHE_DIR: join(caches, "bun"),
  });
}

export function packPackage(repository: string, folder: string): Promise<string> {
  return npm(["pack", "--ignore-scripts", "--pack-destination", folder], repository);
}

function npm(
  args: readonly string[],
  cwd: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<string> {
  const quiet = ["--yes", "--no-audit", "--no-fund", "--loglevel=error", "--prefer-offline"];
  return printed("npm", [...quiet, ...args], { cwd, env: { ...process.env, ...environment } });
}
