import { advised } from "../../../command/advised";
import { runPause } from "../../../command/pause/main";
import { Sink } from "../../../command/printer";
import type { Fault } from "../../qoder-api";
import { holdsKey, token, usePauseWorld } from "./pause-world";

const world = usePauseWorld();

const lines = (text: string) => text.trimEnd().split("\n");

const noTerminal =
  "there is no terminal to ask in; add --yes to continue without a question, or --dry-run to see what would be done";

test.each<["pause" | "resume", string[], string]>([
  ["pause", ["--all"], noTerminal],
  ["pause", ["--all", "dep_1", "--yes"], "dep_1 and --all select in two ways: leave one of them out"],
  ["pause", ["--all", "--yes", "--reason", "x".repeat(101)], "--reason takes a text of up to 100 characters"],
])("%s %j is a wrong command line, reported before any request", async (command, args, reason) => {
  const stderr = `pulumi-qoder: ${reason}. See \`npx pulumi-qoder ${command} --help\`\n`;
  expect(await world[command](args)).toEqual({ status: 64, stdout: "", stderr });
  expect(world.api.requests).toEqual([]);
});

test("--dry-run lists the planned changes and changes nothing", async () => {
  const [first, second] = [world.create("first"), world.create("second")];
  world.api.deployments.pause(second);
  const [runs, waits] = [world.run(first), world.waiting(first)];
  const stranger = world.api.sessions.create({ status: "running" }).id;
  const { status, stdout, stderr } = await world.pause(["--all", "--cancel", "--dry-run"]);
  expect([status, stderr]).toEqual([0, ""]);
  expect(lines(stdout)).toEqual([
    "To pause: 1 deployment:",
    `  ${first} "first"`,
    "Paused before, and left as they are: 1 deployment:",
    `  ${second} "second"`,
    "To cancel: 2 sessions:",
    `  ${runs} of ${first} "first": it runs`,
    `  ${waits} of ${first} "first": it waits for somebody`,
    "Left alone, as no deployment started them: 1 session:",
    `  ${stranger}: it runs`,
  ]);
  expect(world.writes).toEqual([]);
});

const byService = (id: string) => world.api.deployments.pauseByError(id, "agent_archived_error");
test.each<["pause" | "resume" | "cancel", string[], (id: string) => unknown, string, string]>([
  ["pause", ["--all"], () => {}, "Pause 1 deployment?", "paused"],
  [
    "pause",
    ["daily", "--cancel"],
    () => {},
    "Pause 1 deployment, and cancel their sessions and any that start meanwhile?",
    "paused",
  ],
  ["resume", ["--all"], (id) => world.pause([id, "--yes"]), "Start 1 deployment again?", "active"],
  ["resume", ["--paused-by-service"], byService, "Start 1 deployment again?", "active"],
  ["cancel", ["daily"], (id) => world.run(id), "Cancel 1 session?", "active"],
])(
  "%s %j asks a question, the answer no changes nothing, and without a terminal it needs --yes",
  async (command, args, arrange, question, status) => {
    const id = world.create("daily");
    await arrange(id);
    world.api.clearRequests();
    const asked: string[] = [];
    const ask = async (text: string) => asked.push(text) > 1;
    const stderr = expect.stringContaining("there is no terminal to ask in; add --yes");
    expect(await world[command](args)).toEqual({ status: 64, stdout: "", stderr });
    expect(world.requests).toEqual([]);
    expect(await world[command](args, { ask })).toMatchObject({ status: 1, stderr: "Nothing was changed.\n" });
    if (command === "resume") {
      expect(await world.resume([...args, "--dry-run"])).toMatchObject({ status: 0 });
    }
    expect(world.writes).toEqual([]);
    expect(await world[command](args, { ask })).toMatchObject({ status: 0, stderr: "" });
    expect([world.status(id), asked]).toEqual([status, [question, question]]);
  },
);

