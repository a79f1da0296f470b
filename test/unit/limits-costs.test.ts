import { runLimits } from "../../command/limits/main";
import { agents } from "../../provider/kinds/table";
import { ShiftedClock } from "../support/shifted-clock";
import { CommandWorld } from "./command-world";
import { ended } from "./ended";
import { deployment, provider, useToldPulumi } from "./stack/told-stack";

const token = "pt-costs-31bd";
const day = 86_400_000;

/** A stack with one agent and what its deployments cost, on 20 November at ten in the morning in Shanghai. */
class CostWorld extends CommandWorld {
  readonly told = useToldPulumi();
  machineAheadMs = 0;
  agent = "";
  environment = "";

  async start(): Promise<void> {
    await this.startApi({
      tokens: { [token]: "mine" },
      clock: () => this.clock.date(),
      seed: 61,
      switches: { duplicateNames: "allow" },
    });
    this.machineAheadMs = 0;
    this.at("2026-09-01T02:00:00Z");
    this.agent = this.api.agents.create().id;
    this.environment = this.api.environments.create().id;
    this.at("2026-11-20T02:00:00Z");
  }

  at(time: string): void {
    this.clock.pass(Date.parse(time) - this.clock.now());
  }

  create(name: string, more: Readonly<Record<string, unknown>> = {}): string {
    return this.api.deployments.create({
      name,
      agent: this.agent,
      environment_id: this.environment,
      initial_events: [{ type: "user.message", content: "hello" }],
      schedule: { type: "cron", expression: "0 9 * * *", timezone: "Asia/Shanghai" },
      ...more,
    }).id;
  }

  run(id: string, time: string, model: number): string {
    this.at(time);
    const session = String(this.api.deployments.runBySchedule(id).session_id);
    this.api.sessions.end(session, { credits: { model } });
    this.at("2026-11-20T02:00:00Z");
    return session;
  }

  /** The stack with these deployments, each with this limit of credits a month, and with these agents. */
  stack(
    ids: readonly string[],
    config: Readonly<Record<string, string>> = {},
    limit?: number,
    managedAgents: readonly string[] = [],
  ) {
    this.told.pulumi.config({ "qoder:pat": token, "qoder:baseUrl": this.api.url, ...config });
    const inputs = limit === undefined ? {} : { limits: { creditsPerMonth: limit } };
    const managed = managedAgents.map((id) => ({ ...deployment("agent", id), type: agents.type }));
    this.told.pulumi.export(
      provider("default"),
      ...ids.map((id) => deployment(`${this.api.deployments.get(id).name}-resource`, id, "default", { inputs })),
      ...managed,
    );
    this.api.clearRequests();
  }

  limits(...args: string[]) {
    const environment = { QODER_PAT: token, QODER_BASE_URL: this.api.url, ...this.told.pulumi.environment };
    const clock = new ShiftedClock(this.clock, this.machineAheadMs);
    const surroundings = { clock, ask: undefined, timeZone: "Asia/Shanghai" };
    return ended((streams) => runLimits(args, environment, streams, surroundings));
  }

  async json(...args: string[]) {
    return JSON.parse((await this.limits(...args, "--json")).stdout);
  }

  /** From now on these replies show sessions with these members. */
  sessions(path: string | RegExp, members: object): void {
    const shown = (session: unknown) => ({ ...Object(session), ...members });
    const transform = (reply: object) =>
      "data" in reply ? { ...reply, data: [reply.data].flat().map(shown) } : { ...shown(reply) };
    this.api.fault({ kind: "replace-body", path, transform, times: Number.POSITIVE_INFINITY });
  }
}

const world = new CostWorld();
beforeEach(() => world.start());
afterEach(() => world.api.close());

test("a session without a readable status is an error that names the member: nobody knows what its deployment costs", async () => {
  const id = world.create("daily");
  const session = world.run(id, "2026-11-19T01:00:00Z", 12.5);
  world.stack([id], {}, 15);
  world.sessions("/sessions", { status: 7 });
  const { status, stderr } = await world.limits("--stack");
  expect([status, stderr]).toEqual([
    2,
    expect.stringMatching(
      `^Not known: ${id}\n  GET /sessions was answered with 200, but ${session}: status is not as the API`,
    ),
  ]);
});

