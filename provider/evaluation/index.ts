import { QoderDeployment } from "../deployment";
import { QoderDeploymentRun } from "../deployment-run";
import { creditSum } from "../deployment-run/credits";
import { providerSource, resourceType } from "../kinds/table";
import { runError } from "../program/errors";
import { runningCommand } from "../program/inputs";
import { isOfType } from "../program/resource";
import * as pulumi from "../program/sdk";
import { isKnown } from "../program/sdk-internals";
import type { EvaluationArgs, EvaluationRow } from "./arguments";
import { isShare } from "./share";

interface CaseRuns {
  readonly name: string;
  readonly runs: readonly QoderDeploymentRun[];
}

const type = "qoder:component:Evaluation";

/**
 * Runs an agent on a table of cases, and fails `up` with a table of the results if fewer than `passRate` of the runs are satisfied.
 * Resources that depend on the evaluation then stay as they are.
 *
 * ```typescript
 * const good = new Evaluation("reviewer-is-good", {
 *   agent: reviewer,
 *   environmentId: cloud,
 *   cases: {
 *     typos: { input: "Review change 12", rubric: "The review names the two typos" },
 *     secrets: { input: "Review change 13", rubric: "The review names the token in line 4" },
 *   },
 *   repeats: 2,
 *   passRate: 0.9,
 *   budget: { maxCreditCost: "5" },
 * });
 * new QoderDeployment("review", { ...args, agent: reviewer }, { dependsOn: good });
 * ```
 *
 * Each case is a deployment without a schedule, and each of its runs a {@link QoderDeploymentRun} that records its outcome. The runs
 * start once: an unchanged agent, case and environment start nothing, also after a failure, and a changed case starts its own runs.
 * The preview says how many runs `up` starts, and the most credits that they cost.
 */
export class Evaluation extends pulumi.ComponentResource {
  /** The part of the runs that are satisfied, from 0 to 1. */
  readonly satisfiedRate: pulumi.Output<number>;
  /** The credits of all runs so far. */
  readonly credits: pulumi.Output<number>;
  /** A row for each case, in the order of the program. */
  readonly rows: pulumi.Output<EvaluationRow[]>;

  /** True if the value is an Evaluation, also one of another copy of this package. */
  static override isInstance(value: unknown): value is Evaluation {
    return isOfType(value, type);
  }

  /** @param name The Pulumi name. The deployments at Qoder are called `NAME-CASE`, which must be unique in the account. */
  constructor(name: string, args: EvaluationArgs, options: pulumi.ComponentResourceOptions = {}) {
    refuseWrongNumbers(name, args);
    super(type, name, {}, options);
    const cases = startedIn(this, name, args, options);
    const runs = cases.flatMap((one) => one.runs);
    tellCost(this, name, args, runs);
    const found = pulumi.all(cases.map(rowOf));
    const verdict = new Verdict(name, { name, passRate: args.passRate ?? 1, rows: found }, { parent: this });
    // The verdict fails before any of these outputs is known.
    this.rows = pulumi.all([found, verdict.id]).apply(([rows]) => rows);
    this.satisfiedRate = this.rows.apply((rows) => rows.reduce((sum, { passed }) => sum + passed, 0) / runs.length);
    this.credits = this.rows.apply((rows) => creditSum(rows.map(({ credits }) => credits)));
    this.registerOutputs({ satisfiedRate: this.satisfiedRate, credits: this.credits });
  }
}

/** The deployment of each case with its runs, of which at most `concurrent` run at the same time. */
function startedIn(
  parent: Evaluation,
  name: string,
  args: EvaluationArgs,
  { dependsOn }: pulumi.ComponentResourceOptions,
): CaseRuns[] {
  const { cases, repeats = 1, concurrent = 5, passRate: _, triggers, timeoutSeconds, ...others } = args;
  const { maxIterations = 1, resources = [], ...deployed } = others;
  const shared = {
    agent: factsOf(deployed.agent, ["id", "version"]),
    environment: factsOf(deployed.environmentId, ["id", "config"]),
  };
  const waitForResult = { satisfied: true, mustPass: false, timeoutSeconds };
  const all: QoderDeploymentRun[] = [];
  return Object.entries(cases).map(([called, { input, rubric, files }]) => {
    const caseName = `${name}-${called}`;
    const judgedBy =
      typeof rubric === "object" && "type" in rubric ? rubric : ({ type: "text", content: rubric } as const);
    const outcome = { type: "user.define_outcome", description: input, rubric: judgedBy, maxIterations } as const;
    const mounted = [...resources, ...(files ?? []).map((fileId) => ({ type: "file" as const, fileId }))];
    const deployment = new QoderDeployment(
      caseName,
      { ...deployed, initialEvents: [outcome], ...(mounted.length === 0 ? {} : { resources: mounted }) },
      { parent, ...(dependsOn === undefined ? {} : { dependsOn }) },
    );
    const facts = { input, rubric: factsOf(rubric), files: files?.map((file) => factsOf(file)), maxIterations };
    const runs = Array.from({ length: repeats }, (_, index) => {
      const before = all[all.length - concurrent];
      const run = new QoderDeploymentRun(
        `${caseName}-${index + 1}`,
        { deploymentId: deployment.id, triggers: { ...shared, case: facts, triggers }, waitForResult },
        { parent, ...(before === undefined ? {} : { dependsOn: before }) },
      );
      all.push(run);
      return run;
    });
    return { name: called, runs };
  });
}

