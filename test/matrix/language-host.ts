import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { PulumiCli } from "../support/pulumi-cli";
import { fileNames } from "../support/pulumi-cli/installation";

/**
 * A folder for the front of PATH, with a language host of Node.js that gets the runtime options as flags. A host built from Go modules
 * is too old to get the options from the engine; a current host ignores the flags.
 */
export function languageHostWith(
  options: Readonly<Record<string, unknown>>,
  { searchPath }: PulumiCli,
  folder: string,
): string {
  const host = searchPath.map((path) => join(path, fileNames.languageHost)).find((path) => existsSync(path));
  const flags = Object.entries(options).map(([name, value]) => `'-${name}=${value}'`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, fileNames.languageHost), `#!/bin/sh\nexec '${host}' ${flags.join(" ")} "$@"\n`, {
    mode: 0o755,
  });
  return folder;
}
