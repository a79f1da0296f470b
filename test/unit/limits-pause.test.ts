import { holdsOf } from "../../provider/deployment/holds";
import { useLimitsWorld } from "./limits-world";

const world = useLimitsWorld("0 9,21 * * *");
const hour = 3_600_000;
const ten = { creditsPerDay: 10 };

describe("limits --pause", () => {
  const pause = (...more: string[]) => world.limits(["--stack", ...more, "--pause", "--yes"]);
  function overAndUnder(config: Readonly<Record<string, string>> = {}, limits: object | undefined = ten) {
    const monthly = limits === undefined ? undefined : { creditsPerMonth: 30 };
    const ids = world.fleet({ over: { costs: { "20T01": 12 } }, under: { costs: { "20T01": 9 } }, running: {} });
    const session = world.run(ids.running);
    world.api.sessions.get(session);
    world.api.sessions.spend(session, { model: 30 });
    world.stack({ [ids.over]: limits, [ids.under]: limits, [ids.running]: monthly }, config);
    const now = () => world.statuses(ids.over, ids.under, ids.running);
    return { ...ids, session, now };
  }

  test("pauses what has used up its limit, until `resume`, and names the sessions that still run", async () => {
    const { running, session, now } = overAndUnder();
    const { status, stdout } = await pause();
    expect([status, now()]).toEqual([1, ["paused", "active", "paused"]]);
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
    expect((await pause()).stdout).toContain("Held by `limits --pause` already: 1 deployment:");
    expect(world.writes.filter((line) => line.includes("unpause"))).toEqual([]);
    const [id = ""] = /p-[0-9a-f]{4}/.exec(stdout) ?? [];
    expect((await world.resume("--stack")).stdout).toContain("of `limits --pause`, 24 hours ago holds it");
    expect((await world.resume(id, "--stack")).stdout).toContain("2 started");
    expect(world.api.sessions.get(session).status).toBe("running");
  });

  test("asks first, and changes nothing if the answer is no or nobody can answer", async () => {
    overAndUnder();
    const questions: string[] = [];
    const no = async (text: string) => questions.push(text) === 0;
    for (const [ask, status, words] of [
      [no, 2, "Nothing was changed."],
      [undefined, 64, "there is no terminal to ask in; add --yes"],
    ] as const) {
      const stderr = expect.stringContaining(words);
      expect(await world.limits(["--stack", "--pause"], { ask })).toMatchObject({ status, stderr });
    }
    expect([questions, world.writes]).toEqual([["Pause 2 deployments?"], []]);
  });

  test("pauses only what the command line selects, and compares no part of a stack with the limit of the stack", async () => {
    const { over, now } = overAndUnder({ "qoder:creditsPerMonth": "20" });
    // If the service refuses a pause, the exit status is another one.
    world.api.fault({ kind: "status", path: `/deployments/${over}/pause`, status: 403 });
    const refused = expect.stringContaining(`Not paused: ${over} "over"`);
    expect(await pause("dev", "over")).toMatchObject({ status: 2, stderr: refused });
    expect(await pause("dev", "over", "under")).toMatchObject({ status: 1 });
    expect(now()).toEqual(["paused", "active", "active"]);
    const stderr = expect.stringContaining("team=none");
    expect(await pause("--label", "team=none")).toMatchObject({ status: 2, stdout: "", stderr });
  });

  test("pauses the whole stack if the limit of the stack is used up, and prints one object with --json", async () => {
    const { running, session, now } = overAndUnder({ "qoder:creditsPerMonth": "51" }, undefined);
    const { status, stdout, stderr } = await pause("--json");
    expect([status, stderr, now()]).toEqual([
      1,
      expect.stringContaining("3 deployments paused"),
      ["paused", "paused", "paused"],
    ]);
    const { deployments } = JSON.parse(stdout);
    expect(deployments).toContainEqual(expect.objectContaining({ id: running, running: [session] }));
  });

  test("pauses nothing below the limits, and asks nobody", async () => {
    world.fleet({ daily: { costs: { "20T01": 9 }, limits: ten } });
    const ask = () => Promise.reject(new Error("asked"));
    expect(await world.limits(["--stack", "--pause"], { ask })).toMatchObject({ status: 1, stderr: "" });
    expect(world.writes).toEqual([]);
  });

  test("reads each deployment, each session list and the list of deployments once before the pause", async () => {
    overAndUnder();
    await pause();
    const before = world.requests.slice(
      0,
      world.requests.findIndex((request) => !request.startsWith("GET ")),
    );
    // Each deployment is read once more right before its pause.
    expect(before.slice(7).every((line) => /^GET \/deployments\/\w+$/.test(line))).toBe(true);
    expect(new Set(before.slice(0, 7)).size).toBe(7);
  });

  test.each([
    // Two runs have begun: at every sixth hour two are left of the day, at 0 and 6 none.
    [
      3,
      "*/6",
      3,
      /! {2}daily .*\n.*\n {5}2 of the 3 runs of the day have begun, and 4 are expected by its end\n/,
      "active",
    ],
    [2, "*/6", 1, /2 of the 2 runs of the day have begun, and 4 are expected by its end\n/, "paused"],
    [2, "0,6", 0, /^ {3}daily /m, "active"],
    [1, "0,6", 1, /2 of the 1 run of the day have begun\n/, "paused"],
    [4, "*/6", 0, /^ {3}daily /m, "active"],
  ] as const)(
    "needs no cost for runsPerDay of %i with the hours %s",
    async (runsPerDay, hours, exit, shown, status) => {
      const schedule = { type: "cron", expression: `0 ${hours} * * *`, timezone: "Asia/Shanghai" };
      const costs = { "2026-11-19T16:30:00Z": 0, "2026-11-19T22:30:00Z": 0 };
      const { daily } = world.fleet({ daily: { limits: { runsPerDay }, costs, more: { schedule } } });
      world.sessions(/^\/sessions/, { usage: undefined });
      expect(await pause()).toMatchObject({ status: exit, stdout: expect.stringMatching(shown) });
      expect(world.statuses(daily)).toEqual([status]);
    },
  );
});

