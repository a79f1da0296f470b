import { spawn } from "node:child_process";
import { readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { yamlHostFolder } from "../../tools/pulumi-cli/language-hosts";
import { type EngineWorld, stateFile, token } from "./engine-world";
import { copyOfExample, install } from "./installed-project";
import { KeyService } from "./key-service";
import { outputOf } from "./output-of";
import { commandsOf } from "./readme-commands";

/**
 * Replaces these commands in a test: the package is installed already, nobody answers questions, and a stack gets its key from
 * the key service of the tests. `up` and `destroy` skip the preview, because the examples show it as a command of its own.
 */
const prelude = `
set -euo pipefail
npm() { [ "$1" = install ] || command npm "$@"; }
npx() { [ "$1" = pulumi-qoder ] && shift && node ../node_modules/pulumi-qoder/dist/command/main.js "$@"; }
pulumi() {
  case "$1 \${2-}" in
    "new "*) set -- "$@" --yes ;;
    "stack init") set -- "$@" --secrets-provider ${KeyService.provider} ;;
    # A test has installed both already.
    "install "* | "package add") return ;;
    "up "* | "destroy "*) set -- "$@" --yes --skip-preview ;;
  esac
  command pulumi "$@" --non-interactive --color never
}
`;

/** A copy of an example, in which a person follows its README. */
export class Example {
  readonly folder: string;

  constructor(
    readonly world: EngineWorld,
    readonly name: string,
    /** The folders with the language host of its program; if left out, the host of YAML. */
    private readonly hosts?: readonly string[],
  ) {
    install(world.folder, "@pulumi/policy", "croner", "tsx", "typescript");
    this.folder = copyOfExample(world, name);
    // A YAML program names the plugin by a path in the project.
    symlinkSync(join(world.folder, "node_modules"), join(this.folder, "node_modules"));
  }

  /** Runs the commands of the README with these values in place of its placeholders, and returns the output. */
  async followReadme(values: Readonly<Record<string, string>> = {}): Promise<string> {
    const commands = commandsOf(readFileSync(join(this.folder, "README.md"), "utf8"));
    return this.run(Object.entries(values).reduce((text, [open, value]) => text.replaceAll(open, value), commands));
  }

  /** Runs shell commands in the folder; rejects if one fails. */
  async run(commands: string): Promise<string> {
    const { environment, cli } = this.world;
    const hosts = this.hosts ?? (this.name === "yaml" ? [await yamlHostFolder(cli)] : []);
    const child = spawn("bash", ["-c", prelude + commands], {
      cwd: this.folder,
      env: { ...environment, PATH: [...hosts, environment["PATH"]].join(delimiter) },
      stdio: ["ignore", "pipe", "pipe"],
    });
    return outputOf(child, commands.trim());
  }

  /**
   * The requests since the last call, in short: without ids, and without the usual token. Sorted, because the requests of a
   * step may run together.
   */
  sent(): string[] {
    const { api } = this.world;
    const lines = api.requests.map(({ method, path, body, token: used }) => {
      const { name = "" } = JSON.parse(JSON.stringify(body ?? {}));
      const line = `${method} ${path.replace(/[a-z]+_[0-9A-Za-z]{12,}/g, "ID")} ${name}`.trim();
      return used === token ? line : `${line} by ${used}`;
    });
    api.clearRequests();
    return lines.sort();
  }

  edit(file: string, from: string, to: string): void {
    const path = join(this.folder, file);
    const text = readFileSync(path, "utf8");
    if (!text.includes(from)) {
      throw new Error(`${this.name}/${file} holds no ${from}`);
    }
    writeFileSync(path, text.replace(from, to));
  }

  state(stack = "dev"): string {
    return stateFile(this.world, stack, `qoder-${this.name}`);
  }
}
