import type { AccountSettings } from "../account/settings";
import { accountOf } from "./client";
import type { DeploymentSelection, Selection } from "./command-line";
import { readStack, type StackAccount, type StackContents } from "./stack";
import { type Environment, failureText } from "./terminal";

/** What a command line selects in one account. */
export interface Scope {
  readonly account: AccountSettings;
  readonly selection: Selection;
}

/** A deployment that no command can ask about, and why. */
export interface Unknown {
  readonly id: string;
  readonly name?: string | undefined;
  readonly reason: string;
}

/** What a command line selects: each deployment of a stack belongs to its own account. */
export interface Scopes {
  readonly scopes: readonly Scope[];
  /** Deployments of a stack that leads to no account for them. */
  readonly unknown: readonly Unknown[];
  /** By the ids of a stack's deployments, their names in its program. Empty without `--stack`. */
  readonly resourceNames: ReadonlyMap<string, string>;
  /** Undefined without `--stack`, and for a stack that has no resource. */
  readonly stack: string | undefined;
  /** What is left of the time for the whole command. */
  readonly timeoutMs: number | undefined;
}

interface Selected {
  readonly selection: DeploymentSelection;
  readonly workspace: string | undefined;
  readonly timeoutMs: number | undefined;
}

/** Runs the Pulumi CLI for `--stack` alone. */
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
