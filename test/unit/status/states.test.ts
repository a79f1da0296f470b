import { useStatusWorld } from "./status-world";

const world = useStatusWorld();

interface Row {
  /** Brings the deployment into this state and returns its run. */
  readonly arrange: (id: string) => { readonly id: string; readonly session_id: string | null } | undefined;
  readonly more?: Readonly<Record<string, unknown>>;
  /** The next run or the reason for none, the last run, and its result. */
  readonly cells: readonly [string, string, string];
  readonly problems?: readonly string[];
  /** The JSON without the ids, the name and the members that are null or follow from the cells. */
  readonly json: Readonly<Record<string, unknown>>;
  readonly agentArchived?: true;
}

const archivedAgent = { type: "agent_archived_error", message: "Agent is archived." };
const unstartable = [
  "Its agent is archived, so no run can start",
  "The last run could not start: agent_archived_error: Agent is archived.",
];
const [nextRunAt, createdAt] = ["2026-11-22T01:00:00Z", "2026-11-21T01:00:00Z"];
const lastRun = { createdAt, trigger: "schedule", error: null };
const failedRun = {
  lastRun: { ...lastRun, error: archivedAgent },
  lastFailure: { createdAt, error: archivedAgent },
};
const pausedByHand = { status: "paused", pausedReason: { type: "manual", error: null } };
const active = { status: "active", nextRunAt };

function runOn21(id: string) {
  world.day(21);
  return world.api.deployments.runBySchedule(id);
}

function showing(id: string, members: object) {
  world.fault(`/deployments/${id}`, { members });
  return undefined;
}

const rows: Readonly<Record<string, Row>> = {
  "active, with a last run that got a session": {
    arrange: (id) => runOn21(id),
    cells: ["Nov 22 09:00", "Nov 21 09:00", "running"],
    json: { ...active, lastRun },
  },
  "active and never run": {
    arrange: () => undefined,
    cells: ["Nov 21 09:00", "never", "-"],
    json: { ...active, nextRunAt: createdAt },
  },
  "without a schedule, run by hand": {
    arrange(id) {
      world.day(21);
      return world.api.deployments.run(id);
    },
    more: { schedule: undefined },
    cells: ["by hand only", "Nov 21 09:00", "running"],
    json: { ...active, nextRunAt: null, lastRun: { ...lastRun, trigger: "manual" } },
  },
  "active, with a last run that could not start": {
    arrange(id) {
      world.api.agents.archive(world.agent);
      return runOn21(id);
    },
    agentArchived: true,
    problems: unstartable,
    cells: ["Nov 22 09:00", "Nov 21 09:00", "could not start"],
    json: { ...active, ...failedRun },
  },
  "paused by hand": {
    arrange(id) {
      world.api.deployments.pause(id);
      return undefined;
    },
    cells: ["paused by hand", "never", "-"],
    json: pausedByHand,
  },
  "paused by the service": {
    arrange(id) {
      const run = runOn21(id);
      world.api.deployments.pauseByError(id, "vault_archived_error");
      return run;
    },
    problems: ["The service paused the deployment: vault_archived_error"],
    cells: ["paused by service", "Nov 21 09:00", "running"],
    json: { status: "paused", pausedReason: { type: "error", error: { type: "vault_archived_error" } }, lastRun },
  },
  "paused by the service for an undocumented reason": {
    arrange: (id) => showing(id, { status: "paused", paused_reason: { type: "quota" } }),
    problems: ["The service paused the deployment: quota"],
    cells: ["paused by service", "never", "-"],
    json: { status: "paused", pausedReason: { type: "quota", error: null } },
  },
  "in an undocumented status": {
    arrange: (id) => showing(id, { status: "draining" }),
    problems: ['The deployment has the status "draining", which this version of pulumi-qoder does not know'],
    cells: ["draining", "never", "-"],
    json: { status: "draining" },
  },
  archived: {
    arrange(id) {
      const run = runOn21(id);
      world.api.deployments.archive(id);
      world.api.deployments.overwrite(id, { name: "report" });
      return run;
    },
    problems: ["The deployment is archived and never runs again"],
    cells: ["archived", "Nov 21 09:00", "running"],
    json: { status: "archived", lastRun },
  },
};

describe.each([1, 2] as const)(
  "in generation %d of the API the text and the JSON describe a deployment that is",
  (generation) => {
    test.each(Object.entries(rows))("%s", async (_, row) => {
      const { more = {}, cells, json, problems = [], agentArchived = false } = row;
      world.api.switches.generation = generation;
      const id = world.create("report", more);
      const run = row.arrange(id);
      const healthy = problems.length === 0;
      const ending = { status: healthy ? 0 : 1, stderr: "" };

      const text = await world.status(id);
      const [, , line = "", ...details] = text.stdout.split("\n");
      expect(line.split(/ {2,}/)).toEqual([healthy ? "" : "!", "report", ...cells, "-"]);
      const told = healthy ? [] : [id, ...problems];
      expect(details.slice(0, told.length)).toEqual(told.map((problem) => `     ${problem}`));
      expect(text).toMatchObject(ending);

      const { stdout, ...rest } = await world.status("--json", id);
      const of = (name: "lastRun" | "lastFailure", members: object = {}) =>
        json[name] === undefined
          ? null
          : { id: run?.id, sessionId: run?.session_id, ...members, ...Object(json[name]) };
      const result = {
        ...{ state: cells[2], error: Object(json["lastRun"]).error },
        ...{ outcome: null, credits: null, usualCredits: null, saidNothing: false },
      };
      expect(JSON.parse(stdout)).toEqual([
        {
          ...{ id, name: "report", resource: null },
          agent: { id: world.agent, archived: agentArchived, version: 1, newestVersion: agentArchived ? null : 1 },
          environment: { id: world.environmentId, archived: false },
          ...{ pausedReason: null, nextRunAt: null, healthy },
          ...json,
          lastRun: of("lastRun", { result }),
          lastFailure: of("lastFailure"),
          ...{ since: null, failedInARow: null, missed: null, overdue: false, problems },
          pausedDays: cells[0] === "paused by hand" ? expect.any(Number) : null,
          causes: problems.map(() => ({ cause: expect.any(String), since: expect.any(String) })),
          differences: [],
          compared: null,
          runningSessionIds: expect.any(Array),
        },
      ]);
      expect(rest).toEqual(ending);
      expect(world.writes).toEqual([]);
    });
  },
);
