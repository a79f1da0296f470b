import { run } from "../../../command/main";
import { usualIn } from "../../../command/runs/usual";
import { causes, type DeploymentStatus } from "../../../command/status/causes";
import { screen } from "../../../command/status/screen";
import { width } from "../../../provider/api/lines";
import { ended } from "../ended";
import { deployment, useToldPulumi } from "../stack/told-stack";
import { day, hour, useStatusWorld } from "./status-world";

const world = useStatusWorld();
const told = useToldPulumi();
/** An hour after nine o'clock in Shanghai. */
const morning = Date.UTC(2026, 10, 20, 2);
const failure = { error: { type: "billing_error", message: "No credits are left." } };
const waits = { stop_reason: { type: "requires_action", event_ids: ["evt_1"] } };

/** What happens in the night with this number, of which the last one has the number 0: an end, no run, or a run that works on. */
type Habit = (night: number) => object | "missed" | "works on";
const ten = { credits: { model: 10 } };
const calm: Habit = () => ten;
const once =
  (what: ReturnType<Habit>, of = 0): Habit =>
  (night) =>
    night === of ? what : ten;

const planted: Readonly<Record<string, Habit>> = {
  "fails-now": once(failure),
  "fails-also": once(failure),
  "fails-for-days": (night) => (night < 4 ? failure : ten),
  absent: once("missed"),
  asking: once(waits),
  hanging: once("works on"),
  costly: once({ credits: { model: 80 } }),
  recovered: once(failure, 1),
  // A known problem of a deployment that has a new one, too.
  "hangs-and-fails": (night) => (night === 6 ? "works on" : night === 0 ? failure : ten),
};

/** Nine nights of these deployments and of calm ones, 24 in all, in a stack. */
function liveInStack(
  habits: Readonly<Record<string, Habit>>,
  agentOf: (name: string) => unknown = () => world.agent,
): void {
  const names = [...Object.keys(habits), ...Array.from({ length: 24 }, (_, index) => `calm-${index}`)].slice(0, 24);
  world.at(morning - 10 * day);
  const ids = new Map(names.map((name) => [name, world.create(name)]));
  for (let night = 8; night >= 0; night -= 1) {
    const due = morning - hour - night * day;
    for (const [name, id] of ids) {
      const what = (habits[name] ?? calm)(night);
      world.at(due + 5_000);
      const planned = new Date(due).toISOString();
      if (what !== "missed") {
        const session = String(world.api.deployments.runBySchedule(id, undefined, planned).session_id);
        world.at(due + 60_000);
        if (what !== "works on") {
          world.api.sessions.end(session, { message: `Night ${night} of ${name} is over.`, ...what });
        }
      }
    }
  }
  world.at(morning + 2 * hour);
  told.pulumi.holds(
    world.api.url,
    [...ids].map(([name, id]) => deployment(name, id, "default", { inputs: { name, agent: agentOf(name) } })),
  );
}

const inStack = (...args: string[]) => world.statusWith(told.pulumi.environment, "--stack", "prod", ...args);

test("a fleet of 24 is one screen: what is new before what is known, a line and a command for each cause", async () => {
  liveInStack(planted);
  const { stdout, stderr, status } = await inStack("--since", "24h");
  expect([status, stderr]).toEqual([1, ""]);
  const lines = stdout.trimEnd().split("\n");
  expect(lines.length).toBeLessThanOrEqual(30);
  expect(lines[1]).toBe("16 of 24 healthy: 7 new, 1 known since Nov 17, 1 over.");
  const causes = lines.filter((line) => line.startsWith("! "));
  expect(causes).toEqual([
    expect.stringMatching(
      /^! missed, 1 new: absent: 1 run was missed: .*: `npx pulumi-qoder run --missed --since 2026-11-19T04:00:00Z --stack prod`$/,
    ),
    expect.stringMatching(
      /^! failed, 3 new, 1 known since Nov 17: (?=[^:]*fails-also, )(?=[^:]*fails-now, )(?=[^:]*hangs-and-fails, )([\w-]+, ){3}fails-for-days: `npx pulumi-qoder logs (fails-also|fails-now|hangs-and-fails) --failed --stack prod`$/,
    ),
    expect.stringMatching(/^! waits, 1 new: asking.*: `npx pulumi-qoder cancel sess_\w+ --stack prod`$/),
    expect.stringMatching(
      /^! hangs, 1 new, 1 known since Nov 14: hanging, hangs-and-fails: `npx pulumi-qoder cancel sess_\w+ sess_\w+ --stack prod`$/,
    ),
    expect.stringMatching(/^! costs more, 1 new: costly.*: `npx pulumi-qoder limits --stack prod`$/),
  ]);
  expect(stdout).toContain("\nOver: recovered failed, and the last run is fine.\n");
  expect(stdout).toMatch(
    /\nCredits: 246\.5, and 231\.3 in the median day of the week before; most moved: costly \+70 \(80, usually 10\), /,
  );
  expect(stdout).toMatch(/\nOf 18 last runs that are done, 0 gave 0 artifacts, 18 a message alone, 0 nothing\.\n/);
});

test("a calm fleet of 24 has no line that asks for anything", async () => {
  liveInStack({});
  const { stdout, status } = await inStack("--since", "24h");
  expect(status).toBe(0);
  expect(stdout).not.toMatch(/^!|Over|Paused|version/m);
  expect(stdout.split("\n")[1]).toBe("24 of 24 healthy.");
});