describe.each<[string, object]>([
  ["absent", { usage: {} }],
  ["without usage", { usage: undefined }],
  ["null", { usage: { total_credits: null } }],
  ["a text with a comma", { usage: { total_credits: "12,50" } }],
  ["a text with an exponent", { usage: { total_credits: "1.2e1" } }],
  ["negative", { usage: { total_credits: -5 } }],
])("a cost that the list of sessions does not show, because it is %s,", (_, members) => {
  test("is read from the session", async () => {
    const id = world.create("daily");
    world.run(id, "2026-11-19T01:00:00Z", 12.5);
    world.stack([id], {}, 15);
    world.sessions("/sessions", members);
    expect(await world.limits("--stack")).toMatchObject({ status: 1, stderr: "" });
    expect(await world.json("--stack")).toMatchObject({
      deployments: [{ month: { spent: 12.5, unknownCosts: 0 } }],
    });
  });

  test("is unknown if the session does not show it either: the sum is at least the rest, and the exit status 2", async () => {
    const id = world.create("daily");
    world.run(id, "2026-11-18T01:00:00Z", 5);
    const session = world.run(id, "2026-11-19T01:00:00Z", 12.5);
    world.stack([id], {}, 100);
    world.sessions("/sessions", members);
    world.sessions(`/sessions/${session}`, { usage: Object(members).usage });
    const { status, stdout, stderr } = await world.limits("--stack");
    expect([status, stderr]).toEqual([
      2,
      `Not known: ${id} "daily"\n  the service does not show what 1 session cost\n`,
    ]);
    expect(stdout).toMatch(/^ {3}daily \(daily-resource\) .* at least 5 +- +100 /m);
    expect(await world.json("--stack")).toMatchObject({
      stack: { month: { spent: 5, unknownCosts: 1, expected: null } },
      deployments: [{ day: { spent: 0, unknownCosts: 0 }, month: { spent: 5, unknownCosts: 1, expected: null } }],
    });
  });
});

test("a session that works, or has not begun, has cost nothing yet, and is not unknown", async () => {
  const id = world.create("daily");
  world.api.deployments.runBySchedule(id);
  world.api.switches.sessionsStart = "never";
  world.api.deployments.runBySchedule(id);
  world.stack([id], {}, 15);
  expect(await world.limits("--stack")).toMatchObject({ status: 0, stderr: "" });
});

test("with a schedule that this version cannot read, nobody knows what the period will have cost", async () => {
  const id = world.create("daily");
  world.run(id, "2026-11-19T01:00:00Z", 12.5);
  world.stack([id], {}, 100);
  const schedule = { type: "interval", every: "1h" };
  const transform = (reply: object) => ({ ...reply, schedule });
  world.api.fault({ kind: "replace-body", path: `/deployments/${id}`, transform });
  expect(await world.json("--stack")).toMatchObject({ deployments: [{ month: { spent: 12.5, expected: null } }] });
});

test("a new deployment of which nobody knows a cost hides no expectation of the others from the sum of the stack", async () => {
  const id = world.create("daily");
  world.run(id, "2026-11-19T01:00:00Z", 12);
  world.stack([id, world.create("new")], { "qoder:creditsPerMonth": "100" });
  const { status, stdout } = await world.limits("--stack");
  expect([status, stdout]).toEqual([3, expect.stringMatching(/^! {2}all of the stack .* 12 +at least 132 +100 /m)]);
  expect(stdout).toContain("at least 132 credits are expected by the end of the month, and the limit is 100");
  expect(await world.json("--stack")).toMatchObject({
    stack: { month: { expected: 132, unknownExpected: 1 } },
    deployments: [{ month: { expected: 132, unknownExpected: 0 } }, { month: { expected: null, unknownExpected: 1 } }],
  });
});

test.each([
  ["the runs of the seven days before the last one", 12, 30],
  ["the newest runs, if those before the last day are fewer than three", 2, 270],
])("the proposed budget follows %s, so that a cost that grows does not raise it", async (_, before, budget) => {
  const id = world.create("daily");
  for (let run = 0; run < before; run += 1) {
    world.run(id, `2026-11-14T${10 + run}:00:00Z`, 10);
  }
  for (let run = 0; run < 10; run += 1) {
    world.run(id, `2026-11-${before > 2 && run < 8 ? 18 : 19}T1${run}:00:00Z`, 90);
  }
  world.stack([id], {}, 10_000);
  expect(await world.json("--stack")).toMatchObject({ deployments: [{ usualCredits: 90, proposedBudget: budget }] });
});

