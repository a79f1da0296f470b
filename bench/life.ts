import { delimiter } from "node:path";
import type { EngineWorld } from "../test/support/engine-world";
import type { InstalledProject } from "../test/support/installed-project";
import { yamlHostFolder } from "../tools/pulumi-cli/language-hosts";
import { type Cost, costOf } from "./measure";
import type { Subject } from "./subjects";

export const steps = ["preview", "up", "no-change up", "one-field up", "refresh", "destroy"] as const;
export type Step = (typeof steps)[number];

/** The cost of a step, and the requests that the service received. */
export interface StepResult extends Cost {
  readonly requests: number;
  /** The bytes of all request bodies. */
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

/** An empty stack for a program that declares this number of resources. */
export async function newStack(
  world: EngineWorld,
  project: InstalledProject,
  subject: Subject,
  amount: number,
): Promise<string> {
  stacks += 1;
  const stack = `bench-${stacks}`;
  declare(world, project, subject, amount, "before");
  await project.newStack(stack);
  return stack;
}

function declare(world: EngineWorld, project: InstalledProject, subject: Subject, amount: number, text: string): void {
  const program = subject.program(amount, text, environmentOf(world));
  if (subject.isYaml) {
    project.write("", `${subject.settings}${program}`);
  } else {
    project.write(program, subject.settings);
  }
}

/** Makes a new stack of a subject, and returns the function that runs a step on it. */
export async function newLife(world: EngineWorld, project: InstalledProject, subject: Subject, amount: number) {
  const stack = await newStack(world, project, subject, amount);
  const hosts = subject.isYaml ? [await yamlHostFolder(world.cli)] : [];
  return (step: Step): Promise<StepResult> => {
    const isChanged = steps.indexOf(step) >= steps.indexOf("one-field up");
    declare(world, project, subject, amount, isChanged ? "after" : "before");
    return run(world, project, step, stack, hosts);
  };
}

/** Runs the steps on a new stack: all of them, from the first preview to the end, unless `only` names some. */
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

/** `hosts`: the folders with language hosts besides that of JavaScript. */
export async function run(
  world: EngineWorld,
  project: InstalledProject,
  step: Step,
  stack: string,
  hosts: readonly string[] = [],
): Promise<StepResult> {
  world.api.clearRequests();
  const command = [world.cli.executable, ...commands[step], "--non-interactive", "--stack", stack];
  const env = environmentOf(world);
  const path = [...hosts, env["PATH"]].join(delimiter);
  const cost = await costOf(command, { cwd: project.folder, env: { ...env, PATH: path } });
  const bodies = world.api.requests.map(({ body }) =>
    body === undefined ? 0 : Buffer.byteLength(JSON.stringify(body)),
  );
  return { ...cost, requests: bodies.length, bytes: bodies.reduce((sum, bytes) => sum + bytes, 0) };
}

/** The environment of a user. The tests load parts of the SDK late, which would make every subject look faster. */
export function environmentOf(world: EngineWorld): Record<string, string> {
  return {
    ...world.environment,
    NODE_OPTIONS: "",
    GOGC: "",
    BENCH_AGENT: world.agent,
    BENCH_ENVIRONMENT: world.environmentId,
  };
}
