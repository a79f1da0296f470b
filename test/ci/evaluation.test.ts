import type { PulumiFn } from "@pulumi/pulumi/automation";
import { Evaluation, type EvaluationArgs, QoderAgent, QoderDeployment, QoderEnvironment } from "../../provider";
import { endWhenRead } from "../support/ended-runs";
import { EngineWorld } from "../support/engine-world";
import { Example } from "../support/example";

const world = EngineWorld.ofTests();

const teams = ["billing", "search"];
const cases: EvaluationArgs["cases"] = {
  typos: { input: "Review change 12", rubric: "Names the two typos" },
  secrets: { input: "Review change 13", rubric: "Names the token" },
  "empty change": { input: "Review change 14", rubric: "Says that nothing changed" },
};

interface Program extends Partial<EvaluationArgs> {
  readonly prompt: string;
  readonly hosts?: string[];
}

/** An evaluation of three cases with two runs each, and two deployments that depend on it. */
function rollOut({ prompt, hosts = ["api.github.com"], ...changed }: Program): PulumiFn {
  return async () => {
    const agent = new QoderAgent("reviewer", { model: "ultimate", system: prompt });
    const cloud = new QoderEnvironment("cloud", {
      config: { type: "cloud", networking: { type: "limited", allowedHosts: hosts } },
    });
    const good = new Evaluation("good", {
      ...{ agent, environmentId: cloud, cases, repeats: 2, passRate: 0.5, concurrent: 1 },
      budget: { maxCreditCost: "5" },
      ...changed,
    });
    for (const team of teams) {
      new QoderDeployment(team, { agent, environmentId: cloud, initialEvents: "Review" }, { dependsOn: good });
    }
    return { satisfiedRate: good.satisfiedRate, credits: good.credits, rows: good.rows };
  };
}

const nameOf = (id: unknown) => world.api.deployments.all().find((one) => one.id === id)?.name ?? "";

/** The largest number of runs at the same time. */
let mostAtOnce = 0;

/** Ends each session when `up` reads it. The outcome fails in the deployments that are bad. */
function judge(isBad: (deployment: string) => boolean = () => false): void {
  const { api } = world;
  mostAtOnce = 0;
  const running = () => api.sessions.all().filter(({ status }) => status === "running").length;
  endWhenRead(api, (deployment) => {
    mostAtOnce = Math.max(mostAtOnce, running());
    const fails = isBad(deployment);
    const explanation = fails ? "It misses line 3." : "It is complete.";
    return { outcomes: [{ result: fails ? "failed" : "satisfied", explanation }] };
  });
}

const writes = () =>
  world
    .writes()
    .map((path) => path.replace(/env_\w+/, "ENV"))
    .sort();

const deploymentOf = (name: string) => `/deployments/good-${name}`;
const runsOf = (...names: string[]) => names.flatMap((name) => Array(2).fill(`${deploymentOf(name)}/run`));
const all = ["empty change", "secrets", "typos"];
const move = teams.map((team) => `/deployments/${team}`);

const failureOf = (command: Promise<unknown>) =>
  command.then(
    () => "it passed",
    ({ message }: Error) => message,
  );