test.each<["pause" | "resume" | "cancel", (id: string) => unknown]>([
  ["pause", (id) => world.api.deployments.pause(id)],
  ["resume", () => {}],
  ["cancel", () => {}],
])("%s asks no question if it has nothing to do", async (command, arrange) => {
  const id = world.create("daily");
  arrange(id);
  const asked: string[] = [];
  const ask = async (text: string) => asked.push(text) > 0;
  expect(await world[command]([id], { ask })).toMatchObject({ status: 0, stderr: "" });
  expect([asked, world.writes]).toEqual([[], []]);
});

test("--cancel ends running sessions, even those that start meanwhile, and names those it cannot end", async () => {
  const id = world.create("daily");
  const [runs, waits] = [world.run(id), world.waiting(id)];
  world.api.switches.cancelTakesMs = 3_000;
  const old = world.waiting(id);
  // `waits` and `old` now wait for eight days, too long to be cancelled.
  world.clock.pass(8 * 24 * 60 * 60_000);
  const recent = world.waiting(id);
  world.api.switches.sessionsStart = 4_000;
  const slipped = world.run(id);
  const { status, stdout, stderr } = await world.pause([id, "--cancel", "--yes"]);
  expect(status).toBe(1);
  expect(world.api.sessions.get(runs).status).toBe("idle");
  expect(world.api.sessions.get(slipped)).toMatchObject({ status: "idle" });
  expect(world.api.sessions.events(slipped).at(-1)).toMatchObject({ stop_reason: { type: "cancelled" } });
  const named = `Not ended: ${recent} of ${id}: it waits for somebody, and the service does not end it: archive it in the console, as an answer would continue it`;
  expect(lines(stderr)).toEqual([named]);
  expect(stdout).toContain("1 deployment paused, and 2 sessions ended. To start these again: npx pulumi-qoder resume ");
  expect(new Set(world.cancelled)).toEqual(new Set([runs, recent, slipped]));
  expect([waits, old].map((session) => world.api.sessions.get(session).status)).toEqual(["idle", "idle"]);
});

test("a terminal shows in one line how many deployments are paused and sessions cancelled so far, and no other text in this line", async () => {
  const id = world.create("daily");
  world.create("nightly");
  world.run(id);
  const shown: string[] = [];
  const terminal = new Sink({ columns: 100, write: (text) => shown.push(text) });
  const streams = { stdout: terminal, stderr: terminal, secrets: new Set<string>() };
  await runPause(["--all", "--cancel", "--yes"], world.environment, streams, world.surroundings({}));
  const end = ["Paused 2 of 2, cancelled 1", "", "Paused 2 of 2, cancelled 1"];
  expect(shown.filter((text) => text.startsWith("\r"))).toEqual(
    ["Paused 1 of 2", "Paused 2 of 2", ...end].map((text) => `\r${text}\u001b[K`),
  );
  const screen = shown.join("").replaceAll("\u001b[K", "");
  expect(screen).toMatch(/, cancelled 1\rTo cancel: 1 session:\n[^\r]+\nWaiting [^\r]+\n\rPaused 2 of 2, cancelled 1/);
});

test("neither the hold nor an output has a token, a prompt or a variable", async () => {
  const id = world.create("daily", { environment_variables: "KEY=very-secret" });
  const ending = await world.pause([id, "--yes"]);
  const holds = world.holds(id);
  expect(holds).toEqual([{ id: expect.stringMatching(/^p-[0-9a-f]{4}$/), when: expect.any(String) }]);
  const resumed = await world.resume([id, "--yes"]);
  for (const secret of [token, "very-secret", "hello"]) {
    expect(JSON.stringify([holds, ending, resumed])).not.toContain(secret);
  }
});

