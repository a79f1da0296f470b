import { EngineWorld } from "../support/engine-world";
import { InstalledProject } from "../support/installed-project";
import { kill, mendCheckpoint } from "../support/killed-project";
import { until } from "../support/until";

let world: EngineWorld;
let project: InstalledProject;
beforeEach(async () => {
  world = await EngineWorld.start();
  project = new InstalledProject(world);
  project.write("");
  await project.newStack();
});
afterEach(() => world.stop());

test("after a kill of the CLI while a gate waits, the next `up` waits for the same run, and starts no other", async () => {
  project.write(`
    const { QoderDeployment, QoderDeploymentRun } = require("pulumi-qoder");
    const daily = new QoderDeployment("daily", ${JSON.stringify(world.args())});
    new QoderDeploymentRun("gate", { deploymentId: daily.id, waitForResult: true });
  `);
  const first = project.start("up", "--yes", "--skip-preview");
  await until(
    () => world.api.requests.some(({ path }) => path.startsWith("/sessions/")),
    () => "it looks at the session",
  );
  await kill(first);
  await mendCheckpoint(world, project);
  await project.run("cancel", "--yes");
  const [run] = world.api.runs.all();
  world.api.sessions.end(String(run?.session_id));
  await project.run("up", "--yes", "--skip-preview");
  expect(world.api.runs.all()).toEqual([run]);
  await project.run("preview", "--expect-no-changes");
});

type Request = EngineWorld["api"]["requests"][number];

/** The request at which a kill comes: the service acts on it, and the kill comes before or after its answer. */
const kills = [
  ["the create of a case, before its answer", { method: "POST", path: /^\/deployments$/, isAnswered: false }],
  ["the start of a run, before its answer", { method: "POST", path: /\/run$/, isAnswered: false }],
  ["a look at a session that runs", { method: "GET", path: /^\/sessions\/\w+$/, isAnswered: true }],
] as const;

test.each(kills)(
  "after a kill of an evaluation at %s, the next `up` starts what is missing, and each run is paid once",
  async (_, { method, path, isAnswered }) => {
    const { api } = world;
    const budget = { maxCreditCost: "5" };
    const cases = {
      typos: { input: "Review change 12", rubric: "Names the two typos" },
      secrets: { input: "Review change 13", rubric: "Names the token" },
    };
    const args = { agent: world.agent, environmentId: world.environmentId, cases, repeats: 2, passRate: 0.5, budget };
    project.write(`
      const { Evaluation } = require("pulumi-qoder");
      const { satisfiedRate, credits, rows } = new Evaluation("good", ${JSON.stringify(args)});
      module.exports = { satisfiedRate, credits, rows: rows.apply((all) => all.map(({ failures, ...row }) => row)) };
    `);
    const nameOf = (id: unknown) => api.deployments.all().find((one) => one.id === id)?.name;
    const judge = () => {
      for (const { id, status, deployment_id } of api.sessions.all()) {
        const result = nameOf(deployment_id) === "good-typos" ? "satisfied" : "failed";
        if (status === "running") {
          api.sessions.end(id, { outcomes: [{ result, explanation: "Read it." }] });
        }
      }
    };

    // One case, or one run, is in the state before the kill.
    const isMeant = (one: Request) => one.method === method && path.test(one.path);
    if (!isAnswered) {
      api.fault({ kind: "silence", method, path, skip: 1 });
    }
    const first = project.start("up", "--yes", "--skip-preview");
    await until(
      () => {
        const met = api.requests.filter(isMeant);
        return (
          met.length > 1 && (isAnswered ? met[1]?.status !== undefined : met.some(({ status }) => status === undefined))
        );
      },
      () => "the second such request arrived",
    );
    await kill(first);
    await mendCheckpoint(world, project);
    await project.run("cancel", "--yes");
    api.clearFaults();

    const second = project.run("up", "--yes", "--skip-preview");
    let isDone = false;
    void second.finally(() => {
      isDone = true;
    });
    await until(
      () => {
        judge();
        return isDone;
      },
      () => "the evaluation ends",
    );
    await second;
    expect(
      api.deployments
        .all()
        .map(({ name }) => name)
        .sort(),
    ).toEqual(["good-secrets", "good-typos"]);
    const started = api.runs
      .all()
      .map((run) => nameOf(run.deployment_id))
      .sort();
    expect(started).toEqual(["good-secrets", "good-secrets", "good-typos", "good-typos"]);
    const rows = [
      { case: "typos", passed: 2, runs: 2, credits: 2.6 },
      { case: "secrets", passed: 0, runs: 2, credits: 2.6 },
    ];
    expect(JSON.parse(await project.run("stack", "output", "--json"))).toEqual({
      ...{ satisfiedRate: 0.5, credits: 5.2, rows },
    });

    api.clearRequests();
    await project.run("up", "--yes", "--skip-preview", "--expect-no-changes");
    expect(api.requests.filter((one) => one.method !== "GET")).toEqual([]);
  },
);
