import type { Fault } from "../../qoder-api";
import { ShiftedClock } from "../../support/skipping-clock";
import { usePauseWorld } from "./pause-world";

const world = usePauseWorld();

test.each([
  ["403", { kind: "status", status: 403 }, "403"],
  ["500", { kind: "status", status: 500 }, "500"],
  ["a page without events", { kind: "replace-body", body: { data: null } }, "data is not as the API documents it"],
] as const)(
  "if the events of one session answer with %s, --cancel pauses the deployments and names the session",
  async (_, fault, reason) => {
    const [daily, nightly] = [world.create("daily"), world.create("nightly")];
    const [hidden, runs] = [world.waiting(daily), world.run(nightly)];
    const path = `/sessions/${hidden}/events`;
    world.api.fault({ ...fault, method: "GET", path, times: Number.POSITIVE_INFINITY });
    const { status, stdout, stderr } = await world.pause(["--all", "--cancel", "--yes"]);
    expect(stdout).toContain(`${hidden} of ${daily} "daily": it may wait for somebody`);
    expect([status, stderr]).toEqual([1, expect.stringMatching(`Not ended: ${hidden} of ${daily}: .*${reason}`)]);
    expect(world.statuses(daily, nightly)).toEqual(["paused", "paused"]);
    expect(world.api.sessions.get(runs).status).toBe("idle");
  },
);

test.each([
  ["archived", "archive"],
  ["deleted", "remove"],
] as const)("a session that is %s after the command has listed it is no problem", async (_, end) => {
  const id = world.create("daily");
  const [gone, planned] = [world.run(id), world.waiting(id)];
  world.fault(`/sessions/${planned}/events`, { status: 404 });
  const transform = (page: object) => {
    world.api.sessions[end](gone);
    return page;
  };
  world.api.fault({ kind: "replace-body", method: "GET", path: "/sessions", transform });
  expect(await world.pause(["--all", "--cancel", "--yes"])).toMatchObject({ status: 0, stderr: "" });
  expect(world.writes).toContain(`POST /sessions/${gone}/cancel`);
  expect(world.status(id)).toBe("paused");
});

const always = { method: "GET", times: Number.POSITIVE_INFINITY } as const;
let pages = 0;
/** A page with sessions that no other page has, which promises another one. */
const endless = () => {
  pages += 1;
  const id = `sess_${pages}`;
  return { data: [{ id, status: "running" }], has_more: true, next_page: id };
};

test.each<[string, Omit<Fault, "path">, RegExp]>([
  ["an error", { kind: "status", status: 500 }, /status running: GET \/sessions was answered with 500/],
  ["a lost connection", { kind: "reset-before" }, /status running: GET \/sessions got no answer/],
  ["junk", { kind: "replace-body", body: { data: 7 } }, /status running: GET \/sessions .*data/],
  [
    "pages without end",
    { kind: "replace-body", status: 200, transform: endless },
    /status running: .*its share of the time limit of 60 s/,
  ],
])(
  "if the list of sessions answers with %s, --cancel pauses the deployments, and the same command cancels later",
  async (_, fault, reason) => {
    const id = world.create("daily");
    const [runs, waits] = [world.run(id), world.waiting(id)];
    world.clock.pass(60 * 60_000);
    world.api.fault({ ...fault, ...always, path: "/sessions" });
    const args = ["--all", "--cancel", "--yes"];
    const first = await world.pause([...args, "--timeout", "60s"]);
    expect([first.status, first.stderr]).toEqual([1, expect.stringMatching(reason)]);
    expect(world.status(id)).toBe("paused");
    world.api.clearFaults();
    world.api.switches.cancelWaiting = "cancelled";
    expect(await world.pause(args)).toMatchObject({ status: 0, stdout: expect.stringContaining("2 sessions ended") });
    expect(world.cancelled).toEqual([runs, waits].sort());
  },
);