describe("limits --pause --resume", () => {
  const act = () => world.limits(["--stack", "--pause", "--resume", "--yes"]);

  test("starts what it has paused when the day has room again, and nothing else", async () => {
    const costs = { "20T01": 12 };
    const { day, month, hand, paused } = world.fleet({
      ...{ day: { costs, limits: ten }, month: { costs, limits: { creditsPerMonth: 12 } } },
      ...{ hand: { limits: ten }, paused: { limits: ten } },
    });
    const now = () => world.statuses(day, month, hand, paused);
    world.api.deployments.pause(hand);
    await world.pause(paused);
    expect((await act()).status).toBe(1);
    expect(now()).toEqual(["paused", "paused", "paused", "paused"]);
    // The same day has no room: the command, run again, changes nothing.
    world.api.clearRequests();
    await act();
    expect(world.writes).toEqual([]);
    world.clock.pass(24 * hour);
    // If the service refuses a start, the exit status is another one.
    world.api.fault({ kind: "status", path: `/deployments/${day}/unpause`, status: 403 });
    expect(await act()).toMatchObject({ status: 2, stderr: expect.stringContaining("Not started") });
    const stdout = expect.stringMatching(/ of `limits --pause`, [^\n]*\n[\s\S]*1 started/);
    expect(await act()).toMatchObject({ status: 1, stdout });
    expect(now()).toEqual(["active", "paused", "paused", "paused"]);
    world.at("2026-12-01T02:00:00Z");
    expect(await act()).toMatchObject({ stderr: "", stdout: expect.stringContaining("1 started") });
    expect(now()).toEqual(["active", "active", "paused", "paused"]);
  });

  test.each(["reset-before", "reset-after"] as const)(
    "killed at any of its requests (%s), it stops and starts nothing that it does not hold, and the next one does the rest",
    async (kind) => {
      let isKilled = true;
      for (let skip = 0; isKilled; skip += 1) {
        await world.stop();
        await world.start();
        const { over, hand, held } = world.fleet({
          ...{ over: { costs: { "20T01": 12 }, limits: ten }, hand: { limits: ten }, held: { limits: ten } },
        });
        world.api.deployments.pause(hand);
        await world.pause(held);
        const killed = async () => {
          const before = world.api.requests.length;
          world.api.fault({ kind, skip });
          world.api.fault({ kind: "reset-before", skip, times: Number.POSITIVE_INFINITY });
          await act();
          world.api.clearFaults();
          isKilled = world.api.requests.length > before + skip;
        };
        const holders = (id: string) => holdsOf(world.api.deployments.get(id)).map(({ who = "a person" }) => who);
        await killed();
        const isHeld = holders(over).includes("limits");
        expect([skip, isHeld || world.statuses(over)[0] === "active"]).toEqual([skip, true]);
        await act();
        expect([skip, world.statuses(over, hand, held)]).toEqual([skip, ["paused", "paused", "paused"]]);
        expect(holders(over)).toContain("limits");
        world.clock.pass(24 * hour);
        await killed();
        await act();
        expect([skip, world.statuses(over, hand, held)]).toEqual([skip, ["active", "paused", "paused"]]);
        expect([holders(over), holders(hand), holders(held)]).toEqual([[], [], ["a person"]]);
      }
    },
  );

  test("does not start what a person has paused after it, before that pause has ended", async () => {
    const { one } = world.fleet({ one: { costs: { "20T01": 12 }, limits: ten } });
    await act();
    const incident = await world.pause(one);
    world.clock.pass(24 * hour);
    expect([(await act()).stderr, world.statuses(one)]).toEqual(["", ["paused"]]);
    const [, id = ""] = /To start these again: npx pulumi-qoder resume (p-\w+)/.exec(incident.stdout) ?? [];
    expect((await world.resume(id, "--stack")).stdout).toContain("1 started");
    expect(world.statuses(one)).toEqual(["active"]);
  });

  test("stays the pause of what a person pauses while the service refuses holds, and the person reads that once", async () => {
    const { one } = world.fleet({ one: { costs: { "20T01": 12 }, limits: ten } });
    await act();
    world.api.fault({
      ...{ kind: "status", method: "POST", path: /^\/deployments\/dep_\w+$/, status: 400 },
      times: Number.POSITIVE_INFINITY,
    });
    const { status, stderr } = await world.pause(one);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^Not held: .*\n$/);
  });

  test("leaves alone what a person has paused since, and a stack of which a part is unknown", async () => {
    const config = { "qoder:creditsPerDay": "1000" };
    const { one, two } = world.fleet({ one: { costs: { "20T01": 12 }, limits: ten }, two: { limits: {} } }, config);
    await act();
    world.clock.pass(24 * hour);
    world.api.deployments.remove(two);
    expect([(await act()).status, world.statuses(one)]).toEqual([2, ["paused"]]);
    world.stack({ [one]: ten }, config);
    world.api.deployments.unpause(one);
    await act();
    world.api.deployments.pause(one);
    expect((await act()).stdout).not.toContain("To start: 1");
    expect(world.statuses(one)).toEqual(["paused"]);
  });

  test("starts nothing of a part of a stack that has a limit, and says so", async () => {
    const config = { "qoder:creditsPerDay": "1000" };
    const { one } = world.fleet({ one: { costs: { "20T01": 12 }, limits: ten }, two: { limits: {} } }, config);
    await act();
    world.clock.pass(24 * hour);
    const part = await world.limits(["--stack", "dev", "one", "--resume", "--yes"]);
    expect([part.status, part.stderr, world.statuses(one)]).toEqual([
      2,
      expect.stringContaining("a part of the stack shows no room in it"),
      ["paused"],
    ]);
    await act();
    expect(world.statuses(one)).toEqual(["active"]);
  });

  test("says each time that it can hold nothing of a deployment with 16 labels", async () => {
    const metadata = Object.fromEntries(Array.from({ length: 16 }, (_, index) => [`label-${index}`, "x"]));
    const { full } = world.fleet({ full: { costs: { "20T01": 12 }, limits: ten, more: { metadata } } });
    const said = expect.stringMatching(/Paused without a hold: .* its labels leave no room for a hold/);
    expect([(await act()).stderr, world.statuses(full)]).toEqual([said, ["paused"]]);
    world.api.deployments.unpause(full);
    expect([(await act()).stderr, world.statuses(full)]).toEqual([said, ["paused"]]);
  });
});