test("an evaluation pays once for an agent, a case and an environment, and what depends on it stays as it is until it passes", async () => {
  judge((name) => name.includes("secrets"));
  const stack = await world.stack();
  const good = { prompt: "good" };
  const { output } = await stack.preview(rollOut(good));
  expect(output).toContain(
    'evaluation "good": starts 6 of 6 runs, about 30 credits (6 × budget 5), if `budget` limits one run [evaluation]',
  );
  await stack.up(rollOut(good));
  expect(writes().filter((line) => line.endsWith("/run"))).toEqual(runsOf(...all));
  expect(mostAtOnce).toBe(1);
  const rows = [
    { case: "typos", passed: 2, runs: 2, credits: 2.6, failures: [] },
    { case: "secrets", passed: 0, runs: 2, credits: 2.6 },
    { case: "empty change", passed: 2, runs: 2, credits: 2.6, failures: [] },
  ];
  expect(stack.outputs()).toMatchObject({
    ...{ satisfiedRate: { value: 4 / 6 }, credits: { value: 7.8 }, rows: { value: rows } },
  });
  for (const session of world.api.sessions.all()) {
    // The service counts the sandbox after the end.
    world.api.sessions.spend(session.id, { model: 1 });
  }
  expect((await stack.previewNothing(rollOut(good))).output).not.toContain("[evaluation]");
  await stack.refresh();
  await stack.previewNothing(rollOut(good));
  await stack.previewNothing(rollOut({ ...good, budget: { maxCreditCost: "5" }, concurrent: 3 }));
  expect(writes()).toEqual([]);

  const better = { prompt: "better", passRate: 0.9 };
  const failed = await failureOf(stack.up(rollOut(better)));
  const text = failed.slice(failed.indexOf("Diagnostics:")).replaceAll(/sess_\w+/g, "SESSION");
  expect(text).toContain(`
    error: evaluation "good" failed: 4 of 6 runs are satisfied (66.7%), and passRate asks for 90%. The runs cost 7.8 credits
      CASE          SATISFIED  CREDITS
      typos         2 of 2     2.6
      secrets       0 of 2     2.6
        SESSION: not satisfied (failed): It misses line 3.
        SESSION: not satisfied (failed): It misses line 3.
      empty change  2 of 2     2.6
    What depends on the evaluation was not changed. `);
  expect(writes()).toEqual(["/agents/AGENT", ...all.flatMap((name) => [deploymentOf(name), ...runsOf(name)])]);
  for (const refresh of [false, true]) {
    expect(await failureOf(stack.up(rollOut(better), { refresh }))).toContain('evaluation "good" failed: 4 of 6');
  }
  expect(writes()).toEqual([]);

  world.api.clearFaults();
  judge();
  const secrets = { input: "Review change 13", rubric: "Names a token" };
  const changed = rollOut({ ...better, cases: { ...cases, secrets } });
  expect((await stack.preview(changed)).output).toContain("starts 2 of 6 runs, about 10 credits (2 × budget 5)");
  await stack.up(changed);
  expect(writes()).toEqual([...move, deploymentOf("secrets"), ...runsOf("secrets")].sort());
  await stack.previewNothing(changed);

  const otherHosts = rollOut({ ...better, cases: { ...cases, secrets }, hosts: ["example.com"] });
  expect((await stack.preview(otherHosts)).output).toContain("starts 6 of 6 runs");
  await stack.up(otherHosts);
  expect(writes()).toEqual([...runsOf(...all), "/environments/ENV"].sort());
});

test("the example evaluated-rollout pays for twenty runs of each prompt, and a prompt that fails them updates no deployment", async () => {
  const { api } = world;
  const isBad = () => api.agents.live().some(({ system }) => system?.includes("all is well"));
  judge(() => isBad());
  const output = await new Example(world, "evaluated-rollout").followReadme();
  expect(output).toContain("starts 20 of 20 runs, about 100 credits (20 × budget 5)");
  expect(output).toMatch(
    /0 of 20 runs are satisfied \(0%\), and passRate asks for 90%[\s\S]*off-by-one +0 of 2 +2\.6[\s\S]*The evaluation failed[\s\S]*It fails again, without a run/,
  );
  expect(api.runs.all()).toHaveLength(3 * 20);
  expect(mostAtOnce).toBeLessThanOrEqual(4);
  const moves = api.requests.filter(
    ({ method, path }) => method === "POST" && nameOf(path.split("/")[2]).startsWith("review-"),
  );
  expect(moves).toHaveLength(20);
  expect(new Set(api.deployments.live().map(({ agent }) => agent.version))).toEqual(new Set([3]));
});
