import { matcherOf, wallClock } from "../schedule/cron-matcher";
import { useStatusWorld } from "./status-world";

const world = useStatusWorld();
const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
/** The clocks of New York change in the night to the first of November. */
const [start, end] = [Date.UTC(2026, 9, 30, 12, 15), Date.UTC(2026, 10, 3, 12, 15)];

const schedules = {
  daily: { type: "cron", expression: "0 9 * * *", timezone: "Asia/Shanghai" },
  often: { type: "cron", expression: "0 */6 * * *", timezone: "UTC" },
  repeated: { type: "cron", expression: "30 1 * * *", timezone: "America/New_York" },
} as const;

/** What happens at the fire with this number, of which the last one has the number 0. */
type Habit = (left: number, id: string) => "skip" | object;

interface Member {
  readonly schedule: keyof typeof schedules;
  readonly habit: Habit;
  readonly more?: object;
}

const works: Habit = () => ({ credits: { model: 10 } });

/** Creates the deployments and lets four days pass. `meanwhile` happens at each half hour. */
function live(
  members: Readonly<Record<string, Member>>,
  meanwhile: (moment: number, ids: Readonly<Record<string, string>>) => void = () => {},
) {
  world.at(start - day);
  const ids = Object.fromEntries(
    Object.entries(members).map(([name, { schedule, more }]) => [
      name,
      world.create(name, { schedule: schedules[schedule], ...more }),
    ]),
  );
  const moments = Array.from(
    { length: (end - start) / (30 * minute) },
    (_, index) => start + 15 * minute + index * 30 * minute,
  );
  const fires = Object.fromEntries(
    Object.entries(schedules).map(([name, { expression, timezone }]) => {
      const matches = matcherOf(expression);
      return [name, moments.filter((moment) => matches(wallClock(new Date(moment), timezone)))];
    }),
  );
  for (const moment of moments) {
    world.at(moment);
    meanwhile(moment, ids);
    for (const [name, { schedule, habit }] of Object.entries(members)) {
      const due = fires[schedule] ?? [];
      const [id = "", index] = [ids[name], due.indexOf(moment)];
      const what = habit(due.length - 1 - index, id);
      if (index < 0 || what === "skip" || world.api.deployments.get(id).status !== "active") {
        continue;
      }
      world.at(moment + 7_000);
      const { session_id: session } = world.api.deployments.runBySchedule(
        id,
        undefined,
        new Date(moment).toISOString(),
      );
      if (session !== null) {
        world.api.sessions.end(session, what);
      }
      world.at(moment);
    }
  }
  world.at(end);
  return ids;
}

const kinds = Object.keys(schedules) as (keyof typeof schedules)[];
const ordinary = (count: number) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index): [string, Member] => [
      `well-${index}`,
      { schedule: kinds[index % kinds.length] ?? "daily", habit: works },
    ]),
  );

test("a quiet fleet of 50 over four days and a change of the clocks has no line that asks for anything", async () => {
  live(ordinary(50));
  const { status, stdout, stderr } = await world.status("--all", "--since", "4d");
  expect([status, stderr]).toEqual([0, ""]);
  expect(stdout).not.toMatch(/^!|↑|missed|overdue|in a row|said nothing/m);
  expect(stdout).toContain("50 of 50 healthy.");
  const read = await world.json("--all", "--since", "4d");
  expect(
    read.filter(
      ({ problems, missed }: { problems: string[]; missed: { count: number } }) =>
        problems.length > 0 || missed.count > 0,
    ),
  ).toEqual([]);
  // The clocks of New York show half past one twice.
  expect(read.find(({ name }: { name: string }) => name === "well-2")).toMatchObject({ since: { runs: 5 } });
});

