import { stripVTControlCharacters } from "node:util";
import { z } from "zod";
import { QoderError } from "../../api/errors";
import { excerpt, parseJson } from "../../api/foreign-text";
import { pauseOf } from "../../deployment/paused";
import { isDeploymentType, nameInUrn } from "../../kinds/table";
import { containsUnknown } from "../../resource/program-values";
import { scheduleProblem } from "../../schedule/schedule";
import { creditsOf, type Fleet, fleetOf, type Member } from "./fleet";

// The output of `pulumi preview --json` (pulumi/pulumi sdk/go/common/display/json.go, `PreviewDigest`).
const stateSchema = z.looseObject({
  id: z.string().optional(),
  type: z.string(),
  inputs: z.record(z.string(), z.unknown()).optional(),
  outputs: z.record(z.string(), z.unknown()).optional(),
});
const previewSchema = z.looseObject({
  steps: z.array(
    z.looseObject({
      op: z.string(),
      urn: z.string(),
      oldState: stateSchema.optional(),
      newState: stateSchema.optional(),
    }),
  ),
  diagnostics: z.array(z.looseObject({ message: z.string(), severity: z.string() })).optional(),
  changeSummary: z.looseObject({ same: z.number().optional() }).optional(),
});
type Preview = z.infer<typeof previewSchema>;
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
  const preview = previewSchema.safeParse(parseJson(text).value);
  if (!preview.success) {
    throw new QoderError("--preview takes what `pulumi preview --json` prints, and this is something else");
  }
  const { steps, diagnostics = [] } = preview.data;
  const failure = diagnostics.find(({ severity }) => severity === "error");
  if (failure !== undefined) {
    throw new QoderError(
      `the preview failed: ${excerpt(stripVTControlCharacters(failure.message).replace(/^error: /, ""), longestMessage)}`,
    );
  }
  const planned = new Map<string, Step>();
  for (const step of steps) {
    // A replacement has several steps, and removing steps show no new state. Resources that are only read belong to others.
    if (isDeploymentType(step.newState?.type ?? "") && !/^(delete|discard|read|remove)/.test(step.op)) {
      planned.set(step.urn, step);
    }
  }
  return fleetOf([...planned.values()].map(memberOf), unchanged(preview.data));
}

/** The reason for which the preview may lack deployments: the CLI leaves out unchanged resources, except the stack itself. */
function unchanged({ steps, changeSummary }: Preview): string | undefined {
  const hidden = (changeSummary?.same ?? 0) - steps.filter(({ op }) => op === "same").length;
  const what = hidden === 1 ? "1 resource that does" : `${hidden} resources that do`;
  return hidden > 0
    ? `this preview does not show ${what} not change; \`pulumi preview --json --show-sames\` shows all`
    : undefined;
}

function memberOf({ urn, oldState, newState }: Step): Member {
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
    ? { id, name, schedule: { expression, timezone }, budget: creditsOf(budget?.maxCreditCost) }
    : { name, reason: problem };
}
