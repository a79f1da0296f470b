import type { EngineWorld } from "../test/support/engine-world";
import type { InstalledProject } from "../test/support/installed-project";
import { type Cost, costOf } from "./measure";
import type { Subject } from "./subjects";

export const steps = ["preview", "up", "no-change up", "one-field up", "refresh", "destroy"] as const;
export type Step = (typeof steps)[number];

/** What a step cost, and what the service saw of it. */
export interface StepResult extends Cost {
  readonly requests: number;
  /** Of the bodies of the requests. */
  readonly bytes: number;
}

const commands: Readonly<Record<Step, readonly string[]>> = {
  preview: ["preview"],
  up: ["up", "--yes", "--skip-preview"],
  "no-change up": ["up", "--yes", "--skip-preview", "--expect-no-changes"],
  "one-field up": ["up", "--yes", "--skip-preview"],
  refresh: ["refresh", "--yes", "--skip-preview", "--expect-no-changes"],
  destroy: ["destroy", "--yes", "--skip-preview"],
};

let stacks = 0;

/** An empty stack for a program that declares so many. */
export async function newStack(project: InstalledProject, subject: Subject, amount: number): Promise<string> {
  stacks += 1;
  const stack = `bench-${stacks}`;
  project.write(subject.program(amount, "before"));
  await project.newStack(stack);
  return stack;
}

/** Leads a new stack of a subject from step to step. */
export async function newLife(world: EngineWorld, project: InstalledProject, subject: Subject, amount: number) {
  const stack = await newStack(project, subject, amount);
  return (step: Step): Promise<StepResult> => {
    const isChanged = steps.indexOf(step) >= steps.indexOf("one-field up");
    project.write(subject.program(amount, isChanged ? "after" : "before"));
    return run(world, project, step, stack);
  };
}

/** One stack from its first preview to its end, or some steps of it. */
export async function life(
  world: EngineWorld,
  project: InstalledProject,
  subject: Subject,
  amount: number,
  only: readonly Step[] = steps,
): Promise<ReadonlyMap<Step, StepResult>> {
  const next = await newLife(world, project, subject, amount);
  const results = new Map<Step, StepResult>();
  for (const step of only) {
    results.set(step, await next(step));
  }
  return results;
}

export async function run(
  world: EngineWorld,
  project: InstalledProject,
  step: Step,
  stack: string,
): Promise<StepResult> {
  world.api.clearRequests();
  const command = [world.cli.executable, ...commands[step], "--non-interactive", "--stack", stack];
  const cost = await costOf(command, { cwd: project.folder, env: environmentOf(world) });
  const bodies = world.api.requests.map(({ body }) =>
    body === undefined ? 0 : Buffer.byteLength(JSON.stringify(body)),
  );
  return { ...cost, requests: bodies.length, bytes: bodies.reduce((sum, bytes) => sum + bytes, 0) };
}

/** As a user's: the tests load parts of the SDK late, which would flatter everybody. */
export function environmentOf(world: EngineWorld): Record<string, string> {
  return {
    ...world.environment,
    NODE_OPTIONS: "",
    GOGC: "",
    BENCH_AGENT: world.agent,
    BENCH_ENVIRONMENT: world.environmentId,
  };
}
