import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { runLogs } from "../../../command/logs/main";
import { runResume } from "../../../command/resume/main";
import { Firing } from "../../qoder-api/firing";
import type { Happening } from "../../qoder-api/stand-in-types";
import { ended } from "../ended";
import { useStatusWorld } from "./status-world";

const world = useStatusWorld();
const page = readFileSync(resolve(__dirname, "../../../docs/morning.md"), "utf8");
const rows = [...page.matchAll(/^\| (`.*?) \| (.*) \|$/gm)].map(([, says = "", remedy = ""]) => ({ says, remedy }));

const hour = 3_600_000;
const schedule = { type: "cron", expression: "0 * * * *", timezone: "Asia/Shanghai" };
const outcome = { type: "user.define_outcome", description: "Write a report", rubric: { type: "text", content: "r" } };

/** Lets these hours pass at a stand-in that `stand-in --fire --with HAPPENING` starts. */
function live(hours: number, happening: Happening, more: object = {}): string {
  const start = Date.UTC(2026, 10, 20, 1);
  let now = start;
  const id = world.create("report", { schedule, ...more });
  const firing = new Firing(world.api, () => new Date(now), { schedules: true, happenings: [happening] });
  for (let passed = 1; passed <= hours; passed += 1) {
    // A run starts, its session ends, and a late grading comes.
    for (const seconds of [5, 30, 60]) {
      now = start + passed * hour + seconds * 1_000;
      world.at(now);
      firing.tick();
    }
  }
  return id;
}

/** Runs with these credits, which start a minute apart. */
function costs(id: string, at: number, ...credits: readonly number[]): void {
  for (const [index, model] of credits.entries()) {
    world.at(at + index * 60_000);
    world.run(id, { credits: { model } });
  }
}

/** Runs a minute apart, each with its ending and these events before; returns the last session. */
function nights(
  id: string,
  count: number,
  ending: (run: number) => object,
  before: (run: number) => readonly (object & { readonly type: string })[] = () => [],
): string {
  let session = "";
  for (let index = 0; index < count; index += 1) {
    world.at(Date.UTC(2026, 10, 20, 2, 5 + index));
    session = world.run(id);
    for (const event of before(index)) {
      world.api.sessions.addEvent(session, { ...event });
    }
    world.api.sessions.end(session, ending(index));
  }
  return session;
}

const logs = (...args: string[]) => ended((streams) => runLogs(args, world.environment, streams, "Asia/Shanghai"));

/** What makes each row of the table appear, and what its remedy shows. */
const acts: Readonly<Record<string, () => string | readonly string[] | Promise<string>>> = {
  "`2 runs were missed`, `overdue`": () => {
    const id = live(4, "missed");
    const upcoming_runs_at = [new Date(Date.UTC(2026, 10, 20, 4)).toISOString()];
    world.fault(`/deployments/${id}`, { members: { schedule: { ...schedule, upcoming_runs_at } } });
    world.at(Date.UTC(2026, 10, 20, 5, 15));
    return id;
  },
  "`failed 5 in a row`": () => live(5, "failed"),
  "`8 of 24 runs failed`": () => {
    const id = live(1, "never");
    // Eight that failed, and the others were fine.
    nights(id, 24, (run) => (run < 8 ? { error: { type: "billing_error", message: "no" } } : {}));
    return id;
  },
  "`is missing`, `is empty`, `tool calls failed`, `word for word`": () => {
    const ids = ["missing", "empty", "calls", "words"].map((name) => world.create(name, { schedule: undefined }));
    const [missing = "", empty = "", calls = "", words = ""] = ids;
    const artifact = (size: number) => ({ type: "agent.artifact_delivered", original_filename: "report.md", size });
    nights(
      missing,
      6,
      (run) => ({ message: `Run ${run} is over.` }),
      (run) => (run < 5 ? [artifact(9)] : []),
    );
    nights(
      empty,
      2,
      (run) => ({ message: `Run ${run} is over.` }),
      (run) => [artifact(run === 0 ? 9 : 0)],
    );
    nights(
      calls,
      1,
      () => ({}),
      () => [true, true].map((is_error) => ({ type: "agent.tool_result", is_error })),
    );
    nights(words, 5, () => ({ message: "All is well." }));
    world.at(Date.UTC(2026, 10, 20, 3));
    return ids;
  },
  "`Somebody cancelled`, `Somebody archived`": () => {
    const ids = ["cancelled", "archived"].map((name) => world.create(name, { schedule: undefined }));
    const [cancelled = "", archived = ""] = ids;
    nights(cancelled, 1, () => ({ stop_reason: { type: "cancelled" } }));
    world.api.sessions.archive(nights(archived, 1, () => ({})));
    return ids;
  },
  "`instead of the usual`": () => {
    const id = live(1, "never");
    costs(id, Date.UTC(2026, 10, 18, 2, 5), 10, 10, 10);
    costs(id, Date.UTC(2026, 10, 20, 2, 5), 0.5);
    return id;
  },
  "`more than four times the usual`": () => {
    const id = live(1, "never");
    const minutes = [6, 6, 6, 30];
    for (const [index, one] of minutes.entries()) {
      world.at(index < 3 ? Date.UTC(2026, 10, 18, 2, 5 + index * 10) : Date.UTC(2026, 10, 20, 2, 5));
      const session = world.run(id);
      world.at(world.clock.now() + one * 60_000);
      world.api.sessions.end(session, {});
    }
    return id;
  },
  "`25 min late`": () => {
    const id = live(1, "never");
    world.at(Date.UTC(2026, 10, 20, 2, 25));
    world.api.sessions.end(
      String(world.api.deployments.runBySchedule(id, undefined, "2026-11-20T02:00:00Z").session_id),
    );
    return id;
  },
  "`failed`": async () => {
    const id = live(1, "failed");
    expect((await logs("report", "--failed")).stdout).toContain(
      "model_request_failed_error: The model did not answer.",
    );
    return id;
  },
  "`could not start`": () => {
    const id = live(1, "done");
    world.api.deployments.runBySchedule(id, { type: "session_rate_limited_error", message: "Too many sessions." });
    return id;
  },
  "`waiting for somebody`, `waits until`": () => live(1, "waiting"),
  "`stopped by budget`": () => live(1, "budget"),
  "`not satisfied`": async () => {
    const id = live(1, "not-satisfied", { initial_events: [outcome] });
    expect((await logs("report", "--failed")).stdout).toContain("The work lacks a part.");
    return id;
  },
  "`done, said nothing`": async () => {
    const id = live(1, "silent");
    expect((await logs("report")).stdout).not.toMatch(/ (agent|artifact) {4}/);
    expect((await world.status(id, "--strict")).status).toBe(1);
    return id;
  },
  "`↑ 80 (usually 10)`": () => {
    const id = live(1, "never");
    costs(id, Date.UTC(2026, 10, 18, 2, 5), 10, 10, 10);
    costs(id, Date.UTC(2026, 10, 20, 2, 5), ...[10, 10, 10, 10, 10, 10, 10, 80]);
    return id;
  },
  "`more than three times the usual`, `more than twice the usual`": () => {
    const id = live(1, "never");
    const other = world.create("other", { schedule: undefined });
    costs(id, Date.UTC(2026, 10, 18, 2, 5), 10, 10, 10);
    costs(other, Date.UTC(2026, 10, 18, 2, 5), 10, 10, 10);
    costs(other, Date.UTC(2026, 10, 20, 2, 5), 25);
    costs(id, Date.UTC(2026, 10, 20, 2, 6), 40, 40);
    return [id, other];
  },
  "`never began`": () => {
    const id = live(1, "done");
    const session = world.run(id);
    world.api.sessions.end(session, { message: null, credits: {} });
    return id;
  },
  "`running for 5 h 40 min`": () => {
    const id = live(1, "done");
    world.api.switches.sessionsEnd = "never";
    world.api.deployments.run(id);
    world.at(world.clock.now() + 340 * 60_000);
    return id;
  },
  "`paused by service`": async () => {
    const id = live(1, "paused-by-service");
    expect((await world.status(id)).stdout).toContain("paused by service");
    const surroundings = { clock: world.clock, ask: undefined };
    const shown = await ended((streams) =>
      runResume(["--paused-by-service", "--dry-run"], world.environment, streams, surroundings),
    );
    expect(shown.stdout).toContain(`To start, paused by the service: 1 deployment:\n  ${id} "report"`);
    return id;
  },
  "`Its agent is archived`, `Its environment is archived`": () => {
    const id = live(1, "done");
    world.api.agents.archive(world.agent);
    world.api.environments.archive(world.environmentId);
    return id;
  },
};

test("the table in docs/morning.md has the words that this test acts out", () => {
  const words = (texts: readonly string[]) => texts.flatMap((text) => text.match(/`.*?`/g) ?? []).sort();
  expect(words(rows.map(({ says }) => says))).toEqual(words(Object.keys(acts)));
  expect(rows.filter(({ remedy }) => remedy.trim() === "")).toEqual([]);
});

test.each(Object.entries(acts))("status --since says %s when that happens at the stand-in", async (says, act) => {
  const ids = [await act()].flat();
  const { stdout } = await world.status(...ids, "--since", "24h");
  for (const [, words = ""] of says.matchAll(/`(.*?)`/g)) {
    expect(stdout).toContain(words);
  }
  const isHealthy = ["`done, said nothing`", "`↑ 80 (usually 10)`"].includes(says);
  expect(/^!/m.test(stdout)).toBe(!isHealthy);
});

test("a late grading is running until it comes, and then done", async () => {
  const id = live(1, "late-grading", { initial_events: [outcome] });
  expect((await world.json(id))[0].lastRun.result).toMatchObject({ state: "done" });
});