/** Deployments with each cause, pause and change, of which half began in the window. */
function troubled(count: number, nameOf: (index: number) => string): DeploymentStatus[] {
  const began = (index: number) => (index % 2 === 0 ? morning : morning - 2 * day);
  return Array.from({ length: count }, (_, index) => ({
    ...{
      id: `dep_${index}`,
      name: nameOf(index),
      labels: {},
      status: "active",
      isStrict: false,
      isScheduled: true,
      owner: undefined,
    },
    ...{ nextRunAt: undefined, lastRun: undefined, lastResult: undefined, lastFailure: { found: undefined } },
    ...{ runsSince: [], judged: [], recent: [], open: [], isOverdue: false, timezone: "UTC", pausedReason: undefined },
    ...{ usual: usualIn([], morning), now: morning, from: undefined, longestMs: hour, expectedArtifacts: undefined },
    ...{
      changedAt: morning,
      pausedDays: 3,
      holds: index % 2 === 0 ? ["p-1a2b"] : [],
      isUncompared: index % 3 === 0,
      environment: undefined,
    },
    pausedBy: (["by hand", "by the service", "by the program", undefined] as const)[index % 4],
    agent: { id: "agent_1", name: nameOf(index % 50), version: 1, newest: 2, isArchived: false },
    advisor: { selection: { by: "stack", name: "prod" } },
    problems: causes.slice(index % causes.length).map((cause) => ({
      ...{ cause, since: began(index), session: `sess_${index}`, text: "Something is wrong. ".repeat(20) },
    })),
    changed: ["schedule", "name", "environmentVariables", "initialEvents", "metadata"].slice(0, index % 6),
  }));
}

test.each(
  [40, 60, 80, 100, 140, Number.POSITIVE_INFINITY].map((columns) => [columns, columns === 80 ? 2_000 : 154] as const),
)(
  "in %s columns the screen of %i deployments has 30 lines at most, with any names, and no line is wider",
  (columns, count) => {
    for (const long of ["d", "x".repeat(200), "每日报告与问题分类和许可证检查以及所有的事情"]) {
      const all = troubled(count, (index) => `${long}-${index}`);
      const more = { isPaused: false, updatedAt: undefined, limits: undefined, namesVersion: false };
      const managed = new Map(all.map(({ id }) => [id, { id, resourceName: id, name: id, ...more }]));
      const view = { timeZone: "Asia/Shanghai", now: morning + day, since: morning, managed, columns };
      const asked = { selection: { by: "stack", name: "prod" } } as const;
      const lines = screen(all, view, asked).trimEnd().split("\n");
      expect(lines.length).toBeLessThanOrEqual(30);
      expect(lines.filter((line) => width(line) > columns)).toEqual([]);
      expect(lines.filter((line) => line.startsWith("! ")).length).toBeGreaterThan(1);
      // No run is known to be done, and so none gave anything.
      expect(lines.join(" ")).not.toContain("last runs that are done");
      expect(lines.join(" ")).toMatch(/`npx pulumi-qoder drift --stack prod`|\d+ more cause/);
    }
  },
);

test.each([["--table"], ["--problems"]])("%s prints rows, as for a smaller fleet", async (option) => {
  liveInStack(planted);
  const { stdout } = await inStack("--since", "24h", option);
  expect(stdout).toMatch(/^! {2}fails-for-days .* failed 4 in a row/m);
  expect(/^ {3}calm-1 /m.test(stdout)).toBe(option === "--table");
});

test("if the service paused a deployment, the line about pauses advises --paused-by-service", async () => {
  liveInStack({});
  const found = world.api.deployments.all().find(({ name }) => name === "calm-1");
  world.api.deployments.pauseByError(String(found?.id), "agent_archived_error");
  const { stdout } = await inStack("--since", "24h");
  expect(stdout).toContain(
    "\nPaused: 1 by the service (calm-1): `npx pulumi-qoder resume --dry-run --paused-by-service --stack prod`\n",
  );
});

test("the screen names the pauses by whom, and what runs behind its agent", async () => {
  const pinned = { id: world.agent, version: 1 };
  liveInStack({}, (name) => (name === "calm-3" ? pinned : world.agent));
  world.api.agents.bumpVersion(world.agent);
  const ids = new Map(world.api.deployments.all().map(({ id, name }) => [name, id]));
  world.api.deployments.pause(String(ids.get("calm-1")));
  await ended((streams) => run(["pause", "calm-2", "--stack", "prod", "--yes"], told.pulumi.environment, streams));
  const { stdout, status } = await inStack("--since", "24h");
  expect(status).toBe(0);
  expect(stdout).toMatch(
    /\nPaused: 1 by (p-\w{4}) \(calm-2\); 1 by hand \(calm-1\): `npx pulumi-qoder resume \1 --dry-run --stack prod`\n/,
  );
  const { name } = world.api.agents.get(world.agent);
  expect(stdout).toContain(`\n23 deployments run version 1 of ${name}, the newest is 2: `);
  const rows = await inStack("--since", "24h", "--table");
  expect(rows.stdout).toMatch(
    /calm-2 +paused by hand.*\n {5}held by (p-\w{4}): `npx pulumi-qoder resume \1 --stack prod` starts it\n/,
  );
  expect(rows.stdout.match(new RegExp(`runs version 1 of ${name}, the newest is 2`, "g"))).toHaveLength(23);
  expect((await world.status("--all", "--since", "24h")).stdout).not.toContain("the newest is");
});
