import { type ChildProcess, execFileSync } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { EngineWorld } from "../support/engine-world";
import { InstalledProject } from "../support/installed-project";
import { until } from "../support/until";

const count = 50;
const killedAfter = 12;

let world: EngineWorld;
let project: InstalledProject;
beforeEach(async () => {
  world = await EngineWorld.start();
  project = new InstalledProject(world);
  declare(count);
  await project.newStack();
});
afterEach(() => world.stop());

function declare(amount: number): void {
  project.write(`
    const { ComponentResource } = require("@pulumi/pulumi");
    const { QoderDeployment } = require("pulumi-qoder");
    const parent = new ComponentResource("test:index:Team", "team");
    for (let index = 0; index < ${amount}; index += 1) {
      new QoderDeployment("daily-" + index, ${JSON.stringify(world.args())}, { parent });
    }
  `);
}

const creates = () => world.api.requests.filter(({ method, path }) => method === "POST" && path === "/deployments");

/** Starts an `up` that the service keeps from its end: it answers no create after the first ones. */
function startEndless(): ChildProcess {
  world.api.clearFaults();
  const times = Number.POSITIVE_INFINITY;
  world.api.fault({ kind: "silence", method: "POST", path: "/deployments", skip: killedAfter, times });
  return project.start("up", "--yes", "--skip-preview");
}

async function untilInTheMiddle(): Promise<void> {
  await until(
    () => creates().length >= killedAfter,
    () => `${killedAfter} creates arrived, and not ${creates().length}`,
  );
}

/** The descendants of a process that this test started. */
function descendants(processId: number): { readonly id: number; readonly command: string }[] {
  const table = execFileSync("ps", ["-eo", "pid=,ppid=,args="], { encoding: "utf8" });
  const rows = table.split("\n").flatMap((line) => {
    const [, id, parent, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return id === undefined || command === undefined ? [] : [{ id: Number(id), parent: Number(parent), command }];
  });
  const below = (parent: number): { id: number; command: string }[] =>
    rows.filter((row) => row.parent === parent).flatMap((row) => [row, ...below(row.id)]);
  return below(processId);
}

function providerOf({ pid = 0 }: ChildProcess): number {
  const isProvider = (command: string) => command.includes("node") && command.includes("dynamic-provider");
  return descendants(pid).find(({ command }) => isProvider(command))?.id ?? Number.NaN;
}

/**
 * Pulumi's file back end does not write a checkpoint in one step: a kill in the middle leaves an empty file, usually
 * beside a copy of the previous checkpoint. The provider must find the objects that the copy, or a new stack, lacks.
 */
async function mendCheckpoint(): Promise<void> {
  const file = join(world.folder, "state", ".pulumi", "stacks", "project", "dev.json");
  const copy = `${file}.bak`;
  for (const attributes of [`${file}.attrs`, `${copy}.attrs`].filter((one) => !isJson(one))) {
    // Pulumi ignores these files, but a truncated one makes a read of the checkpoint fail (gocloud.dev/blob/fileblob).
    rmSync(attributes, { force: true });
  }
  if (isJson(file)) {
    return;
  }
  if (isJson(copy)) {
    copyFileSync(copy, file);
    return;
  }
  rmSync(file, { force: true });
  rmSync(copy, { force: true });
  await project.newStack();
}

function isJson(file: string): boolean {
  try {
    JSON.parse(readFileSync(file, "utf8"));
    return true;
  } catch {
    return false;
  }
}

/** Kills the command and its descendants, so that none of them sends a request during the next command. */
async function kill(command: ChildProcess): Promise<void> {
  // A stopped process starts no provider after its descendants were counted.
  command.kill("SIGSTOP");
  const left = descendants(command.pid ?? 0);
  command.kill("SIGKILL");
  await once(command, "exit");
  for (const { id } of left) {
    try {
      process.kill(id, "SIGKILL");
    } catch {}
  }
}

test("after kills of the CLI and of the provider in two ups, the third ends with 50 deployments, and a destroy archives each once", async () => {
  const first = startEndless();
  await untilInTheMiddle();
  await kill(first);
  await mendCheckpoint();
  await project.run("cancel", "--yes");

  world.api.clearRequests();
  const second = startEndless();
  await untilInTheMiddle();
  process.kill(providerOf(second), "SIGKILL");
  const [code] = await once(second, "exit");
  expect(code).not.toBe(0);
  world.api.clearFaults();

  // So that a refresh reads each recorded deployment by itself. The state keeps the configuration of the last `up`.
  await project.run("config", "set", "qoder:refresh", "exact");
  await project.run("up", "--yes", "--skip-preview");
  const names = world.api.deployments.live().map(({ name }) => name);
  expect(names).toHaveLength(count);
  expect(new Set(names).size).toBe(count);
  world.api.clearRequests();
  await project.run("preview", "--refresh", "--expect-no-changes");
  const managed = new Set(world.api.requests.map(({ path }) => path.split("/").pop()));
  expect(managed).toEqual(new Set(world.api.deployments.live().map(({ id }) => id)));

  world.api.clearRequests();
  await project.run("destroy", "--yes", "--skip-preview");
  expect(world.api.requests).toHaveLength(count);
  expect(world.api.deployments.live()).toEqual([]);
});

test.each(["SIGKILL", "SIGHUP"] as const)(
  "after %s ends the CLI while a destroy waits for the service, no deployment is archived",
  async (signal) => {
    declare(3);
    await project.run("up", "--yes", "--skip-preview");
    world.api.clearRequests();
    world.api.fault({ kind: "status", method: "POST", status: 429, headers: { "retry-after": "240" }, times: 3 });
    const destroy = project.start("destroy", "--yes", "--skip-preview");
    await until(
      () => world.api.requests.length === 3,
      () => "all three are refused",
    );
    const providerId = providerOf(destroy);
    expect(isAlive(providerId)).toBe(true);
    destroy.kill(signal);
    await once(destroy, "exit");
    await until(
      () => !isAlive(providerId),
      () => "the provider process ends",
    );
    expect(world.api.requests).toHaveLength(3);
    expect(world.api.deployments.live()).toHaveLength(3);
  },
);

function isAlive(processId: number): boolean {
  const table = execFileSync("ps", ["-eo", "pid=,stat="], { encoding: "utf8" });
  // Z is an ended process whose parent has not read its exit code.
  return table.split("\n").some((row) => new RegExp(`^\\s*${processId}\\s+[^Z]`).test(row));
}

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
  await mendCheckpoint();
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
  ["the create of a case, after its answer", { method: "POST", path: /^\/deployments$/, isAnswered: true }],
  ["the start of a run, before its answer", { method: "POST", path: /\/run$/, isAnswered: false }],
  ["the start of a run, after its answer", { method: "POST", path: /\/run$/, isAnswered: true }],
  ["a look at a session that runs", { method: "GET", path: /^\/sessions\/\w+$/, isAnswered: true }],
  ["a look at a session that has ended", { method: "GET", path: /^\/sessions\/\w+$/, isAnswered: false }],
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
        if (method === "GET" && !isAnswered) {
          judge();
        }
        const met = api.requests.filter(isMeant);
        return (
          met.length > 1 && (isAnswered ? met[1]?.status !== undefined : met.some(({ status }) => status === undefined))
        );
      },
      () => "the second such request arrived",
    );
    await kill(first);
    await mendCheckpoint();
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
