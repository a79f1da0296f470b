import { execFile } from "node:child_process";

interface Surroundings {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Runs a command and gives all that it printed, which is the message of the error when it fails. */
export function printed(program: string, args: readonly string[], surroundings: Surroundings): Promise<string> {
  return new Promise((resolve, reject) => {
    // npm is a .cmd file on Windows, and those start through a shell only.
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
