import { QoderError } from "../../api/errors";
import { timeOf } from "../../deployment-run/newest-first";
import { deployments } from "../../kinds/table";
import { eachOf } from "../client";
import { parsed, type ReadDeployment } from "../deployments";
import type { CommandAccount, UnreadObject } from "../scope";
import { earliestMonth, type Spending, spendingOf } from "./spending";

/**
 * Reads what deployments of the account cost this month that were archived in it, and that have an agent of the stack or all the labels that
 * `stack`, its deployments in this account, have in common. Other stacks may have these too, so no sum counts them.
 */
export async function archivedSpending(
  account: CommandAccount,
  stack: readonly Spending[],
  managedAgents: ReadonlySet<string>,
  zone: string | undefined,
): Promise<{ readonly read: readonly Spending[]; readonly unread: readonly UnreadObject[] }> {
  const live = stack.map(({ deployment }) => deployment);
  const ids = new Set(live.map(({ id }) => id));
  const agents = new Set([...managedAgents, ...live.flatMap(({ agent }) => agent?.id ?? [])]);
  const labels = commonLabels(live);
  const month = earliestMonth(account.client.moment());
  const [read, unread]: [Spending[], UnreadObject[]] = [[], []];
  try {
    // The list has no filter by the time of the archive, so the command reads it to its end.
    await eachOf(account.client.forList().list(deployments, { include_archived: "true" }), async (entry) => {
      if (entry.archived_at == null || (timeOf(entry.archived_at) ?? month) < month || ids.has(entry.id)) {
        return;
      }
      const one = parsed(entry.id, entry);
      if ("reason" in one) {
        unread.push(one);
      } else if (
        agents.has(one.agent?.id ?? "") ||
        (labels.length > 0 && labels.every((label) => hasLabel(one, label)))
      ) {
        read.push(await spendingOf(account, one, undefined, zone));
      }
    });
  } catch (error) {
    if (!(error instanceof QoderError)) {
      throw error;
    }
    unread.push({ id: "archived deployments", reason: error.message });
  }
  return { read: read.filter(({ month: { spent, unknownCosts } }) => spent > 0 || unknownCosts > 0), unread };
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
