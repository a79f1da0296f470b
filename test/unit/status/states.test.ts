import { useStatusWorld } from "./status-world";

const world = useStatusWorld();

interface Row {
  /** Brings the deployment into this state and returns its runs, newest first. */
  readonly arrange: (id: string) => readonly { readonly id: string; readonly session_id: string | null }[];
  readonly more?: Readonly<Record<string, unknown>>;
  /** The state, the next run, the last run, its result, and the last failure. */
  readonly line: readonly [string, string, string, "running" | "could not start" | "-", string];
  readonly problems?: readonly string[];
  /** The JSON without the ids, the name and the members that are null or follow from the line. */
  readonly json: Readonly<Record<string, unknown>>;
  /** The index of the run of `lastFailure`. */
  readonly failed?: number;
  readonly agentArchived?: true;
}

const refusal = { type: "session_rate_limited_error", message: "Too many sessions." };
const archivedAgent = { type: "agent_archived_error", message: "Agent is archived." };
const archivedProblem = "Its agent is archived, so no run can start";
const startProblem = "The last run could not start: agent_archived_error: Agent is archived.";
const [friday, saturday, sunday] = ["Fri 2026-11-20 09:00", "Sat 2026-11-21 09:00", "Sun 2026-11-22 09:00"];
const [firstRun, nextRunAt] = ["2026-11-20T01:00:00Z", "2026-11-22T01:00:00Z"];
const at = { createdAt: "2026-11-21T01:00:00Z", trigger: "schedule" };
const pausedByHand = { status: "paused", pausedReason: { type: "manual" } };
const active = { status: "active", nextRunAt };

/** The cells of the table: the next run or the reason for none, the last run, and its result. */
function compact([state, next, last, result]: Row["line"]): string[] {
  const short = (time: string) => time.replace(/^\w+ 2026-11-(\d\d) (\d\d:\d\d).*/, "Nov $1 $2");
  const without = state.startsWith("paused by the service") ? "paused by service" : (state.split(",")[0] ?? "");
  return [state.startsWith("active") ? short(next) : without, short(last), result];
}

function failing(id: string) {
  world.day(21);
  world.api.agents.archive(world.agent);
  return [world.api.deployments.runBySchedule(id)];
}

const rows: Readonly<Record<string, Row>> = {
  "active, with a last run that got a session": {
    arrange(id) {
      world.day(21);
      return [world.api.deployments.runBySchedule(id)];
    },
    line: ["active", sunday, `${saturday} by schedule`, "running", "none"],
    json: { ...active, lastRun: { ...at, error: null } },
  },
  "active and never run": {
    arrange: () => [],
    line: ["active", saturday, "never", "-", "none"],
    json: { ...active, nextRunAt: "2026-11-21T01:00:00Z" },
  },
  "without a schedule, run by hand": {
    arrange(id) {
      world.day(21);
      return [world.api.deployments.run(id)];
    },
    more: { schedule: undefined },
    line: ["active", "by hand only", `${saturday} by hand`, "running", "none"],
    json: { ...active, nextRunAt: null, lastRun: { ...at, trigger: "manual", error: null } },
  },
  "active, with a last run that could not start": {
    arrange: failing,
    agentArchived: true,
    problems: [archivedProblem, startProblem],
    line: [
      "active, its agent is archived",
      sunday,
      `${saturday} by schedule`,
      "could not start",
      `${saturday} agent_archived_error: Agent is archived.`,
    ],
    json: {
      ...active,
      lastRun: { ...at, error: archivedAgent },
      lastFailure: { createdAt: at.createdAt, error: archivedAgent },
    },
  },
  "active, with an earlier run that could not start": {
    arrange(id) {
      const failed = world.api.deployments.runBySchedule(id, refusal);
      world.day(21);
      return [world.api.deployments.runBySchedule(id), failed];
    },
    failed: 1,
    line: [
      "active",
      sunday,
      `${saturday} by schedule`,
      "running",
      `${friday} session_rate_limited_error: Too many sessions.`,
    ],
    json: {
      ...active,
      lastRun: { ...at, error: null },
      lastFailure: { createdAt: firstRun, error: refusal },
    },
  },
  "paused by hand": {
    arrange(id) {
      world.api.deployments.pause(id);
      return [];
    },
    line: ["paused by hand", "-", "never", "-", "none"],
    json: { ...pausedByHand },
  },
  "paused by hand after a run that could not start": {
    arrange(id) {
      const runs = failing(id);
      world.api.deployments.pause(id);
      return runs;
    },
    agentArchived: true,
    problems: [archivedProblem, startProblem],
    line: [
      "paused by hand, its agent is archived",
      "-",
      `${saturday} by schedule`,
      "could not start",
      `${saturday} agent_archived_error: Agent is archived.`,
    ],
    json: {
      ...pausedByHand,
      lastRun: { ...at, error: archivedAgent },
      lastFailure: { createdAt: at.createdAt, error: archivedAgent },
    },
  },
  "paused by the service": {
    arrange(id) {
      world.day(21);
      const run = world.api.deployments.runBySchedule(id);
      world.api.deployments.pauseByError(id, "vault_archived_error");
      return [run];
    },
    problems: ["The service paused the deployment: vault_archived_error"],
    line: ["paused by the service: vault_archived_error", "-", `${saturday} by schedule`, "running", "none"],
    json: {
      status: "paused",
      pausedReason: { type: "error", error: { type: "vault_archived_error" } },
      lastRun: { ...at, error: null },
    },
  },
  "paused by the service for an undocumented reason": {
    arrange(id) {
      world.fault(`/deployments/${id}`, { members: { status: "paused", paused_reason: { type: "quota" } } });
      return [];
    },
    problems: ["The service paused the deployment: quota"],
    line: ["paused by the service: quota", "-", "never", "-", "none"],
    json: {
      status: "paused",
      pausedReason: { type: "quota" },
    },
  },
  "in an undocumented status": {
    arrange(id) {
      world.fault(`/deployments/${id}`, { members: { status: "draining" } });
      return [];
    },
    problems: ['The deployment has the status "draining", which this version of pulumi-qoder does not know'],
    line: ["draining", "-", "never", "-", "none"],
    json: { status: "draining" },
  },
  archived: {
    arrange(id) {
      world.day(21);
      const run = world.api.deployments.runBySchedule(id);
      world.api.deployments.archive(id);
      world.api.deployments.overwrite(id, { name: "report" });
      return [run];
    },
    problems: ["The deployment is archived and never runs again"],
    line: ["archived", "-", `${saturday} by schedule`, "running", "none"],
    json: {
      status: "archived",
      lastRun: { ...at, error: null },
    },
  },
};

