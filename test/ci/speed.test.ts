import { life, type Step, type StepResult } from "../../bench/life";
import { floor, ours, type Subject } from "../../bench/subjects";
import { EngineWorld } from "../support/engine-world";
import { InstalledProject } from "../support/installed-project";

const amount = 50;
/** Compared with a resource that has the same inputs and an empty provider. */
const mostOfFloor = 1.15;
const mostRefreshed = 6;

let world: EngineWorld;
let project: InstalledProject;
beforeAll(async () => {
  world = await EngineWorld.start();
  project = new InstalledProject(world);
  await life(world, project, floor, 1, ["up"]);
});
afterAll(() => world.stop());

type Lived = ReadonlyMap<Step, StepResult>;

function lifeOf(subject: Subject, others: readonly Step[] = []): Promise<Lived> {
  return life(world, project, subject, amount, ["up", "no-change up", ...others]);
}

const whatIsSent = ["one-field up", "refresh", "destroy"] as const;

// Measures the CPU time of all processes, which a busy machine does not increase.
test("an `up` of 50 unchanged deployments takes at most 1.15 times the CPU time of an empty provider; a refresh sends at most 6 requests, and other commands one each", async () => {
  const lives: { ours: Lived; floor: Lived }[] = [];
  const least = (subject: "ours" | "floor") =>
    Math.min(...lives.map((one) => one[subject].get("no-change up")?.cpu ?? Number.NaN));
  // A refresh reads most objects by pages of the list. How many GETs come before the first page depends on the engine, and a page that
  // takes two seconds is not awaited.
  const leastRefreshed = () => Math.min(...lives.map(({ ours: of }) => of.get("refresh")?.requests ?? Number.NaN));
  // Compares the smallest values, because other work of the machine only adds to them; repeats up to three times.
  do {
    // Each life ends with a destroy, because the next one uses the same names.
    lives.push({ floor: await lifeOf(floor), ours: await lifeOf(ours, whatIsSent) });
  } while ((least("ours") / least("floor") > mostOfFloor || leastRefreshed() > mostRefreshed) && lives.length < 4);
  expect(least("ours") / least("floor")).toBeLessThanOrEqual(mostOfFloor);
  expect(leastRefreshed()).toBeLessThanOrEqual(mostRefreshed);

  const sent = [...(lives[0]?.ours ?? [])].map(([step, { requests, bytes }]) => [step, requests, bytes] as const);
  expect(sent).toEqual([
    ["up", amount, expect.any(Number)],
    ["no-change up", 0, 0],
    ["one-field up", amount, amount * '{"description":"after"}'.length],
    ["refresh", expect.any(Number), 0],
    ["destroy", amount, 0],
  ]);
});