const always = { times: Number.POSITIVE_INFINITY };
test.each<[string, Omit<Fault, "path"> & { readonly path: (id: string, session: string) => string }, RegExp]>([
  [
    "the look at one",
    { kind: "reset-before", method: "GET", path: (id) => `/deployments/${id}` },
    /^Not paused: dep_/m,
  ],
  [
    "the look at one",
    { kind: "status", status: 401, method: "GET", path: (id) => `/deployments/${id}` },
    /^Not paused: dep_/m,
  ],
  ["the pause of one", { kind: "reset-before", path: (id) => `/deployments/${id}/pause` }, /^Not paused: dep_/m],
  [
    "the pause of one",
    { kind: "status", status: 403, path: (id) => `/deployments/${id}/pause` },
    /^Not paused: dep_\w+ "bad": .*403/m,
  ],
  ["a cancel", { kind: "reset-before", path: (_, session) => `/sessions/${session}/cancel` }, /^Not ended: sess_/m],
  [
    "the look at a session",
    { kind: "reset-before", path: (_, session) => `/sessions/${session}/events` },
    /^Not read: the events of idle sessions/m,
  ],
])(
  "if %s fails with %j, the others are paused and their sessions end, and the last line starts what was paused",
  async (_, fault, named) => {
    const [bad, good] = [world.create("bad"), world.create("good")];
    const [stays, ends] = [world.run(bad), world.run(good)];
    world.api.fault({ ...fault, ...always, path: fault.path(bad, stays) });
    const { status, stdout, stderr } = await world.pause(["--all", "--cancel", "--yes"]);
    expect([status, stderr]).toEqual([1, expect.stringMatching(named)]);
    expect([world.status(good), world.api.sessions.get(ends).status]).toEqual(["paused", "idle"]);
    world.api.clearFaults();
    expect(await world.advised(stdout)).toMatchObject({ status: 0 });
    expect([world.status(good), world.status(bad)]).toEqual(["active", "active"]);
  },
);

test("an archived deployment that is given by its id is listed, and its sessions are cancelled", async () => {
  const id = world.create("old");
  const session = world.run(id);
  world.api.deployments.archive(id);
  const { status, stdout } = await world.pause([id, "--cancel", "--yes"]);
  expect([status, stdout]).toEqual([
    0,
    expect.stringMatching(`Archived, and never run again: 1 deployment:\n  ${id} `),
  ]);
  expect(world.api.sessions.get(session).status).toBe("idle");
});

test("pause leaves a deployment alone that another user pauses during the question, and resume does not start it", async () => {
  const [id, other] = [world.create("daily"), world.create("other")];
  const ask = async () => {
    world.api.deployments.pause(id);
    return true;
  };
  expect(await world.pause([id, other], { ask })).toMatchObject({
    status: 0,
    stdout: expect.stringContaining("1 deployment paused"),
  });
  expect(world.writes.filter((write) => write.includes(id))).toEqual([]);
  await world.resume(["--all", "--yes"]);
  expect(world.statuses(id, other)).toEqual(["paused", "active"]);
});

test.each([{ schedule: { type: "interval", every: "1h" } }, { updated_at: 17 }, { name: 7 }])(
  "a deployment with %j in a form that this version does not know is paused and started again",
  async (members) => {
    const id = world.create("daily");
    world.fault(`/deployments/${id}`, { members });
    expect(await world.pause([id, "--yes"])).toMatchObject({ status: 0 });
    expect(world.status(id)).toBe("paused");
    expect(await world.resume([id, "--yes"])).toMatchObject({ status: 0 });
    expect(world.status(id)).toBe("active");
  },
);

test.each([["--all"], ["--all", "--dry-run"], ["--all", "--cancel"], ["--agent"]])(
  "a pause or resume that finds no deployment fails, so that a wrong token does not look like a success: %j",
  async (...options) => {
    world.api.deployments.archive(world.create("old"));
    const args = options[0] === "--agent" ? ["--agent", world.agent] : options;
    for (const command of options.includes("--cancel") ? (["pause"] as const) : (["pause", "resume"] as const)) {
      expect(await world[command]([...args, "--yes"])).toMatchObject({
        status: 1,
        stderr: `There is nothing to ${command}: no live deployment was found. Check that the token belongs to the account and workspace (--workspace)\n`,
      });
    }
    expect(world.writes).toEqual([]);
  },
);

