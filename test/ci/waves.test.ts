import type * as pulumi from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { Evaluation, QoderAgent, QoderDeployment, QoderDeploymentRun, QoderEnvironment } from "../../provider";
import { EngineWorld } from "../support/engine-world";

let world: EngineWorld;
beforeEach(async () => {
  world = await EngineWorld.start();
});
afterEach(() => world.stop());

const names = (start: number, end: number) =>
  Array.from({ length: end - start }, (_, index) => `team-${String(start + index).padStart(2, "0")}`);
const waves = { canary: names(0, 1), ten: names(1, 11), rest: names(11, 20) };
const all = Object.values(waves).flat();

/** Twenty deployments in three waves behind an evaluation and two gates; on an earlier version of their agent, behind none. */
function rollOut(prompt: string, version?: number): PulumiFn {
  return async () => {
    const agent = new QoderAgent("reviewer", { model: "ultimate", system: prompt });
    const environmentId = new QoderEnvironment("cloud", { config: { type: "cloud" } });
    const pinned = version === undefined ? agent : { id: agent.id, version };
    const cases = { typos: { input: "Review change 12", rubric: "Names the two typos" } };
    const budget = { maxCreditCost: "5" };
    let before: pulumi.Resource = agent;
    if (version === undefined) {
      before = new Evaluation("good", { agent, environmentId, cases, repeats: 2, budget });
    }
    for (const [wave, teams] of Object.entries(waves)) {
      const deployments = teams.map(
        (team) =>
          new QoderDeployment(team, { agent: pinned, environmentId, initialEvents: "Review" }, { dependsOn: before }),
      );
      const [first] = deployments;
      if (first !== undefined && wave !== "rest" && version === undefined) {
        const triggers = { agent: agent.id, version: agent.version };
        const options = { dependsOn: deployments };
        before = new QoderDeploymentRun(
          `gate-${wave}`,
          { deploymentId: first.id, triggers, waitForResult: true },
          options,
        );
      }
    }
  };
}

/** Ends each session as satisfied when `up` reads it. */
function judge(): void {
  const { api } = world;
  api.fault({
    kind: "replace-body",
    method: "GET",
    path: /^\/sessions\/sess_\w+$/,
    times: Number.POSITIVE_INFINITY,
    transform: (session) =>
      session["status"] === "running"
        ? api.sessions.end(String(session["id"]), {
            outcomes: [{ result: "satisfied", explanation: "It is complete." }],
          })
        : session,
  });
}

/** The writes since the last call: the path, and the version of the agent that an update of a deployment carries. */
function writes(): string[] {
  const { api } = world;
  const called = new Map(api.deployments.all().map(({ id, name }) => [id, name]));
  const lines = api.requests.flatMap(({ method, path, body }) => {
    const { agent } = Object(body);
    const short = path.replace(/dep_\w+/, (id) => called.get(id) ?? id).replace(/agent_\w+/, "AGENT");
    return method === "GET" ? [] : [agent === undefined ? short : `${short} ${Object(agent).version}`];
  });
  api.clearRequests();
  return lines.sort();
}

const moves = (teams: readonly string[], version: number) => teams.map((team) => `/deployments/${team} ${version}`);
const cases = (version: number) => [
  `/deployments/good-typos ${version}`,
  ...Array(2).fill("/deployments/good-typos/run"),
];
const gates = ["/deployments/team-00/run", "/deployments/team-01/run"];
const versions = () =>
  world.api.deployments
    .live()
    .map(({ name, agent }) => `${name} ${agent.version}`)
    .sort();

test("20 deployments move in waves, an interrupted `up` continues, and the way back waits for no gate and pays for none", async () => {
  judge();
  const { api } = world;
  const stack = await world.stack();
  await stack.up(rollOut("good"));
  expect(writes().filter((line) => line.endsWith("/run"))).toEqual([...gates, ...cases(1).slice(1)].sort());

  // The service refuses the fourth update of the last wave.
  const body = { type: "error", error: { type: "permission_error", message: "not yours" } };
  const rest = api.deployments
    .live()
    .filter(({ name }) => waves.rest.includes(name))
    .map(({ id }) => id);
  const path = new RegExp(`^/deployments/(${rest.join("|")})$`);
  api.fault({ kind: "status", method: "POST", path, skip: 3, times: Number.POSITIVE_INFINITY, status: 403, body });
  await expect(stack.up(rollOut("better"))).rejects.toThrow("not yours");
  api.clearFaults();
  judge();
  const moved = versions().filter((line) => line.startsWith("team-") && line.endsWith(" 2"));
  expect(moved.slice(0, 11)).toEqual([...waves.canary, ...waves.ten].map((team) => `${team} 2`));
  expect(moved).toHaveLength(11 + 3);
  writes();
  const interrupted = versions();
  await stack.refresh();
  expect(writes()).toEqual([]);
  expect(versions()).toEqual(interrupted);
  await stack.up(rollOut("better"));
  const left = waves.rest.filter((team) => !moved.includes(`${team} 2`));
  expect(writes()).toEqual(moves(left, 2));
  await stack.refresh();
  await stack.previewNothing(rollOut("better"));

  api.clearRequests();
  await stack.up(rollOut("better", 1));
  expect(api.requests.filter(({ path }) => path.startsWith("/sessions"))).toEqual([]);
  // The stand-in renames what is archived.
  const back = writes().map((line) => line.replace(/_archived_\d+/, ""));
  expect(back).toEqual([...moves(all, 1), "/deployments/good-typos/archive"].sort());
  expect(api.runs.all()).toHaveLength(2 * 4);
  await stack.previewNothing(rollOut("better", 1));
  // The way forth is a change of triggers: each gate and each case runs once more.
  await stack.up(rollOut("better"));
  const forth = writes();
  expect(api.runs.all()).toHaveLength(3 * 4);
  expect(forth.filter((line) => line.startsWith("/deployments/team") && !line.endsWith("/run"))).toEqual(moves(all, 2));
  await stack.previewNothing(rollOut("better"));
});
