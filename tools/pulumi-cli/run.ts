import { type ExecFileException, execFile } from "node:child_process";

interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly timeout?: number;
}

/** Runs a program and returns its standard output. The program ends with this process. */
export function run(program: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(program, args, { ...options, maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      process.off("exit", stop);
      if (error) reject(new Error(explain(program, error, stderr)));
      else resolve(stdout);
    });
    // Go stops its compilers only on SIGINT (cmd/go/internal/base/signal.go).
    const stop = () => child.kill("SIGINT");
    process.once("exit", stop);
  });
}

function explain(program: string, error: ExecFileException, stderr: string): string {
  if (error.code === "ENOENT") return `${program} was not found`;
  const lastWords = stderr.trim().split("\n").slice(-8).join("\n");
  return lastWords || error.message;
}
