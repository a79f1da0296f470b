import { readdirSync, readFileSync } from "node:fs";

const everyMs = 100;

/** The most memory that all processes below this one hold together, in MB, until `stop`. Linux only: it reads /proc. */
export function peakMegabytes(): { stop(): number } {
  let most = 0;
  const timer = setInterval(() => {
    most = Math.max(most, heldBelow(process.pid));
  }, everyMs);
  return {
    stop() {
      clearInterval(timer);
      return most;
    },
  };
}

function heldBelow(root: number): number {
  const parents = new Map<number, number>();
  for (const name of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
    const [, parent] = /\) \S (\d+)/.exec(read(`/proc/${name}/stat`)) ?? [];
    parents.set(Number(name), Number(parent));
  }
  const below = new Set([root]);
  // Repeats until no process is added: a parent may have a higher number than its child.
  for (let known = 0; known < below.size; ) {
    known = below.size;
    for (const [child, parent] of parents) {
      if (below.has(parent)) {
        below.add(child);
      }
    }
  }
  below.delete(root);
  const kilobytes = [...below].map((pid) => Number(/VmRSS:\s+(\d+)/.exec(read(`/proc/${pid}/status`))?.[1] ?? 0));
  return kilobytes.reduce((sum, held) => sum + held, 0) / 1024;
}

/** Empty if the process has ended meanwhile. */
function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