test.each<[string, string, (odd: string) => void, string, string]>([
  [
    "has the status suspended",
    "--all",
    (odd) => world.api.deployments.overwrite(odd, Object({ status: "suspended" })),
    '^Not paused: ODD "nightly": .*suspended.*\n$',
    "suspended",
  ],
  [
    "does not show its agent",
    "--agent",
    () =>
      world.fault("/deployments", { each: (one) => (one["name"] === "daily" ? one : { ...one, agent: undefined }) }),
    "^Not paused: ODD: it does not show its agent_id\n$",
    "active",
  ],
  [
    "has an id that the API does not make",
    "--all",
    (odd) =>
      world.fault("/deployments", { each: (one) => (one["id"] === odd ? { ...one, id: `${odd}\n\u001b[31m` } : one) }),
    "^Not paused: ODD \\\\u001b\\[31m: id is not as the API documents it: an id has letters, digits",
    "active",
  ],
  [
    "the service pauses meanwhile after an error",
    "--all",
    (odd) => {
      const transform = (reply: object) => {
        world.api.deployments.unpause(odd);
        byService(odd);
        return { ...reply, paused_reason: { type: "error", error: { type: "agent_archived_error" } } };
      };
      world.api.fault({ kind: "replace-body", method: "POST", path: `/deployments/${odd}/pause`, transform });
    },
    'Not paused: ODD "nightly": .*it shows the status paused afterwards',
    "paused",
  ],
])(
  "a deployment that %s is named by pause %s, which pauses the others",
  async (_, selection, arrange, says, status) => {
    const [good, odd] = [world.create("daily"), world.create("nightly")];
    arrange(odd);
    const ending = await world.pause([selection, ...(selection === "--agent" ? [world.agent] : []), "--yes"]);
    expect([ending.status, ending.stderr]).toEqual([1, expect.stringMatching(says.replace("ODD", odd))]);
    expect(world.statuses(good, odd)).toEqual(["paused", status]);
  },
);

test("--agent pauses no deployment of another agent if the service ignores the filter", async () => {
  const [ours, other] = [world.create("daily"), world.create("nightly", { agent: world.api.agents.create().id })];
  world.api.switches.ownerFilters = "ignore";
  const stdout = expect.stringContaining("To pause: 1 deployment:");
  expect(await world.pause(["--agent", world.agent, "--yes"])).toMatchObject({ status: 0, stdout });
  expect(world.statuses(ours, other)).toEqual(["paused", "active"]);
});

test.each<[string, Omit<Fault, "path">, RegExp]>([
  ["an error", { kind: "status", status: 500 }, /GET \/deployments was answered with 500/],
  ["a lost connection", { kind: "reset-before" }, /GET \/deployments got no answer/],
  ["junk", { kind: "replace-body", body: { data: 7 } }, /GET \/deployments .*data/],
])(
  "if the second page of the deployments answers with %s, the first page is paused, and the same command pauses the rest",
  async (_, fault, reason) => {
    world.api.switches.duplicateNames = "allow";
    const ids = Array.from({ length: 101 }, () => world.create("daily")).reverse();
    world.clock.pass(60 * 60_000);
    world.api.fault({ ...fault, method: "GET", path: "/deployments", skip: 1, times: Number.POSITIVE_INFINITY });
    const args = ["--agent", world.agent, "--yes"];
    const { status, stdout, stderr } = await world.pause(args);
    expect([status, stdout]).toEqual([1, expect.stringContaining("100 deployments paused")]);
    expect(stderr).toMatch(/^Not all deployments were read: the list ends early, because /);
    expect(stderr).toMatch(reason);
    expect(ids.filter((id) => world.status(id) === "active")).toEqual([ids[100]]);
    world.api.clearFaults();
    expect(await world.pause(args)).toMatchObject({ status: 0, stderr: expect.not.stringContaining("Not ") });
    // The second pause holds what the first one has paused, and what it pauses itself.
    expect(ids.map((id) => [world.status(id), world.holds(id).length])).toEqual(
      ids.map((_, index) => ["paused", index < 100 ? 2 : 1]),
    );
  },
);

