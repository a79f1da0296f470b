import { counted, secondText } from "../../provider/api/clock";
import { excerpt } from "../../provider/api/terminal-text";
import { periods } from "../../provider/deployment/limits";
import type { CostJson, CostsJson, LimitsJson } from "../json";
import { markedTable } from "../printer";
import type { Scopes, UnreadObject } from "../scope";
import { jsonOutput, lines, mostRows, nameCell } from "../words";
import { type Cost, type Costs, expectedText, fittingBudget, isExpectedAbove, isNear, spentText, summed } from "./cost";
import type { Spending } from "./spending";

/** What the command found. */
export interface Comparison {
  readonly deployments: readonly Spending[];
  /** The whole stack; undefined without `--stack`, and for a part of a stack. */
  readonly stack: (Costs & { readonly name: string | undefined }) | undefined;
  /** What no sum counts: archived deployments that may have been a part of the stack. */
  readonly archived: readonly Spending[];
  readonly managed: Scopes["managed"];
  /** The zone in which days and months begin. */
  readonly timezone: string;
  /** The month that is over, as `2026-11`; undefined for the present day and month. */
  readonly past: string | undefined;
  /** True if limits may exist that the command does not compare. */
  readonly isPart: boolean;
}

const head = ["TODAY", "EXPECTED", "LIMIT", "MONTH", "EXPECTED", "LIMIT", "BUDGET"];
const none = "-";
const longestBudget = 12;

/**
 * A table with what was spent, what is expected by the end of the day and of the month, and the limits. Of a fleet, the rows that say
 * something; `more` is the command that prints all.
 */
export function text(
  { deployments, stack, managed, timezone, past, isPart }: Comparison,
  columns: number,
  more: string | undefined,
): string {
  const rows = [
    ...(stack === undefined
      ? []
      : [{ name: `all of the stack ${stack.name ?? ""}`.trim(), costs: stack, ids: [], budget: none }]),
    ...deployments.map((one) => ({
      name: nameCell(one.deployment, managed),
      costs: one,
      ids: [excerpt(one.deployment.id, 100)],
      budget: budgetCell(one),
    })),
  ].map(({ name, costs, ids, budget }) => {
    const shown = past === undefined ? periods : (["month"] as const);
    const problems = shown.flatMap((period) => problem(costs[period], period));
    return {
      isMarked: problems.length > 0,
      name,
      cells:
        past === undefined
          ? [...periods.flatMap((period) => cells(costs[period])), budget]
          : [String(costs.month.runs), spentText(costs.month), String(costs.month.limit ?? none)],
      details: problems.length === 0 ? [] : [...ids, ...problems],
    };
  });
  const isFleet = more !== undefined && rows.length > mostRows;
  const printed = isFleet ? rows.filter((row, place) => row.isMarked || (place === 0 && stack !== undefined)) : rows;
  const left = rows.length - printed.length;
  return lines([
    `Days and months begin at midnight in ${timezone}.`,
    ...(printed.length === 0 ? [] : markedTable(past === undefined ? head : ["RUNS", past, "LIMIT"], printed, columns)),
    ...(left === 0 ? [] : [`${counted(left, "row")} that ask for nothing: \`${more}\``]),
    "",
    ...[summary({ deployments, stack, past, isPart }), late(deployments)],
    ...budgets(past === undefined ? deployments : []),
  ]);
}

function cells(cost: Cost): string[] {
  return [spentText(cost), expectedText(cost) ?? none, String(cost.limit ?? none)];
}

function problem({ limit, ...cost }: Cost, period: string): string[] {
  return [...(limit === undefined ? [] : creditProblem({ ...cost, limit }, period)), ...runProblem(cost, period)];
}

function runProblem({ runs, expectedRuns, runLimit }: Omit<Cost, "limit">, period: string): string[] {
  if (runLimit === undefined || expectedRuns <= runLimit) {
    return [];
  }
  const expected = expectedRuns > runs ? `, and ${expectedRuns} are expected by its end` : "";
  return [`${runs} of the ${counted(runLimit, "run")} of the ${period} have begun${expected}`];
}

