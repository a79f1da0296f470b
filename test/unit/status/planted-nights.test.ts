import type { Cause } from "../../../command/status/problem";
import { mulberry32 } from "../../qoder-api/service";
import type { SessionEnding } from "../../qoder-api/session-life";
import { useStatusWorld } from "./status-world";

const world = useStatusWorld();
const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
/** The report of the morning, and the nights before it, of which the last one has the number 0. */
const morning = Date.UTC(2026, 10, 25, 1);
const nights = 10;

/** What happens at a due time: an end of a run, with what came before and after it, or something else. */
interface Night extends SessionEnding {
  readonly is?: "missed" | "works on" | "refused";
  readonly lateMs?: number;
  /** Events before the end, in pairs of a type and its members. */
  readonly events?: readonly (readonly [type: string, members: object])[];
  readonly then?: ((session: string, id: string) => unknown) | undefined;
}
/** Undefined for an ordinary end. */
type Habit = (night: number) => Night | undefined;

const on =
  (what: Night, ...of: readonly number[]): Habit =>
  (night) =>
    of.includes(night) ? what : undefined;
const before =
  (first: number, what: Night): Habit =>
  (night) =>
    night < first ? what : undefined;
const always =
  (what: Night, but: Night, ...of: readonly number[]): Habit =>
  (night) =>
    of.includes(night) ? but : what;

const failure: Night = { error: { type: "billing_error", message: "No credits are left." } };
const gives = (name: string, size = 900): Night => ({
  events: [["agent.artifact_delivered", { file_id: "file_1", original_filename: name, size }]],
});
const calls = (...failed: readonly boolean[]): Night => ({
  events: failed.flatMap((is_error, index) => [
    ["agent.tool_use", { id: `evt_call${index}`, name: "Bash", input: {} }] as const,
    ["agent.tool_result", { tool_use_id: `evt_call${index}`, is_error, content: "x" }] as const,
  ]),
});
const said = (message: string | null): Night => ({ message });
const after = (then: Night["then"]): Night => ({ then });
const nothing: Night = { message: null, credits: {} };
const api = () => world.api;

/** A trouble, and its calm twin: what looks like it and asks for nothing. */
const troubles: readonly (readonly [Cause, planted: Habit, calm: Habit])[] = [
  ["missed", on({ is: "missed" }, 0), on({ lateMs: 9 * minute }, 0)],
  ["missed", on({ is: "missed" }, 0), on({ is: "missed" }, 1, 2)],
  ["could not start", on({ is: "refused" }, 0), on({ is: "refused" }, 1)],
  ["never began", on(nothing, 0), on(nothing, 3)],
  ["failed", on(failure, 0), on(failure, 1)],
  ["failed", before(5, failure), on(failure, 1, 2, 3, 4)],
  [
    "stopped by budget",
    on({ stop_reason: { type: "budget_reached" } }, 0),
    on({ stop_reason: { type: "budget_reached" } }, 2),
  ],
  [
    "waits",
    on({ stop_reason: { type: "requires_action", event_ids: ["evt_1"] } }, 0),
    on(
      after((id) => api().sessions.end(id, said("Answered."))),
      0,
    ),
  ],
  ["hangs", on({ is: "works on" }, 0), () => ({ activeSeconds: 3_000 })],
  ["lacks an artifact", always(gives("report.md"), {}, 0), always(gives("report-1.md"), gives("report-27.md"), 0)],
  [
    "lacks an artifact",
    always(gives("report.md"), gives("report.md", 0), 0),
    always(gives("report.md"), gives("report.md", 0), 0, 1),
  ],
  ["tool calls failed", on(calls(true, true), 0), on(calls(true, false), 0)],
  ["repeats itself", before(5, said("I could not do it.")), before(4, said("I could not do it."))],
  ["said nothing", on(said(null), 0), on({ ...said(null), ...gives("report.md") }, 0)],
  ["costs more", on({ credits: { model: 21 } }, 0), on({ credits: { model: 20 } }, 0)],
  ["took longer", on({ activeSeconds: 500 }, 0), always({ activeSeconds: 60 }, { activeSeconds: 110 }, 0)],
  ["did less", on({ credits: { model: 1 } }, 0), on({ credits: { model: 1 } }, 0, 4)],
  ["cancelled", on({ stop_reason: { type: "cancelled" } }, 0), on({ stop_reason: { type: "cancelled" } }, 1)],
  [
    "session archived",
    on(
      after((id) => api().sessions.archive(id)),
      0,
    ),
    on(
      after((id) => api().sessions.archive(id)),
      1,
      2,
    ),
  ],
  [
    "paused by the service",
    on(
      after((_, id) => api().deployments.pauseByError(id, "vault_not_found_error")),
      0,
    ),
    on(
      after((_, id) => api().deployments.pause(id)),
      0,
    ),
  ],
  [
    "paused for days",
    on(
      after((_, id) => api().deployments.pause(id)),
      9,
    ),
    on(
      after((_, id) => api().deployments.pause(id)),
      6,
    ),
  ],
  [
    "agent or environment archived",
    on(
      after((_, id) => api().agents.archive(agentOf(id))),
      0,
    ),
    () => undefined,
  ],
];

