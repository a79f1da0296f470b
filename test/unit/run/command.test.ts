import { runRun } from "../../../command/run/main";
import type { WriteSurroundings } from "../../../command/terminal";
import { until } from "../../support/until";
import { type Ended, ended } from "../ended";
import { useStatusWorld } from "../status/status-world";

const world = useStatusWorld();

const surroundings = (more: Partial<WriteSurroundings>) => ({
  ...{ clock: world.clock, ask: undefined, timeZone: "Asia/Shanghai" },
  ...more,
});
const run = (args: readonly string[], more: Partial<WriteSurroundings> = {}): Promise<Ended> =>
  ended((streams) => runRun(args, world.environment, streams, surroundings(more)));
const starts = () => world.requests.filter((request) => request.startsWith("POST "));
const idOf = ({ stdout }: Ended) => /drun_\w+/.exec(stdout)?.[0];
const runs = () => world.api.runs.all().map(({ id }) => id);

describe.each([1, 2] as const)("in generation %i of the API", (generation) => {
  beforeEach(() => {
    world.api.switches.generation = generation;
  });

  test("run says what a run may cost, asks, and prints the ids of the run and of its session", async () => {
    const id = world.create("daily", generation === 1 ? {} : { budget: { type: "limit", max_credit_cost: "20" } });
    for (const credits of generation === 1 ? [] : [1, 3]) {
      world.run(id, {
        credits: { model: credits },
      });
    }
    const questions: string[] = [];
    const ask = (isYes: boolean) => async (question: string) => {
      questions.push(question);
      return isYes;
    };
    const refused = await run(["daily"], { ask: ask(false) });
    expect([refused.status, refused.stderr, starts()]).toEqual([1, "Nothing was changed.\n", []]);
    const { status, stdout, stderr } = await run(["daily"], { ask: ask(true) });
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout).toContain(
      `${id} "daily": ${generation === 1 ? "nothing shows yet what a run costs, no budget limits it" : "a run usually costs 2 credits, its budget is 20"}\n`,
    );
    expect(stdout).toMatch(new RegExp(`\\nStarted: drun_\\w+ of ${id} "daily", session sess_\\w+\\n$`));
    expect(questions).toEqual(["Start 1 run?", "Start 1 run?"]);
    expect(starts()).toEqual([`POST /deployments/${id}/run`]);
  });

  test.each([
    ["the connection is reset", { kind: "reset-after" }],
    ["a gateway answers 502", { kind: "status-after", status: 502 }],
    ["the answer ends in the middle", { kind: "truncate", cut: "json" }],
  ] as const)("if %s after the start, run finds the run and starts no second one", async (_, fault) => {
    const id = world.create("daily");
    world.api.fault({ ...fault, method: "POST", path: /\/run$/, times: 1 });
    const ran = await run([id, "--yes"]);
    expect([ran.status, runs()]).toEqual([0, [idOf(ran)]]);
  });

  /** Runs the command, and ends the session after the command has looked at it. */
  async function followed(args: readonly string[], end: (session: string) => void): Promise<Ended> {
    const running = run(args);
    const session = () =>
      /sess_\w+/.exec(world.requests.find((request) => request.startsWith("GET /sessions/sess")) ?? "")?.[0];
    await until(
      () => session() !== undefined,
      () => "a look at the session",
    );
    end(String(session()));
    return running;
  }

  test.each([
    [{ message: "The report is written." }, 0, "done"],
    [
      { error: { type: "billing_error", message: "No credits are left." } },
      1,
      "failed: billing_error: No credits are left.",
    ],
  ] as const)("--wait ends with the result of a run that ended with %j", async (ending, expected, result) => {
    const id = world.create("daily");
    const { status, stdout, stderr } = await followed([id, "--yes", "--wait"], (session) =>
      world.api.sessions.end(session, ending),
    );
    expect([status, stdout]).toEqual([expected, expect.stringMatching(new RegExp(`\\ndrun_\\w+: ${result}`))]);
    expect(stdout).not.toContain("The report");
    expect(stderr).toMatch(expected === 0 ? /^$/ : /^`npx pulumi-qoder logs drun_\w+` shows what happened\n$/);
  });

  test("--follow prints each event of the transcript once, in its order", async () => {
    const id = world.create("daily");
    const { status, stdout } = await followed([id, "--yes", "--follow"], (session) => {
      world.api.sessions.addEvent(session, { type: "agent.message", content: [{ type: "text", text: "I begin." }] });
      world.api.sessions.end(session, { message: "The report is written." });
    });
    expect(status).toBe(0);
    expect(stdout).toMatch(/user +hello\n[\s\S]*agent +I begin\.\n[\s\S]*agent +The report is written\.\n/);
    expect(stdout.match(/hello/g)).toHaveLength(1);
  });
});

test.each(["honour", "ignore"] as const)(
  "each command starts one run with one request, also while the list lacks the last run, if the service does %s keys; --dry-run starts none",
  async (idempotencyKeysForRuns) => {
    Object.assign(world.api.switches, { idempotencyKeysForRuns, runsUnlistedForMs: 30_000 });
    const id = world.create("daily");
    for (const count of [1, 2, 3]) {
      expect(await run([id, "--yes"])).toMatchObject({ status: 0, stderr: "" });
      expect(runs()).toHaveLength(count);
    }
    await run([id, "--dry-run"]);
    expect([runs().length, starts().length]).toEqual([3, 3]);
  },
);