/** Fails if too few runs are satisfied. It exists in the state alone. */
class Verdict extends pulumi.CustomResource {
  constructor(name: string, inputs: pulumi.Inputs, options: pulumi.CustomResourceOptions) {
    super(resourceType("Verdict"), name, { ...inputs, __provider: providerSource("verdict") }, options);
  }
}

function refuseWrongNumbers(name: string, { cases, repeats = 1, concurrent = 1, passRate = 1 }: EvaluationArgs): void {
  const isNumber = typeof passRate === "number";
  const share = isNumber ? passRate : JSON.stringify(passRate);
  const isCount = (given: number) => Number.isInteger(given) && given > 0;
  const problems = [
    ...(Object.keys(cases).length > 0 ? [] : ["cases has no case"]),
    ...(isCount(repeats) ? [] : [`repeats must be a whole number from 1, and is ${repeats}`]),
    ...(isCount(concurrent) ? [] : [`concurrent must be a whole number from 1, and is ${concurrent}`]),
    ...(isShare(passRate ?? 1) ? [] : [`passRate must be ${isNumber ? "" : "a number "}from 0 to 1, and is ${share}`]),
  ];
  if (problems.length > 0) {
    throw runError(`evaluation "${name}": ${problems.join("; ")}`);
  }
}

/** The value with ids in place of resources. `members`: those of a resource or of the result of a look-up whose change counts. */
function factsOf(given: unknown, members?: readonly string[]): pulumi.Output<unknown> {
  return pulumi.all([given]).apply(([value]): unknown => {
    if (typeof value !== "object" || value === null) {
      return value;
    }
    if (pulumi.Resource.isInstance(value) && members === undefined) {
      return Reflect.get(value, "id");
    }
    const names = members ?? Object.keys(value);
    return pulumi.output(Object.fromEntries(names.map((name) => [name, factsOf(Reflect.get(value, name))])));
  });
}

function rowOf({ name, runs }: CaseRuns): pulumi.Output<EvaluationRow> {
  const ends = runs.map((run) =>
    pulumi
      .all([run.sessionId, run.result, run.outcome, run.explanation, run.credits])
      .apply(([sessionId, result, outcome, explanation, credits = 0]) => ({
        credits,
        failure: result === "done" && outcome === "satisfied" ? undefined : { sessionId, result, outcome, explanation },
      })),
  );
  return pulumi.all(ends).apply((known) => {
    const failures = known.flatMap(({ failure }) => (failure === undefined ? [] : [failure]));
    const credits = creditSum(known.map((one) => one.credits));
    return { case: name, passed: known.length - failures.length, runs: known.length, credits, failures };
  });
}

/** Says in a preview how many runs the `up` starts, and their expected cost: no page of the API says that `budget` limits one run. */
function tellCost(
  component: Evaluation,
  name: string,
  { budget, acknowledge }: EvaluationArgs,
  runs: readonly QoderDeploymentRun[],
): void {
  const { isPreview, diagnostics = "" } = runningCommand();
  const words = diagnostics.split(",").map((word) => word.trim());
  const isAcknowledged = Array.isArray(acknowledge) && acknowledge.includes("evaluation");
  if (!isPreview || isAcknowledged || ["none", "warnings", "evaluation"].some((word) => words.includes(word))) {
    return;
  }
  // A preview does not know the id of a run that `up` starts.
  const known = runs.map(({ id }) => isKnown(id).catch(() => true));
  void Promise.all(known).then((ids) => {
    const count = ids.filter((isKnown) => isKnown === false).length;
    if (count > 0) {
      const what = `evaluation "${name}": starts ${count} of ${runs.length} runs`;
      pulumi.output(budget).apply((limit) => {
        const each = Number(limit?.maxCreditCost);
        const cost =
          limit === undefined
            ? "without a budget, so their cost is not limited"
            : `about ${creditSum([count * each])} credits (${count} × budget ${limit.maxCreditCost}), if \`budget\` limits one run`;
        return pulumi.log.info(`${what}, ${cost} [evaluation]`, component);
      });
    }
  });
}
