import type { AccountSettings } from "../account/settings";
import { accountOf } from "./client";
import type { DeploymentSelection, Selection } from "./command-line";
import { readStack, type StackAccount, type StackContents } from "./stack";
import { type Environment, failureText } from "./terminal";

/** The selection of a command line in one account. */
export interface Scope {
  readonly account: AccountSettings;
  readonly selection: Selection;
}

/** A deployment that no command can read, and the reason. */
export interface Unknown {
  readonly id: string;
  readonly name?: string | undefined;
  readonly reason: string;
}

/** The selection of a command line in all accounts: the deployments of a stack can belong to several accounts. */
export interface Scopes {
  readonly scopes: readonly Scope[];
  /** The deployments of a stack whose account cannot be determined. */
  readonly unknown: readonly Unknown[];
  /** The Pulumi names of the stack's deployments, by their ids. Empty without `--stack`. */
  readonly resourceNames: ReadonlyMap<string, string>;
  /** The name of the stack; undefined without `--stack`, and for a stack without resources. */
  readonly stack: string | undefined;
  /** The remaining time of the whole command. */
  readonly timeoutMs: number | undefined;
}

interface Selected {
  readonly selection: DeploymentSelection;
  readonly workspace: string | undefined;
  readonly timeoutMs: number | undefined;
}

/** Determines the accounts. Runs the Pulumi CLI only for `--stack`. */
export async function scopesOf(
  { selection, workspace, timeoutMs }: Selected,
  environment: Environment,
): Promise<Scopes> {
  if (selection.by !== "stack") {
    const scope = { account: accountOf(workspace, environment), selection };
    return { scopes: [scope], unknown: [], resourceNames: new Map(), stack: undefined, timeoutMs };
  }
  const start = Date.now();
  const contents = await readStack(selection.name, environment, timeoutMs);
  const leftMs = timeoutMs === undefined ? undefined : Math.max(timeoutMs - (Date.now() - start), 1);
  return { ...scopesIn(contents), timeoutMs: leftMs };
}

function scopesIn({ name, accounts }: StackContents): Omit<Scopes, "timeoutMs"> {
  const deployments = accounts.flatMap((account) => account.deployments);
  return {
    scopes: accounts.flatMap((account) => scopeOf(account)),
    unknown: accounts.flatMap((account) => unknownIn(account)),
    resourceNames: new Map(deployments.map(({ id, resourceName }) => [id, resourceName])),
    stack: name,
  };
}

function scopeOf(account: StackAccount): Scope[] {
  const ids = account.deployments.map(({ id }) => id);
  return "account" in account ? [{ account: account.account, selection: { by: "ids", ids } }] : [];
}

function unknownIn(account: StackAccount): Unknown[] {
  return "problem" in account
    ? account.deployments.map(({ id, resourceName: name }) => ({ id, name, reason: failureText(account.problem) }))
    : [];
}
