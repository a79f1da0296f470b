import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { startQoderApi } from "../../test/qoder-api";
import { installPython } from "../../test/support/generated-sdks";
import { KeyService } from "../../test/support/key-service";
import { filesBelow } from "../../test/support/secret-scan";
import { type PulumiCli, pulumiCli, pulumiEnvironment } from "../pulumi-cli";
import { fileNames } from "../pulumi-cli/installation";
import { yamlHostFolder } from "../pulumi-cli/language-hosts";
import type { Cell } from "./cells";
import { printed } from "./command";
import { forms, label, writeProject } from "./project";
import { install, nodeFolder, packPackage } from "./tools";

export const repository = resolve(__dirname, "..", "..");
const token = "pt-matrix";

/** The packed package and the caches, which all cells share. */
export class Workshop {
  private constructor(
    readonly folder: string,
    readonly tarball: string,
  ) {}

  static async open(): Promise<Workshop> {
    const folder = mkdtempSync(join(tmpdir(), "pulumi-qoder-matrix-"));
    const name = await packPackage(repository, folder);
    return new Workshop(folder, join(folder, name.trim()));
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

interface Ran {
  readonly printed: string;
  /** Method and path of each request except GETs, with `:id` for each id. */
  readonly writes: readonly string[];
  /** True if a transform has changed the deployment. */
  readonly isTransformed: boolean;
  /** The files of the back end that hold the secret of the program in plain text. */
  readonly withSecret: readonly string[];
}

/** Installs the packed package as a user does, and runs preview, up and destroy of the program. */
export async function runCell(cell: Cell, workshop: Workshop): Promise<Ran> {
  const folder = mkdtempSync(join(workshop.folder, "cell-"));
  const api = await startQoderApi({ tokens: { [token]: "default" } });
  const keys = await KeyService.start();
  try {
    api.agents.create({ name: "reporter" });
    const project = writeProject(cell, folder, workshop.tarball);
    const node = await nodeFolder(cell.node, workshop.folder);
    await install(cell.manager, folder, join(workshop.folder, "caches"));
    const cli = await pulumiCli();
    const host = await hostsOf(cell, cli, folder);
    const { PULUMI_NODEJS_TRANSPILE_ONLY, ...environment } = pulumiEnvironment(cli, join(folder, ".pulumi-test"));
    const env = {
      ...environment,
      ...keys.environment,
      PATH: [...host, node, environment["PATH"]].join(delimiter),
      ...(cell.manager.endsWith("`yarn exec pulumi`") ? asYarnExec(folder) : {}),
      PULUMI_STACK: "dev",
      QODER_PAT: token,
      QODER_BASE_URL: api.url,
    };
    let output = "";
    const pulumi = async (...args: readonly string[]) => {
      output += await printed(cli.executable, [...args, "--non-interactive", "--color=never"], { cwd: project, env });
    };
    await pulumi("stack", "init", "dev", "--secrets-provider", KeyService.provider);
    await pulumi("preview");
    // The preview has checked the types of the same program.
    Object.assign(env, { PULUMI_NODEJS_TRANSPILE_ONLY });
    await pulumi("up", "--yes", "--skip-preview");
    const [live] = api.deployments.live();
    const stored = filesBelow(join(folder, ".pulumi-test", "state"));
    await pulumi("destroy", "--yes", "--skip-preview");
    const writes = api.requests.filter(({ method }) => method !== "GET");
    return {
      printed: output,
      writes: writes.map(({ method, path }) => `${method} ${path.replace(/\w+_\w{8,}/, ":id")}`),
      isTransformed: live?.description === "transformed",
      withSecret: stored.filter(({ text }) => text.includes(label)).map(({ name }) => name),
    };
  } finally {
    await Promise.all([api.close(), keys.stop()]);
  }
}

/** The folders for the front of PATH, with the language host of the program. */
async function hostsOf({ program }: Cell, cli: PulumiCli, folder: string): Promise<readonly string[]> {
  const { options, language } = forms[program];
  if (language === "python") {
    return installPython(join(folder, "python"));
  }
  if (language === "yaml") {
    return [await yamlHostFolder(cli)];
  }
  return options === undefined ? [] : [languageHostWith(options, cli, join(folder, "host"))];
}

/** Sets the variable that `yarn exec` sets, because `yarn exec` itself needs the user's home folder and caches. */
function asYarnExec(folder: string) {
  return { NODE_OPTIONS: `--require ${JSON.stringify(join(folder, ".pnp.cjs"))}` };
}

/**
 * A folder for the front of PATH, with a language host of Node.js that gets the runtime options as flags. A host built from Go modules
 * is too old to get the options from the engine; a current host ignores the flags.
 */
function languageHostWith(
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