test("a fleet of 50 over four days tells each incident, and nothing else", async () => {
  const shared = world.api.agents.create().id;
  const failure = { error: { type: "billing_error", message: "No credits are left." } };
  const members: Record<string, Member> = {
    ...ordinary(30),
    absent: { schedule: "daily", habit: (left, id) => (left === 1 || left === 2 ? "skip" : works(left, id)) },
    repeated: { schedule: "repeated", habit: (left, id) => (left === 3 ? "skip" : works(left, id)) },
    failing: { schedule: "often", habit: (left, id) => (left < 5 ? failure : works(left, id)) },
    silent: { schedule: "daily", habit: (left, id) => (left === 0 ? { message: null } : works(left, id)) },
    costly: { schedule: "often", habit: (left) => ({ credits: { model: left === 0 ? 80 : 10 } }) },
    changed: { schedule: "often", habit: (left, id) => (left > 9 ? "skip" : works(left, id)) },
    stopped: { schedule: "often", habit: works },
    ...Object.fromEntries(
      Array.from({ length: 13 }, (_, index): [string, Member] => [
        `shared-${index}`,
        { schedule: "often", habit: works, more: { agent: shared } },
      ]),
    ),
  };
  const at = (hours: number, moment: number) => moment === start + 15 * minute + hours * hour;
  const ids = live(members, (moment, all) => {
    const [changed = "", stopped = ""] = [all["changed"], all["stopped"]];
    if (at(20, moment)) {
      world.api.deployments.pause(stopped);
    }
    if (at(41, moment)) {
      world.api.deployments.pause(changed);
      world.api.deployments.unpause(changed);
    }
    if (at(70, moment)) {
      world.api.deployments.unpause(stopped);
      world.api.agents.archive(shared);
    }
    if (at(73, moment)) {
      for (let index = 0; index < 13; index += 1) {
        world.api.deployments.pauseByError(all[`shared-${index}`] ?? "", "agent_archived_error");
      }
    }
  });
  expect(Object.keys(ids)).toHaveLength(50);
  const read: { name: string; problems: string[] }[] = await world.json("--all", "--since", "4d");
  const told = Object.fromEntries(
    read.filter(({ problems }) => problems.length > 0).map(({ name, problems }) => [name, problems]),
  );
  const { absent, repeated, failing, ...others } = told;
  expect(absent).toEqual([
    "2 runs were missed: the first was due Sun 2026-11-01 09:00 (01:00 UTC), Asia/Shanghai, the last Mon 2026-11-02 09:00 (01:00 UTC), Asia/Shanghai",
  ]);
  expect(repeated).toEqual(["1 run was missed: it was due Sun 2026-11-01 01:30 (05:30 UTC), America/New_York"]);
  expect(failing).toEqual(["The deployment failed 5 in a row: billing_error: No credits are left."]);
  expect(Object.keys(others).sort()).toEqual(Array.from({ length: 13 }, (_, index) => `shared-${index}`).sort());
  const { stdout, status } = await world.status("--all", "--since", "4d", "--table");
  expect(status).toBe(1);
  expect(stdout).toMatch(/^! {2}failing .* failed 5 in a row/m);
  expect(stdout).toMatch(/^ {3}silent .* done, said nothing/m);
  // What is usual shows before the window.
  const costly = (await world.status("costly", "--since", "2d")).stdout;
  expect(costly).toMatch(/^! {2}costly .* done .* ↑ 80 \(usually 10\)\n.*\n.*The runs of one day cost 110 credits/m);
  expect(stdout).toMatch(/^34 of 50 healthy/m);
  const strict = await world.status("silent", "--since", "4d", "--strict");
  expect(strict.status).toBe(1);
  expect(strict.stdout).toContain("The last run is done, but said nothing: its session has no message of the agent");
});

test("a next run that the service shows and that lies more than ten minutes in the past is overdue", async () => {
  const id = world.create("daily");
  for (const [minutes, overdue] of [
    [10, false],
    [11, true],
  ] as const) {
    const upcoming_runs_at = [new Date(Date.UTC(2026, 10, 20, 1) - minutes * minute).toISOString()];
    world.api.clearFaults();
    world.fault(`/deployments/${id}`, { members: { schedule: { ...schedules.daily, upcoming_runs_at } } });
    expect(await world.json(id)).toMatchObject([
      {
        overdue,
        healthy: !overdue,
        problems: overdue
          ? [expect.stringMatching(/^The next run that the service shows is overdue: Fri 2026-11-20 08:49/)]
          : [],
      },
    ]);
  }
});

test("an artifact counts as an answer", async () => {
  const id = world.create("daily");
  const session = String(world.api.deployments.runBySchedule(id).session_id);
  world.api.sessions.addEvent(session, { type: "session.status_running" });
  world.api.sessions.addEvent(session, { type: "agent.artifact_delivered", file_id: "file_1" });
  world.api.sessions.end(session, { message: null });
  expect((await world.json(id))[0].lastRun.result).toMatchObject({ state: "done", saidNothing: false });
  expect((await world.status(id, "--strict")).status).toBe(0);
});