test("a deployment that somebody pauses right before the start starts no run, and the advice needs no stack", async () => {
  const id = world.create("daily");
  const paused = { status: "paused", paused_reason: { type: "manual" } };
  const path = `/deployments/${id}`;
  world.api.fault({
    kind: "replace-body",
    method: "GET",
    path,
    skip: 2,
    times: 1,
    transform: (one) => ({ ...one, ...paused }),
  });
  expect(await run([id, "--yes"])).toMatchObject({
    status: 1,
    stderr: `Not started: ${id} "daily": ${id} is paused, so it starts no run. Run the same command again: it says what to do\n`,
  });
  expect(starts()).toEqual([]);
});

test.each([
  [
    "paused by hand",
    (id: string) => world.api.deployments.overwrite(id, { status: "paused", paused_reason: { type: "manual" } }),
  ],
  ["archived", (id: string) => world.api.deployments.archive(id)],
])("a deployment that is %s starts no run", async (reason, stop) => {
  const id = world.create("daily");
  stop(id);
  expect(await run([id, "--yes"])).toMatchObject({ status: 1, stderr: expect.stringContaining(`it is ${reason}`) });
  expect(starts()).toEqual([]);
});

test("--missed starts one run for each deployment that missed some, and again none", async () => {
  const ids = ["missed two", "missed none", "paused"].map((name) => world.create(name));
  const [two = "", none = "", paused = ""] = ids;
  world.runsOn(two, 21, 22, 23);
  world.runsOn(none, 21, 22, 23, 24, 25);
  world.runsOn(paused, 21);
  world.api.deployments.overwrite(paused, { status: "paused", paused_reason: { type: "manual" } });
  const { status, stdout, stderr } = await run(["--missed", "--since", "3d", "--yes"]);
  expect([status, stderr, starts()]).toEqual([0, "", [`POST /deployments/${two}/run`]]);
  expect(stdout).toContain(
    `${two} "missed two": missed Tue 2026-11-24 09:00, Wed 2026-11-25 09:00; a run usually costs 1.3`,
  );
  world.clock.pass(60_000);
  const again = await run(["--missed", "--since", "3d", "--yes"]);
  expect([again.status, again.stdout]).toEqual([0, expect.stringContaining("is later than what was missed")]);
  expect(starts()).toHaveLength(1);
});

test("run --missed starts nothing for a run that came right before the window, and names what may have run", async () => {
  const [early, near] = [world.create("early"), world.create("near")];
  world.runsOn(early, 21, 22, 23, 24, 25);
  world.runsOn(near, 21, 22, 23, 24);
  world.at("2026-11-25T00:05:00Z");
  world.run(near, {});
  world.at("2026-11-25T04:00:00Z");
  const { status, stdout } = await run(["--missed", "--since", "2026-11-25T01:05:00Z", "--yes"]);
  expect([status, starts()]).toEqual([0, []]);
  expect(stdout).not.toContain("early");
  expect(stdout).toContain(`${near} "near": its run may not have been missed: a run began 55 min before it\n`);
});

test.each([
  [
    "could not start",
    (id: string) => {
      const byHand = world.api.deployments.run(id);
      const refused = { ...byHand, session_id: null, error: { type: "vault_not_found_error", message: "No vault." } };
      world.fault(`/deployments/${id}/runs`, { each: (one) => (one["id"] === byHand.id ? refused : one) });
    },
  ],
  ["never began", (id: string) => world.work(id, world.clock.now(), { message: null, credits: {} })],
])("a run by hand that %s catches up no missed run", async (_, byHand) => {
  const id = world.create("daily");
  world.runsOn(id, 21, 22, 23, 24);
  byHand(id);
  expect(await run(["--missed", "--since", "24h", "--yes"])).toMatchObject({ status: 0 });
  expect(starts()).toEqual([`POST /deployments/${id}/run`]);
});

test.each(["honour", "ignore"] as const)(
  "run --missed twice in a row starts one run while the list lags, if the service does %s keys",
  async (idempotencyKeysForRuns) => {
    Object.assign(world.api.switches, { idempotencyKeysForRuns, runsUnlistedForMs: 30_000 });
    const id = world.create("daily");
    world.runsOn(id, 21, 22, 23, 24);
    const before = runs().length;
    for (let count = 0; count < 2; count += 1) {
      expect(await run(["--missed", "--since", "24h", "--yes"])).toMatchObject({ status: 0, stderr: "" });
      expect(runs()).toHaveLength(before + 1);
    }
  },
);

test.each([
  [["--yes"], "nothing is selected; give dep_"],
  [["a", "b", "--yes"], "run starts one run, of one deployment"],
  [["--all", "--yes"], "run starts one run, of one deployment"],
  [["a", "--since", "1h", "--yes"], "--since and other selections go with --missed"],
  [["--missed", "--follow", "--yes"], "--wait and --follow go with one deployment"],
  [["a"], "there is no terminal to ask in"],
])("%j is a wrong command line", async (args, reason) => {
  expect(await run(args)).toMatchObject({ status: 64, stderr: expect.stringContaining(reason) });
});