test("if one list of sessions cannot be read, the sessions of the others are cancelled, and a dry run names the list", async () => {
  const id = world.create("daily");
  const runs = world.run(id);
  world.api.fault({ ...always, kind: "status", status: 403, path: "/sessions", skip: 2 });
  expect(await world.pause(["--all", "--cancel", "--dry-run"])).toMatchObject({
    status: 1,
    stdout: expect.stringContaining(`${runs} of ${id} "daily": it runs`),
    stderr: expect.stringMatching(/^Not read: the sessions with the status idle: .*403.*\n$/),
  });
  world.api.clearFaults();
  world.api.fault({ ...always, kind: "status", status: 403, path: "/sessions", skip: 2 });
  expect(await world.pause(["--all", "--cancel", "--yes"])).toMatchObject({ status: 1 });
  expect([world.status(id), world.api.sessions.get(runs).status]).toEqual(["paused", "idle"]);
});

test.each([
  ["10s", 0],
  ["30s", 3_000],
])(
  "--cancel --timeout %s ends within its limit, and says how long it looked for late sessions",
  async (limit, takesMs) => {
    const id = world.create("daily");
    const session = world.run(id);
    world.api.switches.cancelTakesMs = takesMs;
    const start = world.clock.now();
    const { status, stdout, stderr } = await world.pause([id, "--cancel", "--timeout", limit, "--yes"]);
    expect([status, stderr]).toEqual([0, ""]);
    expect(world.clock.now() - start).toBeLessThan(Number.parseInt(limit, 10) * 1_000);
    expect(stdout).toMatch(/1 session ended\..*\n.*--timeout ended the look for them after \d+ s\n$/);
    expect([world.status(id), world.api.sessions.get(session).status]).toEqual(["paused", "idle"]);
  },
);

test("--cancel --timeout 10s names a session that does not end within the limit", async () => {
  const id = world.create("daily");
  const session = world.run(id);
  world.api.switches.cancelTakesMs = 60_000;
  const start = world.clock.now();
  const { status, stderr } = await world.pause([id, "--cancel", "--timeout", "10s", "--yes"]);
  expect([status, stderr]).toEqual([
    1,
    expect.stringMatching(`^Not ended: ${session} of ${id}: it still works \\d seconds after the cancel\n$`),
  ]);
  expect(world.clock.now() - start).toBeLessThan(10_000);
  expect(world.status(id)).toBe("paused");
});

test("--cancel finds the sessions that wait, also one that began long ago, and if the list begins with an old one that changed last", async () => {
  const dayMs = 24 * 60 * 60_000;
  world.api.switches.cancelWaiting = "cancelled";
  const id = world.create("daily");
  const old = world.run(id);
  world.clock.pass(8 * dayMs);
  const long = world.run(id);
  world.clock.pass(11 * dayMs);
  const waits = world.waiting(id);
  world.api.sessions.end(long, { stop_reason: { type: "requires_action", event_ids: ["evt_1"] } });
  world.clock.pass(dayMs);
  world.api.sessions.end(old);
  const changedAt = (session: unknown) => Date.parse(Object(session).updated_at);
  const transform = ({ data, ...page }: { data?: unknown }) => ({
    ...page,
    data: [data].flat().sort((one, other) => changedAt(other) - changedAt(one)),
  });
  world.api.fault({ ...always, kind: "replace-body", path: "/sessions", transform });
  expect(await world.pause(["--all", "--cancel", "--yes"])).toMatchObject({ status: 0 });
  expect(world.cancelled).toEqual([long, waits].sort());
});

test.each([-1, 1])(
  "--cancel names a session that has not begun, if the clock of the machine is %i days ahead",
  async (days) => {
    const id = world.create("daily");
    world.api.switches.sessionsStart = 90_000;
    const late = world.run(id);
    const clock = new ShiftedClock(world.clock, days * 24 * 60 * 60_000);
    expect(await world.pause(["--all", "--cancel", "--yes"], { clock })).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(`^Not ended: ${late} of ${id}: it has not begun after 60 seconds`),
    });
  },
);

