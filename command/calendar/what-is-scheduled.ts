import { z } from "zod";
import { QoderError } from "../../provider/api/errors";
import { shapeProblem } from "../../provider/api/schema";
import { excerpt } from "../../provider/api/terminal-text";
import { pauseOf } from "../../provider/deployment/paused";
import { deploymentSchema } from "../../provider/deployment/reply";
import { amount } from "../../provider/deployment-run/result";
import { isDeploymentType, nameInUrn } from "../../provider/kinds/table";
import { containsUnknown } from "../../provider/resource/kind/program-values";
import { type Schedule, scheduleProblem } from "../../provider/schedule/schedule";
import { outOfUse, type ReadDeployment } from "../deployments";
import { type Preview, previewIn } from "../preview";

/** A deployment with an active schedule. */
export interface Scheduled {
  /** The id; undefined before the first `up`. */
  readonly id: string | undefined;
  readonly name: string;
  readonly schedule: Schedule;
  /** The budget in credits; undefined if there is none. */
  readonly budget: number | undefined;
  /** The credits of its last runs, as far as they are known. */
  readonly past?: readonly number[];
}

/** A deployment whose runs are unknown, with the reason. */
interface Unread {
  readonly name: string;
  readonly reason: string;
}

/** The deployments of a calendar. */
export interface Fleet {
  readonly scheduled: readonly Scheduled[];
  readonly unread: readonly Unread[];
  /** The number of paused deployments; `unscheduled` is the number of those without a schedule. */
  readonly paused: number;
  readonly unscheduled: number;
  /** The reason for which there may be further deployments; undefined if these are all. */
  readonly incomplete: string | undefined;
  /** The reason for which the credits of some past runs are unknown. */
  readonly pastProblem?: string | undefined;
  /** The time by the service's clock; undefined without any request. */
  readonly now?: number | undefined;
}

/** A deployment in a calendar. */
export type Member = Scheduled | Unread | "paused" | "unscheduled";

export function fleetOf(members: readonly Member[], incomplete: string | undefined): Fleet {
  return {
    scheduled: members.filter((member) => typeof member === "object" && "schedule" in member),
    unread: members.filter((member) => typeof member === "object" && "reason" in member),
    paused: members.filter((member) => member === "paused").length,
    unscheduled: members.filter((member) => member === "unscheduled").length,
    incomplete,
  };
}

/** Throws if no deployment was found, because the calendar would be empty. */
export function refuseEmpty({ scheduled, unread, paused, unscheduled, incomplete }: Fleet, advice: string): void {
  if (scheduled.length + unread.length + paused + unscheduled === 0) {
    throw new QoderError(`there is nothing to show: ${incomplete ?? `no deployment was found. ${advice}`}`);
  }
}

const { schedule: scheduleSchema, budget: budgetSchema } = deploymentSchema.shape;
const plannedSchema = z.object({ schedule: scheduleSchema, budget: budgetSchema.catch(undefined) });

/** Decides about a deployment as the service shows it. */
export function memberOf(deployment: ReadDeployment): Member {
  const { id, name = id, status, reply } = deployment;
  const reason = outOfUse(deployment);
  if (reason !== undefined) {
    return { name: `${id} ${name}`, reason };
  }
  if (status === "paused") {
    return "paused";
  }
  const planned = plannedSchema.safeParse(reply);
  if (!planned.success) {
    return { name: `${id} ${name}`, reason: shapeProblem(planned.error) };
  }
  const { schedule, budget } = planned.data;
  if (schedule == null) {
    return "unscheduled";
  }
  const { expression, timezone } = schedule;
  const problem = scheduleProblem({ expression, timezone });
  return problem === undefined
    ? { id, name, schedule: { expression, timezone }, budget: amount.safeParse(budget?.max_credit_cost).data }
    : { name: `${id} ${name}`, reason: problem };
}

type Step = Preview["steps"][number];

const inputsSchema = z.looseObject({
  name: z.string().optional().catch(undefined),
  schedule: z.looseObject({ expression: z.string(), timezone: z.string() }).optional().catch(undefined),
  budget: z.looseObject({ maxCreditCost: z.string() }).optional().catch(undefined),
  paused: z.boolean().optional().catch(undefined),
});
const pauseSchema = z.looseObject({
  status: z.string().optional().catch(undefined),
  pausedReason: z.looseObject({ type: z.string() }).optional().catch(undefined),
});

const longestMessage = 300;

/** The deployments of a program, from the output of its preview, without any request. */
export function previewedFleet(text: string): Fleet {
  const preview = previewIn(text);
  if (preview === undefined) {
    throw new QoderError("--preview takes what `pulumi preview --json` prints, and this is something else");
  }
  const { steps, diagnostics } = preview;
  const failure = diagnostics.find(({ severity }) => severity === "error");
  if (failure !== undefined) {
    throw new QoderError(`the preview failed: ${excerpt(failure.message.replace(/^error: /, ""), longestMessage)}`);
  }
  const planned = new Map<string, Step>();
  for (const step of steps) {
    // A replacement has several steps, and removing steps show no new state. Resources that are only read belong to others.
    if (isDeploymentType(step.newState?.type ?? "") && !/^(delete|discard|read|remove)/.test(step.op)) {
      planned.set(step.urn, step);
    }
  }
  return fleetOf([...planned.values()].map(plannedMember), unchanged(preview));
}

/** The reason for which the preview may lack deployments: the CLI leaves out unchanged resources, except the stack itself. */
function unchanged({ steps, changeSummary }: Preview): string | undefined {
  const hidden = (changeSummary?.same ?? 0) - steps.filter(({ op }) => op === "same").length;
  const what = hidden === 1 ? "1 resource that does" : `${hidden} resources that do`;
  return hidden > 0
    ? `this preview does not show ${what} not change; \`pulumi preview --json --show-sames\` shows all`
    : undefined;
}

/** Decides about a deployment of a preview. */
function plannedMember({ urn, oldState, newState }: Step): Member {
  const given = newState?.inputs ?? {};
  const { name: named, schedule, budget, paused } = inputsSchema.parse(given);
  const name = named === undefined || containsUnknown(named) ? nameInUrn(urn) : named;
  const known = pauseSchema.parse(oldState?.outputs ?? {});
  // A program does not end a pause by the service (`paused` of the deployment).
  if (
    paused === true ||
    pauseOf(known) === "by the service" ||
    (paused === undefined && pauseOf(known) !== undefined)
  ) {
    return "paused";
  }
  if (containsUnknown(given["schedule"])) {
    return { name, reason: "its schedule is not known before `pulumi up`" };
  }
  if (given["schedule"] === undefined) {
    return "unscheduled";
  }
  if (schedule === undefined) {
    return { name, reason: "the preview does not show its schedule, which may be a secret" };
  }
  const { expression, timezone } = schedule;
  const problem = scheduleProblem({ expression, timezone });
  const id = newState?.id ?? oldState?.id;
  return problem === undefined
    ? { id, name, schedule: { expression, timezone }, budget: amount.safeParse(budget?.maxCreditCost).data }
    : { name, reason: problem };
}
