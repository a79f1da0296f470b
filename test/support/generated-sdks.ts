import { execFile } from "node:child_process";
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { runGo } from "../../tools/pulumi-cli/go-build";
import { fileNames, pulumiVersion } from "../../tools/pulumi-cli/installation";
import { goHostFolder, sdkFolder } from "../../tools/pulumi-cli/language-hosts";
import { repository } from "./engine-world";

const run = promisify(execFile);
const needed =
  "Python 3.9 or later with its modules venv and pip, as python3 on PATH: https://www.python.org/downloads/";

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

/**
 * Makes a virtual environment `venv` in the folder, with Pulumi's SDK from PyPI and with the generated SDK of this package. Returns the
 * folders for PATH with which the CLI runs programs in Python.
 */
export async function installPython(folder: string): Promise<readonly string[]> {
  const bin = join(folder, "venv", process.platform === "win32" ? "Scripts" : "bin");
  const sdk = join(folder, "sdks", "qoder");
  mkdirSync(folder, { recursive: true });
  await run("python3", ["-m", "venv", join(folder, "venv")]).catch((error: Error) => {
    throw new Error(`This test needs ${needed} (${error.message.trim()})`);
  });
  const tools = await generate("python", sdk);
  // pip also installs Pulumi's SDK, which the generated SDK requires.
  await run(join(bin, "python"), [
    "-m",
    "pip",
    "install",
    "--quiet",
    "--no-compile",
    "--disable-pip-version-check",
    sdk,
  ]);
  return [tools, bin];
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