test.each([
  ["null", { max_credit_cost: null }, null],
  ["an object", { max_credit_cost: {} }, null],
  ["an empty text", { max_credit_cost: "" }, null],
  ["a number", { max_credit_cost: 5 }, "5"],
  ["a text", { max_credit_cost: "5.00" }, "5.00"],
])("a budget that the service shows as %s is a budget only if it has a number", async (_, budget, shown) => {
  const id = world.create("daily");
  const transform = (reply: object) => ({ ...reply, budget });
  world.stack([id], {}, 100);
  world.api.fault({ kind: "replace-body", path: `/deployments/${id}`, transform });
  expect(await world.json("--stack")).toMatchObject({ deployments: [{ budget: shown }] });
});

test("the sessions of the month count in whatever order the service lists them", async () => {
  const id = world.create("daily");
  const old = Array.from({ length: 12 }, (_, index) => {
    world.at(new Date(Date.UTC(2026, 9, 25) - index * day).toISOString());
    return world.run(id, new Date(Date.UTC(2026, 9, 25) - index * day).toISOString(), 1);
  });
  world.run(id, "2026-11-05T01:00:00Z", 40);
  world.run(id, "2026-11-06T01:00:00Z", 50);
  world.stack([id], {}, 100);
  const place = (session: unknown) =>
    old.indexOf(Object(session).id) < 0 ? old.length : old.indexOf(Object(session).id);
  const transform = ({ data, ...page }: { data?: unknown }) => ({
    ...page,
    // By the last change: somebody has looked into the old sessions since.
    data: [data].flat().sort((one, other) => place(one) - place(other)),
  });
  world.api.fault({ kind: "replace-body", path: "/sessions", transform });
  const { deployments } = await world.json("--stack");
  // The median of the newest ten: 50, 40 and eight times 1.
  expect(deployments).toMatchObject([{ month: { spent: 90 }, usualCredits: 1 }]);
});

test.each([
  [-40 * day, "behind"],
  [40 * day, "ahead of"],
])(
  "days and months are those of the clock of the service, if that of the machine is %d ms ahead",
  async (ms, words) => {
    const id = world.create("daily");
    world.run(id, "2026-11-20T01:00:00Z", 5);
    world.run(id, "2026-11-01T01:00:00Z", 7);
    world.stack([id], {}, 100);
    const right = await world.limits("--stack");
    expect(right).toMatchObject({ status: 0, stderr: "", stdout: expect.stringMatching(/^ {3}daily .* 5 .* 12 /m) });
    world.machineAheadMs = ms;
    expect(await world.limits("--stack")).toEqual({
      ...right,
      stderr: `Warning: the clock of this machine is 40 days ${words} that of the service, which this command uses\n`,
    });
  },
);

