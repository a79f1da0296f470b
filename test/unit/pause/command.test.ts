import { statSync } from "node:fs";
import { join } from "node:path";
import { readReceipt } from "../../../provider/command/pause/receipt";
import { type Fault, startQoderApi } from "../../qoder-api";
import { token, usePauseWorld } from "./pause-world";

const world = usePauseWorld();

type Page = Readonly<Record<string, unknown>>;
const lines = (text: string) => text.trimEnd().split("\n");

const noTerminal =
  "there is no terminal to ask in; add --yes to continue without a question, or --dry-run to see what would be done";

test.each<["pause" | "resume", string[], string]>([
  ["pause", ["--all"], noTerminal],
  ["pause", ["--all", "dep_1", "--yes"], "give either ids, --all or --agent, not several of them"],
  ["pause", ["agent_1", "--yes"], '"agent_1" is not the id of a deployment (dep_...)'],
  ["resume", ["a.json"], noTerminal],
  ["resume", ["a.json", "b.json", "--yes"], "give one receipt, not several"],
])("%s %j is a wrong command line, reported before any request", async (command, args, reason) => {
  const stderr = `pulumi-qoder: ${reason}. See \`npx pulumi-qoder ${command} --help\`\n`;
  expect(await world[command](args)).toEqual({ status: 2, stdout: "", stderr });
  expect(world.api.requests).toEqual([]);
});

test("--help and -h print the usage of each command", async () => {
  expect(await world.pause(["--help"])).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/^Usage: .* pause /),
  });
  expect(await world.resume(["-h"])).toMatchObject({ status: 0, stdout: expect.stringMatching(/^Usage: .* resume /) });
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
    "To cancel: 2 sessions:",
    `  ${runs} of ${first} "first": it runs`,
    `  ${waits} of ${first} "first": it waits for somebody`,
    "Paused before, and left as they are: 1 deployment:",
    `  ${second} "second"`,
    "Left alone, as no deployment started them: 1 session:",
    `  ${stranger}: it runs`,
  ]);
  expect([world.writes, world.receiptFiles]).toEqual([[], []]);
});

test("the command asks a question, and the answer no changes nothing", async () => {
  const id = world.create("daily");
  const asked: string[] = [];
  const ask = (answer: boolean) => async (question: string) => {
    asked.push(question);
    return answer;
  };
  expect(await world.pause(["--all"], { ask: ask(false) })).toMatchObject({
    status: 1,
    stderr: "Nothing was changed.\n",
  });
  expect([world.writes, world.receiptFiles]).toEqual([[], []]);
  expect((await world.pause([id, "--cancel"], { ask: ask(true) })).status).toBe(0);
  expect(world.status(id)).toBe("paused");
  expect(asked).toEqual([
    "Pause 1 deployment?",
    "Pause 1 deployment, and cancel 0 sessions and any that start meanwhile?",
  ]);
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
  const named = `Not ended: ${recent} of ${id}: it waits for somebody, and the service does not end it; an answer would continue it`;
  expect(lines(stderr).slice(1)).toEqual([named]);
  expect(stdout).toContain("1 deployment paused, and 2 sessions ended. To start these again: npx pulumi-qoder resume ");
  const cancelled = new Set(world.writes.filter((write) => write.endsWith("/cancel")));
  expect(cancelled).toEqual(new Set([runs, recent, slipped].map((session) => `POST /sessions/${session}/cancel`)));
  expect([waits, old].map((session) => world.api.sessions.get(session).status)).toEqual(["idle", "idle"]);
});

test("if the service ends waiting sessions too, the receipt shows them as ended", async () => {
  const id = world.create("daily");
  const waits = world.waiting(id);
  world.api.switches.cancelWaiting = "cancelled";
  expect(await world.pause([id, "--cancel", "--yes"])).toMatchObject({ status: 0 });
  expect(world.receipt.sessions).toEqual([
    { id: waits, deploymentId: id, was: "waiting", state: "ended", problem: null },
  ]);
});

test("only the owner can read the receipt, and neither receipt nor output has a token, a prompt or a variable", async () => {
  const id = world.create("daily", { environment_variables: "KEY=very-secret" });
  const ending = await world.pause([id, "--yes"]);
  const text = world.receiptText;
  const resumed = await world.resume([world.receiptFile, "--yes"]);
  expect(statSync(world.receiptFile).mode & 0o777).toBe(0o600);
  expect(world.receiptFile).toMatch(/qoder-pause-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ\.json$/);
  for (const secret of [token, "very-secret", "hello"]) {
    expect(`${text}${world.receiptText}${JSON.stringify([ending, resumed])}`).not.toContain(secret);
  }
});

test("if the receipt cannot be written, the command changes nothing", async () => {
  const id = world.create("daily");
  const folder = join(world.folder, "none");
  const { status, stderr } = await world.pause([id, "--yes"], { folder });
  expect([status, stderr]).toEqual([1, expect.stringContaining("no such file or directory (ENOENT)")]);
  expect(world.writes).toEqual([]);
});

