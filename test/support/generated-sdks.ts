import { execFile } from "node:child_process";
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { runGo } from "../../tools/pulumi-cli/go-build";
import { fileNames, pulumiVersion } from "../../tools/pulumi-cli/installation";
import { goHostFolder, sdkFolder } from "../../tools/pulumi-cli/language-hosts";
import { repository } from "./engine-world";

const run = promisify(execFile);
const needed =
  "Python 3.10 or later with its modules venv and pip, as python3 on PATH: https://www.python.org/downloads/";

/**
 * Generates the SDK of this package for a language, as `pulumi package add` does, and rejects if the generator reports something. Returns
 * the folder with the language hosts.
 */
async function generate(language: "go" | "nodejs" | "python", folder: string): Promise<string> {
  const tools = await sdkFolder();
  const schema = join(repository, "plugin", "schema.json");
  const { stdout, stderr } = await run(join(tools, fileNames.sdkGenerator), [language, schema, folder]);
  if (stdout !== "" || stderr !== "") {
    throw new Error(`The generator for ${language} reports: ${stdout}${stderr}`);
  }
  return tools;
}

/** Makes a virtual environment with these packages from PyPI, and returns the folder of its programs. */
async function newEnvironment(folder: string, ...packages: readonly string[]): Promise<string> {
  await run("python3", ["-m", "venv", folder]).catch((error: Error) => {
    throw new Error(`This test needs ${needed} (${error.message.trim()})`);
  });
  const bin = programsOf(folder);
  const quietly = ["--quiet", "--no-compile", "--disable-pip-version-check"];
  await run(join(bin, "python"), ["-m", "pip", "install", ...quietly, ...packages]);
  return bin;
}

const programsOf = (environment: string) => join(environment, process.platform === "win32" ? "Scripts" : "bin");
const pythonExample = join(repository, "examples", "python");

/**
 * Installs by pip, in a virtual environment, what examples/python requires and the generated SDK of this package. Returns the folders for
 * PATH with which the CLI runs programs in Python.
 */
export async function installPython(folder: string): Promise<readonly string[]> {
  const sdk = join(folder, "sdks", "qoder");
  mkdirSync(folder, { recursive: true });
  const tools = await generate("python", sdk);
  const bin = await newEnvironment(join(folder, "venv"), "-r", join(pythonExample, "requirements.txt"), sdk);
  return [tools, bin];
}

/** As `installPython`, by uv from the pyproject.toml of examples/python: what `pulumi install` and `pulumi package add` do with `toolchain: uv`. */
export async function installPythonByUv(folder: string): Promise<readonly string[]> {
  mkdirSync(folder, { recursive: true });
  copyFileSync(join(pythonExample, "pyproject.toml"), join(folder, "pyproject.toml"));
  const tools = await generate("python", join(folder, "sdks", "qoder"));
  const uv = join(await newEnvironment(join(folder, "uv"), "uv"), "uv");
  await run(uv, ["add", "--quiet", "--no-workspace", "./sdks/qoder"], { cwd: folder });
  // As in a fresh checkout: docs/python.md.
  rmSync(join(folder, ".venv"), { recursive: true });
  await run(uv, ["sync", "--quiet"], { cwd: folder });
  // The host of the tests is older than the toolchain uv: it lists the packages by pip.
  await run(uv, ["pip", "install", "--quiet", "pip"], { cwd: folder });
  return [tools, programsOf(join(folder, ".venv"))];
}

/** The compiler neither optimizes nor makes debug data: without both it takes two thirds of the time, and the program runs a few times. */
const quickBuild = ["-gcflags=all=-dwarf=false -N -l", "-ldflags=-s -w"];

/**
 * Builds a program in Go against the generated SDK, in a folder of its own. Returns the folders for PATH with which the CLI runs this
 * program, in each project of Go: the host that is built from its module is older than the option `binary` of a project.
 */
export async function buildGo(folder: string, program: string): Promise<readonly string[]> {
  await generate("go", join(folder, "sdk"));
  const sdk = "github.com/pulumi-qoder/pulumi-qoder/sdk/go";
  const requirements = `require (\n\t${sdk} v0.0.0\n\tgithub.com/pulumi/pulumi/sdk/v3 v${pulumiVersion}\n)`;
  writeFileSync(join(folder, "go.mod"), `module team\n\ngo 1.25\n\n${requirements}\n\nreplace ${sdk} => ./sdk\n`);
  writeFileSync(join(folder, "main.go"), program);
  const binary = join(folder, "program");
  await runGo(["build", "-mod=mod", ...quickBuild, "-o", binary, "."], folder);
  const bin = join(folder, "bin");
  mkdirSync(bin);
  const host = join(await goHostFolder(), fileNames.goHost);
  writeFileSync(join(bin, fileNames.goHost), `#!/bin/sh\nexec "${host}" "-binary=${binary}" "$@"\n`, { mode: 0o755 });
  const root = await runGo(["env", "GOROOT"], folder);
  return [bin, join(root.trim(), "bin")];
}

/**
 * Installs the generated SDK for Node.js in the folder of a project, as its postinstall script does, but does not check its types, because
 * they need a newer SDK of Pulumi than Node.js 20 runs.
 */
export async function installNodeSdk(project: string): Promise<void> {
  const folder = join(project, "node_modules", "@pulumi-qoder", "qoder");
  await generate("nodejs", folder);
  const modules = join(repository, "node_modules");
  const compiler = [join(modules, "typescript", "bin", "tsc"), "--noCheck", "--typeRoots", join(modules, "@types")];
  await run(process.execPath, compiler, { cwd: folder });
  // The SDK reads its version from this file.
  copyFileSync(join(folder, "package.json"), join(folder, "bin", "package.json"));
}
