import { counted } from "../../api/clock";
import { QoderError } from "../../api/errors";
import { timeOf } from "../../deployment-run/newest-first";
import { deployments } from "../../kinds/table";
import { eachOf } from "../client";
import { listedDeployment, type ReadDeployment } from "../deployments";
import type { CommandAccount, UnreadObject } from "../scope";
import { type Cost, isLimited, summed } from "./cost";
import { earliestMonth, type Spending, spendingOf } from "./spending";

/** What deployments cost that were archived this month and may have been a part of the stack. */
export interface Archived {
  /** Those whose agent the stack manages: the stack counts them. */
  readonly ours: readonly Spending[];
  /** Those with an agent, or with all the labels, that the deployments of the stack have in common. Other stacks may have them too. */
  readonly perhaps: readonly Spending[];
  /** The reason for which not all of them are known. */
  readonly problem?: string;
}

/** Reads the deployments of the account that were archived this month. `stack`: the deployments of the stack in this account. */
export async function archivedSpending(
  account: CommandAccount,
  stack: readonly Spending[],
  managedAgents: ReadonlySet<string>,
  zone: string | undefined,
): Promise<Archived> {
  const { client } = account;
  const live = stack.map(({ deployment }) => deployment);
  const ids = new Set(live.map(({ id }) => id));
  const agents = new Set(live.flatMap(({ agent }) => agent?.id ?? []));
  const labels = commonLabels(live);
  const month = earliestMonth(client.moment());
  const [ours, perhaps]: [Spending[], Spending[]] = [[], []];
  try {
    // The list has no filter by the time of the archive, so the command reads it to its end.
    await eachOf(client.forList().list(deployments, { include_archived: "true" }), async (entry) => {
      if (entry.archived_at == null || (timeOf(entry.archived_at) ?? month) < month || ids.has(entry.id)) {
        return;
      }
      const one = listedDeployment(entry);
      const { id: agent = "" } = one.agent ?? {};
      const hasLabels = labels.length > 0 && labels.every(([key, value]) => one.metadata?.[key] === value);
      if (managedAgents.has(agent) || agents.has(agent) || hasLabels) {
        const group = managedAgents.has(agent) ? ours : perhaps;
        group.push(await spendingOf(account, one, undefined, zone));
      }
    });
  } catch (error) {
    if (!(error instanceof QoderError)) {
      throw error;
    }
    return { ours, perhaps, problem: error.message };
  }
  return { ours, perhaps };
}

/** The labels that all of these have. Marks of this package say nothing about a stack. */
function commonLabels([first, ...others]: readonly ReadDeployment[]): (readonly [key: string, value: unknown])[] {
  return Object.entries(first?.metadata ?? {}).filter(
    ([key, value]) => !key.includes("pulumi-qoder") && others.every(({ metadata }) => metadata?.[key] === value),
  );
}

/** The costs of this month of archived deployments. */
export interface ArchivedCosts extends Pick<Cost, "spent" | "unknownCosts"> {
  readonly deployments: number;
  /** True if they are a part of the sum of the stack. */
  readonly isCounted: boolean;
}

export function archivedCosts(past: readonly Archived[]): ArchivedCosts[] {
  const costs = (group: readonly Spending[], isCounted: boolean): ArchivedCosts[] => {
    const paid = group.filter(hasCost);
    const sum = summed(paid, undefined)?.month;
    return sum === undefined
      ? []
      : [{ deployments: paid.length, spent: sum.spent, unknownCosts: sum.unknownCosts, isCounted }];
  };
  return [
    ...costs(
      past.flatMap(({ ours }) => ours),
      true,
    ),
    ...costs(
      past.flatMap(({ perhaps }) => perhaps),
      false,
    ),
  ];
}

function hasCost({ month }: Spending): boolean {
  return month.spent > 0 || month.unknownCosts > 0;
}

/** What makes sums too small, and the reasons. `stack`: the deployments of the stack. */
export function gapsOf(stack: readonly Spending[], past: readonly Archived[]): UnreadObject[] {
  const [ours, perhaps] = [past.flatMap((one) => one.ours), past.flatMap((one) => one.perhaps)];
  const limitedAgents = new Set(stack.filter(isLimited).flatMap(({ deployment: { agent } }) => agent?.id ?? []));
  const replaced = ours.filter((one) => hasCost(one) && limitedAgents.has(one.deployment.agent?.id ?? ""));
  const archived = [
    [perhaps.filter(hasCost), "nothing proves that the stack managed what was archived, so no sum has its costs"],
    [
      replaced,
      "only the sum of the stack has these costs: they may count for the limit of a deployment that came after",
    ],
  ] as const;
  return [
    ...[...stack, ...ours, ...perhaps].flatMap(({ deployment: { id, name }, month: { unknownCosts: count } }) =>
      count === 0 ? [] : [{ id, name, reason: `the service does not show what ${counted(count, "session")} cost` }],
    ),
    ...past.flatMap(({ problem = [] }) => problem).map((reason) => ({ id: "archived deployments", reason })),
    ...archived.flatMap(([group, reason]) =>
      group.length === 0 ? [] : [{ id: counted(group.length, "archived deployment"), reason }],
    ),
  ];
}
