import type { PulumiFn } from "@pulumi/pulumi/automation";
import { QoderAgent, QoderDeployment, QoderDeploymentRun } from "../../provider";
import { deploymentRuns } from "../../provider/kinds/table";
import { endAtStart } from "../support/ended-runs";
import { EngineWorld } from "../support/engine-world";

const world = EngineWorld.ofTests();

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
  endAtStart(world.api, () => {
    const isBad = world.api.agents.live().some(({ system }) => system?.includes(bad));
    return { outcomes: [{ result: isBad ? "failed" : "satisfied" }] };
  });
}

const versions = () => new Map(world.api.deployments.live().map(({ name, agent }) => [name, agent.version]));
const others = (lines: readonly string[]) => lines.slice(3).sort();

test("a bad prompt updates the agent and the canary, starts one run and fails until a good prompt; five deployments wait", async () => {
  judge("bad");
  const stack = await world.stack();
  await stack.up(rollOut("good"));
  expect(world.writes().slice(0, 3)).toEqual(["/agents", "/deployments", "/deployments/canary/run"]);
  const gated = ["/agents/AGENT", "/deployments/canary", "/deployments/canary/run"];

  await expect(stack.up(rollOut("bad"))).rejects.toThrow(
    /create failed permanently: drun_\w+ of dep_\w+ is done, but its outcome is not satisfied: failed \(session sess_\w+, 1.3 credits\)\.\s+It stays failed until triggers change, or `pulumi up --replace URN` asks for another run/,
  );
  expect(world.writes()).toEqual(gated);
  expect(versions()).toEqual(new Map([["canary", 2], ...teams.map((team): [string, number] => [team, 1])]));

  for (const refresh of [false, true]) {
    await expect(stack.up(rollOut("bad"), { refresh })).rejects.toThrow("update failed permanently");
    expect(world.writes()).toEqual([]);
  }
  const [run] = stack.resources().filter(({ type }) => type === deploymentRuns.type);
  expect(run).toMatchObject({ outputs: { result: "not satisfied", outcome: "failed", credits: 1.3 } });

  // The command of the preview works as printed.
  const { output } = await stack.preview(rollOut("bad"));
  const [, urn = ""] = /this gate is closed, .*`pulumi up --replace '(.+)'`/.exec(output) ?? [];
  const once = stack.automation.up({ color: "never", program: rollOut("bad"), replace: [urn] });
  await expect(once).rejects.toThrow("create failed permanently");
  // Within a day the service repeats its answer to the first key, and a second key starts the run.
  expect(new Set(world.writes())).toEqual(new Set(["/deployments/canary/run"]));

  await stack.up(rollOut("better"));
  const lines = world.writes();
  expect(lines.slice(0, 3)).toEqual(gated);
  expect(others(lines)).toEqual(teams.map((team) => `/deployments/${team}`));
  expect(new Set(versions().values())).toEqual(new Set([3]));
  await stack.previewNothing(rollOut("better"));
  expect(world.api.runs.all()).toHaveLength(4);
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
