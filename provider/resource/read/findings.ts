import type { AccountReader } from "./account-reader";

/** The results of a check beyond the program: of the settings, or at the service. */
export interface Findings {
  /** The mistakes. A mistake in an argument starts with its path. */
  readonly failures: readonly string[];
  readonly warnings: readonly string[];
}

export const noFindings: Findings = { failures: [], warnings: [] };

export function failure(text: string): Findings {
  return { failures: [text], warnings: [] };
}

export function caution(text: string): Findings {
  return { failures: [], warnings: [text] };
}

export function unverified(text: string, reason: string, account: Pick<AccountReader, "isFirst">): Findings {
  return account.isFirst(reason) ? caution(`${text}: ${reason}`) : noFindings;
}
