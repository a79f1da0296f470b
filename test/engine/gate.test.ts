import type { PulumiFn } from "@pulumi/pulumi/automation";
import { QoderAgent, QoderDeployment, QoderDeploymentRun } from "../../provider";
import { deploymentRuns } from "../../provider/kinds/table";
import { EngineWorld } from "../support/engine-world";
import { Example } from "../support/example";

let world: EngineWorld;
beforeEach(async () => {
  world = await EngineWorld.start();
});
afterEach(() => world.stop());

const teams = ["billing", "mobile", "platform", "search", "shop"];
const outcome = {
  type: "user.define_outcome",
  description: "A review",
  rubric: { type: "text", content: "r" },
} as const;

/** A canary that runs each version of the agent, and five deployments that depend on its gate. */
function rollOut(prompt: string): PulumiFn {
  return async () => {
    const { environmentId } = world;
    const agent = new QoderAgent("reviewer", { model: "ultimate", system: prompt });
    const canary = new QoderDeployment("canary", { agent, environmentId, initialEvents: [outcome] });
    const gate = new QoderDeploymentRun("gate", {
      deploymentId: canary.id,
      triggers: { agent: agent.version },
      waitForResult: { satisfied: true },
    });
    for (const team of teams) {
      new QoderDeployment(team, { agent, environmentId, initialEvents: "Review" }, { dependsOn: gate });
    }
  };
}

/** Makes sessions end at once: with a failed outcome if the prompt has this text, else with a satisfied outcome. */
function judge(bad: string): void {
  const { api } = world;
  api.fault({
    kind: "replace-body",
    method: "POST",
    path: /\/run$/,
    times: Number.POSITIVE_INFINITY,
    transform(run) {
      const isBad = api.agents.live().some(({ system }) => system?.includes(bad));
      api.sessions.end(String(run["session_id"]), { outcomes: [{ result: isBad ? "failed" : "satisfied" }] });
      return run;
    },
  });
}

function writes(): string[] {
  const { api } = world;
  const names = new Map(api.deployments.all().map(({ id, name }) => [id, name]));
  const lines = api.requests.flatMap(({ method, path }) =>
    method === "GET" ? [] : [path.replace(/dep_\w+/, (id) => names.get(id) ?? id).replace(/agent_\w+/, "AGENT")],
  );
  api.clearRequests();
  return lines;
}

const versions = () => new Map(world.api.deployments.live().map(({ name, agent }) => [name, agent.version]));
const others = (lines: readonly string[]) => lines.slice(3).sort();

test("a bad prompt updates the agent and the canary, starts one run and fails until a good prompt; five deployments wait", async () => {
  judge("bad");
  const stack = await world.stack();
  await stack.up(rollOut("good"));
  expect(writes().slice(0, 3)).toEqual(["/agents", "/deployments", "/deployments/canary/run"]);
  const gated = ["/agents/AGENT", "/deployments/canary", "/deployments/canary/run"];

  await expect(stack.up(rollOut("bad"))).rejects.toThrow(
    /create failed permanently: drun_\w+ of dep_\w+ is done, but its outcome is not satisfied: failed \(session sess_\w+, 1.3 credits\)\.\s+It stays failed until triggers change, or `pulumi up --replace URN` asks for another run/,
  );
  expect(writes()).toEqual(gated);
  expect(versions()).toEqual(new Map([["canary", 2], ...teams.map((team): [string, number] => [team, 1])]));

  for (const refresh of [false, true]) {
    await expect(stack.up(rollOut("bad"), { refresh })).rejects.toThrow("update failed permanently");
    expect(writes()).toEqual([]);
  }
  const [run] = stack.resources().filter(({ type }) => type === deploymentRuns.type);
  expect(run).toMatchObject({ outputs: { result: "not satisfied", outcome: "failed", credits: 1.3 } });

  await stack.up(rollOut("better"));
  const lines = writes();
  expect(lines.slice(0, 3)).toEqual(gated);
  expect(others(lines)).toEqual(teams.map((team) => `/deployments/${team}`));
  expect(new Set(versions().values())).toEqual(new Set([3]));
  await stack.previewNothing(rollOut("better"));
  expect(world.api.runs.all()).toHaveLength(3);
});

test("a gate waits while the session runs and prints its state, and `pulumi up --replace` starts another run", async () => {
  const { api } = world;
  const waits = /waits for the end of drun_\w+ \(session (sess_\w+)\): running, \d+ s/;
  const heard = (message: string) => {
    const [, session] = waits.exec(message) ?? [];
    if (session !== undefined) {
      api.sessions.end(session);
    }
  };
  const stack = await world.stack();
  const declared: PulumiFn = async () => {
    const { id } = new QoderDeployment("daily", world.args());
    const gate = new QoderDeploymentRun("gate", { deploymentId: id, waitForResult: true });
    return { result: gate.result, credits: gate.credits };
  };
  const { output } = await stack.up(declared, { heard });
  expect(output).toMatch(new RegExp(`QoderDeploymentRun "gate": ${waits.source}`));
  expect(stack.outputs()).toMatchObject({ result: { value: "done" }, credits: { value: 1.3 } });
  api.switches.sessionsEnd = "at-once";
  const [gate] = stack.resources().filter(({ type }) => type === deploymentRuns.type);
  await stack.automation.up({ program: declared, replace: [gate?.urn ?? ""] });
  expect(api.runs.all()).toHaveLength(2);
});

