import { createInAccount, deployment, provider, secret, useToldPulumi } from "../stack/told-stack";
import { secondToken, token, usePauseWorld } from "./pause-world";

const world = usePauseWorld();
const told = useToldPulumi();

test("cancel ends the session that it names, and leaves other sessions and the deployment alone", async () => {
  const id = world.create("daily");
  const [hangs, works] = [world.run(id), world.run(id)];
  world.api.clearRequests();
  const stdout = `To cancel: 1 session:\n  ${hangs} of ${id}: it runs\nEnded: 1 session\n`;
  expect(await world.cancel([hangs, "--yes"])).toEqual({ status: 0, stdout, stderr: "" });
  expect(world.writes).toEqual([`POST /sessions/${hangs}/cancel`, `POST /sessions/${hangs}`]);
  expect(world.api.sessions.get(hangs).metadata).toEqual({ "pulumi-qoder-cancelled": expect.stringMatching(/Z$/) });
  expect([hangs, works].map((session) => world.api.sessions.get(session).status)).toEqual(["idle", "running"]);
  expect(world.status(id)).toBe("active");
});

test.each([
  ["cancelled", 0, ""],
  ["no-op", 1, "it waits for somebody, and the service does not end it"],
] as const)("a session that waits is %s, as the service says", async (cancelWaiting, exit, problem) => {
  world.api.switches.cancelWaiting = cancelWaiting;
  const id = world.create("daily");
  const session = world.waiting(id);
  const { status, stdout, stderr } = await world.cancel([session, "--yes"]);
  expect([status, stderr.includes(problem)]).toEqual([exit, true]);
  expect(stdout).toContain(`${session} of ${id}: it waits for somebody`);
});

test("a session that was cancelled, and whose end no list shows, does not count as ended", async () => {
  const session = world.run(world.create("daily"));
  world.api.switches.cancelTakesMs = 3_600_000;
  world.api.fault({ kind: "status", status: 403, path: "/sessions", times: Number.POSITIVE_INFINITY });
  const { status, stdout, stderr } = await world.cancel([session, "--yes"]);
  expect([status, stdout]).toEqual([1, expect.stringMatching(/\nEnded: 0 sessions\n$/)]);
  expect(stderr).toMatch(/^Not read: the sessions with the status running: .*403/);
});

test("if the token of one account of the stack is refused, cancel ends the session of the other account", async () => {
  const [one, two] = [world.create("daily"), createInAccount(world.api, "second", "nightly")];
  const sessions = [world.run(one), world.run(two)];
  const cancelWith = (first: string, ...ids: string[]) => {
    told.pulumi.twoAccounts(world.api.url, { id: one, pat: first }, { id: two, pat: secondToken });
    return world.cancel([...ids, "--stack", "--yes"], {}, told.pulumi.environment);
  };
  expect(await cancelWith("pt-refused-0000-9911", sessions[1] ?? "")).toMatchObject({ status: 0, stderr: "" });
  expect(await cancelWith("pt-refused-0000-9911", sessions[0] ?? "")).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/^Not known: sess_\w+: .* was answered with 401/),
  });
  // One failure stops no other.
  const [third, fourth] = [world.run(one), world.run(two)];
  expect(await cancelWith("pt-refused-0000-9911", third, fourth)).toMatchObject({ status: 1 });
  expect(world.api.sessions.get(fourth).status).toBe("idle");
  expect(await cancelWith(token, sessions[0] ?? "", third)).toMatchObject({ status: 0, stderr: "" });
  expect(sessions.map((id) => world.api.sessions.get(id).status)).toEqual(["idle", "idle"]);
});

test.each([
  ["before the command looks again is cancelled", 500, 0, "", 1],
  [
    "never is named",
    "never",
    1,
    /^Not ended: \S+ of \S+: it has not begun after 60 seconds; run the command again once it works, as only then it can be cancelled\n$/,
    0,
  ],
] as const)("a new session that begins %s", async (_, sessionsStart, status, stderr, cancels) => {
  const id = world.create("daily");
  world.api.switches.sessionsStart = sessionsStart;
  const session = world.run(id);
  world.api.clearRequests();
  expect(await world.cancel([session, "--yes"])).toMatchObject({
    ...{ status, stderr: typeof stderr === "string" ? stderr : expect.stringMatching(stderr) },
    stdout: expect.stringMatching(`\nEnded: ${cancels} sessions?\n$`),
  });
  expect(world.cancelled).toEqual(Array.from({ length: cancels }, () => session));
});

test("without a terminal and --yes the command is refused before any request", async () => {
  const { status, stderr } = await world.cancel(["sess_1"]);
  expect([status, stderr]).toEqual([
    64,
    expect.stringContaining("there is no terminal to ask in; add --yes to cancel without a question"),
  ]);
  expect(world.api.requests).toEqual([]);
});

const targets: readonly (readonly [string, (id: string) => string])[] = [
  ["a name", () => "daily"],
  ["the id of a deployment", (id) => id],
  ["the id of a run", (id) => world.api.runs.all().find((run) => run.deployment_id === id)?.id ?? ""],
  ["the id of a session", () => world.api.sessions.all()[0]?.id ?? ""],
];

