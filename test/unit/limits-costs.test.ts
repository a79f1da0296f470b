import { agents } from "../../provider/kinds/table";
import { useLimitsWorld } from "./limits-world";
import { deployment } from "./stack/told-stack";

const world = useLimitsWorld("0 9 * * *");
const day = 86_400_000;
const hundred = { limits: { creditsPerMonth: 100 } };

test("a session without a readable status is an error that names the member: nobody knows what its deployment costs", async () => {
  const { daily } = world.fleet({ daily: { costs: { "19T01": 12.5 }, ...hundred } });
  world.sessions("/sessions", { status: 7 });
  const reason = `^Not known: ${daily}\n  GET /sessions was answered with 200, but sess_\\w+: status is not as the API`;
  expect(await world.limits()).toMatchObject({ status: 2, stderr: expect.stringMatching(reason) });
});

test.each<[string, object]>([
  ["absent", { usage: {} }],
  ["without usage", { usage: undefined }],
  ["null", { usage: { total_credits: null } }],
  ["a text with a comma", { usage: { total_credits: "12,50" } }],
  ["a text with an exponent", { usage: { total_credits: "1.2e1" } }],
  ["negative", { usage: { total_credits: -5 } }],
])(
  "a cost that the list of sessions does not show, because it is %s, is read from the session, and else unknown: the sum is at least the rest, and the exit status 2",
  async (_, members) => {
    const { daily } = world.fleet({ daily: { costs: { "18T01": 5 }, limits: { creditsPerMonth: 100 } } });
    const session = world.paid(daily, "19T01", 12.5);
    world.sessions("/sessions", members);
    expect(await world.limits()).toMatchObject({ stderr: "" });
    expect((await world.json()).deployments).toMatchObject([{ month: { spent: 17.5, unknownCosts: 0 } }]);
    world.sessions(`/sessions/${session}`, members);
    const { status, stdout, stderr } = await world.limits();
    expect([status, stderr]).toEqual([
      2,
      `Not known: ${daily} "daily"\n  the service does not show what 1 session cost\n`,
    ]);
    expect(stdout).toMatch(/^ {3}daily \(daily-resource\) .* at least 5 +- +100 /m);
    const month = { spent: 5, unknownCosts: 1, expected: null };
    expect(await world.json()).toMatchObject({
      stack: { month },
      deployments: [{ day: { spent: 0, unknownCosts: 0 }, month }],
    });
  },
);

test("a session that works, or has not begun, has cost nothing yet, and is not unknown", async () => {
  const { daily } = world.fleet({ daily: hundred });
  world.run(daily);
  world.api.switches.sessionsStart = "never";
  world.run(daily);
  world.sessions("/sessions", { usage: undefined });
  expect(await world.limits()).toMatchObject({ status: 0, stderr: "" });
  expect((await world.json()).deployments).toMatchObject([{ month: { spent: 0, unknownCosts: 0 } }]);
});

test("with a schedule that this version cannot read, nobody knows what the period will have cost", async () => {
  const { daily } = world.fleet({ daily: { costs: { "19T01": 12.5 }, ...hundred } });
  world.fault(`/deployments/${daily}`, { members: { schedule: { type: "interval", every: "1h" } } });
  expect((await world.json()).deployments).toMatchObject([{ month: { spent: 12.5, expected: null } }]);
});

test("a new deployment of which nobody knows a cost hides no expectation of the others from the sum of the stack", async () => {
  world.fleet({ daily: { costs: { "19T01": 12 } }, new: {} }, { "qoder:creditsPerMonth": "100" });
  const { status, stdout } = await world.limits();
  expect([status, stdout]).toEqual([3, expect.stringMatching(/^! {2}all of the stack .* 12 +at least 132 +100 /m)]);
  expect(stdout).toContain("at least 132 credits are expected by the end of the month, and the limit is 100");
  const [known, unknown] = [
    { expected: 132, unknownExpected: 0 },
    { expected: null, unknownExpected: 1 },
  ];
  expect(await world.json()).toMatchObject({
    stack: { month: { expected: 132, unknownExpected: 1 } },
    deployments: [{ month: known }, { month: unknown }],
  });
});

