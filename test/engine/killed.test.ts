import { type ChildProcess, execFileSync } from "node:child_process";
import { once } from "node:events";
import { EngineWorld } from "../support/engine-world";
import { InstalledProject } from "../support/installed-project";
import { descendants, kill, mendCheckpoint } from "../support/killed-project";
import { until } from "../support/until";

const count = 50;
const killedAfter = 12;

const world = EngineWorld.ofTests();
let project: InstalledProject;
beforeEach(async () => {
  project = new InstalledProject(world);
  declare(count);
  await project.newStack();
});

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

const isInTheMiddle = () => creates().length >= killedAfter;
const untilInTheMiddle = () => until(isInTheMiddle, () => `${killedAfter} creates, and not ${creates().length}`);

function providerOf({ pid = 0 }: ChildProcess): number {
  const isProvider = (command: string) => command.includes("node") && command.includes("dynamic-provider");
  return descendants(pid).find(({ command }) => isProvider(command))?.id ?? Number.NaN;
}

test("after kills of the CLI and of the provider in two ups, the third ends with 50 deployments, and a destroy archives each once", async () => {
  const first = startEndless();
  await untilInTheMiddle();
  await kill(first);
  await mendCheckpoint(world, project);
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
    await until(() => world.api.requests.length === 3, "all three are refused");
    const providerId = providerOf(destroy);
    expect(isAlive(providerId)).toBe(true);
    destroy.kill(signal);
    await once(destroy, "exit");
    await until(() => !isAlive(providerId), "the provider process ends");
    expect(world.api.requests).toHaveLength(3);
    expect(world.api.deployments.live()).toHaveLength(3);
  },
);

function isAlive(processId: number): boolean {
  const table = execFileSync("ps", ["-eo", "pid=,stat="], { encoding: "utf8" });
  // Z is an ended process whose parent has not read its exit code.
  return table.split("\n").some((row) => new RegExp(`^\\s*${processId}\\s+[^Z]`).test(row));
}
