import { runLimits } from "../../command/limits/main";
import { runPause } from "../../command/pause/main";
import { runResume } from "../../command/resume/main";
import type { WriteSurroundings } from "../../command/terminal";
import { CommandWorld } from "./command-world";
import { ended } from "./ended";
import { createInAccount, deployment, provider, secret, secretValue, useToldPulumi } from "./stack/told-stack";

const token = "pt-limits-77aa";
const secondToken = "pt-limits-second-11bb";
const shanghai = { type: "cron", expression: "0 9,21 * * *", timezone: "Asia/Shanghai" };
const unscheduled = {};
const hour = 3_600_000;

/** An account whose clock the test sets, and a stack. */
class LimitsWorld extends CommandWorld {
  readonly told = useToldPulumi();

  async start(): Promise<void> {
    await this.startApi({
      tokens: { [token]: "mine", [secondToken]: "second" },
      clock: () => this.clock.date(),
      seed: 60,
      switches: { duplicateNames: "allow" },
    });
    this.at("2026-11-20T02:00:00Z");
  }

  async stop(): Promise<void> {
    await this.api.close();
  }

  at(time: string): void {
    this.clock.pass(Date.parse(time) - this.clock.now());
  }

  create(name: string, schedule: object = shanghai): string {
    return this.api.deployments.create({
      name,
      agent: this.api.agents.live()[0]?.id ?? this.api.agents.create().id,
      environment_id: this.api.environments.live()[0]?.id ?? this.api.environments.create().id,
      initial_events: [{ type: "user.message", content: "hello" }],
      ...(schedule === unscheduled ? {} : { schedule }),
    }).id;
  }

  /** A run at this time that costs this many credits and ends. */
  run(id: string, time: string, model: number): string {
    const now = this.clock.now();
    this.at(time);
    const session = String(this.api.deployments.runBySchedule(id).session_id);
    this.api.sessions.end(session, { credits: { model } });
    this.clock.pass(now - this.clock.now());
    return session;
  }

  /** The stack of these deployments, each with its limits. */
  stack(
    limits: Readonly<Record<string, object | undefined>>,
    config: Readonly<Record<string, string>> = {},
    more: readonly object[] = [],
  ): void {
    this.told.pulumi.config({ "qoder:pat": token, "qoder:baseUrl": this.api.url, ...config });
    this.told.pulumi.export(
      provider("default"),
      ...Object.entries(limits).map(([id, one]) =>
        deployment(`${this.api.deployments.get(id).name}-resource`, id, "default", {
          inputs: { name: this.api.deployments.get(id).name, ...(one === undefined ? {} : { limits: one }) },
        }),
      ),
      ...more,
    );
    this.api.clearRequests();
  }

  limits(args: readonly string[], more: Partial<WriteSurroundings> = {}) {
    const environment = { QODER_PAT: token, QODER_BASE_URL: this.api.url, ...this.told.pulumi.environment };
    const surroundings = { clock: this.clock, ask: undefined, timeZone: "Asia/Shanghai", ...more };
    return ended((streams) => runLimits(args, environment, streams, surroundings));
  }

  async json(...args: string[]) {
    return JSON.parse((await this.limits([...args, "--json"])).stdout);
  }

  pause(args: readonly string[]) {
    const surroundings = { clock: this.clock, ask: undefined };
    const environment = { QODER_PAT: token, QODER_BASE_URL: this.api.url };
    return ended((streams) => runPause([...args, "--yes"], environment, streams, surroundings));
  }

  resume(args: readonly string[]) {
    const surroundings = { clock: this.clock, ask: undefined };
    return ended((streams) => runResume([...args, "--yes"], this.told.pulumi.environment, streams, surroundings));
  }

  get writes(): string[] {
    return this.api.requests.filter(({ method }) => method !== "GET").map(({ method, path }) => `${method} ${path}`);
  }
}

const world = new LimitsWorld();
beforeEach(() => world.start());
afterEach(() => world.stop());