test.each([
  // Ten runs of 10 credits are left.
  [{ "19T01": 10 }, 100, 3, /at least 110 credits are expected by the end of the month, and the limit is 100/],
  [{ "19T01": 10 }, 200, 2, / at least 10 +at least 110 +200 /],
  [{ "18T01": 1, "19T01": 10 }, 12, 1, /at least 11 of the 12 credits of the month are spent: 91 %/],
])(
  "a cost that nobody knows beside %j of %i credits hides no lower bound that is over the limit, of the deployment and of the stack",
  async (costs, limit, exit, shown) => {
    const limits = { creditsPerMonth: limit };
    const { daily } = world.fleet({ daily: { costs, limits } }, { "qoder:creditsPerMonth": String(limit) });
    const session = world.paid(daily, "17T01", 12.5);
    const transform = (one: object) => ("id" in one && one.id === session ? { ...one, usage: {} } : one);
    world.fault("/sessions", { each: transform });
    world.fault(`/sessions/${session}`, { members: { usage: {} } });
    const { status, stdout } = await world.limits();
    expect([status, stdout.match(new RegExp(shown, "g"))?.length]).toEqual([exit, 2]);
  },
);

test.each([
  ["the runs of the seven days before the last one", 12, 30],
  ["the newest runs, if those before the last day are fewer than three", 2, 270],
])("the proposed budget follows %s, so that a cost that grows does not raise it", async (_, before, proposedBudget) => {
  const { daily } = world.fleet({ daily: hundred });
  for (let run = 0; run < before; run += 1) {
    world.paid(daily, `14T${10 + run}`, 10);
  }
  for (let run = 0; run < 10; run += 1) {
    world.paid(daily, `${before > 2 && run < 8 ? 18 : 19}T1${run}`, 90);
  }
  expect((await world.json()).deployments).toMatchObject([{ usualCredits: 90, proposedBudget }]);
});

test.each([
  ["null", { max_credit_cost: null }, null],
  ["an object", { max_credit_cost: {} }, null],
  ["an empty text", { max_credit_cost: "" }, null],
  ["a number", { max_credit_cost: 5 }, "5"],
  ["a text", { max_credit_cost: "5.00" }, "5.00"],
])("a budget that the service shows as %s is a budget only if it has a number", async (_, budget, shown) => {
  const { daily } = world.fleet({ daily: hundred });
  world.fault(`/deployments/${daily}`, { members: { budget } });
  expect((await world.json()).deployments).toMatchObject([{ budget: shown }]);
});

test("the sessions of the month count in whatever order the service lists them", async () => {
  const { daily } = world.fleet({ daily: hundred });
  const old = Array.from({ length: 12 }, (_, index) =>
    world.paid(daily, new Date(Date.UTC(2026, 9, 25) - index * day).toISOString(), 1),
  );
  world.paid(daily, "05T01", 40);
  world.paid(daily, "06T01", 50);
  // By the last change: somebody has looked into the old sessions since.
  const place = (session: unknown) => (old.indexOf(Object(session).id) + old.length + 1) % (old.length + 1);
  const transform = ({ data, ...page }: { data?: unknown }) => ({
    ...page,
    data: [data].flat().sort((one, other) => place(one) - place(other)),
  });
  world.api.fault({ kind: "replace-body", path: "/sessions", transform });
  // The median of the newest ten: 50, 40 and eight times 1.
  expect((await world.json()).deployments).toMatchObject([{ month: { spent: 90 }, usualCredits: 1 }]);
});

test.each([
  [-40 * day, "behind"],
  [40 * day, "ahead of"],
])(
  "days and months are those of the clock of the service, if that of the machine is %d ms ahead",
  async (ms, words) => {
    world.fleet({ daily: { costs: { "20T01": 5, "01T01": 7 }, ...hundred } });
    const right = await world.limits();
    expect(right).toMatchObject({ status: 0, stderr: "", stdout: expect.stringMatching(/^ {3}daily .* 5 .* 12 /m) });
    world.machineAheadMs = ms;
    const stderr = `Warning: the clock of this machine is 40 days ${words} that of the service, which this command uses\n`;
    expect(await world.limits()).toEqual({ ...right, stderr });
  },
);

