import { type EngineWorld } from "../test/support/engine-world";
import type { InstalledProject } from "../test/support/installed-project";
import { type Cost, costOf } from "./measure";
import type { Subject } from "./subjects";

export const steps = ["preview", "up", "no-change up", "one-field up", "refresh", "destroy"] as const;
export type Step = (typeof steps)[number];

/** What the service saw of a step. */
export interface Traffic {
  readonly requests: number;
  readonly bytes: number;
}

export interface StepResult extends Cost, Traffic {}

const commands: Readonly<Record<Step, readonly string[]>> = {
  preview: ["preview"],
  up: ["up", "--yes", "--skip-preview"],
  "no-change up": ["up", "--yes", "--skip-preview", "--expect-no-changes"],
  "one-field up": ["up", "--yes", "--skip-preview"],
  refresh: ["refresh", "--yes", "--skip-preview", "--expect-no-changes"],
  destroy: ["destroy", "--yes", "--skip-preview"],
};

let stacks = 0;

/** One stack of so many from its first preview to its end. */
export async function life(
  world: EngineWorld,
  project: InstalledProject,
  subject: Subject,
  amount: number,
  only: readonly Step[] = steps,
): Promise<ReadonlyMap<Step, StepResult>> {
  stacks += 1;
  const stack = `life-${stacks}`;
  project.write(subject.program(amount, "before"));
  await project.newStack(stack);
  const results = new Map<Step, StepResult>();
  for (const step of only) {
    if (step === "one-field up") {
      project.write(subject.program(amount, "after"));
    }
    world.api.clearRequests();
    const command = [world.cli.executable, ...commands[step], "--non-interactive", "--stack", stack];
    const env = { ...world.environment, NODE_OPTIONS: "", BENCH_AGENT: world.agent, BENCH_ENVIRONMENT: world.environmentId };
    const cost = await costOf(command, { cwd: project.folder, env });
    results.set(step, { ...cost, ...trafficOf(world) });
  }
  return results;
}

function trafficOf({ api }: EngineWorld): Traffic {
  const bodies = api.requests.map(({ body }) => (body === undefined ? 0 : Buffer.byteLength(JSON.stringify(body))));
  return { requests: bodies.length, bytes: bodies.reduce((sum, bytes) => sum + bytes, 0) };
}