describe("deployments that were archived this month", () => {
  const line = (count: number, credits: string) =>
    `Not known: ${count} archived deployment${count === 1 ? "" : "s"} with ${credits} credits this month\n  not counted: they have agents or labels of the stack, which other stacks may have too\n`;
  const labels = { metadata: { team: "search", "cost-centre": "7" } };

  /** A deployment that cost 108 credits and was archived, and the one that came after it. */
  function replaced(more: Readonly<Record<string, unknown>>, later: Readonly<Record<string, unknown>> = more) {
    const old = world.create("daily", more);
    world.run(old, "2026-11-10T01:00:00Z", 108);
    world.api.deployments.archive(old);
    return { old, id: world.create("daily", later) };
  }

  test.each<[string, () => string[]]>([
    ["a limit of the stack", () => ["qoder:creditsPerMonth"]],
    ["a limit of the deployment", () => []],
  ])(
    "and have the agent of the stack are named with what they cost, and the exit status is 2, for %s",
    async (_, keys) => {
      const { old, id } = replaced({});
      const config = Object.fromEntries(keys().map((key) => [key, "100"]));
      world.stack([id], config, keys().length === 0 ? 100 : undefined);
      const { status, stdout, stderr } = await world.limits("--stack");
      expect(status).toBe(2);
      expect([stdout, stderr]).toEqual([expect.stringContaining("daily"), line(1, "108")]);
      expect(await world.json("--stack")).toMatchObject({
        stack: { month: { spent: 0 } },
        notCounted: [{ id: old, month: { spent: 108 } }],
      });
    },
  );

  test("and have an agent that the stack manages, but none of its deployments uses, are named too", async () => {
    const other = world.api.agents.create().id;
    const { id } = replaced({ agent: other }, {});
    world.stack([id], {}, 100, [other]);
    expect((await world.limits("--stack")).stderr).toContain(line(1, "108"));
  });

  test.each([1, 2] as const)(
    "and have the labels of the only deployment of the stack are named too, in generation %i of the API",
    async (generation) => {
      // The older generation adds its settings to the metadata of each deployment.
      Object.assign(world.api.switches, { generation });
      const { id } = replaced({ agent: world.api.agents.create().id, ...labels }, labels);
      world.stack([id], {}, 100);
      expect(await world.limits("--stack")).toMatchObject({ status: 2, stderr: line(1, "108") });
    },
  );

  test("and have all labels that the deployments of the stack share are named too", async () => {
    const other = world.api.agents.create().id;
    const { id } = replaced({ agent: other, ...labels }, labels);
    const second = world.create("second", { metadata: { ...labels.metadata, own: "1" } });
    world.stack([id, second], {}, 100);
    expect((await world.limits("--stack")).stderr).toContain(line(1, "108"));
  });

  test.each([
    [97, 100, 1],
    [50, 100, 0],
    [79, 100, 2],
    [50, undefined, 0],
  ])(
    "of 2 credits are a remark beside %i of %p credits, unless they can change the verdict",
    async (spent, limit, exit) => {
      const old = world.create("daily");
      world.run(old, "2026-11-10T01:00:00Z", 2);
      world.api.deployments.archive(old);
      const id = world.create("daily", { schedule: undefined });
      world.run(id, "2026-11-10T01:00:00Z", spent);
      world.stack([id], limit === undefined ? {} : { "qoder:creditsPerMonth": String(limit) });
      expect(await world.limits("--stack")).toMatchObject({ status: exit, stderr: line(1, "2") });
    },
  );

  test("and whose cost nobody shows are unknown", async () => {
    const { id } = replaced({});
    world.stack([id], {}, 100);
    world.sessions(/^\/sessions/, { usage: {} });
    const { status, stderr } = await world.limits("--stack");
    expect([status, stderr]).toEqual([2, expect.stringContaining(line(1, "at least 0"))]);
  });

  test("make the command exit with 2 if their list cannot be read", async () => {
    const id = world.create("daily");
    world.stack([id], {}, 100);
    world.api.fault({ kind: "status", status: 403, path: "/deployments", times: Number.POSITIVE_INFINITY });
    const { status, stdout, stderr } = await world.limits("--stack");
    expect([status, stdout]).toEqual([2, expect.stringContaining("daily")]);
    expect(stderr).toMatch(/^pulumi-qoder limits failed: GET \/deployments was answered with 403/);
  });

  test("are not named if they have other agents and labels, cost nothing, or ended before the month", async () => {
    const [other, unpaid] = [world.api.agents.create().id, world.create("unpaid")];
    const { id } = replaced({ agent: other, metadata: { team: "search" } }, labels);
    world.api.deployments.archive(unpaid);
    world.at("2026-10-01T01:00:00Z");
    const old = world.create("old");
    world.run(old, "2026-10-10T01:00:00Z", 108);
    world.at("2026-10-11T01:00:00Z");
    world.api.deployments.archive(old);
    world.at("2026-11-20T02:00:00Z");
    world.stack([id], {}, 100);
    expect(await world.limits("--stack")).toMatchObject({ status: 0, stderr: "" });
    expect(await world.json("--stack")).toMatchObject({ notCounted: [] });
  });

  test("are not read for a part of a stack, or without a stack", async () => {
    const { id } = replaced({});
    world.stack([id], {}, 100);
    expect(await world.limits("--stack", "dev", "daily-resource")).toMatchObject({ status: 0, stderr: "" });
    expect((await world.limits("--all")).status).toBe(0);
  });
});
