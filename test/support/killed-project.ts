import { type ChildProcess, execFileSync } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { EngineWorld } from "./engine-world";
import type { InstalledProject } from "./installed-project";

export function descendants(processId: number): { readonly id: number; readonly command: string }[] {
  const table = execFileSync("ps", ["-eo", "pid=,ppid=,args="], { encoding: "utf8" });
  const rows = table.split("\n").flatMap((line) => {
    const [, id, parent, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return id === undefined || command === undefined ? [] : [{ id: Number(id), parent: Number(parent), command }];
  });
  const below = (parent: number): { id: number; command: string }[] =>
    rows.filter((row) => row.parent === parent).flatMap((row) => [row, ...below(row.id)]);
  return below(processId);
}

/**
 * Pulumi's file back end does not write a checkpoint in one step: a kill in the middle leaves an empty file, usually
 * beside a copy of the previous checkpoint. The provider must find the objects that the copy, or a new stack, lacks.
 */
export async function mendCheckpoint(world: EngineWorld, project: InstalledProject): Promise<void> {
  const file = join(world.folder, "state", ".pulumi", "stacks", "project", "dev.json");
  const copy = `${file}.bak`;
  for (const attributes of [`${file}.attrs`, `${copy}.attrs`].filter((one) => !isJson(one))) {
    // Pulumi ignores these files, but a truncated one makes a read of the checkpoint fail (gocloud.dev/blob/fileblob).
    rmSync(attributes, { force: true });
  }
  if (isJson(file)) {
    return;
  }
  if (isJson(copy)) {
    copyFileSync(copy, file);
    return;
  }
  rmSync(file, { force: true });
  rmSync(copy, { force: true });
  await project.newStack();
}

function isJson(file: string): boolean {
  try {
    JSON.parse(readFileSync(file, "utf8"));
    return true;
  } catch {
    return false;
  }
}

/** Kills the command and its descendants, so that none of them sends a request during the next command. */
export async function kill(command: ChildProcess): Promise<void> {
  // A stopped process starts no provider after its descendants were counted.
  command.kill("SIGSTOP");
  const left = descendants(command.pid ?? 0);
  command.kill("SIGKILL");
  await once(command, "exit");
  for (const { id } of left) {
    try {
      process.kill(id, "SIGKILL");
    } catch {}
  }
}
