import type { SpawnOptions } from "node:child_process";

export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export function runForeground(program: string, args: readonly string[], options?: SpawnOptions): Promise<Ending>;
export function endLike(ending: Ending): void;
