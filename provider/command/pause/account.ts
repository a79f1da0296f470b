import type { Clock } from "../../api/clock";
import { CommandClient } from "../client";
import type { Scope } from "../scope";

/** An account of a command, with its connection. */
export interface CommandAccount {
  readonly client: CommandClient;
  readonly scope: Scope;
}

/** Runs the work with a connection to each account, and closes the connections at the end, also after an error. */
export async function withAccounts<Result>(
  scopes: readonly Scope[],
  timeoutMs: number | undefined,
  clock: Clock,
  work: (accounts: readonly CommandAccount[]) => Promise<Result>,
): Promise<Result> {
  const accounts = scopes.map((scope) => ({ scope, client: CommandClient.connect(scope.account, timeoutMs, clock) }));
  try {
    return await work(accounts);
  } finally {
    await Promise.all(accounts.map(({ client }) => client.close()));
  }
}
