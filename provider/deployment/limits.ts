import { z } from "zod";
import type { QoderClient } from "../api/client";
import { counted } from "../api/clock";
import { QoderError } from "../api/errors";
import { creditSum, median } from "../deployment-run/credits";
import { newestCredits } from "../deployment-run/sessions";
import { localValue } from "../resource/kind/common-fields";
import { type PlanRemark, planWarning } from "../resource/kind/diagnostics";
import type { Field } from "../resource/kind/field";
import type { ProgramChange } from "../resource/kind/kind";
import { containsUnknown, same } from "../resource/kind/program-values";
import { type Schedule, scheduleProblem } from "../schedule/schedule";
import { runsOfPeriods } from "../schedule/window";

const credits = z
  .number()
  .max(1e12)
  .refine((limit) => limit > 0, "is not above 0");
const schema = z
  .strictObject(
    { creditsPerDay: credits, creditsPerMonth: credits, runsPerDay: z.int().min(1).max(1e6) },
    { error: "write { creditsPerDay: 50 }, in credits" },
  )
  .partial();
const recorded = z.object({ creditsPerDay: z.number(), creditsPerMonth: z.number(), runsPerDay: z.number() }).partial();
/** The most credits that the runs of a day and of a month may cost, and the most runs of a day. */
export type Limits = Readonly<z.infer<typeof recorded>>;

/** Only `npx pulumi-qoder limits` and the preview read the limits: the API has none for a day or a month. */
export const limitsField: Field<Limits> = {
  ...localValue(
    schema.refine((limits) => Object.keys(limits).length > 0, "names no limit; write { creditsPerDay: 50 }"),
  ),
  recorded,
};

/** The periods of limits. */
export const periods = ["day", "month"] as const;
export type Period = (typeof periods)[number];

export function limitOf(limits: Limits | undefined, period: Period): number | undefined {
  return period === "day" ? limits?.creditsPerDay : limits?.creditsPerMonth;
}

/** The arguments that decide what the runs of a period cost. */
interface Priced {
  readonly schedule?: Schedule | undefined;
  readonly limits?: Limits | undefined;
  readonly paused?: boolean | undefined;
}

/**
 * Warns if the runs of a new schedule usually cost more than the limits allow. Asks the service for the newest sessions of the
 * deployment, but only if the schedule or a limit is new.
 */
export async function limitRemarks(
  client: QoderClient,
  id: string,
  { before, after, inputs }: Omit<ProgramChange<Priced>, "replaces">,
  now: Date,
): Promise<PlanRemark[]> {
  const { schedule, limits } = after;
  const isNews =
    !same(before.schedule, schedule) ||
    !same(before.limits, limits) ||
    (before.paused ?? false) !== (after.paused ?? false);
  if (
    !isNews ||
    limits === undefined ||
    schedule === undefined ||
    containsUnknown([inputs["schedule"], inputs["limits"], inputs["paused"]]) ||
    after.paused === true ||
    scheduleProblem(schedule) !== undefined
  ) {
    return [];
  }
  const runs = runsOfPeriods(schedule, now.getTime());
  const { runsPerDay = Number.POSITIVE_INFINITY } = limits;
  const tooMany = `limits.runsPerDay: ${counted(runs.day, "run")} a day, above the limit of ${runsPerDay}`;
  const ofRuns = runs.day > runsPerDay ? [planWarning("limits", tooMany)] : [];
  if (periods.every((period) => limitOf(limits, period) === undefined)) {
    return ofRuns;
  }
  const newest = await newestCredits(client, id).catch((error: unknown) => {
    if (error instanceof QoderError) {
      return error.message;
    }
    throw error;
  });
  if (typeof newest === "string") {
    return [...ofRuns, planWarning("verify", `limits: what runs usually cost is not verified: ${newest}`)];
  }
  const usual = median(newest);
  const ofCredits = periods.flatMap((period) => {
    const [limit, cost] = [limitOf(limits, period), creditSum([(usual ?? 0) * runs[period]])];
    return limit === undefined || cost <= limit
      ? []
      : [
          planWarning(
            "limits",
            `limits.${period === "day" ? "creditsPerDay" : "creditsPerMonth"}: ${counted(runs[period], "run")} a ${period} at ${counted(creditSum([usual ?? 0]), "credit")}, the median of the last ${newest.length}, cost ${counted(cost, "credit")}, above the limit of ${limit}`,
          ),
        ];
  });
  return [...ofRuns, ...ofCredits];
}