const agentOf = (id: string) => String(Object(api().deployments.get(id).agent).id);

interface Planted {
  readonly id: string;
  readonly name: string;
  readonly habit: Habit;
  readonly causes: readonly Cause[];
  readonly due: (night: number) => number;
}

/** Fifty deployments, each with a planted trouble or its calm twin, due between midnight and seven in the morning. */
function fleet(seed: number): Planted[] {
  const random = mulberry32(seed);
  const upTo = (most: number) => Math.floor(random() * most);
  return Array.from({ length: 50 }, (_, index) => {
    const [cause, planted, calm] = troubles[index % troubles.length] ?? [];
    // Two seeds that follow each other plant each trouble and its twin.
    const isPlanted = (index + seed) % 2 === 0;
    const [hours, minutes] = [upTo(7), upTo(60)];
    const name = `${index} ${isPlanted ? cause : `no ${cause}`}`;
    const id = world.create(name, {
      agent: api().agents.create().id,
      schedule: { type: "cron", expression: `${minutes} ${hours} * * *`, timezone: "Asia/Shanghai" },
    });
    const due = (night: number) => morning - 9 * hour - night * day + hours * hour + minutes * minute;
    return {
      id,
      name,
      habit: (isPlanted ? planted : calm) ?? (() => undefined),
      causes: isPlanted && cause ? [cause] : [],
      due,
    };
  });
}

function live({ id, name, habit }: Planted, night: number, due: number): void {
  const { is, lateMs = 0, events = [], then, ...end }: Night = habit(night) ?? {};
  if (is === "missed" || api().deployments.get(id).status !== "active") {
    return;
  }
  world.at(due + lateMs + 2_000);
  const refused = is === "refused" ? { type: "session_rate_limited_error", message: "Too many sessions." } : undefined;
  const session = api().deployments.runBySchedule(id, refused, new Date(due).toISOString()).session_id;
  if (session === null || is === "works on") {
    return;
  }
  for (const [type, members] of events) {
    api().sessions.addEvent(session, { type, ...members });
  }
  api().sessions.end(session, {
    ...{ activeSeconds: 100, credits: { model: 10 }, message: `Night ${night} of ${name} is over.` },
    ...end,
  });
  then?.(session, id);
}

test.each([1, 2] as const)(
  "the morning after %i: of 50 deployments the report names each planted trouble, and no other",
  async (seed) => {
    world.api.switches.generation = seed % 2 === 0 ? 1 : 2;
    world.at(morning - 11 * day);
    const all = fleet(seed);
    const dues = all.flatMap((one) =>
      Array.from({ length: nights }, (_, night) => ({ one, night, at: one.due(night) })),
    );
    for (const { one, night, at } of dues.sort((first, second) => first.at - second.at)) {
      world.at(at);
      live(one, night, at);
    }
    world.at(morning);
    const { stdout, status } = await world.status("--all", "--since", "24h", "--strict", "--json");
    const read: readonly { id: string; causes: readonly { cause: string }[]; problems: readonly string[] }[] =
      JSON.parse(stdout);
    const found = new Map(read.map((one) => [one.id, one]));
    const verdicts = all.map(({ id, name }) => [
      name,
      found.get(id)?.causes.map(({ cause }) => cause),
      found.get(id)?.problems,
    ]);
    expect(verdicts).toEqual(all.map(({ name, causes }) => [name, causes, causes.map(() => expect.any(String))]));
    expect(status).toBe(1);
  },
);
