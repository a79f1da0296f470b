import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileNames } from "../../support/pulumi-cli/installation";

/** Makes an installation whose `pulumi` prints `version`, and returns its bin folder. */
export function standInCli(folder: string, version: string, names = Object.values(fileNames)): string {
  const bin = join(folder, "bin");
  mkdirSync(bin, { recursive: true });
  for (const name of names) {
    writeFileSync(join(bin, name), `#!/bin/sh\necho ${version}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  return bin;
}