test("if the second page answers with an error, the deployments of the first page whose names are given are paused, and the others named", async () => {
  world.api.switches.duplicateNames = "allow";
  const older = world.create("older");
  const other = Array.from({ length: 100 }, () => world.create("daily"))[0] ?? "";
  const newer = world.create("newer");
  world.clock.pass(60 * 60_000);
  world.api.fault({ kind: "status", status: 500, path: "/deployments", skip: 1, times: Number.POSITIVE_INFINITY });
  const { status, stderr } = await world.pause(["newer", "older", other, "--yes"]);
  expect([status, world.statuses(older, other, newer)]).toEqual([1, ["active", "paused", "paused"]]);
  expect(lines(stderr)).toEqual([
    expect.stringContaining("Not all deployments were read: the list ends early"),
    "Not paused: older: no deployment that could be read has this name",
  ]);
});

test("a deployment that two pauses hold starts when the last line of each has ended it", async () => {
  const [search, other] = [world.create("search", { metadata: { team: "search" } }), world.create("other")];
  const first = await world.pause(["--label", "team=search", "--yes", "--reason", "it's down"]);
  const second = await world.pause(["--all", "--yes"]);
  const [id = ""] = /p-\w{4}/.exec(first.stdout) ?? [];
  expect(second.stdout).toContain(
    `Paused already, and held by this pause too from now on: 1 deployment:\n  ${search} "search"\n` +
      `Earlier pauses of those, which stay: 1 pause:\n  ${id} of a person, 0 seconds ago: "it's down": 1 deployment; npx pulumi-qoder resume ${id}\n`,
  );
  expect(second.stdout).toMatch(
    /\n1 deployment paused, and 1 paused one held too\. To start these again: npx pulumi-qoder resume p-[0-9a-f]{4}\n$/,
  );
  const released = await world.advised(first.stdout);
  expect(released).toMatchObject({ status: 0, stderr: "" });
  expect(released.stdout).toMatch(/Released, and still stopped: 1 deployment:\n.*; p-\w{4} of a person, .* holds it; /);
  expect(world.statuses(search, other)).toEqual(["paused", "paused"]);
  expect(await world.advised(second.stdout.split("held too.")[1] ?? "")).toMatchObject({ status: 0 });
  expect(world.statuses(search, other)).toEqual(["active", "active"]);
});

test("a pause is one write of the hold and then one pause, and no other key of the metadata changes", async () => {
  const id = world.create("daily", { metadata: { team: "search" } });
  const { stdout } = await world.pause([id, "--yes"]);
  const update = `POST /deployments/${id}`;
  expect(world.writes).toEqual([update, `${update}/pause`]);
  expect(world.api.deployments.get(id).metadata).toMatchObject({ team: "search", [holdsKey]: expect.any(String) });
  world.api.clearRequests();
  await world.advised(stdout);
  expect(world.writes).toEqual([`${update}/unpause`, update]);
  expect(world.api.deployments.get(id).metadata).not.toHaveProperty(holdsKey);
});

test.each<[Parameters<typeof advised>[2], string]>([
  [{ selection: { by: "all" } }, ""],
  [{ selection: { by: "agent", agent: "agent_1" }, workspace: "ws 1" }, " --workspace 'ws 1'"],
  [{ selection: { by: "stack", name: undefined, names: ["daily"] } }, " --stack"],
  [{ selection: { by: "stack", name: "it's/dev" } }, " --stack 'it'\\''s/dev'"],
])("a command advises another one in the account of its own selection: %j", (selected, end) => {
  const text = `npx pulumi-qoder resume p-7f3a dep_1 --dry-run${end}`;
  expect(advised("resume", ["p-7f3a", "dep_1"], selected, "--dry-run")).toBe(text);
});