describe("deployments that were archived this month", () => {
  const line = (credits: string) =>
    `Not known: 1 archived deployment with ${credits} credits this month\n  not counted: they have agents or labels of the stack, which other stacks may have too\n`;
  const labels = { team: "search", "cost-centre": "7" };
  const archived = (more: Readonly<Record<string, unknown>>, credits = 108, time = "10T01") => {
    const old = world.create("daily", more);
    world.paid(old, time, credits);
    world.api.deployments.archive(old);
    return old;
  };

  test.each([
    ["a limit of the stack", undefined, { "qoder:creditsPerMonth": "100" }],
    ["a limit of the deployment", hundred.limits, {}],
  ])(
    "and have the agent of the stack are named with what they cost, and the exit status is 2, for %s",
    async (_, limits, config) => {
      const old = archived({});
      world.fleet({ daily: limits === undefined ? {} : { limits } }, config);
      expect(await world.limits()).toEqual({
        status: 2,
        stdout: expect.stringContaining("daily"),
        stderr: line("108"),
      });
      const notCounted = [{ id: old, month: { spent: 108 } }];
      expect(await world.json()).toMatchObject({ stack: { month: { spent: 0 } }, notCounted });
      // They are not read for a part of a stack, or without a stack.
      expect(await world.limits(["--stack", "dev", "daily-resource"])).toMatchObject({ status: 0, stderr: "" });
      expect((await world.limits(["--all"])).status).toBe(0);
      world.sessions(/^\/sessions/, { usage: {} });
      expect(await world.limits()).toMatchObject({ status: 2, stderr: expect.stringContaining(line("at least 0")) });
    },
  );

  test("and have an agent that the stack manages, but none of its deployments uses, are named too", async () => {
    const agent = world.api.agents.create().id;
    archived({ agent });
    const managed = { ...deployment("agent", agent), type: agents.type };
    world.stack({ [world.create("daily")]: hundred.limits }, {}, [managed]);
    expect((await world.limits()).stderr).toContain(line("108"));
  });

  test.each<[1 | 2, string, Readonly<Record<string, object>>]>([
    // The older generation adds its settings to the metadata of each deployment.
    [1, "the labels of the only deployment of the stack", {}],
    [2, "the labels of the only deployment of the stack", {}],
    [
      2,
      "all labels that the deployments of the stack share",
      { second: { more: { metadata: { ...labels, own: "1" } } } },
    ],
  ])("in generation %i of the API and have %s are named too", async (generation, _, others) => {
    Object.assign(world.api.switches, { generation });
    archived({ agent: world.api.agents.create().id, metadata: labels });
    world.fleet({ ...others, daily: { more: { metadata: labels }, ...hundred } });
    expect(await world.limits()).toMatchObject({ status: 2, stderr: line("108") });
  });

  test.each([
    [97, "100", 1],
    [50, "100", 0],
    [79, "100", 2],
    [50, undefined, 0],
  ])(
    "of 2 credits are a remark beside %i of %p credits, unless they can change the verdict",
    async (spent, limit, status) => {
      archived({}, 2);
      const config = limit === undefined ? {} : { "qoder:creditsPerMonth": limit };
      world.fleet({ daily: { costs: { "10T01": spent }, more: { schedule: undefined } } }, config);
      expect(await world.limits()).toMatchObject({ status, stderr: line("2") });
    },
  );

  test.each([
    [3, 0],
    [2, 2],
  ])(
    "and have begun two runs today are a remark beside one run of %i, unless they can change the verdict",
    async (runsPerDay, status) => {
      const old = world.create("daily");
      ["20T00", "20T01"].map((time) => world.paid(old, time, 1));
      world.api.deployments.archive(old);
      world.fleet({
        daily: { costs: { "20T01": 1 }, limits: { runsPerDay }, more: { schedule: undefined } },
      });
      expect(await world.limits()).toMatchObject({ status });
    },
  );

  test("make the command exit with 2 if their list cannot be read", async () => {
    world.fleet({ daily: hundred });
    world.fault("/deployments", { status: 403 });
    const stderr = expect.stringMatching(/^pulumi-qoder limits failed: GET \/deployments was answered with 403/);
    expect(await world.limits()).toEqual({ status: 2, stdout: expect.stringContaining("daily"), stderr });
  });

  test("are not named if they have other agents and labels, cost nothing, or ended before the month", async () => {
    archived({ agent: world.api.agents.create().id, metadata: { team: "search" } });
    world.api.deployments.archive(world.create("unpaid"));
    world.at("2026-10-11T01:00:00Z");
    archived({}, 108, "2026-10-10T01:00:00Z");
    world.at("2026-11-20T02:00:00Z");
    for (const metadata of [labels, {}]) {
      world.fleet({ daily: { more: { metadata }, ...hundred } });
      expect(await world.limits()).toMatchObject({ status: 0, stderr: "" });
    }
    expect(await world.json()).toMatchObject({ notCounted: [] });
  });
});
