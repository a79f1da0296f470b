export interface LockOptions {
  /** Called once if another process holds the lock. */
  readonly waiting?: () => void;
  /** The time without a sign of life after which a holder counts as dead. */
  readonly deadAfterMs?: number;
  /** The clock of the machine, if left out. */
  readonly clock?: {
    /** Milliseconds since some moment. */
    elapsed(): number;
    sleep(milliseconds: number): Promise<void>;
  };
}

/** Runs `action` while no other process on this machine runs an action with the same lock file. */
export function withLock<Result>(file: string, action: () => Promise<Result>, options?: LockOptions): Promise<Result>;