describe("limits --stack", () => {
  test("shows what was spent, what is expected by the end of the day and month, and the limit", async () => {
    const id = world.create("daily");
    world.run(id, "2026-10-31T13:00:00Z", 100);
    world.run(id, "2026-11-18T13:00:00Z", 4);
    world.run(id, "2026-11-19T13:00:00Z", 6);
    world.run(id, "2026-11-20T01:00:00Z", 5);
    world.stack({ [id]: { creditsPerDay: 20, creditsPerMonth: 300 } });
    const { status, stdout, stderr } = await world.limits(["--stack"]);
    expect([status, stderr]).toEqual([0, ""]);
    // The median of 100, 4, 6 and 5 is 5.5. One run is left today, and 21 until the end of November.
    expect(stdout).toMatch(/^ {3}daily \(daily-resource\) +5 {6}10\.5 +20 +15 +130\.5 +300 +none \(17\)$/m);
    expect(stdout).toContain("0 of 2 limits at 80 % or above, 0 expected above. ");
    expect(stdout).toContain("Costs of sandboxes come up to an hour late, and count when they come.\n");
    expect(await world.json("--stack")).toMatchObject({
      timezone: "Asia/Shanghai",
      stack: { name: "dev", day: { spent: 5, limit: null }, month: { spent: 15 } },
      deployments: [
        {
          id,
          resource: "daily-resource",
          day: { from: "2026-11-19T16:00:00Z", until: "2026-11-20T16:00:00Z", spent: 5, expected: 10.5, limit: 20 },
          month: {
            from: "2026-10-31T16:00:00Z",
            until: "2026-11-30T16:00:00Z",
            spent: 15,
            expected: 130.5,
            limit: 300,
          },
          usualCredits: 5.5,
          running: [],
        },
      ],
    });
    expect(world.writes).toEqual([]);
  });

  test.each([
    [0.4, 0],
    [7.99, 3],
    [8, 1],
    [9.99, 1],
    [10, 1],
    [25, 1],
  ])("exits with the status of the spent and of the expected part: %d of 10 credits give %d", async (spent, status) => {
    const id = world.create("daily");
    world.run(id, "2026-11-20T01:00:00Z", spent);
    for (const limits of [{ creditsPerDay: 10 }, { creditsPerMonth: 10 }]) {
      world.stack({ [id]: limits });
      const read = await world.limits(["--stack"]);
      expect(read.status).toBe(status);
      expect(/^!/m.test(read.stdout)).toBe(status !== 0);
    }
    for (const config of [{ "qoder:creditsPerDay": "10" }, { "qoder:creditsPerMonth": "10" }]) {
      world.stack({ [id]: undefined }, config);
      expect((await world.limits(["--stack"])).status).toBe(status);
    }
    expect(world.writes).toEqual([]);
  });

  test.each([
    [115, 100, 115],
    [58, 60, 96],
    [8, 10, 80],
    [0.7, 0.7, 100],
  ])("says that %d of %d credits are %d %%", async (spent, creditsPerDay, percent) => {
    const id = world.create("daily");
    world.run(id, "2026-11-20T01:00:00Z", spent);
    world.stack({ [id]: { creditsPerDay } });
    expect((await world.limits(["--stack"])).stdout).toContain(`of the day are spent: ${percent} %`);
  });

  test("without any limit says where limits are given, and exits with 0", async () => {
    const id = world.create("daily");
    world.run(id, "2026-11-20T01:00:00Z", 1_000);
    world.stack({ [id]: undefined });
    const { status, stdout } = await world.limits(["--stack"]);
    expect([status, stdout]).toEqual([0, expect.stringContaining("There is no limit: a program gives `limits`")]);
  });

  test("reads limits that a program has made secrets, alone or as a whole", async () => {
    const [one, two] = [world.create("one"), world.create("two")];
    world.stack({ [one]: { creditsPerDay: secretValue(5) }, [two]: secretValue({ creditsPerMonth: 7 }) });
    const { deployments } = await world.json("--stack");
    const limitsOf = (id: string) => deployments.find((found: { id: string }) => found.id === id);
    expect(limitsOf(one)).toMatchObject({ day: { limit: 5 }, month: { limit: null } });
    expect(limitsOf(two)).toMatchObject({ day: { limit: null }, month: { limit: 7 } });
  });

  test.each(["many", "-1", "0"])("refuses the setting %j before any request", async (text) => {
    const id = world.create("daily");
    world.stack({ [id]: undefined }, { "qoder:creditsPerDay": text });
    expect(await world.limits(["--stack"])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining(
        `qoder:creditsPerDay must be a number of credits above 0, such as 500, not "${text}"`,
      ),
    });
    expect(world.api.requests).toEqual([]);
  });

  test("counts the cost of a sandbox when it comes, for the day on which the run started", async () => {
    world.api.switches.sandboxCreditsLateMs = hour;
    const id = world.create("daily");
    world.at("2026-11-20T15:45:00Z");
    const session = String(world.api.deployments.runBySchedule(id).session_id);
    world.api.sessions.end(session, { credits: { model: 7, sandbox: 2 } });
    world.stack({ [id]: { creditsPerDay: 10, creditsPerMonth: 10 } });
    const first = await world.limits(["--stack"]);
    expect([first.status, first.stdout]).toEqual([
      3,
      expect.stringMatching(/count when they come: 1 run of the last hour may\s+still cost more/),
    ]);
    world.clock.pass(hour);
    // It is the next day in Shanghai.
    const [{ day, month, unsettled }] = (await world.json("--stack")).deployments;
    expect([day.spent, month.spent, unsettled]).toEqual([0, 9, 0]);
    expect((await world.limits(["--stack"])).status).toBe(1);
  });

  test("takes the days of --timezone, else of the machine, for all rows", async () => {
    const [one, two, three] = [
      world.create("one"),
      world.create("two", { ...shanghai, timezone: "America/Los_Angeles" }),
      world.create("three", unscheduled),
    ];
    // 02:00 in UTC on the 20th is 10:00 in Shanghai, and 18:00 of the 19th in Los Angeles.
    for (const id of [one, two, three]) {
      world.run(id, "2026-11-19T20:00:00Z", 3);
    }
    world.stack({ [one]: undefined, [two]: undefined, [three]: undefined });
    const daysOf = async (...args: string[]) => {
      const { stack, deployments, timezone } = await world.json("--stack", ...args);
      return [timezone, stack.day.spent, deployments.map((one: { day: { spent: number } }) => one.day.spent)];
    };
    expect(await daysOf()).toEqual(["Asia/Shanghai", 9, [3, 3, 3]]);
    expect(await daysOf("--timezone", "UTC")).toEqual(["UTC", 0, [0, 0, 0]]);
    const { stdout } = await world.limits(["--stack", "--timezone", "America/Los_Angeles"]);
    expect(stdout).toMatch(/^Days and months begin at midnight in America\/Los_Angeles\.\n/);
    expect(await world.limits(["--stack", "--timezone", "Mars"])).toMatchObject({ status: 64, stdout: "" });
  });

  test.each([
    // The day has 25 hours: the clocks of New York show half past one twice.
    ["2026-11-01", "America/New_York", 25, "2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z"],
    ["2026-03-08", "America/New_York", 23, "2026-03-08T05:00:00Z", "2026-03-09T04:00:00Z"],
    ["2026-04-05", "Australia/Lord_Howe", 24.5, "2026-04-04T13:00:00Z", "2026-04-05T13:30:00Z"],
    // The clocks of Cairo skip the first hour of the day, and show the last one twice.
    ["2026-04-24", "Africa/Cairo", 23, "2026-04-23T22:00:00Z", "2026-04-24T21:00:00Z"],
    ["2026-10-29", "Africa/Cairo", 25, "2026-10-28T21:00:00Z", "2026-10-29T22:00:00Z"],
  ])("knows the day %s of %s, which has %d hours", async (_, timezone, hours, from, until) => {
    const noon = Date.parse(from) + 12 * hour;
    world.at(new Date(noon - 30 * hour).toISOString());
    const id = world.create("hourly", { type: "cron", expression: "0 * * * *", timezone });
    const second = (moment: number) => new Date(moment).toISOString();
    for (const moment of [Date.parse(from) - 1_000, Date.parse(from), noon - 1]) {
      world.run(id, second(moment), 1);
    }
    world.at(second(noon));
    world.stack({ [id]: { creditsPerDay: 100 } });
    const [{ day, month }] = (await world.json("--stack", "--timezone", timezone)).deployments;
    expect(day).toMatchObject({ from, until, spent: 2 });
    expect((Date.parse(until) - Date.parse(from)) / hour).toBe(hours);
    // The fires are on full hours of the local clock; the one at noon starts now and counts as started.
    const left = Math.ceil((Date.parse(until) - noon) / hour) - 1;
    expect(day.expected).toBe(2 + left);
    expect(Date.parse(month.from)).toBeLessThanOrEqual(Date.parse(from));
  });

  test("counts the rest of a run that works, and nothing more for a deployment that is paused", async () => {
    const id = world.create("daily");
    for (const day of ["17", "18", "19"]) {
      world.run(id, `2026-11-${day}T13:00:00Z`, 6);
    }
    const session = String(world.api.deployments.runBySchedule(id).session_id);
    world.api.sessions.get(session);
    world.api.sessions.spend(session, { model: 2 });
    world.stack({ [id]: { creditsPerDay: 50 } });
    const dayOf = async () => (await world.json("--stack")).deployments[0];
    expect(await dayOf()).toMatchObject({ day: { spent: 2, expected: 12 }, running: [session] });
    world.api.deployments.pause(id);
    expect(await dayOf()).toMatchObject({ day: { spent: 2, expected: 6 } });
  });

  test("knows no expected cost before the first run has shown its credits", async () => {
    const id = world.create("daily");
    world.stack({ [id]: { creditsPerDay: 50 } });
    expect((await world.json("--stack")).deployments[0]).toMatchObject({ day: { spent: 0, expected: null } });
  });

  test("counts archived sessions, and none of another deployment at a service that ignores the filter", async () => {
    world.api.switches.ownerFilters = "ignore";
    const [one, two] = [world.create("one"), world.create("two")];
    world.api.sessions.archive(world.run(one, "2026-11-20T01:00:00Z", 3));
    world.run(two, "2026-11-20T01:00:00Z", 90);
    world.stack({ [one]: { creditsPerDay: 10 } });
    const { deployments } = await world.json("--stack");
    expect(deployments).toMatchObject([{ id: one, day: { spent: 3 } }]);
  });

  test("reads the deployments of each account with its token, and sums the stack", async () => {
    const [one, two] = [world.create("daily"), createInAccount(world.api, "second", "nightly")];
    world.run(one, "2026-11-20T01:00:00Z", 3);
    world.run(two, "2026-11-20T01:00:00Z", 4);
    world.stack({ [one]: undefined }, { "qoder:creditsPerDay": "8" }, [
      provider("other", { "qoder:account": "other", "qoder:pat": secret(secondToken), "qoder:baseUrl": world.api.url }),
      deployment("nightly", two, "other"),
    ]);
    const { stack } = await world.json("--stack");
    expect(stack).toMatchObject({ day: { spent: 7, limit: 8 } });
    expect((await world.limits(["--stack"])).status).toBe(1);
    // A part of the stack proves nothing about the limit of the stack.
    expect((await world.limits(["--stack", "dev", "nightly"])).status).toBe(0);
    expect((await world.json("--stack", "dev", "nightly")).stack).toBeNull();
  });

  test("exits with 2 if a deployment cannot be read, and shows the others", async () => {
    const [one, two] = [world.create("one"), world.create("two")];
    world.stack({ [one]: { creditsPerDay: 1 }, [two]: { creditsPerDay: 1 } });
    world.api.deployments.remove(two);
    const { status, stdout, stderr } = await world.limits(["--stack"]);
    expect([status, stdout]).toEqual([2, expect.stringContaining("one (one-resource)")]);
    expect(stderr).toMatch(new RegExp(`^Not known: ${two}\n`));
  });

  test("sends one request for each deployment, one for each hundred of its sessions, one for all archived ones, and none twice", async () => {
    const ids = Array.from({ length: 50 }, (_, index) => world.create(`report-${index}`));
    for (const [index, id] of ids.entries()) {
      for (const day of ["18", "19", "20"]) {
        world.run(id, `2026-11-${day}T01:00:00Z`, index === 49 ? 9 : 1);
      }
    }
    world.stack(Object.fromEntries(ids.map((id) => [id, { creditsPerDay: 10 }])));
    const { status, stdout } = await world.limits(["--stack"]);
    expect(status).toBe(1);
    expect(stdout.match(/^!/gm)).toHaveLength(1);
    expect(stdout.split("\n")[3]).toMatch(/^! {2}report-49 /);
    const table = stdout.split("\n").filter((line) => /NAME|report-/.test(line));
    expect(Math.max(...table.map((line) => line.length))).toBeLessThanOrEqual(100);
    const requests = world.api.requests.map(({ method, path, query }) => `${method} ${path} ${JSON.stringify(query)}`);
    expect(requests).toHaveLength(2 * 50 + 1);
    expect(new Set(requests).size).toBe(requests.length);
  });
});

