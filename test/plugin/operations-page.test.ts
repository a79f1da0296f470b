import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { runCalendar } from "../../command/calendar/main";
import { runLimits } from "../../command/limits/main";
import { runLogs } from "../../command/logs/main";
import { runPause } from "../../command/pause/main";
import type { Streams } from "../../command/printer";
import { runResume } from "../../command/resume/main";
import { runRun } from "../../command/run/main";
import { runStatus } from "../../command/status/main";
import { holdsKey } from "../../provider/deployment/holds";
import { creditSum } from "../../provider/deployment-run/credits";
import { agent } from "../kinds/agent";
import { deploymentRun } from "../kinds/deployment-run";
import { Firing } from "../qoder-api/firing";
import type { Happening } from "../qoder-api/stand-in-types";
import { SharedCommand } from "../support/shared-command";
import { betweenCommandsMs, type Properties, type SimulatedStack, World } from "../support/world";
import { type Ended, ended } from "../unit/ended";
import { createInAccount, deployment, provider, useToldPulumi } from "../unit/stack/told-stack";

const pageOf = (name: string) => readFileSync(resolve(__dirname, `../../docs/${name}.md`), "utf8");
// The first heading of a page is one of a section here.
const page = `\n#${pageOf("operate")}\n#${pageOf("permissions-and-cost")}\n## `;

