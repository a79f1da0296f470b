import { harmless } from "../../api/foreign-text";
import type { PlanRemark } from "../plan-remark";
import type { Message } from "./answer";
import { namesText, sortedNames } from "./label";
import { nextRunsTable } from "./next-runs";

/** A remark about the plan of one resource. */
export interface Told {
  readonly remark: PlanRemark;
  /** The class of the resource. `name` is its Pulumi name, and `label` has both, with the id. */
  readonly kind: string;
  readonly name: string;
  readonly label: string;
  readonly urn: string | undefined;
}

/** One message for each remark, with the names of all its resources, and one table of all next runs. */
export function toldTogether(told: readonly Told[]): Message[] {
  const runs = groups(
    told.filter(({ remark }) => remark.nextRuns !== undefined),
    ({ remark }) => JSON.stringify(remark.nextRuns),
  );
  const others = groups(
    told.filter(({ remark }) => remark.nextRuns === undefined),
    ({ remark, kind }) => JSON.stringify([remark.severity, remark.kind, remark.text, remark.together?.by, kind]),
  );
  return [...others.filter(isNews).map(messageOf), ...tables(runs)];
}

type Group = readonly [Told, ...Told[]];

function groups(told: readonly Told[], keyOf: (one: Told) => string): Group[] {
  const found = new Map<string, [Told, ...Told[]]>();
  for (const one of told) {
    const group = found.get(keyOf(one));
    if (group === undefined) {
      found.set(keyOf(one), [one]);
    } else {
      group.push(one);
    }
  }
  return [...found.values()];
}

function namesOf(group: Group): string[] {
  return sortedNames(group.map(({ name }) => name));
}

function isNews(group: Group): boolean {
  return group.every(
    ({ remark: { together } }) =>
      together === undefined || (group.length > 1 && group.some((one) => one.remark.together?.isNews === true)),
  );
}

function messageOf(group: Group): Message {
  const [{ remark, label, kind, urn }] = group;
  const isOne = group.length === 1;
  const subject = isOne ? label : `${kind} ${namesText(namesOf(group).map((name) => `"${name}"`))}`;
  // A remark about several resources belongs to no single URN.
  return {
    severity: remark.severity,
    text: harmless(`${subject}: ${remark.text} [${remark.kind}]`),
    urn: isOne ? urn : undefined,
  };
}

function tables(runs: readonly Group[]): Message[] {
  const rows = runs.flatMap((group) => {
    const { nextRuns } = group[0].remark;
    return nextRuns === undefined ? [] : [{ nextRuns, names: namesOf(group) }];
  });
  const lines = rows.length === 0 ? [] : nextRunsTable(rows);
  return lines.length === 0 ? [] : [{ severity: "info", text: lines.map(harmless).join("\n"), urn: undefined }];
}
