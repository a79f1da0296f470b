import { timeOf } from "../../provider/deployment-run/newest-first";
import { type Fleet, hasLabels, readEach } from "../deployments";
import type { CommandAccount, Scopes } from "../scope";
import { earliestMonth, type Period, type Spending, spendingOf } from "./spending";

/**
 * What the deployments of the account cost that were archived this month and have an agent of the stack, or all the labels that the
 * deployments of the `stack` have in common. Other stacks may have these too, so no sum counts them.
 */
export function archivedIn(
  account: CommandAccount,
  stack: readonly Spending[],
  { stack: contents, managed }: Scopes,
  period: Period,
): Promise<Fleet<readonly Spending[]>> {
  const live = stack.map(({ deployment }) => deployment);
  const agents = new Set([...(contents?.agents.keys() ?? []), ...live.flatMap(({ agent }) => agent?.id ?? [])]);
  // The marks of this package say nothing about a stack, and objects are settings of the service.
  const labels = Object.entries(live[0]?.metadata ?? {}).filter(
    ([key, value]) =>
      typeof value === "string" && !key.includes("pulumi-qoder") && live.every((one) => hasLabels(one, [[key, value]])),
  );
  const scope = { ...account.scope, selection: { by: "all", archived: true } } as const;
  return readEach({ ...account, scope }, async (one) => {
    const month = earliestMonth(period.past ?? account.client.moment());
    const isRecent = one.archived_at != null && (timeOf(one.archived_at) ?? month) >= month && !managed.has(one.id);
    const isOfStack = agents.has(one.agent?.id ?? "") || (labels.length > 0 && hasLabels(one, labels));
    return isRecent && isOfStack ? [await spendingOf(account, one, undefined, period)] : [];
  });
}