/** The sentences of a section of the page, in their order. */
function sentencesOf(title: string): string[] {
  const [, section = ""] = new RegExp(`\n## ${title}\n([\\s\\S]*?)\n## `).exec(page) ?? [];
  return section
    .split(/\n(?:\d+\. \*\*\w+\.\*\*|-|(?=\n))/)
    .flatMap((part) => part.replaceAll(/\s+/g, " ").split(/(?<=\.) (?=[A-Z`[])/))
    .flatMap((sentence) => sentence.trim() || []);
}

/** The commands of this package in a sentence. */
function commandsIn(sentence: string): string[] {
  return [...sentence.matchAll(/`(?:npx pulumi-qoder )?((?:pause|resume|status|logs|limits|calendar)\b[^`]*)`/g)].map(
    ([, command = ""]) => command,
  );
}

const hour = 3_600_000;
const hourly = { expression: "0 * * * *", timezone: "UTC" };
const told = useToldPulumi();

let world: World;
/** The resources of the stack `prod` by their names, each with its state. */
let stacks: Map<string, SimulatedStack>;
beforeAll(async () => {
  world = await World.start();
});
beforeEach(() => {
  world.passTime(Date.parse("2026-11-19T02:30:00Z") - world.clock.now());
  world.reset();
  stacks = new Map();
});
afterAll(() => world.stop());

/** `pulumi up` with this resource in the program of the stack `prod`. */
async function up(name: string, more: Properties = {}, config: Readonly<Record<string, string>> = {}) {
  const stack = stacks.get(name) ?? world.stack();
  stacks.set(name, stack);
  const step = await stack.up(world.args({ name, schedule: hourly, ...more }));
  stateIs(config);
  return step;
}

/** What the Pulumi CLI says of the stack: the states that the provider has answered. */
function stateIs(config: Readonly<Record<string, string>>): void {
  told.pulumi.config({ "qoder:pat": "pt-test", "qoder:baseUrl": world.api.url, ...config });
  const resources = [...stacks].map(([name, { state }]) =>
    deployment(name, state?.id, "default", { inputs: state?.inputs, outputs: state?.outputs }),
  );
  told.pulumi.export(provider("default"), ...resources);
}

/** Lets these hours pass at the service, whose runs end in this way. */
function live(hours: number, ...happenings: readonly Happening[]): void {
  const firing = new Firing(world.api, () => world.clock.date(), { schedules: true, happenings });
  for (let passed = 0; passed < hours; passed += 1) {
    world.passTime(hour - 60_000);
    firing.tick();
    world.passTime(60_000);
    firing.tick();
  }
}

const idOf = (name: string) => stacks.get(name)?.state?.id ?? "";
const isMarked = (id: string) => holdsKey in world.api.deployments.get(id).metadata;
const statusOf = (id: string) => world.api.deployments.get(id).status;
const runsOf = (id: string) => world.api.runs.all().filter((run) => run.deployment_id === id);
const writes = () => world.api.requests.filter(({ method }) => method !== "GET").map(({ path }) => path);

/** Runs a command as the page writes it, with this name, and with `more` at its end. */
async function run(command: string | undefined, more: readonly string[] = [], name = "report"): Promise<Ended> {
  const written = `${command}`.replace("NAME", name);
  const [verb = "", ...args] = [...written.split(" "), ...more];
  const environment = { ...told.pulumi.environment, QODER_PAT: "pt-test", QODER_BASE_URL: world.api.url };
  world.passTime(betweenCommandsMs);
  const surroundings = { clock: world.clock, ask: undefined };
  const place = { timeZone: "UTC", now: world.clock.now() };
  const runners: Readonly<Record<string, (streams: Streams) => Promise<number>>> = {
    pause: (streams) => runPause(args, environment, streams, surroundings),
    resume: (streams) => runResume(args, environment, streams, surroundings),
    limits: (streams) => runLimits(args, environment, streams, { ...surroundings, timeZone: "UTC" }),
    run: (streams) => runRun(args, environment, streams, { ...surroundings, timeZone: "UTC" }),
    status: (streams) => runStatus(args, environment, streams, { ...place, clock: world.clock }),
    logs: (streams) => runLogs(args, environment, streams, "UTC"),
    calendar: (streams) =>
      runCalendar(args, environment, streams, { ...place, now: () => place.now, input: async () => "" }),
  };
  const runner = runners[verb];
  if (runner === undefined) {
    throw new Error(`the page has no command here: ${written}`);
  }
  return ended(runner);
}

/** A part of a sentence of the page, and how the test acts the sentence out with the commands in it. */
type Act = readonly [says: string, act: (...commands: readonly string[]) => Promise<void>];

/** Acts each sentence of the section out, in the order of the page. */
async function actOut(title: string, acts: readonly Act[]): Promise<void> {
  const sentences = sentencesOf(title);
  expect(sentences.map((sentence) => acts.findIndex(([says]) => sentence.includes(says)))).toEqual([...acts.keys()]);
  for (const [index, [, act]] of acts.entries()) {
    await act(...commandsIn(sentences[index] ?? ""));
  }
}

test("An incident in docs/operate.md: each step does what it says, one after another", async () => {
  const names = ["report", "culprit", "edited", "resting"] as const;
  for (const name of names) {
    await up(name);
  }
  const [report, culprit, edited, resting] = [idOf("report"), idOf("culprit"), idOf("edited"), idOf("resting")];
  live(2, "failed");
  const failed = names.map((name) => runsOf(idOf(name)).at(-1)?.session_id);
  const working = String(world.api.deployments.runBySchedule(report).session_id);
  const call = { type: "agent.mcp_tool_use", mcp_server_name: "tickets", name: "comment", input: { ticket: 7 } };
  world.api.sessions.addEvent(working, call);
  world.api.deployments.pause(resting);
  const beside = world.api.deployments.create({
    ...{ name: "beside", agent: world.agent, environment_id: world.environment, schedule: { type: "cron", ...hourly } },
    initial_events: [{ type: "user.message", content: "hello" }],
  }).id;
  world.api.deployments.runBySchedule(beside);
  world.api.deployments.runBySchedule(createInAccount(world.api, "other", "report"));
  world.api.sessions.resume(world.api.sessions.create().id);
  const statuses = () => [report, culprit, edited, resting, beside].map(statusOf);
  let stopped: readonly string[] = [];

  await actOut("An incident", [
    [
      "pauses the active deployments of the stack and cancels their sessions",
      async (pause) => {
        world.api.clearRequests();
        expect(await run(pause, ["--yes"])).toMatchObject({ status: 0, stderr: "" });
        stopped = writes();
        expect(statuses()).toEqual(["paused", "paused", "paused", "paused", "active"]);
        expect(world.api.sessions.get(working).status).toBe("idle");
      },
    ],
    [
      "in the metadata of each deployment says so, until step 4",
      async () => expect([report, culprit, edited, resting].map(isMarked)).toEqual([true, true, true, false]),
    ],
    [
      "`--dry-run` changes nothing",
      async () => {
        world.api.clearRequests();
        expect(await run("pause --all --dry-run")).toMatchObject({ stdout: expect.stringContaining(beside) });
        expect(await run("pause --all")).toMatchObject({ status: 64, stderr: expect.stringContaining("add --yes") });
        expect(writes()).toEqual([]);
      },
    ],
    [
      "Without the project, `pause --all --cancel` needs only `QODER_PAT`",
      async (pause) => {
        const asked = told.pulumi.asked();
        expect(await run(pause, ["--dry-run"])).toMatchObject({ status: 0, stdout: expect.stringContaining(beside) });
        expect(told.pulumi.asked()).toEqual(asked);
      },
    ],
    [
      "shows the error and the session of each deployment's newest failed run",
      async (status, logs) => {
        const shown: { readonly lastFailure: unknown }[] = JSON.parse((await run(status)).stdout);
        const error = { type: "model_request_failed_error", message: "The model did not answer." };
        for (const sessionId of failed) {
          expect(shown.map(({ lastFailure }) => lastFailure)).toContainEqual(
            expect.objectContaining({ sessionId, error }),
          );
        }
        const log = (await run(logs)).stdout;
        expect(log).toContain(`session ${failed[0]}`);
        expect(log).toMatch(/ error +model_request_failed_error: The model did not answer\./);
      },
    ],
    [
      "`npx pulumi-qoder logs --stack prod --since 02:00 --out evidence` saves every transcript",
      async (save = "") => {
        const folder = mkdtempSync(join(tmpdir(), "evidence-"));
        // Before its first request the command knows the time of this machine alone.
        const machine = jest.spyOn(Date, "now").mockReturnValue(world.clock.now());
        try {
          expect(await run(save.replace("evidence", folder))).toMatchObject({ status: 0, stderr: "" });
          const saved = readdirSync(folder).filter((file) => file.endsWith(".json"));
          const logs = saved.map((file) => readFileSync(join(folder, file), "utf8")).join("");
          const sessions = names.flatMap((name) => runsOf(idOf(name)).map(({ session_id }) => String(session_id)));
          expect(sessions.filter((session) => !logs.includes(session))).toEqual([]);
          const { stdout } = await run(save.replace("--out evidence", "--tool comment"));
          expect(stdout).toMatch(/tickets\/comment \{"ticket":7\}[\s\S]*\n1 call in /);
        } finally {
          machine.mockRestore();
          rmSync(folder, { recursive: true });
        }
      },
    ],
    [
      "Change the program and run `pulumi up`",
      async () => {
        world.api.clearRequests();
        expect(await up("report", { description: "corrected" })).toBe("update");
        expect(world.api.deployments.get(report).description).toBe("corrected");
      },
    ],
    [
      "The deployments stay paused.",
      async () => expect([writes(), statusOf(report)]).toEqual([[`/deployments/${report}`], "paused"]),
    ],
    [
      "Do not run `pulumi refresh` before step 4: the next `up` would start those with `paused: false`",
      async () => {
        await stacks.get("edited")?.refresh();
        await up("edited", { paused: false });
        expect(statusOf(edited)).toBe("active");
      },
    ],
    [
      "Set `paused: true` for each deployment that must not start in step 4",
      async () => {
        await up("culprit", { paused: true });
        expect(statusOf(culprit)).toBe("paused");
      },
    ],
    [
      "starts, on any machine, the deployments that step 1 paused, except those that",
      async (resume) => {
        world.passTime(hour);
        // Somebody pauses the deployment that the program has started.
        world.api.deployments.pause(edited);
        const { status, stdout } = await run(resume, ["--yes"]);
        expect(status).toBe(0);
        expect(stdout).toContain(`To start: 1 deployment:\n  ${report} "report": p-`);
        expect(stdout).toMatch(new RegExp(`${culprit} "culprit": .*; a program stops it with \`paused: true\``));
        expect(stdout).toContain(`${edited} "edited": \`pulumi-qoder pause\` did not pause it`);
        expect(stdout).toContain("1 started");
        expect([report, culprit, edited, resting].map(isMarked)).toEqual([false, true, false, false]);
        expect(statuses()).toEqual(["active", "paused", "paused", "paused", "active"]);
      },
    ],
    [
      "Qoder does not start the runs that were due during the pause",
      async () => {
        const before = runsOf(report).length;
        live(1);
        expect(runsOf(report).length).toBe(before + 1);
        // No run that was due during the pause counts as missed.
        expect((await run("status --stack prod report --since 24h")).stdout).not.toMatch(/was missed|were missed/);
      },
    ],
    [
      "After `pause --all`, run `resume --stack prod`",
      async (pause, resume) => {
        world.passTime(hour);
        // Somebody starts what the program stops: no hold knows it.
        world.api.deployments.unpause(culprit);
        await run(pause, ["--yes"]);
        expect(statuses()).toEqual(Array(5).fill("paused"));
        world.passTime(hour);
        const { stdout } = await run(resume, ["--yes"]);
        expect(stdout).toMatch(new RegExp(`${culprit} "culprit": .*; a program stops it with \`paused: true\``));
        await run(`resume ${beside}`, ["--yes"]);
        expect(statuses()).toEqual(["active", "paused", "paused", "paused", "active"]);
      },
    ],
    [
      "starts the deployments that the service has paused",
      async (resume) => {
        world.api.deployments.pauseByError(report, "vault_not_found_error");
        expect(await run(resume, ["--yes"])).toMatchObject({ status: 0, stdout: expect.stringContaining("1 started") });
        expect(statuses()).toEqual(["active", "paused", "paused", "paused", "active"]);
      },
    ],
    [
      "Step 1 does not stop sessions of people, other stacks or other accounts",
      async () => {
        const paths = [report, culprit, edited].map((id) => `/deployments/${id}`);
        const paused = [...paths, ...paths.map((path) => `${path}/pause`)];
        expect([...stopped].sort()).toEqual([...paused, `/sessions/${working}/cancel`, `/sessions/${working}`].sort());
      },
    ],
  ]);
});

test("Cost in docs/permissions-and-cost.md: each sentence is true, one after another", async () => {
  const limits = { creditsPerDay: 50, creditsPerMonth: 1000 };
  const ofStack = { "qoder:creditsPerDay": "60", "qoder:creditsPerMonth": "2000" };
  const args = { budget: { maxCreditCost: "45" }, limits };
  const sessions = () => world.api.sessions.all().filter((one) => one.deployment_id === idOf("report"));
  const spent = () => creditSum(sessions().map(({ usage }) => usage.total_credits ?? 0));
  /** A run that brings the credits of this day to this number. */
  const spendUntil = (credits: number) => {
    const { session_id: session } = world.api.deployments.runBySchedule(idOf("report"));
    world.api.sessions.end(String(session), { credits: { model: creditSum([credits, -spent()]) } });
    expect(spent()).toBe(credits);
  };

  await actOut("Cost", [
    [
      "Only schedules, `QoderDeploymentRun` and [`run`](commands.md#run) start sessions, and each session costs credits",
      async () => {
        await up("report");
        await stacks.get("report")?.refresh();
        for (const command of ["status", "limits", "calendar", "pause --yes", "resume --paused-by-service --yes"]) {
          await run(`${command} --stack prod`);
        }
        world.api.deployments.unpause(idOf("report"));
        expect(sessions()).toEqual([]);
        live(1);
        expect([sessions().length, spent() > 0]).toEqual([1, true]);
        await world.stackOf(deploymentRun).up({ deploymentId: idOf("report") });
        expect(sessions().length).toBe(2);
        await run(`run ${idOf("report")}`, ["--yes"]);
        expect(sessions().length).toBe(3);
      },
    ],
    [
      "`budget` is passed to the service",
      async () => {
        world.sent();
        await up("report", args, ofStack);
        const budget = { type: "limit", max_credit_cost: "45" };
        expect(world.sent()).toEqual([["POST", `/deployments/${idOf("report")}`, { budget }]]);
        live(1, "budget");
        expect((await run("status --stack prod")).stdout).toContain("stopped by budget");
      },
    ],
    [
      "compares them with what was spent, and pauses with `--pause --yes`",
      async () => {
        const { stdout } = await run("limits --stack prod --json");
        expect(JSON.parse(stdout)).toMatchObject({
          stack: { day: { limit: 60 }, month: { limit: 2_000 } },
          deployments: [{ day: { limit: limits.creditsPerDay }, month: { limit: limits.creditsPerMonth } }],
        });
        spendUntil(39.9);
        const shown = await run("limits --stack prod");
        expect([shown.status, shown.stdout]).toEqual([
          3,
          expect.stringMatching(/report +39\.9 +[\d.]+ +50 +39\.9 +[\d.]+ +1000 /),
        ]);
        const pause = "limits --stack prod --pause --yes";
        spendUntil(40);
        expect([await run(pause), statusOf(idOf("report"))]).toMatchObject([{ status: 1 }, "active"]);
        spendUntil(50);
        expect([await run(pause), statusOf(idOf("report"))]).toMatchObject([{ status: 1 }, "paused"]);
        expect(isMarked(idOf("report"))).toBe(true);
        live(24);
        expect(await run(pause)).toMatchObject({ status: 0 });
        expect(statusOf(idOf("report"))).toBe("paused");
        expect(await run("limits --stack prod --resume", ["--yes"])).toMatchObject({ status: 0 });
        expect(statusOf(idOf("report"))).toBe("active");
      },
    ],
    [
      "With `qoder:verify` a preview warns of a new schedule above them",
      async () => {
        const command = world.command({ config: { "qoder:verify": "true" } });
        const stack = world.stack(command);
        stack.state = stacks.get("report")?.state;
        world.output.length = 0;
        await stack.preview(world.args({ name: "report", ...args, schedule: { ...hourly, expression: "* * * * *" } }));
        await command.end();
        expect(world.output.join("\n")).toMatch(
          /1440 runs a day at [\d.]+ credits, .* above the limit of 50 \[limits\]/,
        );
      },
    ],
    [
      "shows the expected and the highest possible cost of the next 30 days",
      async (calendar) => {
        // An hourly run of at most 45 credits.
        expect((await run(calendar, ["--stack", "prod"])).stdout).toMatch(
          /The next 30 days cost about [\d.]+ and at most 32400\.00 credits\./,
        );
      },
    ],
  ]);
});

/** The row of the table of requests, with the figure for each object and for the lists that it names. */
function requestsOf(command: string): readonly number[] {
  const row = page.split("\n").find((line) => line.startsWith("| ") && line.split(" | ")[0]?.includes(command)) ?? "";
  return [...(row.split(" | ")[1] ?? "").matchAll(/(\d+) (?:for each|pages?|lists?)/g)].map(([, figure]) =>
    Number(figure),
  );
}

test("docs/permissions-and-cost.md counts what pause and resume send for one deployment and for four", async () => {
  world.pin("late", "a list that shows a pause late is followed by a GET, and the test counts the requests");
  for (const count of [1, 4]) {
    world.reset();
    stacks = new Map();
    for (let one = 0; one < count; one += 1) {
      await up(`report-${one}`);
    }
    for (const command of ["pause --stack", "resume --stack", "pause --all", "resume --all"]) {
      world.passTime(hour);
      world.api.clearRequests();
      const [verb = "", selection = ""] = command.split(" ");
      const written = selection === "--all" ? command : `${verb} --stack prod`;
      expect(await run(written, ["--yes"])).toMatchObject({ status: 0, stderr: "" });
      const [each = 0, lists = 0] = requestsOf(`\`${command}\``);
      expect({ command, count, requests: world.api.requests.length }).toEqual({
        command,
        count,
        requests: each * count + lists,
      });
    }
  }
});

test("docs/permissions-and-cost.md counts what a destroy of four deployments, or of two agents, sends", async () => {
  const [each = 0, lists = 0] = requestsOf("`destroy`");
  for (const name of ["a", "b", "c", "d"]) {
    await up(name);
  }
  world.api.clearRequests();
  for (const stack of stacks.values()) {
    await stack.destroy();
  }
  expect(world.api.requests.length).toBe(4 * each);
  const command = new SharedCommand(world);
  const agents = await Promise.all(
    ["first", "second"].map(async (name) =>
      command.resource(agent, (await world.existing(agent, { ...agent.least, name })).stack),
    ),
  );
  world.api.clearRequests();
  await Promise.all(agents.map((one) => one.destroy()));
  expect(world.api.requests.length).toBe(2 * each + lists);
});
