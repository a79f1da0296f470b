export interface LockOptions {
  /** Called once, when somebody else holds the lock. */
  readonly waiting?: () => void;
  /** A holder that gave no sign of life for so long is dead. */
  readonly deadAfterMs?: number;
}

/** Runs `action` while no other process on this machine runs one under the same lock file. */
export function withLock<Result>(file: string, action: () => Promise<Result>, options?: LockOptions): Promise<Result>;