test("a deployment that cannot be paused is named, and the same command tries again with the same receipt", async () => {
  const [good, bad] = [world.create("good"), world.create("bad")];
  world.api.fault({ kind: "status", method: "POST", path: `/deployments/${bad}/pause`, status: 403 });
  const first = await world.pause([bad, good, "--yes"]);
  expect([first.status, first.stderr]).toEqual([1, expect.stringMatching(`Not paused: ${bad} "bad": .*403`)]);
  expect([world.status(good), world.status(bad)]).toEqual(["paused", "active"]);
  expect(await world.pause([good, bad, "--yes"])).toMatchObject({ status: 0 });
  expect(world.receipt.deployments.map(({ state }) => state)).toEqual(["paused", "paused"]);
});

test("if no change is left to make, the same command completes its receipt without a question", async () => {
  const [good, bad] = [world.create("good"), world.create("bad")];
  world.api.fault({ kind: "status", method: "POST", path: `/deployments/${bad}/pause`, status: 403 });
  await world.pause([good, bad, "--yes"]);
  world.api.deployments.pause(bad);
  const ask = async (question: string) => Promise.reject(new Error(`asked: ${question}`));
  expect(await world.pause([good, bad], { ask })).toMatchObject({ status: 0 });
  expect(world.receipt).toMatchObject({ finishedAt: expect.any(String) });
});

test("a deployment that could not be paused and is archived later does not make the same command fail", async () => {
  const [good, bad] = [world.create("good"), world.create("bad")];
  world.api.fault({ kind: "status", method: "POST", path: `/deployments/${bad}/pause`, status: 403 });
  await world.pause(["--all", "--yes"]);
  world.api.deployments.archive(bad);
  expect(await world.pause(["--all", "--yes"])).toMatchObject({
    status: 0,
    stderr: expect.not.stringContaining("Not"),
  });
  expect(world.receipt.deployments).toMatchObject([{ id: good, state: "paused" }]);
});

test("the same command at another host does not go on with an unfinished receipt", async () => {
  const bad = world.create("bad");
  world.api.fault({ kind: "status", method: "POST", path: `/deployments/${bad}/pause`, status: 403 });
  await world.pause(["--all", "--yes"]);
  const file = world.receiptFile;
  const other = await startQoderApi({ tokens: { [token]: "mine" } });
  try {
    await world.pause(["--all", "--yes"], {}, { QODER_PAT: token, QODER_BASE_URL: other.url });
    expect(readReceipt(file)).toMatchObject({ finishedAt: null, deployments: [{ id: bad, state: "failed" }] });
  } finally {
    await other.close();
  }
});

test("resume does not start a deployment that another user paused during the question", async () => {
  const id = world.create("daily");
  const ask = async () => {
    world.api.deployments.pause(id);
    return true;
  };
  expect(await world.pause([id], { ask })).toMatchObject({ status: 0 });
  expect(world.receipt.deployments).toMatchObject([{ state: "left alone" }]);
  await world.resume([world.receiptFile, "--yes"]);
  expect(world.status(id)).toBe("paused");
});

test.each([{ schedule: { type: "interval", every: "1h" } }, { updated_at: 17 }, { name: 7 }])(
  "a deployment with %j in a form that this version does not know is paused",
  async (members) => {
    const id = world.create("daily");
    const transform = (reply: object) => ({ ...reply, ...members });
    const path = `/deployments/${id}`;
    world.api.fault({ kind: "replace-body", method: "GET", path, transform, times: Number.POSITIVE_INFINITY });
    expect(await world.pause([id, "--yes"])).toMatchObject({ status: 0 });
    expect(world.status(id)).toBe("paused");
  },
);

test.each([["--all"], ["--all", "--dry-run"], ["--all", "--cancel"], ["--agent"]])(
  "a pause that finds no deployment fails, so that a wrong token does not look like a stop: %j",
  async (...options) => {
    world.api.deployments.archive(world.create("old"));
    const args = options[0] === "--agent" ? ["--agent", world.refs.agent] : options;
    expect(await world.pause([...args, "--yes"])).toMatchObject({
      status: 1,
      stderr:
        "There is nothing to pause: no live deployment was found. Check that the token belongs to the account and workspace (--workspace)\n",
    });
    expect([world.writes, world.receiptFiles]).toEqual([[], []]);
  },
);

test("if all deployments are already paused, the command writes no receipt and changes nothing", async () => {
  world.api.deployments.pause(world.create("daily"));
  expect(await world.pause(["--all", "--yes"])).toMatchObject({ status: 0, stderr: "" });
  expect([world.writes, world.receiptFiles]).toEqual([[], []]);
});

test("a deployment that the service pauses after an error meanwhile is named as not paused", async () => {
  const id = world.create("daily");
  const transform = (reply: object) => {
    world.api.deployments.unpause(id);
    world.api.deployments.pauseByError(id, "agent_archived_error");
    return { ...reply, paused_reason: { type: "error", error: { type: "agent_archived_error" } } };
  };
  world.api.fault({ kind: "replace-body", method: "POST", path: `/deployments/${id}/pause`, transform });
  const { status, stderr } = await world.pause([id, "--yes"]);
  expect([status, stderr]).toEqual([
    1,
    expect.stringContaining(`Not paused: ${id} "daily": it shows the status paused afterwards`),
  ]);
});

