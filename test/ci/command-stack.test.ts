import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { QoderDeployment, QoderProvider } from "../../provider";
import { EngineWorld, repository, stateFile } from "../support/engine-world";
import { create } from "../support/imported-account";
import { LanguagesProject } from "../support/languages-project";
import { ended } from "../support/output-of";

const [stackToken, newToken, otherToken] = ["pt-stack-11d0", "pt-newer-5c21", "pt-other-9be3"];

const world = EngineWorld.ofTests({ tokens: { [stackToken]: "mine", [newToken]: "mine", [otherToken]: "other" } });

/** Runs a command in the folder of a project. The environment variables name another service. */
async function run(folder: string, ...args: string[]) {
  const command = join(repository, "dist", "command", "main.js");
  const env = { ...world.environment, QODER_PAT: "pt-environment", QODER_BASE_URL: "http://127.0.0.1:9" };
  const { output, ...said } = await ended(spawn(process.execPath, [command, ...args], { cwd: folder, env }));
  expect(output).not.toMatch(/pt-/);
  return said;
}

const mark = "pulumi-qoder-holds";
const status = (...args: string[]) => run(world.folder, "status", ...args);

const usedTokens = () => [...new Set(world.api.requests.map(({ token }) => token))].sort();

test("status --stack reads the deployments of a stack from its state, each with the account that `up` uses", async () => {
  const stack = await world.stack("dev", { QODER_PAT: "", QODER_BASE_URL: "" });
  await stack.automation.setAllConfig({
    "qoder:pat": { value: stackToken, secret: true },
    "qoder:baseUrl": { value: world.api.url },
  });
  const agent = world.api.agents.create({}, "other").id;
  const environmentId = world.api.environments.create({}, "other").id;
  const foreign = create(world, { name: "foreign" }).id;
  await stack.up(async () => {
    const limits = { creditsPerDay: 10, creditsPerMonth: 100 };
    const daily = new QoderDeployment("daily", { ...world.args(), name: "daily-report", limits });
    const provider = new QoderProvider("other", { pat: otherToken });
    // Both run at the same time, so that the command lists them in the order of the state: that of their creates.
    new QoderDeployment("nightly", { ...world.args(), agent, environmentId }, { provider, dependsOn: daily });
    QoderDeployment.get("looked-up", foreign);
  });
  expect(stateFile(world)).not.toContain(otherToken);

  world.api.clearRequests();
  const first = await status("--stack", "dev");
  expect(first).toMatchObject({ exit: 0, stderr: "" });
  expect(first.stdout.match(/^ {3}(?!NAME)\S.*?(?= {2})/gm)).toEqual(["   daily-report (daily)", "   nightly"]);
  expect(usedTokens()).toEqual([otherToken, stackToken]);
  expect(world.api.requests.every(({ method }) => method === "GET")).toBe(true);

  const { id = "" } = world.api.deployments.live().find(({ name }) => name === "daily-report") ?? {};
  world.api.sessions.end(String(world.api.deployments.runBySchedule(id).session_id), { credits: { model: 8.5 } });
  await stack.automation.setConfig("qoder:creditsPerDay", { value: "8" });
  const limits = await run(world.folder, "limits", "--stack", "dev");
  expect(limits).toMatchObject({ exit: 1, stderr: "" });
  expect(limits.stdout).toMatch(/^! {2}all of the stack dev +8\.5 +\S+ +8 /m);
  expect(limits.stdout).toMatch(/^! {2}daily-report \(daily\) +8\.5 +\S+ +10 +8\.5 +\S+ +100 /m);

  await stack.automation.setConfig("qoder:pat", { value: newToken, secret: true });
  world.api.clearRequests();
  expect(await status("--stack", "dev", "--json")).toMatchObject({ exit: 0, stderr: "" });
  expect(usedTokens()).toEqual([newToken, otherToken]);

  const other = await status("--stack", "prod");
  // In a pipe the lines for people have 100 columns.
  expect({ ...other, stderr: other.stderr.replace(/\n +/g, " ") }).toEqual({
    exit: 2,
    stdout: "",
    stderr:
      "pulumi-qoder status failed: `pulumi stack export --stack=prod` failed: no stack named 'prod' found. `pulumi stack ls` lists the stacks; give one with --stack NAME\n",
  });
});

test("status, calendar and pause find the deployments of a stack in YAML, also the deployments of an explicit provider", async () => {
  const project = await LanguagesProject.in(world);
  // The engine creates them in any order.
  const bothNames = expect.stringMatching(/daily[\s\S]*nightly|nightly[\s\S]*daily/);
  await project.newStack();
  await project.run("config", "set", "--secret", "qoder:pat", stackToken);
  await project.run("config", "set", "qoder:baseUrl", world.api.url);
  const properties = {
    ...{ agent: world.agent, environmentId: world.environmentId, initialEvents: "Report" },
    schedule: { expression: "0 9 * * *", timezone: "UTC" },
  };
  const type = "qoder:Deployment";
  const resources = {
    other: { type: "pulumi:providers:qoder", properties: { pat: newToken } },
    daily: { type, properties: { ...properties, limits: { creditsPerDay: 10.5 } } },
    nightly: { type, properties, options: { provider: `\${other}` } },
  };
  project.writeYaml(`resources: ${JSON.stringify(resources)}\n`);
  const preview = await project.run("preview", "--json");
  writeFileSync(join(project.folder, "preview.json"), preview.slice(preview.indexOf("{")));
  const planned = await run(project.folder, "calendar", "--preview", "preview.json");
  expect(planned).toMatchObject({ exit: 0, stdout: bothNames });
  await project.up();
  world.api.clearRequests();
  for (const command of ["status", "calendar"]) {
    const told = await run(project.folder, command, "--stack", "dev");
    expect(told).toMatchObject({ exit: 0, stderr: "", stdout: bothNames });
  }
  expect(usedTokens()).toEqual([newToken, stackToken]);
  const limits = await run(project.folder, "limits", "--stack", "dev", "--json");
  expect(limits).toMatchObject({ exit: 0, stderr: "" });
  expect(JSON.parse(limits.stdout).deployments).toEqual(
    expect.arrayContaining([expect.objectContaining({ day: expect.objectContaining({ limit: 10.5 }) })]),
  );
  expect(await run(project.folder, "pause", "--stack", "dev", "--yes")).toMatchObject({ exit: 0 });
  const shown = world.api.deployments.live().map(({ status, metadata }) => [status, Object.keys(metadata).join()]);
  expect(shown).toEqual(Array(2).fill(["paused", mark]));

  // The mark is no drift: a preview is empty, and a refresh shows the pause alone.
  await project.run("preview", "--expect-no-changes");
  const refreshed = await project.run("refresh", "--yes", "--diff");
  expect([refreshed.includes("paused"), refreshed.includes(mark)]).toEqual([true, false]);
  await project.run("preview", "--expect-no-changes", "--refresh");

  // An incident: the program stops one of them for good, and `resume` starts the other.
  const stopped = { ...resources, daily: { type, properties: { ...properties, paused: true } } };
  project.writeYaml(`resources: ${JSON.stringify(stopped)}\n`);
  await project.up();
  const resumed = await run(project.folder, "resume", "--stack", "dev", "--yes");
  expect(resumed).toMatchObject({ exit: 0, stderr: "", stdout: expect.stringContaining("a program stops it") });
  const statuses = world.api.deployments.live().map(({ name, status }) => `${name} ${status}`);
  expect(statuses.sort()).toEqual(["daily paused", "nightly active"]);
});
