import { accessSync, constants, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { run } from "./run";

/** The current version of the CLI; the SDK in package.json is older, because of Node.js 20. */
export const pulumiVersion = "3.274.1";

export interface PulumiCli {
  readonly executable: string;
  /** The folder with `bin/pulumi`, where `PulumiCommand.get({ root: folder })` finds it. */
  readonly folder: string;
  readonly version: string;
  readonly source: "path" | "cache" | "download" | "go";
  /** The folders of `pulumi` and of the two plugins for Node.js programs, for the front of PATH. */
  readonly searchPath: readonly string[];
}

const onWindows = process.platform === "win32";

/** The file names of `pulumi`, of its programs for Node.js and dynamic resources, and of the language hosts. */
export const fileNames = {
  pulumi: onWindows ? "pulumi.exe" : "pulumi",
  languageHost: onWindows ? "pulumi-language-nodejs.exe" : "pulumi-language-nodejs",
  yamlHost: onWindows ? "pulumi-language-yaml.exe" : "pulumi-language-yaml",
  goHost: onWindows ? "pulumi-language-go.exe" : "pulumi-language-go",
  pythonHost: onWindows ? "pulumi-language-python.exe" : "pulumi-language-python",
  sdkGenerator: onWindows ? "sdk.exe" : "sdk",
  launcher: onWindows ? "pulumi-resource-pulumi-nodejs.cmd" : "pulumi-resource-pulumi-nodejs",
};

export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Runs without the user's home and settings: with them, a shim of a version manager would answer, but not in a test. */
export async function versionOf(executable: string): Promise<string> {
  const home = mkdtempSync(join(tmpdir(), "pulumi-qoder-version-"));
  const env = {
    ...(process.env["SystemRoot"] ? { SystemRoot: process.env["SystemRoot"] } : {}),
    HOME: home,
    // Every command writes a log, and HOME alone does not keep the log out of the user's ~/.pulumi: Go takes the home folder
    // from /etc/passwd first (os/user, lookup_stubs.go).
    PULUMI_HOME: home,
    PATH: dirname(executable),
    PULUMI_SKIP_UPDATE_CHECK: "true",
  };
  try {
    const version = await run(executable, ["version"], { env, timeout: 60_000 });
    return version.trim().replace(/^v/, "");
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** The installation in `folder`. Throws an error with the reason if it does not work. */
export async function inspect(folder: string, source: PulumiCli["source"]): Promise<PulumiCli> {
  const bin = join(folder, "bin");
  const { pulumi, languageHost, launcher } = fileNames;
  for (const name of [pulumi, languageHost, launcher]) {
    if (!isExecutable(join(bin, name))) throw new Error(`${join(bin, name)} is missing`);
  }
  const executable = join(bin, fileNames.pulumi);
  const version = await versionOf(executable);
  if (version !== pulumiVersion) throw new Error(`${executable} is version ${version}, not ${pulumiVersion}`);
  return { executable, folder, version, source, searchPath: [bin] };
}