test("--agent pauses no deployment of another agent if the service ignores the filter", async () => {
  const ours = world.create("daily");
  const other = world.create("nightly", { agent: world.api.agents.create().id });
  world.api.switches.ownerFilters = "ignore";
  const args = ["--agent", world.refs.agent, "--yes"];
  expect(await world.pause(args)).toMatchObject({
    status: 0,
    stdout: expect.stringContaining("To pause: 1 deployment:"),
  });
  expect([ours, other].map((id) => world.status(id))).toEqual(["paused", "active"]);
});

test("--agent names a deployment whose agent the service does not show, and does not pause it", async () => {
  const id = world.create("daily");
  const transform = (page: Page) => ({
    ...page,
    data: [page["data"]].flat().map((one) => ({ ...Object(one), agent: undefined })),
  });
  world.api.fault({ kind: "replace-body", method: "GET", path: "/deployments", transform });
  const { status, stderr } = await world.pause(["--agent", world.refs.agent, "--yes"]);
  expect([status, stderr]).toEqual([1, `Not paused: ${id}: does not show its agent_id\n`]);
  expect(world.writes).toEqual([]);
});

test("--all names a deployment with an id that the API does not make, and pauses the others", async () => {
  const [good, odd] = [world.create("daily"), world.create("nightly")];
  const transform = (page: Page): unknown => JSON.parse(JSON.stringify(page).replace(odd, `${odd}\\n\\u001b[31m`));
  world.api.fault({
    kind: "replace-body",
    method: "GET",
    path: "/deployments",
    transform,
    times: Number.POSITIVE_INFINITY,
  });
  const { status, stderr } = await world.pause(["--all", "--yes"]);
  expect(status).toBe(1);
  expect(stderr).toContain(
    `Not paused: ${odd} \\u001b[31m: id is not as the API documents it: an id has letters, digits`,
  );
  expect([good, odd].map((id) => world.status(id))).toEqual(["paused", "active"]);
});

test.each<[string, Omit<Fault, "path">, RegExp]>([
  ["an error", { kind: "status", status: 500 }, /GET \/deployments was answered with 500/],
  ["a refusal", { kind: "status", status: 403 }, /GET \/deployments was answered with 403/],
  ["a lost connection", { kind: "reset-before" }, /GET \/deployments got no answer/],
  ["junk", { kind: "replace-body", body: { data: 7 } }, /GET \/deployments .*data/],
  ["no JSON", { kind: "replace-body", body: "<html>" }, /GET \/deployments .*not JSON/],
])(
  "if the second page of the deployments answers with %s, the first page is paused, and the same command pauses the rest",
  async (_, fault, reason) => {
    world.api.switches.duplicateNames = "allow";
    const ids = Array.from({ length: 101 }, () => world.create("daily")).reverse();
    world.clock.pass(60 * 60_000);
    world.api.fault({ ...fault, method: "GET", path: "/deployments", skip: 1, times: Number.POSITIVE_INFINITY });
    const args = ["--agent", world.refs.agent, "--yes"];
    const { status, stdout, stderr } = await world.pause(args);
    expect([status, stdout]).toEqual([1, expect.stringContaining("100 deployments paused")]);
    expect(lines(stderr).at(-1)).toMatch(
      `Not all deployments were read, and the others are not paused: the list ends early, because `,
    );
    expect(lines(stderr).at(-1)).toMatch(reason);
    expect(ids.filter((id) => world.status(id) === "active")).toEqual([ids[100]]);
    expect(world.receipt.finishedAt).toBeNull();
    world.api.clearFaults();
    expect(await world.pause(args)).toMatchObject({ status: 0, stderr: expect.not.stringContaining("Not ") });
    expect(world.receipt.deployments.map(({ state }) => state)).toEqual(ids.map(() => "paused"));
    expect(world.receipt.finishedAt).not.toBeNull();
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
  expect([status, [older, other, newer].map((id) => world.status(id))]).toEqual([1, ["active", "paused", "paused"]]);
  expect(lines(stderr).slice(1)).toEqual([
    expect.stringContaining("Not all deployments were read, and the others are not paused: the list ends early"),
    "Not paused: older: no deployment that could be read has this name",
  ]);
});

test("--label and a name select for pause as for status, and each selection has a receipt of its own", async () => {
  const [search, daily, other] = [
    world.create("search", { metadata: { team: "search" } }),
    world.create("daily"),
    world.create("other", { metadata: { team: "other" } }),
  ];
  expect((await world.pause(["--label", "team=search", "--yes"])).stdout).toMatch(/^1 deployment paused/m);
  expect([search, daily, other].map((id) => world.status(id))).toEqual(["paused", "active", "active"]);
  expect((await world.pause(["daily", "--yes"])).stdout).toMatch(/^1 deployment paused/m);
  expect([search, daily, other].map((id) => world.status(id))).toEqual(["paused", "paused", "active"]);
});
