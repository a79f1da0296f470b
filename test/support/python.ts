import { execFile } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { repository } from "./engine-world";
import { fileNames } from "./pulumi-cli/installation";
import { pythonHostFolder } from "./pulumi-cli/language-hosts";

const run = promisify(execFile);
const needed =
  "Python 3.9 or later with its modules venv and pip, as python3 on PATH: https://www.python.org/downloads/";

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
  const host = await pythonHostFolder();
  await run(join(host, fileNames.pythonSdk), [join(repository, "plugin", "schema.json"), sdk]);
  // pip also installs Pulumi's SDK, which the generated SDK requires.
  await run(join(bin, "python"), ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", sdk]);
  return [host, bin];
}
