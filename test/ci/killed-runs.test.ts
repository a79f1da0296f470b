import type { ChildProcess } from "node:child_process";
import { EngineWorld } from "../support/engine-world";
import { InstalledProject } from "../support/installed-project";
import { kill, mendCheckpoint } from "../support/killed-project";
import { until } from "../support/until";

const world = EngineWorld.ofTests();
let project: InstalledProject;
beforeEach(async () => {
  project = new InstalledProject(world);
  project.write("");
  await project.newStack();
});

/** Kills the command, and mends what the kill left. */
async function killed(command: ChildProcess): Promise<void> {
  await kill(command);
  await mendCheckpoint(world, project);
  await project.run("cancel", "--yes");
}

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
    const isInTheMiddle = () => {
      const [, second, ...others] = api.requests.filter(isMeant);
      return second !== undefined && [second, ...others].some(({ status }) => isAnswered === (status !== undefined));
    };
    await until(isInTheMiddle, "the second such request arrived");
    await killed(first);
    api.clearFaults();

    const second = project.run("up", "--yes", "--skip-preview");
    let isDone = false;
    void second.finally(() => {
      isDone = true;
    });
    const isJudged = () => {
      judge();
      return isDone;
    };
    await until(isJudged, "the evaluation ends");
    await second;
    const names = api.deployments.all().map(({ name }) => name);
    expect(names.sort()).toEqual(["good-secrets", "good-typos"]);
    const started = api.runs.all().map((run) => nameOf(run.deployment_id));
    expect(started.sort()).toEqual(["good-secrets", "good-secrets", "good-typos", "good-typos"]);
    const row = { runs: 2, credits: 2.6 };
    const rows = [
      { case: "typos", passed: 2, ...row },
      { case: "secrets", passed: 0, ...row },
    ];
    const outputs = JSON.parse(await project.run("stack", "output", "--json"));
    expect(outputs).toEqual({ satisfiedRate: 0.5, credits: 5.2, rows });

    world.sent();
    await project.run("up", "--yes", "--skip-preview", "--expect-no-changes");
    expect(world.writes()).toEqual([]);
  },
);