test("other selections show costs without limits", async () => {
  const id = world.create("daily");
  world.run(id, "2026-11-20T01:00:00Z", 5);
  for (const selection of [[id], ["daily"], ["--all"]]) {
    const { status, stdout } = await world.limits(selection);
    expect([status, stdout]).toEqual([0, expect.stringMatching(/^ {3}daily +5 +10 +- .*\n[\s\S]*There is no limit/m)]);
  }
  expect(await world.limits(["--all", "--pause", "--yes"])).toMatchObject({
    status: 64,
    stderr: expect.stringContaining("--pause needs limits, which only --stack knows"),
  });
});

describe("limits --pause", () => {
  function overAndUnder() {
    const [over, under, running] = [world.create("over"), world.create("under"), world.create("running")];
    world.run(over, "2026-11-20T01:00:00Z", 12);
    world.run(under, "2026-11-20T01:00:00Z", 9);
    const session = String(world.api.deployments.runBySchedule(running).session_id);
    world.api.sessions.get(session);
    world.api.sessions.spend(session, { model: 30 });
    const limits = { creditsPerDay: 10 };
    world.stack({ [over]: limits, [under]: limits, [running]: { creditsPerMonth: 30 } });
    return { over, under, running, session };
  }

  test("pauses what has used up its limit, until `resume`, and names the sessions that still run", async () => {
    const { over, under, running, session } = overAndUnder();
    const { status, stdout } = await world.limits(["--stack", "--pause", "--yes"]);
    expect(status).toBe(1);
    expect([over, under, running].map((id) => world.api.deployments.get(id).status)).toEqual([
      "paused",
      "active",
      "paused",
    ]);
    expect(stdout).toContain("To pause: 2 deployments:");
    expect(stdout).toContain(
      `Still running, as a pause ends no session: 1 session:\n  ${session} of ${running} "running"\n`,
    );
    expect(stdout).toContain(`To end these: npx pulumi-qoder cancel ${session} --stack\n`);
    expect(stdout).toMatch(
      /2 deployments paused\. To start these again: npx pulumi-qoder resume p-[0-9a-f]{4} --stack\n/,
    );
    // Nothing starts again by itself: not the command on another day, but `resume` and `--resume`.
    world.clock.pass(24 * hour);
    expect((await world.limits(["--stack", "--pause", "--yes"])).stdout).toContain(
      "Paused by an earlier `pulumi-qoder pause`: 1 deployment:",
    );
    expect(world.writes.filter((line) => line.includes("unpause"))).toEqual([]);
    expect((await world.resume(["--stack"])).stdout).toContain("2 started");
    expect(world.api.sessions.get(session).status).toBe("running");
  });

  test("asks first, and changes nothing if the answer is no or nobody can answer", async () => {
    overAndUnder();
    let question = "";
    const no = async (text: string) => {
      question = text;
      return false;
    };
    expect(await world.limits(["--stack", "--pause"], { ask: no })).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("Nothing was changed."),
    });
    expect(question).toBe("Pause 2 deployments?");
    expect(await world.limits(["--stack", "--pause"])).toMatchObject({
      status: 64,
      stderr: expect.stringContaining("there is no terminal to ask in; add --yes"),
    });
    expect(world.writes).toEqual([]);
  });

  test("pauses only what the command line selects, and compares no part of a stack with the limit of the stack", async () => {
    const { over, under, running } = overAndUnder();
    world.stack(
      { [over]: { creditsPerDay: 10 }, [under]: undefined, [running]: { creditsPerMonth: 30 } },
      {
        "qoder:creditsPerMonth": "20",
      },
    );
    expect(await world.limits(["--stack", "dev", "over", "under", "--pause", "--yes"])).toMatchObject({ status: 1 });
    expect([over, under, running].map((id) => world.api.deployments.get(id).status)).toEqual([
      "paused",
      "active",
      "active",
    ]);
    const labelled = await world.limits(["--stack", "--label", "team=none", "--pause", "--yes"]);
    expect(labelled).toMatchObject({ status: 2, stdout: "", stderr: expect.stringContaining("team=none") });
  });

  test("says which deployment it could not pause, and that is not the exit status of a pause", async () => {
    const { over } = overAndUnder();
    const path = `/deployments/${over}/pause`;
    world.api.fault({ kind: "status", status: 403, method: "POST", path, times: Number.POSITIVE_INFINITY });
    expect(await world.limits(["--stack", "--pause", "--yes"])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining(`Not paused: ${over} "over"`),
    });
  });

  test("pauses the whole stack if the limit of the stack is used up", async () => {
    const { over, under, running } = overAndUnder();
    world.stack({ [over]: undefined, [under]: undefined, [running]: undefined }, { "qoder:creditsPerMonth": "51" });
    await world.limits(["--stack", "--pause", "--yes"]);
    expect([over, under, running].map((id) => world.api.deployments.get(id).status)).toEqual([
      "paused",
      "paused",
      "paused",
    ]);
  });

  test("pauses nothing below the limits, and asks nobody", async () => {
    const id = world.create("daily");
    world.run(id, "2026-11-20T01:00:00Z", 9);
    world.stack({ [id]: { creditsPerDay: 10 } });
    const ask = () => Promise.reject(new Error("asked"));
    expect(await world.limits(["--stack", "--pause"], { ask })).toMatchObject({ status: 1, stderr: "" });
    expect(world.writes).toEqual([]);
  });

  test("prints one object with --json, and the pause to stderr", async () => {
    const { running, session } = overAndUnder();
    const { status, stdout, stderr } = await world.limits(["--stack", "--pause", "--yes", "--json"]);
    const { deployments } = JSON.parse(stdout);
    expect(deployments.find(({ id }: { id: string }) => id === running)).toMatchObject({ running: [session] });
    expect([status, stderr]).toEqual([1, expect.stringContaining("2 deployments paused")]);
  });

  test("reads each deployment, each session list and the list of deployments once before the pause", async () => {
    overAndUnder();
    await world.limits(["--stack", "--pause", "--yes"]);
    const first = world.api.requests.findIndex(({ method }) => method !== "GET");
    const before = world.api.requests.slice(0, first).map(({ path, query }) => `${path} ${JSON.stringify(query)}`);
    // Each deployment is read once more right before its pause.
    expect(before.slice(7).every((line) => /^\/deployments\/\w+ /.test(line))).toBe(true);
    expect(new Set(before.slice(0, 7)).size).toBe(7);
  });
});

