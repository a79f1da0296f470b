import { QoderError } from "../../api/errors";
import { timeOf } from "../../deployment-run/newest-first";
import { deployments } from "../../kinds/table";
import { eachOf } from "../client";
import { parsed, type ReadDeployment } from "../deployments";
import type { CommandAccount, Scopes, UnreadObject } from "../scope";
import { earliestMonth, type Spending, spendingOf } from "./spending";

/** Deployments that were archived this month and have cost something in it, and what the command could not read of them. */
interface Archived {
  readonly read: Spending[];
  readonly unread: UnreadObject[];
}

/**
 * Reads the deployments of these accounts that were archived this month, and that have an agent of the stack, or all the labels that the
 * deployments of the `stack` have in common. Other stacks may have these too, so no sum counts them.
 */
export async function archivedIn(
  accounts: readonly CommandAccount[],
  stack: readonly Spending[],
  scopes: Scopes,
  zone: string | undefined,
): Promise<Archived> {
  const live = stack.map(({ deployment }) => deployment);
  const agents = new Set([...(scopes.stack?.agents ?? []), ...live.flatMap(({ agent }) => agent?.id ?? [])]);
  const labels = commonLabels(live);
  const isOfStack = (one: ReadDeployment) =>
    agents.has(one.agent?.id ?? "") || (labels.length > 0 && labels.every((label) => hasLabel(one, label)));
  const found: Archived = { read: [], unread: [] };
  await eachOf(accounts, async (account) => {
    const month = earliestMonth(account.client.moment());
    try {
      // The list has no filter by the time of the archive, so the command reads it to its end.
      await eachOf(account.client.forList().list(deployments, { include_archived: "true" }), async (entry) => {
        if (entry.archived_at == null || (timeOf(entry.archived_at) ?? month) < month || scopes.managed.has(entry.id)) {
          return;
        }
        const one = parsed(entry.id, entry);
        if ("reason" in one) {
          found.unread.push(one);
        } else if (isOfStack(one)) {
          const spending = await spendingOf(account, one, undefined, zone);
          found.read.push(...(isFree(spending) ? [] : [spending]));
        }
      });
    } catch (error) {
      if (!(error instanceof QoderError)) {
        throw error;
      }
      found.unread.push({ id: "archived deployments", reason: error.message });
    }
  });
  return found;
}

function isFree({ month: { spent, unknownCosts } }: Spending): boolean {
  return spent === 0 && unknownCosts === 0;
}

type Label = readonly [key: string, value: unknown];

/** The labels that all of these have. Marks of this package say nothing about a stack. */
function commonLabels([first, ...others]: readonly ReadDeployment[]): Label[] {
  return Object.entries(first?.metadata ?? {}).filter(
    (label) => !label[0].includes("pulumi-qoder") && others.every((other) => hasLabel(other, label)),
  );
}

function hasLabel({ metadata }: ReadDeployment, [key, value]: Label): boolean {
  return metadata?.[key] === value;
}