function creditProblem(cost: Cost & { readonly limit: number }, period: string): string[] {
  const { spent, limit } = cost;
  const ofCredits = { ...cost, runLimit: undefined };
  // By hundredths of a credit, which are whole: 1.15 * 100 is less than 115, and would show as 114 %.
  const share = Math.floor(Math.round(spent * 100) / limit);
  const sentences = isNear(ofCredits)
    ? [`${spentText(cost)} of the ${counted(limit, "credit")} of the ${period} are spent: ${share} %`]
    : [];
  return isExpectedAbove(ofCredits)
    ? [
        ...sentences,
        `${expectedText(cost)} credits are expected by the end of the ${period}, and the limit is ${limit}`,
      ]
    : sentences;
}

/** What makes the sums too small, for stderr: sessions without a cost, and archived deployments. */
export function gapsOf({ deployments, archived }: Comparison): UnreadObject[] {
  const costs = summed(archived, undefined)?.month;
  const cost =
    costs && `${counted(archived.length, "archived deployment")} with ${spentText(costs)} credits this month`;
  return [
    ...[...deployments, ...archived].flatMap(({ deployment: { id, name }, month: { unknownCosts: count } }) =>
      count === 0 ? [] : [{ id, name, reason: `the service does not show what ${counted(count, "session")} cost` }],
    ),
    ...(cost === undefined ? [] : [{ id: cost, reason: notCounted }]),
  ];
}

const notCounted = "not counted: they have agents or labels of the stack, which other stacks may have too";

/** The budget, or the one that the measured runs propose. */
function budgetCell({ budget, usualBefore }: Spending): string {
  const fitting = fittingBudget(usualBefore);
  return budget === undefined ? (fitting === undefined ? none : `none (${fitting})`) : excerpt(budget, longestBudget);
}

function budgets(deployments: readonly Spending[]): string[] {
  const isProposed = deployments.some(
    ({ budget, usualBefore }) => budget === undefined && fittingBudget(usualBefore) !== undefined,
  );
  return isProposed
    ? [
        "BUDGET in brackets: the measured runs propose `budget: { maxCreditCost: ... }`, three times the usual cost of `status`.",
      ]
    : [];
}

function summary({ deployments, stack, past, isPart }: Omit<Comparison, "archived" | "managed" | "timezone">): string {
  const all = [...deployments, ...(stack === undefined ? [] : [stack])].flatMap(({ day, month }) =>
    past === undefined ? [day, month] : [month],
  );
  const limited = all.flatMap(({ limit, runLimit }) => [limit ?? [], runLimit ?? []].flat()).length;
  const [near, above] = [all.filter(isNear).length, all.filter(isExpectedAbove).length];
  if (isPart && limited === 0) {
    return "Limits were not compared: only --stack knows them, and those of the stack count for all of it.";
  }
  return limited === 0
    ? `There is no limit${past === undefined ? "" : " of a month"}: a program gives \`limits\` to its deployments, the configuration of a stack has qoder:creditsPerDay and qoder:creditsPerMonth, and --stack reads both.`
    : `${near} of ${counted(limited, "limit")} at 80 % or above, ${above} expected above${near + above === 0 ? "" : "; ! marks them"}. A run counts on the day on which it starts.`;
}

function late(deployments: readonly Spending[]): string {
  const count = deployments.reduce((sum, { unsettled }) => sum + unsettled, 0);
  const more = count === 0 ? "" : `: ${counted(count, "run")} of the last hour may still cost more`;
  return `Costs of sandboxes come up to an hour late, and count when they come${more}.`;
}

/** The members are a contract: docs/reference/json.md describes them. */
export function json({ deployments, stack, archived, managed, timezone, past }: Comparison): string {
  const costsJson = ({ day, month }: Costs): CostsJson => ({
    day: past === undefined ? costJson(day) : undefined,
    month: costJson(month),
  });
  return jsonOutput<LimitsJson>({
    timezone,
    stack: stack && { name: stack.name, ...costsJson(stack) },
    notCounted: archived.map(({ deployment: { id, name }, month }) => ({ id, name, month: costJson(month) })),
    deployments: deployments.map((one) => ({
      ...{ id: one.deployment.id, name: one.deployment.name, resource: managed.get(one.deployment.id)?.resourceName },
      ...costsJson(one),
      ...{ usualCredits: one.usual, running: one.running, unsettled: one.unsettled },
      ...{ budget: one.budget, proposedBudget: fittingBudget(one.usualBefore) },
    })),
  });
}

function costJson({ from, until, startedRuns: _, ...cost }: Cost): CostJson {
  return { from: secondText(from), until: secondText(until), ...cost };
}