describe.each([1, 2] as const)(
  "in generation %d of the API the text and the JSON describe a deployment that is",
  (generation) => {
    test.each(Object.entries(rows))(
      "%s",
      async (_, { arrange, more = {}, line, json, problems = [], failed = 0, agentArchived = false }) => {
        world.api.switches.generation = generation;
        const id = world.create("report", more);
        const runs = arrange(id);
        const [newest] = runs;
        const healthy = problems.length === 0;
        const status = healthy ? 0 : 1;

        const text = await world.status(id);
        const [, , cells = "", ...details] = text.stdout.split("\n");
        const mark = status === 0 ? "" : "!";
        expect(cells.split(/ {2,}/)).toEqual([mark, "report", ...compact(line), "-"]);
        const told = healthy ? [] : [id, ...problems];
        expect(details.slice(0, told.length)).toEqual(told.map((problem) => `     ${problem}`));
        expect(text).toMatchObject({ status, stderr: "" });

        const { stdout, ...rest } = await world.status("--json", id);
        const withId = (name: "lastRun" | "lastFailure", members: object) =>
          json[name] === undefined ? null : { ...members, ...Object(json[name]) };
        expect(JSON.parse(stdout)).toEqual([
          {
            id,
            name: "report",
            resource: null,
            agent: { id: world.agent, archived: agentArchived, version: 1 },
            environment: { id: world.environmentId, archived: false },
            pausedReason: null,
            nextRunAt: null,
            healthy,
            ...json,
            lastRun: withId("lastRun", {
              id: newest?.id,
              sessionId: newest?.session_id,
              result: {
                ...{ state: line[3], error: Object(json["lastRun"]).error },
                ...{ outcome: null, credits: null, usualCredits: null, saidNothing: false },
              },
            }),
            lastFailure: withId("lastFailure", { id: runs[failed]?.id, sessionId: runs[failed]?.session_id }),
            since: null,
            failedInARow: null,
            missed: null,
            pausedDays: line[0].startsWith("paused by hand") ? expect.any(Number) : null,
            overdue: false,
            problems,
          },
        ]);
        expect(rest).toEqual({ status, stderr: "" });
        expect(world.api.requests.every(({ method }) => method === "GET")).toBe(true);
      },
    );
  },
);
