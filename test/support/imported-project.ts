import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../tools/pulumi-cli/run";
import { EngineWorld, repository } from "./engine-world";
import { KeyService } from "./key-service";
import { ended } from "./output-of";

/** The arguments of `pulumi` that the command `pulumi-qoder import` tells the user to run. */
export const importAll = ["import", "--file", "import.json", "--generate-code=false", "--protect=false", "--yes"];

/** A project as `pulumi new typescript` makes it, with this package installed, into which existing objects are imported. */
export class ImportedProject {
  private constructor(
    readonly world: EngineWorld,
    private readonly variables: Readonly<Record<string, string>>,
  ) {}

  /** The project of a file of tests, which is new before each of them. `variables`: in place of those of the world. */
  static ofTests(
    world: EngineWorld = EngineWorld.ofTests(),
    variables: Readonly<Record<string, string>> = {},
  ): ImportedProject {
    const project = new ImportedProject(world, variables);
    beforeEach(() => project.#begin());
    return project;
  }

  #begin(): void {
    const modules = join(this.folder, "node_modules");
    mkdirSync(join(modules, "@pulumi"), { recursive: true });
    symlinkSync(repository, join(modules, "pulumi-qoder"));
    symlinkSync(join(repository, "node_modules", "@pulumi", "pulumi"), join(modules, "@pulumi", "pulumi"));
    const compilerOptions = { strict: true, noUnusedLocals: true, target: "es2020", module: "node16", types: [] };
    const files = {
      "Pulumi.yaml": "name: taken-over\nruntime: nodejs\nmain: index.ts\n",
      "package.json": JSON.stringify({ name: "taken-over", dependencies: { "pulumi-qoder": "*" } }),
      "tsconfig.json": JSON.stringify({ compilerOptions, files: ["index.ts"] }),
      "index.ts": 'import "./qoder";\n',
    };
    for (const [name, text] of Object.entries(files)) {
      writeFileSync(join(this.folder, name), text);
    }
  }

  get folder(): string {
    return join(this.world.folder, "project");
  }

  get api() {
    return this.world.api;
  }

  writes() {
    return this.api.requests.filter(({ method }) => method !== "GET");
  }

  async newStack(): Promise<void> {
    await this.pulumi("stack", "init", "dev", "--secrets-provider", KeyService.provider);
  }

  /** Makes a stack and imports into it what the command `import` wrote. */
  async intoNewStack(): Promise<void> {
    await this.newStack();
    await this.pulumi(...importAll);
  }

  /** Runs commands one after another; rejects if one fails. */
  async each(...commands: readonly (readonly string[])[]): Promise<void> {
    for (const command of commands) {
      await this.pulumi(...command);
    }
  }

  pulumi(...args: string[]): Promise<string> {
    return this.#run(this.world.cli.executable, ...args, "--non-interactive", "--color=never");
  }

  async failingPulumi(...args: string[]): Promise<string> {
    const all = [...args, "--non-interactive", "--color=never"];
    const { exit, stdout } = await ended(spawn(this.world.cli.executable, all, this.#options));
    expect(exit).not.toBe(0);
    return stdout;
  }

  node(...args: string[]): Promise<string> {
    return this.#run(process.execPath, ...args);
  }

  /** Runs `pulumi-qoder import`, which writes the program and the file for `pulumi import`, and returns its output. */
  import(...args: string[]): Promise<string> {
    return this.importWith({}, ...args);
  }

  importWith(variables: Readonly<Record<string, string>>, ...args: string[]): Promise<string> {
    const command = join(repository, "dist", "command", "main.js");
    const env = { ...this.#options.env, ...variables };
    return run(process.execPath, [command, "import", ...args, "--out", "."], { ...this.#options, env });
  }

  compile(...args: string[]): Promise<string> {
    const tsc = join(repository, "node_modules", "typescript", "bin", "tsc");
    return this.node(tsc, "--noEmit", "--project", ".", ...args);
  }

  program(): string {
    return readFileSync(join(this.folder, "qoder.ts"), "utf8");
  }

  importFile(): string {
    return readFileSync(join(this.folder, "import.json"), "utf8");
  }

  edit(change: (program: string) => string): void {
    writeFileSync(join(this.folder, "qoder.ts"), change(this.program()));
  }

  #run(program: string, ...args: string[]): Promise<string> {
    return run(program, args, this.#options);
  }

  get #options() {
    return { cwd: this.folder, env: { ...this.world.environment, ...this.variables, PULUMI_STACK: "dev" } };
  }
}