test.each(targets.flatMap(([what, of]) => [[], ["--stack"]].map((options) => ({ what, of, options }))))(
  "$what with $options ends what works now, and nothing of another deployment",
  async ({ of, options }) => {
    const [id, other] = [world.create("daily"), world.create("other")];
    const session = world.run(id);
    const beside = world.run(other);
    told.pulumi.twoAccounts(world.api.url, { id, pat: token }, { id: other, pat: secondToken });
    const args = [of(id), ...options, "--yes"];
    const environment = { ...world.environment, ...told.pulumi.environment };
    const run = () => world.cancel(args, {}, environment);
    expect(await run()).toMatchObject({
      status: 0,
      stderr: "",
      stdout: expect.stringMatching(/\nEnded: 1 session\n$/),
    });
    expect([session, beside].map((one) => world.api.sessions.get(one).status)).toEqual(["idle", "running"]);
    // Calm: what has ended needs no cancel.
    world.api.clearRequests();
    const nothing = /^(sess|drun)_/.test(of(id)) ? "Ended already: 1 session" : "No session works now: 1 deployment";
    expect(await run()).toMatchObject({ status: 0, stderr: "", stdout: expect.stringContaining(nothing) });
    expect(world.writes).toEqual([]);
  },
);

test("what nobody knows is named and stops nothing else, a session counts once, and the lists of sessions are read once", async () => {
  const id = world.create("daily");
  const session = world.run(id);
  const run = world.api.runs.all()[0]?.id ?? "";
  world.api.clearRequests();
  const asked: string[] = [];
  const ask = async (question: string) => asked.push(question) > 0;
  const { status, stderr } = await world.cancel(
    ["none", "dep_none", "drun_none", "sess_none", "daily", id, run, session],
    {
      ask,
    },
  );
  expect([status, world.api.sessions.get(session).status, asked]).toEqual([1, "idle", ["Cancel 1 session?"]]);
  const listed = world.requests.slice(0, world.requests.indexOf(`POST /sessions/${session}/cancel`));
  expect(listed.filter((request) => request.startsWith("GET /sessions?"))).toHaveLength(2);
  expect(stderr.match(/^Not known: \S+/gm)).toEqual(
    ["none", "dep_none", "drun_none", "sess_none"].map((one) => `Not known: ${one}:`),
  );
});

const empty = (page: object) => ({ ...page, data: [], has_more: false });

test.each([
  ["no list shows the session yet", 0, "/sessions", 0],
  ["no list shows session or run yet", 0, /^\/(sessions|deployments\/\w+\/runs)$/, 0],
  ["the session begins later", 30_000, "/none", 0],
  ["the session begins after the minute", 90_000, "/none", 1],
])("cancel NAME right after `run NAME` never says that nothing works: %s", async (_, sessionsStart, path, status) => {
  const id = world.create("daily");
  world.api.switches.sessionsStart = sessionsStart;
  const session = world.run(id);
  world.api.fault({ kind: "replace-body", method: "GET", path, transform: empty, times: path === "/sessions" ? 2 : 3 });
  const ending = await world.cancel(["daily", "--yes"]);
  expect([ending.status, ending.stdout]).toEqual([status, expect.not.stringMatching(/Ended already|No session works/)]);
  expect(ending.stdout).toContain(`${session} of ${id} "daily": `);
  if (status === 0) {
    expect(world.writes).toContain(`POST /sessions/${session}/cancel`);
  } else {
    expect(ending.stderr).toContain("it has not begun after 60 seconds; run the command again once it works");
  }
});

test("cancel NAME --stack ends the sessions of every account that has the name", async () => {
  const [one, two] = [world.create("daily"), createInAccount(world.api, "second", "daily")];
  const sessions = [world.run(one), world.run(two)];
  told.pulumi.twoAccounts(world.api.url, { id: one, pat: token }, { id: two, pat: secondToken });
  for (const id of [one, two]) {
    expect(world.api.deployments.get(id).name).toBe("daily");
  }
  told.pulumi.export(
    provider("default"),
    provider("other", { "qoder:account": "other", "qoder:pat": secret(secondToken), "qoder:baseUrl": world.api.url }),
    deployment("first", one, "default", { inputs: { name: "daily" } }),
    deployment("second", two, "other", { inputs: { name: "daily" } }),
  );
  const ending = await world.cancel(["daily", "--stack", "--yes"], {}, told.pulumi.environment);
  expect(ending).toMatchObject({ status: 0, stderr: "" });
  expect(sessions.map((id) => world.api.sessions.get(id).status)).toEqual(["idle", "idle"]);
});

test("a name that looks like the id of a session is looked up as a name", async () => {
  const session = world.run(world.create("sess_report"));
  expect(await world.cancel(["sess_report", "--yes"])).toMatchObject({ status: 0, stderr: "" });
  expect(world.api.sessions.get(session).status).toBe("idle");
  expect((await world.cancel(["sess_report", "--yes"])).stdout).toContain("No session works now: 1 deployment");
});
