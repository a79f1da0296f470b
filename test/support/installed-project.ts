import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { type EngineWorld, repository } from "./engine-world";
import { KeyService } from "./key-service";
import { outputOf } from "./output-of";

/** Installs the built package and these other modules in a folder, and returns the path of the package. */
export function install(folder: string, ...others: readonly string[]): string {
  const modules = join(folder, "node_modules");
  const installed = join(modules, "pulumi-qoder");
  mkdirSync(join(modules, "@pulumi"), { recursive: true });
  mkdirSync(installed);
  cpSync(join(repository, "dist"), join(installed, "dist"), { recursive: true });
  cpSync(join(repository, "package.json"), join(installed, "package.json"));
  cpSync(join(repository, "plugin"), join(installed, "plugin"), { recursive: true });
  symlinkSync(join(repository, "node_modules"), join(installed, "node_modules"));
  for (const name of ["@pulumi/pulumi", ...others]) {
    symlinkSync(join(repository, "node_modules", name), join(modules, name));
  }
  symlinkSync(join(repository, "stand-in"), join(modules, "pulumi-qoder-stand-in"));
  return installed;
}

/** Copies an example into the folder of the world, without its installed modules. */
export function copyOfExample(world: EngineWorld, name: string): string {
  const folder = join(world.folder, name);
  const filter = (path: string) => basename(path) !== "node_modules";
  cpSync(join(repository, "examples", name), folder, { recursive: true, filter });
  return folder;
}

/** Copies and installs the example of a policy pack. Returns the value for `--policy-pack`. */
export function installedPolicyPack(world: EngineWorld): string {
  const folder = copyOfExample(world, "policy-pack");
  install(folder, "@pulumi/policy", "croner");
  const launcher = process.platform === "win32" ? "policy-pack.cmd" : "policy-pack";
  cpSync(join(repository, "tools", "pulumi-cli", "launcher", launcher), join(folder, launcher));
  return join(folder, launcher);
}

/** A user's own project with the built package, driven through the command line. */
export class InstalledProject {
  readonly folder: string;
  /** The package's compiled entry for the engine. */
  readonly plugin: string;

  constructor(private readonly world: EngineWorld) {
    this.folder = join(world.folder, "project");
    this.plugin = join(install(this.folder), "dist", "dynamic-provider.js");
  }

  /** Writes a project with this JavaScript program, and with other settings if the program needs them. */
  write(program: string, settings = "runtime: nodejs\n"): void {
    writeFileSync(join(this.folder, "package.json"), JSON.stringify({ name: "project", main: "index.js" }));
    writeFileSync(join(this.folder, "Pulumi.yaml"), `name: project\n${settings}`);
    writeFileSync(join(this.folder, "index.js"), program);
  }

  async newStack(name = "dev"): Promise<void> {
    await this.run("stack", "init", name, "--secrets-provider", KeyService.provider);
  }

  start(...args: readonly string[]): ChildProcess {
    return spawn(this.world.cli.executable, [...args, "--non-interactive"], {
      cwd: this.folder,
      env: { ...this.world.environment, PULUMI_STACK: "dev" },
      stdio: ["ignore", "pipe", "pipe"],
    });
  }

  run(...args: readonly string[]): Promise<string> {
    return outputOf(this.start(...args), `pulumi ${args.join(" ")}`);
  }
}