describe("limits --pause --resume", () => {
  const act = (...more: string[]) => world.limits(["--stack", "--pause", "--resume", "--yes", ...more]);
  const statuses = (...ids: string[]) => ids.map((id) => world.api.deployments.get(id).status);

  test("starts what it has paused when the day has room again, and nothing else", async () => {
    const [day, month, byHand, byPause] = ["day", "month", "hand", "pause"].map((name) => world.create(name));
    const all = [day ?? "", month ?? "", byHand ?? "", byPause ?? ""] as const;
    for (const id of all.slice(0, 2)) {
      world.run(id, "2026-11-20T01:00:00Z", 12);
    }
    const limits = { creditsPerDay: 10 };
    world.stack({ [all[0]]: limits, [all[1]]: { creditsPerMonth: 12 }, [all[2]]: limits, [all[3]]: limits });
    world.api.deployments.pause(all[2]);
    await world.pause([all[3]]);
    expect((await act()).status).toBe(1);
    expect(statuses(...all)).toEqual(["paused", "paused", "paused", "paused"]);
    // The same day has no room: the command, run again, changes nothing.
    world.api.clearRequests();
    await act();
    expect(world.writes).toEqual([]);
    world.clock.pass(24 * hour);
    expect(await act()).toMatchObject({
      status: 1,
      stdout: expect.stringMatching(/, by `limits --pause`\n[\s\S]*1 started/),
    });
    expect(statuses(...all)).toEqual(["active", "paused", "paused", "paused"]);
    world.at("2026-12-01T02:00:00Z");
    expect(await act()).toMatchObject({ stderr: "", stdout: expect.stringContaining("1 started") });
    expect(statuses(...all)).toEqual(["active", "active", "paused", "paused"]);
  });

  test("leaves alone what a person has paused since, what has an unknown cost, and a stack of which a part is unknown", async () => {
    const [one, two] = [world.create("one"), world.create("two")];
    world.run(one, "2026-11-20T01:00:00Z", 12);
    world.stack({ [one]: { creditsPerDay: 10 }, [two]: {} }, { "qoder:creditsPerDay": "1000" });
    await act();
    world.clock.pass(24 * hour);
    world.api.deployments.remove(two);
    expect(await act()).toMatchObject({ status: 2 });
    expect(statuses(one)).toEqual(["paused"]);
    world.stack({ [one]: { creditsPerDay: 10 } }, { "qoder:creditsPerDay": "1000" });
    world.api.deployments.unpause(one);
    world.clock.pass(hour);
    world.api.deployments.pause(one);
    expect((await act()).stdout).toContain("somebody has started and paused it since");
    expect(statuses(one)).toEqual(["paused"]);
  });

  test("a start that the service refused is not the exit status of a start", async () => {
    const id = world.create("one");
    world.run(id, "2026-11-20T01:00:00Z", 12);
    world.stack({ [id]: { creditsPerDay: 10 } });
    await act();
    world.clock.pass(24 * hour);
    world.api.fault({ kind: "status", status: 403, method: "POST", path: `/deployments/${id}/unpause` });
    expect(await act()).toMatchObject({ status: 2, stderr: expect.stringContaining("Not started") });
  });
});

test.each([
  [3, 3, /! {2}daily .*\n.*\n {5}2 of the 3 runs of the day have begun, and 4 are expected by its end\n/],
  [2, 1, /2 of the 2 runs of the day have begun/],
  [4, 0, /^ {3}daily /m],
] as const)("runsPerDay of %i needs no cost", async (runsPerDay, exit, shown) => {
  // Every six hours, and two are left.
  const id = world.create("daily", { type: "cron", expression: "0 */6 * * *", timezone: "Asia/Shanghai" });
  for (const time of ["2026-11-19T16:30:00Z", "2026-11-19T22:30:00Z"]) {
    world.run(id, time, 0);
  }
  world.api.fault({
    ...{ kind: "replace-body", path: /^\/sessions/, times: Number.POSITIVE_INFINITY },
    transform: (reply: object) => JSON.parse(JSON.stringify(reply).replace(/"usage":/g, '"used":')),
  });
  world.stack({ [id]: { runsPerDay } });
  const { status, stdout } = await world.limits(["--stack", "--pause", "--yes"]);
  expect([status, stdout]).toEqual([exit, expect.stringMatching(shown)]);
  expect(world.api.deployments.get(id).status).toBe(runsPerDay === 2 ? "paused" : "active");
});
