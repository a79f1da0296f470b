import { execFile } from "node:child_process";

interface Surroundings {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Runs a command and returns its output; if the command fails, the error contains the whole output. */
export function printed(program: string, args: readonly string[], surroundings: Surroundings): Promise<string> {
  return new Promise((resolve, reject) => {
    // On Windows npm is a .cmd file, which starts only through a shell.
    const shell = process.platform === "win32" && program === "npm";
    execFile(program, args, { ...surroundings, shell, maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      if (error === null) {
        resolve(stdout);
      } else {
        reject(new Error(`${[program, ...args].join(" ")}\n${stdout}${stderr}`));
      }
    });
  });
}
