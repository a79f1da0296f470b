import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { isObject } from "../test/qoder-api/parse";
import type { EngineWorld } from "../test/support/engine-world";
import type { InstalledProject } from "../test/support/installed-project";
import { environmentOf, newStack, run, type Step } from "./life";
import type { Cost } from "./measure";
import { peakMegabytes } from "./memory";
import type { Subject } from "./subjects";

const exportedSchema = z.looseObject({
  deployment: z.looseObject({ resources: z.array(z.looseObject({ custom: z.boolean().optional() })) }),
});

/** Steps that write nothing, so that their stack may hold more than an `up` makes in an acceptable time. */
const steps: readonly Step[] = ["preview", "no-change up", "refresh"];

/**
 * Measures commands without a change on a large stack. Only the first resource comes from an `up`: the state and the service get
 * copies of it, because the engine writes the whole state after each resource.
 */
export async function multiplied(world: EngineWorld, project: InstalledProject, subject: Subject, amount: number) {
  const stack = await newStack(world, project, subject, 1);
  await run(world, project, "up", stack);
  const body = world.api.requests.find(({ method }) => method === "POST")?.body;
  const exported = exportedSchema.parse(JSON.parse(await project.run("stack", "export", "--stack", stack)));
  const { resources } = exported.deployment;
  const [first] = resources.filter((one) => String(one["urn"]).endsWith("::daily-0"));
  const copies = Array.from({ length: amount - 1 }, (_, index) => copyOf(world, first, body, index + 1));
  const file = join(project.folder, "multiplied.json");
  const deployment = { ...exported.deployment, resources: [...resources, ...copies] };
  writeFileSync(file, JSON.stringify({ ...exported, deployment }));
  await project.run("stack", "import", "--file", file, "--stack", stack);
  // All copies have the schedule of the first.
  project.write(
    subject
      .program(amount, "before", environmentOf(world))
      .replaceAll(/expression: [^,]*,/g, 'expression: "0 9 * * *",'),
  );
  const costs: (Cost & { readonly step: Step; readonly mb: number })[] = [];
  for (const step of steps) {
    const peak = peakMegabytes();
    const { cpu, wall } = await run(world, project, step, stack);
    costs.push({ step, cpu, wall, mb: peak.stop() });
  }
  for (const { id } of world.api.deployments.live()) {
    world.api.deployments.archive(id);
  }
  return costs.map((cost) => ({ subject: subject.name, amount, ...cost }));
}

/** The entry of another resource in the state; for this package with an object of its own at the service. */
function copyOf(world: EngineWorld, entry: unknown, body: unknown, index: number): unknown {
  const renamed = (value: unknown): unknown =>
    JSON.parse(
      JSON.stringify(value).replaceAll("daily-0", `daily-${index}`).replaceAll("of team 0", `of team ${index}`),
    );
  const copy = renamed(entry);
  const sent = body === undefined ? undefined : renamed(body);
  if (!isObject(copy) || !isObject(copy["outputs"]) || !isObject(sent)) {
    return copy;
  }
  const { id, created_at: createdAt, updated_at: updatedAt } = world.api.deployments.create(sent);
  return { ...copy, id, outputs: { ...copy["outputs"], createdAt, updatedAt, __entry: randomUUID() } };
}