/**
 * Ends sessions when `up` reads them: "all is well" fails in the evaluation, and "pull request" in the run of the second wave.
 */
function judgeWaves(): void {
  const { api } = world;
  api.fault({
    kind: "replace-body",
    method: "GET",
    path: /^\/sessions\/sess_\w+$/,
    times: Number.POSITIVE_INFINITY,
    transform(session) {
      const { id, status, deployment_id } = session;
      if (status !== "running") {
        return session;
      }
      const name = api.deployments.all().find((one) => one.id === deployment_id)?.name ?? "";
      const prompt = api.agents.live().find((one) => one.name === "reviewer")?.system ?? "";
      if (name === "review-billing" && prompt.includes("pull request")) {
        return api.sessions.end(String(id), { error: { type: "billing_error", message: "No credits are left." } });
      }
      const result = prompt.includes("all is well") ? "failed" : "satisfied";
      return api.sessions.end(String(id), name.startsWith("reviewer-is-good") ? { outcomes: [{ result }] } : {});
    },
  });
}

test("the example gated-rollout moves wave after wave, and a wave that fails leaves the later ones where they are", async () => {
  judgeWaves();
  const example = new Example(world, "gated-rollout");
  const output = await example.followReadme();
  const lines = writes();
  const evaluated = ["mistakes", "no-mistake"].map((name) => `/deployments/reviewer-is-good-${name}`);
  const evaluation = [...evaluated, ...evaluated.map((path) => `${path}/run`)];
  const ten = ["billing", "chat", "data", "design", "identity", "infra", "mail", "maps", "mobile", "orders"];
  const rest = ["payments", "platform", "search", "shop", "web"];
  const moved = (names: readonly string[]) => names.map((team) => `/deployments/review-${team}`);
  const gate = (team: string) => `/deployments/review-${team}/run`;
  const parts = (amounts: readonly number[]) => amounts.map((amount) => lines.splice(0, amount).sort());
  // The first prompt creates everything, in the order of the waves.
  const first = lines.splice(0, 2 + 2 + 2 + 16 + 2);
  expect(first.filter((line) => line.endsWith("/run")).slice(2)).toEqual([gate("docs"), gate("billing")]);
  // The second prompt fails in the evaluation.
  expect(parts([5])).toEqual([["/agents/AGENT", ...evaluation].sort()]);
  // The third one fails in the gate of the ten.
  const toTheTen = [
    ["/agents/AGENT", ...evaluation].sort(),
    moved(["docs"]),
    [gate("docs")],
    moved(ten),
    [gate("billing")],
  ];
  expect(parts([5, 1, 1, 10, 1])).toEqual(toTheTen);
  // The fourth one passes through all waves.
  expect(parts([5, 1, 1, 10, 1, 5])).toEqual([...toTheTen, moved(rest)]);
  expect(lines).toEqual([]);
  expect(output).toMatch(/0 of 2 runs are satisfied[\s\S]*The evaluation failed/);
  expect(output).toMatch(
    /create failed permanently: .* failed: billing_error: No credits are left[\s\S]*A gate is shut/,
  );
  const preview = output.slice(output.indexOf("Previewing"));
  const shown = [...preview.matchAll(/rollout:wave:(\w+)\$\S+:Deployment::review-(\w+)\]\n +~ agent: /g)];
  const inWave = (wave: string) => shown.flatMap(([, one, team = ""]) => (one === wave ? [team] : [])).sort();
  expect([inWave("canary"), inWave("ten"), inWave("rest")]).toEqual([["docs"], ten, rest]);
  expect(new Set(versions().values())).toEqual(new Set([4]));
  example.edit("index.ts", ', "orders"]', "]");
  example.edit("index.ts", '"payments"', '"orders", "payments"');
  await example.run("pulumi up");
  expect(writes()).toEqual([]);
  example.edit("index.ts", '"orders", "payments"', '"payments"');
  example.edit("index.ts", '"mobile"]', '"mobile", "orders"]');

  // The way back waits for no gate, and pays for none.
  await example.run("pulumi config set version 1\npulumi up");
  const archived = evaluated.map((path) => `${path}/archive`);
  // The stand-in renames what is archived.
  const back = writes().map((line) => line.replace(/_archived_\d+/, ""));
  expect(back.sort()).toEqual([...moved([...ten, ...rest, "docs"]), ...archived].sort());
  // The way forth creates the cases again, and passes all gates once more.
  await example.run("pulumi config rm version\npulumi up");
  // Within a day the service repeats its answer to the key of an earlier start, and a second key starts the run.
  const forth = writes().filter((line, index, all) => line !== "/deployments" && all.indexOf(line) === index);
  expect([2, 1, 1, 10, 1, 5].map((amount) => forth.splice(0, amount).sort())).toEqual([
    evaluated.map((path) => `${path}/run`),
    ...toTheTen.slice(1),
    moved(rest),
  ]);
  expect(forth).toEqual([]);
});