test("--cancel finds the sessions that wait, whatever the order of their events", async () => {
  const id = world.create("daily");
  world.api.switches.eventOrderQuery = "ignore";
  world.api.switches.cancelWaiting = "cancelled";
  const waits = world.waiting(id);
  const restarted = world.run(id);
  world.api.sessions.end(restarted);
  world.api.sessions.resume(restarted);
  world.api.sessions.end(restarted, { stop_reason: { type: "requires_action", event_ids: ["evt_2"] } });
  const answered = world.waiting(id);
  world.api.sessions.resume(answered);
  world.api.sessions.end(answered);
  const { status, stdout } = await world.pause(["--all", "--cancel", "--yes"]);
  expect(status).toBe(0);
  expect(stdout).toContain("To cancel: 2 sessions");
  expect(world.cancelled).toEqual([waits, restarted].sort());
});

test("--cancel pauses all deployments before it reads a single session, and then reads all of them, however many wait", async () => {
  const ids = Array.from({ length: 25 }, (_, index) => world.create(`hourly-${index}`));
  for (const session of ids.flatMap((id) => Array.from({ length: 12 }, () => world.run(id)))) {
    world.api.sessions.end(session);
  }
  const working = world.run(ids[3] ?? "");
  world.api.clearRequests();
  expect(await world.pause(["--all", "--cancel", "--yes"])).toMatchObject({ status: 0, stderr: "" });
  const paths = world.api.requests.map(({ path }) => path);
  const firstRead = paths.findIndex((path) => path.startsWith("/sessions"));
  expect(paths.slice(0, firstRead).filter((path) => path.endsWith("/pause"))).toHaveLength(25);
  // What works costs money: its cancel comes before the events of the idle ones.
  expect(paths.indexOf(`/sessions/${working}/cancel`)).toBeLessThan(
    paths.findIndex((path) => path.endsWith("/events")),
  );
});

/** After a failure the service gets half of the requests, and one more in each second. */
const slowerMs = 4_000;

test.each<[string, number, Omit<Fault, "path">]>([
  ["nothing fails", 0, { kind: "reset-before" }],
  ["connections are lost before a write", 8, { kind: "reset-before" }],
  ["connections are lost after a write", 8, { kind: "reset-after" }],
  ["the service is busy now and then", 8, { kind: "status", status: 503, body: "busy" }],
  ["the service asks to wait now and then", 8, { kind: "status", status: 429, headers: { "retry-after": "1" } }],
])(
  "400 deployments are held and paused in the time that 20 writes a second take, the first within 3 seconds, while %s",
  async (_, failures, fault) => {
    const ids = Array.from({ length: 400 }, () => world.create("hourly"));
    const start = world.clock.now();
    const times: number[] = [];
    const transform = (reply: object) => {
      times.push(world.clock.now() - start);
      return reply;
    };
    for (let index = 0; index < failures; index += 1) {
      world.api.fault({ ...fault, method: "POST", path: /^\/deployments/, skip: 1 + 100 * index });
    }
    world.api.fault({ kind: "replace-body", method: "POST", path: /\/pause$/, transform, times: 400 });
    const { status, stdout, stderr } = await world.pause(["--all", "--yes"]);
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout).toContain("400 deployments paused");
    expect(ids.filter((id) => world.status(id) === "active" || world.holds(id).length !== 1)).toEqual([]);
    expect(world.writes).toHaveLength(800 + failures);
    expect(times[0]).toBeLessThan(3_000);
    expect(times.at(-1)).toBeLessThan(45_000 + failures * slowerMs);
  },
);

test("--cancel says what it waits for, looks once more, and asks for the sessions of its own deployments alone", async () => {
  const [id, other] = [world.create("daily"), world.create("other")];
  for (const deployment of [id, other]) {
    world.api.sessions.end(world.run(deployment));
  }
  world.api.clearRequests();
  const { stdout } = await world.pause([id, "--cancel", "--yes"]);
  expect(stdout).toContain("\nWaiting 1 min for sessions of runs that started before the pause\n");
  const lists = world.requests.filter((request) => request.startsWith("GET /sessions?"));
  // Two of the working ones, those of the deployment, and after the wait the working ones and the newest of all.
  expect(lists.map((request) => request.includes(`deployment_id=${id}`))).toEqual([
    false,
    false,
    true,
    false,
    false,
    false,
  ]);
  const ofOther = world.api.sessions.all().find((session) => session.deployment_id === other)?.id ?? "";
  expect(world.requests.filter((request) => request.includes(ofOther))).toEqual([]);
});
