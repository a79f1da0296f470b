import { mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import type { PulumiCli } from "./installation";

/** What programs on Windows do not start without. */
const windowsEssentials = ["SystemRoot", "SystemDrive", "ComSpec", "PATHEXT", "NUMBER_OF_PROCESSORS"];

/** Settings of the developer that would reach into a test: login, back end, plugins, credentials, module hooks. */
const foreign = /^(PULUMI_|QODER_|NODE_OPTIONS$|NODE_PATH$)/i;

/**
 * A whole environment for the CLI in which nothing is the developer's own: login, back end, plugins and home folder lie
 * in `folder`, which the caller makes and removes.
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
    // The compiler has looked at the types already, and would take longer than the rest of a command.
    PULUMI_NODEJS_TRANSPILE_ONLY: "true",
    // A command ends before it is worth to collect what it leaves.
    GOGC: "400",
  };
}

/** The Automation API adds its variables to those of this process, so leaving one out is not enough: cmd.ts, `exec`. */
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
