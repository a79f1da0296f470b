import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";

/** The cost of a command and of all processes that it starts. */
export interface Cost {
  /** User and system time of all processes, in seconds. */
  readonly cpu: number;
  /** The wall time, in seconds. */
  readonly wall: number;
}

/** Runs a command to its end. Rejects with its output if it fails. */
export async function costOf(
  command: readonly string[],
  options: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Promise<Cost> {
  const start = performance.now();
  // Only the shell reports the times of all processes below it that have ended.
  const child = spawn("sh", ["-c", '"$@" && times', "sh", ...command], {
    ...options,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [output, errors, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((ended) => void child.once("close", ended)),
  ]);
  const wall = (performance.now() - start) / 1_000;
  if (code !== 0) {
    throw new Error(`${command.join(" ")} ended with ${code}:\n${output}\n${errors}`);
  }
  return { cpu: secondsIn(output), wall };
}

/** `times` prints the user and system time of the shell, and on the next line of its child processes. */
function secondsIn(output: string): number {
  const [user, system] = [...output.matchAll(/(\d+)m([\d.]+)s/g)]
    .slice(-2)
    .map(([, minutes, seconds]) => Number(minutes) * 60 + Number(seconds));
  if (user === undefined || system === undefined) {
    throw new Error(`the shell told no times: ${output.slice(-200)}`);
  }
  return user + system;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length / 2;
  const [low = Number.NaN, high = low] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return (low + high) / 2;
}
