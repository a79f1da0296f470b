import { mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import type { PulumiCli } from "./installation";

/** The variables without which programs on Windows do not start. */
const windowsEssentials = ["SystemRoot", "SystemDrive", "ComSpec", "PATHEXT", "NUMBER_OF_PROCESSORS"];

/** The developer's variables that would change a test: login, back end, plugins, credentials, module hooks. */
const foreign = /^(PULUMI_|QODER_|NODE_OPTIONS$|NODE_PATH$)/i;

const earlyModules = [require.resolve("./code-cache.cjs"), require.resolve("./late-packages.cjs")];

/**
 * The options of Node.js with which a program and a provider start in half of the time. Nothing that they do changes but one thing: a
 * program does not wait for V8's inspector, which only a function that becomes text needs.
 */
export const fasterStart = earlyModules.map((file) => `--require ${JSON.stringify(file)}`).join(" ");

/**
 * A whole environment for the CLI without anything of the developer: login, back end, plugins and home folder are in `folder`,
 * which the caller makes and removes.
 */
export function pulumiEnvironment(cli: PulumiCli, folder: string): Record<string, string> {
  const own = (name: string) => {
    const path = join(folder, name);
    mkdirSync(path, { recursive: true });
    return path;
  };
  const home = own("home");
  return {
    ...blanked(foreign),
    ...kept(windowsEssentials),
    PATH: [...cli.searchPath, dirname(process.execPath), ...systemFolders()].join(delimiter),
    HOME: home,
    USERPROFILE: home,
    TMPDIR: tmpdir(),
    TEMP: tmpdir(),
    TMP: tmpdir(),
    PULUMI_HOME: own("pulumi-home"),
    PULUMI_BACKEND_URL: `file://${own("state").replaceAll("\\", "/")}`,
    PULUMI_CONFIG_PASSPHRASE: "a passphrase for tests",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    // The types are checked already, and a second check would take longer than the rest of a command.
    PULUMI_NODEJS_TRANSPILE_ONLY: "true",
    // A command ends before the collection of garbage is worth its time.
    GOGC: "400",
  };
}

/** Empties variables of this process: the Automation API adds its variables to them, so a missing one would stay (cmd.ts, `exec`). */
function blanked(names: RegExp): Record<string, string> {
  const present = Object.keys(process.env).filter((name) => names.test(name));
  return Object.fromEntries(present.map((name) => [name, ""]));
}

function kept(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}

function systemFolders(): string[] {
  if (process.platform !== "win32") return ["/usr/bin", "/bin"];
  const root = process.env["SystemRoot"] ?? "C:\\Windows";
  return [join(root, "System32"), root];
}
