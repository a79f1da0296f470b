import { join } from "node:path";
import { z } from "zod";
import { type EngineWorld, repository } from "../test/support/engine-world";
import type { InstalledProject } from "../test/support/installed-project";
import { run } from "../tools/pulumi-cli/run";
import { environmentOf, newStack, run as runStep } from "./life";
import { median } from "./measure";
import { floor, ours, type Subject } from "./subjects";

/** Runs a script in a process of its own, in the repository, and returns the last line that it prints. */
async function printed<Value>(
  schema: z.ZodType<Value>,
  script: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Value> {
  const options = { cwd: repository, env: { ...process.env, ...env } };
  const output = await run(process.execPath, ["-e", script], options);
  return schema.parse(JSON.parse(output.trim().split("\n").at(-1) ?? ""));
}

/** The median of several measurements, one after the other. */
async function medianOf(rounds: number, figure: () => Promise<number>): Promise<number> {
  const figures: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    figures.push(await figure());
  }
  return median(figures);
}

/** The CPU milliseconds of loading a file of the built package, and of the call if one is given, without those of the SDK. */
export function loadingOf(file: string, rounds: number, call = ""): Promise<number> {
  const script = `
    require("@pulumi/pulumi");
    const before = process.cpuUsage();
    require(${JSON.stringify(join(repository, "dist", file))})${call};
    const { user, system } = process.cpuUsage(before);
    console.log((user + system) / 1000);`;
  return medianOf(rounds, () => printed(z.number(), script));
}

/** The milliseconds of `check` and `diff` for unchanged deployments, in a new process. */
export function checkAndDiff(): Promise<{ first: number; median: number; p99: number }> {
  const script = `
    const { provider } = require(${JSON.stringify(join(repository, "dist", "dynamic-provider.js"))});
    (async () => {
      const took = [];
      for (let index = 0; index < 1000; index += 1) {
        const id = "0".repeat(28) + String(index).padStart(4, "0");
        const declared = {
          name: "daily-" + index,
          agent: "agent_" + "0".repeat(32),
          environmentId: "env_" + "0".repeat(32),
          schedule: { expression: index % 60 + " 9 * * *", timezone: "Europe/Berlin" },
          initialEvents: [{ type: "user.message", content: "Generate today's status report" }],
          metadata: { team: "platform" },
          __origin: "organization/urn:pulumi:dev::bench::" + index,
        };
        const start = performance.now();
        const { inputs } = await provider.check(declared, { ...declared, __command: { isPreview: false } });
        await provider.diff("dep_" + id, { ...inputs, id, status: "active" }, inputs);
        took.push(performance.now() - start);
      }
      const [first, ...others] = took;
      others.sort((one, other) => one - other);
      const at = (part) => others[Math.floor(others.length * part)];
      console.log(JSON.stringify({ first, median: at(0.5), p99: at(0.99) }));
    })();`;
  const schema = z.object({ first: z.number(), median: z.number(), p99: z.number() });
  return printed(schema, script, { QODER_PAT: "pt-bench" });
}

/** The CPU seconds of `amount` GET requests by the HTTP client of this package, without Pulumi. */
export function readsAlone(world: EngineWorld, amount: number, rounds: number): Promise<number> {
  const { id } = world.api.agents.create();
  const script = `
    (async () => {
      const before = process.cpuUsage();
      const { request } = require("undici");
      const read = async () => (await request(process.env.QODER_BASE_URL + "/agents/${id}", {
        headers: { authorization: "Bearer " + process.env.QODER_PAT },
      })).body.json();
      for (let done = 0; done < ${amount}; done += 8) {
        await Promise.all(Array.from({ length: Math.min(8, ${amount} - done) }, read));
      }
      const { user, system } = process.cpuUsage(before);
      console.log((user + system) / 1e6);
      process.exit();
    })();`;
  const { QODER_BASE_URL = "", QODER_PAT = "" } = environmentOf(world);
  return medianOf(rounds, () => printed(z.number(), script, { QODER_BASE_URL, QODER_PAT }));
}

async function liftLimit(project: InstalledProject, stack: string): Promise<void> {
  await project.run("config", "set", "qoder:writesPerSecond", "1000", "--stack", stack);
}

/** Measures an `up` of `amount` deployments while each answer takes `latencyMs`. */
export async function overlap(world: EngineWorld, project: InstalledProject, amount: number, latencyMs: number) {
  const stack = await newStack(world, project, ours, amount);
  await liftLimit(project, stack);
  world.api.fault({ kind: "delay", delayMs: latencyMs, times: Number.POSITIVE_INFINITY });
  const { wall } = await runStep(world, project, "up", stack);
  world.api.clearFaults();
  await runStep(world, project, "destroy", stack);
  const without = await newStack(world, project, floor, amount);
  const { wall: alone } = await runStep(world, project, "up", without);
  await runStep(world, project, "destroy", without);
  return { latencyMs, amount, wall, floor: alone, oneByOne: alone + (amount * latencyMs) / 1_000 };
}

/** The bytes of one deployment in the state, of the service's reply, and of the floor's entry with the same inputs. */
export async function stateBytes(world: EngineWorld, project: InstalledProject) {
  const bytesOf = async (subject: Subject) => {
    const stack = await newStack(world, project, subject, 1);
    await runStep(world, project, "up", stack);
    const exported = z
      .object({
        deployment: z.object({
          resources: z.array(z.looseObject({ custom: z.boolean().optional(), outputs: z.unknown().optional() })),
        }),
      })
      .parse(JSON.parse(await project.run("stack", "export", "--stack", stack)));
    const held = exported.deployment.resources.find(({ outputs }) => Object(outputs).__provider !== undefined);
    const [reply] = world.api.deployments.live();
    const bytes = { resource: sizeOf(held), outputs: sizeOf(held?.outputs), reply: sizeOf(reply) };
    await runStep(world, project, "destroy", stack);
    return bytes;
  };
  const [own, nothing] = [await bytesOf(ours), await bytesOf(floor)];
  return { resource: own.resource, outputs: own.outputs, reply: own.reply, floor: nothing.resource };
}

function sizeOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value) ?? "");
}
