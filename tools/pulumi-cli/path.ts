import { realpathSync } from "node:fs";
import { basename, delimiter, dirname, join } from "node:path";
import { satisfies } from "semver";
import { fileNames, isExecutable, type PulumiCli, pulumiVersion, versionOf } from "./installation";

/** The `pulumi` that a shell would start. Throws if it is too old or cannot run Node.js programs. */
export async function fromPath(path = process.env["PATH"] ?? ""): Promise<PulumiCli> {
  const found = findOnPath(fileNames.pulumi, path);
  if (!found) throw new Error("there is none");
  // Pulumi looks for its bundled plugins next to the real file, not next to a link to it.
  const executable = realpathSync(found);
  const bin = dirname(executable);
  if (basename(executable) !== fileNames.pulumi || basename(bin) !== "bin") {
    throw new Error(`${found} leads to ${executable}, and the Automation API wants it as <folder>/bin/pulumi`);
  }
  const version = await versionOf(executable);
  if (!satisfies(version, `^${pulumiVersion}`, { includePrerelease: true })) {
    throw new Error(`${found} is version ${version}, and ${pulumiVersion} or a later 3.x is needed`);
  }
  const plugins = [fileNames.languageHost, fileNames.launcher].map((name) => {
    const plugin = findOnPath(name, [bin, path].join(delimiter));
    if (!plugin) throw new Error(`${found} has no ${name} beside it or on PATH`);
    return dirname(plugin);
  });
  return { executable, folder: dirname(bin), version, source: "path", searchPath: [...new Set([bin, ...plugins])] };
}

function findOnPath(name: string, path: string): string | undefined {
  return path
    .split(delimiter)
    .filter((folder) => folder !== "")
    .map((folder) => join(folder, name))
    .find(isExecutable);
}
