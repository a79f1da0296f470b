import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { yamlHostFolder } from "../../tools/pulumi-cli/language-hosts";
import { EngineWorld } from "./engine-world";
import { install } from "./installed-project";
import { KeyService } from "./key-service";
import { outputOf } from "./output-of";
import { filesBelow, holdersOf, secrets } from "./secret-scan";

const name = "languages";
const plugin = "plugins:\n  providers:\n    - name: qoder\n      path: node_modules/pulumi-qoder/plugin\n";

/** A project with one state. Each write replaces the program, possibly by one in another language. */
export class LanguagesProject {
  #hosts: readonly string[] = [];

  private constructor(readonly world: EngineWorld) {}

  /** `hosts`: folders with language hosts besides that of JavaScript; if left out, the host of YAML. */
  static async in(world: EngineWorld, hosts?: readonly string[]): Promise<LanguagesProject> {
    const project = new LanguagesProject(world);
    await project.#begin(hosts);
    return project;
  }

  /** The project of a file of tests, which is new before each of them and has a stack with the token in its configuration. */
  static ofTests(): LanguagesProject {
    const project = new LanguagesProject(EngineWorld.ofTests({ tokens: { [secrets.pat]: "default" } }));
    beforeEach(async () => {
      await project.#begin();
      await project.newStack();
      await project.run("config", "set", "--secret", "qoder:pat", secrets.pat);
    });
    return project;
  }

  async #begin(hosts?: readonly string[]): Promise<void> {
    mkdirSync(this.folder);
    install(this.folder);
    this.#hosts = hosts ?? [await yamlHostFolder(this.world.cli)];
    this.writeJavaScript("");
  }

  get folder(): string {
    return join(this.world.folder, name);
  }

  write(language: "yaml" | "javascript", resources: Resources): void {
    if (language === "yaml") {
      this.writeYaml(yamlOf(resources));
    } else {
      this.writeJavaScript(javascriptOf(resources));
    }
  }

  stored() {
    return holdersOf(filesBelow(join(this.world.folder, "state")));
  }

  /** `program` begins with `resources:` or `config:`. */
  writeYaml(program: string): void {
    this.#write("Pulumi.yaml", `name: ${name}\nruntime: yaml\n${plugin}${program}`);
  }

  writePython(program: string): void {
    this.#write("Pulumi.yaml", `name: ${name}\nruntime: python\n${plugin}`);
    this.#write("__main__.py", program);
  }

  /** The program is the one that the host runs. */
  writeGo(): void {
    this.#write("Pulumi.yaml", `name: ${name}\nruntime: go\n${plugin}`);
  }

  /** The project still names the plugin: a state from the plugin needs it until the resources have moved. */
  writeJavaScript(program: string): void {
    this.#write("Pulumi.yaml", `name: ${name}\nruntime: nodejs\n${plugin}`);
    this.#write("package.json", JSON.stringify({ name, main: "index.js" }));
    this.#write("index.js", program);
  }

  async newStack(stack = "dev"): Promise<void> {
    await this.run("stack", "init", stack, "--secrets-provider", KeyService.provider);
  }

  up(environment: Readonly<Record<string, string>> = {}): Promise<string> {
    return this.#run(["up", "--yes", "--skip-preview"], { QODER_PAT: "", ...environment });
  }

  /** Runs an update, and rejects if it changes something. */
  upNothing(): Promise<string> {
    return this.run("up", "--yes", "--skip-preview", "--expect-no-changes");
  }

  /** Runs a preview, and rejects if it shows a change. */
  previewNothing(): Promise<string> {
    return this.run("preview", "--expect-no-changes", "--diff");
  }

  /** Runs a command to its end; rejects with its output if it fails. */
  run(...args: readonly string[]): Promise<string> {
    return this.#run(args, { QODER_PAT: "" });
  }

  #run(args: readonly string[], own: Readonly<Record<string, string>>): Promise<string> {
    const { environment, cli } = this.world;
    const child = spawn(cli.executable, [...args, "--non-interactive", "--color", "never"], {
      cwd: this.folder,
      env: { ...environment, ...own, PATH: [...this.#hosts, environment["PATH"]].join(delimiter) },
      stdio: ["ignore", "pipe", "pipe"],
    });
    return outputOf(child, `pulumi ${args.join(" ")}`);
  }

  /** Runs a command that reads no project and no stack, with the token of the world. */
  runOutside(token: string, ...args: readonly string[]): Promise<string> {
    return this.#run(args, { QODER_PAT: token });
  }

  #write(file: string, text: string): void {
    writeFileSync(join(this.folder, file), text);
  }
}

/** Resources by their names, with their kinds and arguments: as in YAML, `${name.id}` is an output and `fn::secret` a secret. */
export type Resources = Readonly<Record<string, readonly [kind: string, args: object]>>;

/** The program as JSON, which is also YAML. All resources use an explicit provider. */
function yamlOf(resources: Resources): string {
  const options = { provider: `\${account}` };
  const declared = Object.entries(resources).map(([name, [kind, properties]]) => [
    name,
    { type: `qoder:${kind}`, properties, options },
  ]);
  const account = { type: "pulumi:providers:qoder", properties: { pat: secrets.pat } };
  return `resources: ${JSON.stringify({ account, ...Object.fromEntries(declared) })}\n`;
}

function javascriptOf(resources: Resources): string {
  const declared = Object.entries(resources).map(([name, [kind, args]]) => {
    const written = JSON.stringify(args)
      .replaceAll(/"\$\{([\w.]+)\}"/g, "$1")
      .replaceAll(/\{"fn::secret":("[^"]*")\}/g, "pulumi.secret($1)");
    return `const ${name} = new qoder.Qoder${kind}("${name}", ${written}, { provider: account });`;
  });
  return [
    'const pulumi = require("@pulumi/pulumi");',
    'const qoder = require("pulumi-qoder");',
    `const account = new qoder.QoderProvider("account", { pat: "${secrets.pat}" });`,
    ...declared,
  ].join("\n");
}
