import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { causes } from "../../../command/status/causes";
import { agentKind } from "../../../provider/agent/kind";
import { deploymentKind } from "../../../provider/deployment/kind";
import { agents } from "../../../provider/kinds/table";
import { declarable } from "../../../provider/resource/compare/arguments";
import type { ResourceKind } from "../../../provider/resource/kind/kind";
import { stateOf } from "../../../provider/resource/state/state";
import type { SessionEnding } from "../../qoder-api/session-life";
import type { ErrorDetail, JsonObject } from "../../qoder-api/wire";
import { advisedIn, startAdvised } from "../advised-commands";
import { createInAccount, deployment, provider, secretValue, useToldPulumi } from "../stack/told-stack";
import { day, hour, minute, token, useStatusWorld } from "./status-world";

const world = useStatusWorld();
const told = useToldPulumi();
/** The first of the four mornings, at nine o'clock in Shanghai, and the nights of which a week and more lies before it. */
const morning = Date.UTC(2026, 10, 25, 1);
const [nightsBefore, mornings] = [13, 4];

/** What happens at a due time: an end of a run, with what comes around it, or something else. */
interface Night extends SessionEnding {
  readonly is?: "missed" | "works on" | "tried again" | "refused";
  readonly lateMinutes?: number;
  /** Events before the end, in pairs of a type and its members. */
  readonly events?: readonly (readonly [type: string, members: object])[];
  /** Before the due time, and after the run. */
  readonly first?: Change;
  readonly after?: Change;
  /** Runs by hand after this one. */
  readonly byHand?: number;
}
type Change = (id: string, session: string) => unknown;
/** `night` counts from the one in which the trouble begins, `run` within a night; undefined for an ordinary run. */
type Habit = (night: number, run: number) => Night | undefined;

const at =
  (what: Night, ...nights: readonly number[]): Habit =>
  (night) =>
    nights.includes(night) ? what : undefined;
const once = (what: Night): Habit => at(what, 0);
const before = (what: Night): Habit => at(what, -1);
const from =
  (what: Night, first = 0): Habit =>
  (night) =>
    night < first ? undefined : what;
const always =
  (what: Night, but: Night = what): Habit =>
  (night) =>
    night === 0 ? but : what;
const inRuns =
  (first: number, count: number, what: Night, nights = mornings): Habit =>
  (night, run) =>
    night >= 0 && night < nights && run >= first && run < first + count ? what : undefined;
/** A cost that grows by this factor each night, in these nights. */
const growing =
  (factor: number, first: number, last: number): Habit =>
  (night) =>
    night < first || night > last ? undefined : costs(Math.round(1_000 * factor ** (night - first + 1)) / 100);
const calm: Habit = () => undefined;

const api = () => world.api;
const missed: Night = { is: "missed" };
const stuck: Night = { is: "works on" };
const retried: Night = { is: "tried again" };
const late = (lateMinutes: number): Night => ({ lateMinutes });
const fails = (type = "billing_error"): Night => ({ error: { type, message: "It is not there." } });
const refused = (type: string): Night => ({ is: "refused", ...fails(`${type}_error`) });
const ends = (type: string, more: object = {}): Night => ({ stop_reason: { type, ...more } });
const waits = ends("requires_action", { event_ids: ["evt_1"] });
const asks: Night = { ...waits, events: [["agent.custom_tool_use", { id: "evt_1", name: "ask", input: {} }]] };
const costs = (model: number): Night => ({ credits: { model } });
const works = (activeSeconds: number): Night => ({ activeSeconds });
const says = (message: string | null): Night => ({ message });
const gives = (name: string, size = 900): Night => ({
  events: [["agent.artifact_delivered", { file_id: "file_1", original_filename: name, size }]],
});
const calls = (failed: number, all: number): Night => ({
  events: Array.from({ length: all }, (_, index) => [
    ["agent.tool_use", { id: `evt_${index}`, name: "Bash", input: {} }] as const,
    ["agent.tool_result", { tool_use_id: `evt_${index}`, is_error: index < failed, content: "x" }] as const,
  ]).flat(),
});
const nothing: Night = { message: null, credits: {} };
const grades = (...results: readonly string[]): Night => ({
  outcomes: results.map((result) => ({ result, explanation: "It lacks a part." })),
});
const lost: Night = { ...costs(0.2), ...works(12) };
const after = (...changes: readonly Change[]): Night => ({
  async after(...run) {
    for (const change of changes) {
      await change(...run);
    }
  },
});
const first = (change: Change): Night => ({ first: change });

const answer: Change = (_, session) => api().sessions.end(session, { message: `${session} is answered.` });
const answered = (night: Night): Habit => once({ ...night, after: answer });
const regrade: Change = (_, session) => api().sessions.evaluate(session, { result: "satisfied" });
const hideCost: Change = (_, session) => api().sessions.changeMember(session, ["usage"], {});
const otherVersion: Change = (_, session) => api().sessions.changeMember(session, ["agent", "version"], 7);
const hide: Change = (_, session) => api().sessions.archive(session);
const removeSession: Change = (_, session) => api().sessions.remove(session);
const archive: Change = (id) => api().deployments.archive(id);
const archiveAgent: Change = (id) => api().agents.archive(agentOf(id));
const archiveEnvironment: Change = (id) => api().environments.archive(api().deployments.get(id).environment_id);
const pause: Change = (id) => api().deployments.pause(id);
const unpause: Change = (id) => api().deployments.unpause(id);
const pauseByError: Change = (id) => api().deployments.pauseByError(id, "vault_not_found_error");
const byCommand: Change = (id) => start("pause", id, "--stack", "prod", "--yes");
const byCommandAndBack: Change = async (id) => [
  await byCommand(id, ""),
  await start("resume", id, "--stack", "prod", "--yes"),
];
const pausedUntil =
  (start: number, end: number): Habit =>
  (night) =>
    night === start ? first(pause) : night === end ? first(unpause) : undefined;
const copy: Change = (id) => createInAccount(api(), "second", nameOf(id));
const change =
  (patch: JsonObject): Change =>
  (id) =>
    api().deployments.edit(id, patch);
const cron = (expression: string, timezone = "Asia/Shanghai") => ({ schedule: { type: "cron", expression, timezone } });
const describeIt = change({ description: "another" });
const moveZone: Change = (id) =>
  change(cron(String(api().deployments.get(id).schedule?.expression), "Asia/Singapore"))(id, "");
const unschedule: Change = (id) => api().deployments.overwrite(id, { schedule: null });
const rename: Change = (id) => change({ name: `${nameOf(id)} (old)` })(id, "");
const otherAgent: Change = (id) => change({ agent: world.agent })(id, "");
const editAgent: Change = (id) => api().agents.edit(agentOf(id), { system: "Write less." });
const pin =
  (version: number): Change =>
  (id) =>
    change({ agent: { type: "agent", id: agentOf(id), version } })(id, "");
const often = change(cron("*/15 * * * *"));
const setVariable = change({ environment_variables: "A=2" });
/** An `up` has made the change: the state has it, too. */
const up: Change = (id) => record(id);
const pinned: Change = (id) => [editAgent(id, ""), pin(2)(id, ""), record(id)];

/** Where the screen names the deployment: in the lines of this cause, or in another line of it. */
type Place = (typeof causes)[number]["name"] | "Paused" | "Changed" | "not checked";
/** A trouble that the screen cannot know, and another command that shows it, with its words. */
interface Elsewhere {
  readonly why: string;
  readonly by: string;
  readonly shows: RegExp | undefined;
}
interface More {
  readonly deployment?: JsonObject;
  readonly inputs?: object;
  /** The runs of a night; once a day if left out, and with "quarters" until the trouble begins. */
  readonly runs?: "hourly" | "weekly" | "quarters";
  /** True for an agent and an environment of its own. */
  readonly isOwn?: true;
  /** True for a trouble that is older than the first morning; the others begin by turns on the four. */
  readonly isOld?: true;
  /** The number of mornings on which the lines of its cause name it; 1 if left out. */
  readonly mornings?: number;
  /** True if each of these mornings has an event of its own, which is new. */
  readonly isNewEachDay?: true;
}
type Row = readonly [
  name: string,
  found: Place | readonly Place[] | Elsewhere,
  planted: Habit,
  calm: Habit,
  more?: More,
];

const all = { mornings };
const old = { ...all, isOld: true } as const;
const daily = { ...all, isNewEachDay: true } as const;
const own = { ...all, isOwn: true } as const;
const weekly = { ...own, runs: "weekly" } as const;
const outcome = {
  deployment: {
    initial_events: [
      { type: "user.message", content: "hello" },
      { type: "user.define_outcome", description: "Write a report", rubric: { type: "text", content: "r" } },
    ],
  },
};
const limited = { inputs: { limits: { creditsPerDay: 5 } } };
const quarters = { runs: "quarters" } as const;
const elsewhere = (by: string, why: string, shows?: RegExp): Elsewhere => ({ by, why, shows });
const text = (words: string): readonly [Elsewhere, Habit, Habit] => [
  elsewhere("logs NAME --last 4 --stack prod", "No text is judged", new RegExp(words)),
  once(says(words)),
  calm,
];

/** The 78 troubles of a trial, each with its calm twin: what looks like it and asks for nothing. */
const troubles: readonly Row[] = [
  ["missed", "missed", once(missed), once(late(9))],
  ["missed all", "missed", from(missed), at(missed, -2, -1), all],
  ["missed 5 of 24", "missed", inRuns(4, 5, missed, 1), inRuns(0, 9, late(9)), { runs: "hourly" }],
  ["missed in a week", "missed", once(missed), calm, { runs: "weekly" }],
  ["missed by hand", "missed", once({ ...missed, byHand: 1 }), once({ byHand: 1 })],
  ["edited", ["not checked", "Changed"], once({ ...missed, ...after(describeIt) }), once(after(describeIt, up))],
  ["failed", "failed", once(fails()), before(fails())],
  ["failed 5 nights", "failed", from(fails(), -4), at(fails(), -5, -4, -3, -2, -1), old],
  ["failed otherwise", "failed", (night) => from(fails(`error_${night}`))(night, 0), at(fails(), -1, -3), all],
  ["token expired", "failed", once(fails("mcp_authentication_failed_error")), before(fails("mcp_error"))],
  ["terminated", "failed", once({ ...fails(), status: "terminated" }), before({ ...fails(), status: "terminated" })],
  ["no agent", ["could not start", "agent or environment archived"], once(first(archiveAgent)), calm, own],
  ["no environment", ["could not start", "agent or environment archived"], once(first(archiveEnvironment)), calm, own],
  ["no vault", "could not start", once(refused("vault_not_found")), before(refused("vault_not_found"))],
  ["no file", "could not start", once(refused("file_not_found")), once({ ...refused("file_not_found"), byHand: 1 })],
  ["no store", "could not start", once(refused("memory_store_archived")), before(refused("memory_store_archived"))],
  ["no skill", "could not start", once(refused("skill_not_found")), before(refused("skill_not_found"))],
  ["rate", "could not start", once(refused("rate_limited")), once({ ...refused("rate_limited"), byHand: 1 })],
  ["never began", "never began", once(nothing), before(nothing)],
  ["never began before", "never began", once({ ...nothing, byHand: 1 }), before({ ...nothing, byHand: 1 })],
  ["waits", "waits", once(waits), answered(waits)],
  ["waits for a tool", "waits", once(asks), answered(asks)],
  ["waits behind a run", "waits", once({ ...waits, byHand: 1 }), answered({ ...waits, byHand: 1 })],
  ["hangs", "hangs", once(stuck), always(works(3_000)), all],
  ["hangs since before", "hangs", at(stuck, -2), answered(stuck), old],
  ["hangs tried again", "hangs", once(retried), answered(retried), all],
  ["hangs overlapped", "hangs", once({ ...stuck, byHand: 2 }), answered({ ...stuck, byHand: 2 }), all],
  ["costs 2.2 times", "costs more", once(costs(22)), always(costs(10), costs(20))],
  ["costs 8 times", "costs more", at(costs(80), 0, 1), once(costs(20)), { mornings: 2 }],
  ["costs 20 % more", "costs more", growing(1.2, -3, 0), growing(1.15, -3, 0)],
  ["a day's limit", elsewhere("limits", "Its day is one of the calendar"), calm, always(costs(2)), limited],
  ["stopped by budget", "stopped by budget", once(ends("budget_reached")), before(ends("budget_reached"))],
  ["cost unknown", "unknown", once(after(hideCost)), calm],
  ["session deleted", "unknown", once(after(removeSession)), before(after(removeSession))],
  ["not satisfied", "not satisfied", once(grades("failed")), always(grades("satisfied")), outcome],
  ["not graded", "not graded", once(grades()), once({ ...grades(), ...after(regrade) }), outcome],
  ["paused by the service", "paused by the service", once(after(pauseByError)), before(fails()), all],
  ["archived", "archived", once(after(archive)), calm, all],
  ["agent archived", "agent or environment archived", once(after(archiveAgent)), once(after(editAgent, up)), weekly],
  ["environment archived", "agent or environment archived", once(after(archiveEnvironment)), calm, weekly],
  ["said nothing", "said nothing", once(says(null)), once({ ...says(null), ...gives("report.md") })],
  [
    "refusal",
    "unknown",
    at(ends("refusal"), 0, 1),
    at(ends("refusal"), -3, -2, 0),
    { mornings: 2, isNewEachDay: true },
  ],
  ["max_tokens", "unknown", once(ends("max_tokens")), once(ends("stop_sequence"))],
  ["paused for 9 days", "Paused", pausedUntil(-8, mornings), pausedUntil(-8, -2), old],
  ["pinned", "Changed", once({ first: pinned, ...after(pin(1)) }), once({ first: pinned }), own],
  ["agent edited", "Changed", once(after(editAgent)), once(after(editAgent, up)), own],
  ["other agent", "Changed", once(after(otherAgent)), once(after(otherAgent, up)), own],
  ["other zone", "Changed", once(after(moveZone)), once(after(moveZone, up))],
  ["every 15 minutes", ["Changed", "costs more"], inRuns(0, 1, first(often), 1), once(after(describeIt, up)), quarters],
  ["no schedule", "Changed", once(after(unschedule)), once(after(unschedule, up))],
  ["variable", elsewhere("drift", "The state holds variables encrypted"), once(after(setVariable)), calm],
  ["renamed", "Changed", once(after(rename)), once(after(rename, up))],
  ["paused for 2 days", "Paused", pausedUntil(-1, mornings), pausedUntil(-1, 0), old],
  ["paused by us", "Paused", once(after(byCommand)), once(after(byCommandAndBack))],
  ["could not", ...text("I could not read the tickets.")],
  ["says 401", ...text("401, the token has expired.")],
  ["guessed", ...text("I have no skill, so I guessed.")],
  ["refused", ...text("I must not do this.")],
  ["blank", "said nothing", once(says(" ")), once({ ...says(" "), ...gives("report.md") })],
  [
    "same text",
    "repeats itself",
    from(says("All is well."), -4),
    from(says("All is well."), -13),
    { ...old, mornings: 3 },
  ],
  ["12 of 12 calls", "tool calls failed", once(calls(12, 12)), once(calls(11, 12))],
  ["no report", "lacks an artifact", always(gives("a.md"), {}), always(gives("a-1.md"), gives("a-27.md"))],
  ["empty report", "lacks an artifact", always(gives("a.md"), gives("a.md", 0)), always(gives("a.log", 0))],
  ["collapsed", "did less", once(lost), at(lost, -4, 0)],
  ["3 s at full price", "did less", once(works(3)), at(works(3), -5, 0)],
  ["55 minutes", "took longer", once(works(3_300)), once(works(1_080))],
  ["8 of 24 failed", "fails often", inRuns(0, 8, fails()), inRuns(0, 5, fails()), { ...daily, runs: "hourly" }],
  ["8 % a night", "costs more", growing(1.08, -13, 3), growing(1.02, -13, 3), { ...daily, ...old }],
  ["20 runs by hand", "costs more", once({ byHand: 20 }), once({ byHand: 2 })],
  ["cancelled", "cancelled", once(ends("cancelled")), before(ends("cancelled"))],
  ["hidden as it waits", "session archived", once({ ...waits, ...after(hide) }), once(after(hide))],
  ["failed and hidden", "failed", once({ ...fails(), ...after(hide) }), once(after(hide))],
  ["other version", elsewhere("logs NAME", "No run is compared with its deployment"), once(after(otherVersion)), calm],
  ["copied", elsewhere("import --all --dry-run", "It is in another account"), once(after(copy)), calm],
  ["wrong zone", elsewhere("calendar", "The program and the service agree"), calm, calm],
  ["paused: true", "Paused", once(after(pause, up)), calm],
  ["25 minutes late", "began late", once(late(25)), at(late(25), -3, 0)],
  ["at one minute", elsewhere("calendar", "Each of the two runs is well"), calm, calm],
];

interface Planted {
  readonly id: string;
  readonly name: string;
  readonly isPlanted: boolean;
  readonly habit: Habit;
  /** The night in which the trouble begins. */
  readonly begin: number;
  /** The time of its run within a night, in milliseconds. */
  readonly time: number;
  readonly found: Row[1];
  readonly more: More;
}
const planted = new Map<string, Planted>();
const recorded = new Map<string, object>();

const nameOf = (id: string) => planted.get(id)?.name ?? id;
const agentOf = (id: string) => String(Object(api().deployments.get(id).agent).id);
const start = (...words: string[]) => startAdvised(world.clock, words, told.pulumi.environment);

/** The inputs and outputs of the object, as an `up` records them now. */
function asRecorded(kind: ResourceKind, reply: object) {
  const object = kind.reply.parse(reply);
  const inputs = declarable(kind, object);
  return { inputs, outputs: stateOf(kind, object, inputs, {}, {}) };
}

/** What the state of the stack holds from now on about the deployment and its agent. */
function record(id: string): void {
  const { inputs, outputs } = asRecorded(deploymentKind, api().deployments.get(id));
  const hidden = { environmentVariables: secretValue(outputs["environmentVariables"]) };
  const more = { inputs: { ...inputs, ...planted.get(id)?.more.inputs }, outputs: { ...outputs, ...hidden } };
  recorded.set(id, deployment(nameOf(id), id, "default", more));
  const agent = agentOf(id);
  const resource = deployment(agent, agent, "default", asRecorded(agentKind, api().agents.get(agent)));
  const urn = resource.urn.replace(resource.type, agents.type);
  recorded.set(agent, { ...resource, type: agents.type, urn });
}

function plant(row: Row, index: number, isPlanted: boolean): void {
  const [title, found, trouble, twin, more = {}] = row;
  const { deployment: members = {}, isOwn = false, isOld = false, runs: often } = more;
  const name = isPlanted ? title : `${title} twin`;
  const begin = isPlanted && !isOld ? index % mornings : 0;
  const [hours, minutes] = [(index * 3) % 7, (index * 7) % 60];
  const needed = isOwn ? { agent: api().agents.create().id, environment_id: api().environments.create().id } : {};
  // The seventh hour of a night in Shanghai is the last one of the day before in UTC.
  const weekday = new Date(morning + begin * day).getUTCDay();
  const id = world.create(name, {
    ...{ environment_variables: "A=1", ...needed, ...members },
    ...cron(`${minutes} ${often === "hourly" ? "*" : hours} * * ${often === "weekly" ? weekday : "*"}`),
  });
  const habit = isPlanted ? trouble : twin;
  const time = hours * hour + minutes * minute;
  planted.set(id, { id, name, isPlanted, habit, begin: nightsBefore + begin, time, found, more });
  record(id);
}

/** The due times of the day before the morning after this night. */
function dues({ time, begin, isPlanted, more: { runs: often } }: Planted, night: number): number[] {
  const end = morning + (night - nightsBefore) * day;
  const every = (step: number) =>
    Array.from({ length: day / step }, (_, part) => end - day + part * step + (time % step));
  if (often === "hourly" || (often === "quarters" && isPlanted && night >= begin)) {
    return every(often === "hourly" ? hour : 15 * minute);
  }
  return often === "weekly" && (night - begin) % 7 !== 0 ? [] : [end - 9 * hour + time];
}

/** The session of a run by the schedule; null for a refused run, and for a deployment that is paused or archived. */
function started(id: string, due: number, problem: ErrorDetail | undefined): string | null {
  try {
    return api().deployments.runBySchedule(id, problem, new Date(due).toISOString()).session_id;
  } catch (error) {
    expect(String(error)).toContain("archived or not in active status");
    return null;
  }
}

const ordinary = { activeSeconds: 360, credits: { model: 10 } };

async function live({ id, name, habit, begin }: Planted, due: number, night: number, of: number): Promise<void> {
  const {
    is,
    lateMinutes = 0,
    events = [],
    first: change,
    after: changed,
    byHand = 0,
    ...end
  } = habit(night - begin, of) ?? {};
  const began = due + lateMinutes * minute + 2_000;
  world.at(due);
  await change?.(id, "");
  world.at(began);
  const problem = is === "refused" ? { type: String(end.error?.["type"]), message: "It is not there." } : undefined;
  const session = is === "missed" ? null : started(id, due, problem);
  if (session !== null) {
    for (const [type, members] of events) {
      api().sessions.addEvent(session, { type, ...members });
    }
    if (is === "tried again") {
      api().sessions.reschedule(session);
    } else if (is !== "works on") {
      api().sessions.end(session, { ...ordinary, message: `The report ${night}.${of} of ${name} is written.`, ...end });
    }
  }
  world.at(began + minute);
  await changed?.(id, session ?? "");
  for (let hand = 1; hand <= byHand; hand += 1) {
    world.at(began + (1 + hand) * minute);
    const started = String(api().deployments.run(id).session_id);
    api().sessions.end(started, { ...ordinary, message: `Run ${hand} by hand of the night ${night} is over.` });
  }
}

/** Lets the nights pass, until the morning after the last one. */
async function nights(from: number, to: number): Promise<void> {
  for (let night = from; night < to; night += 1) {
    told.pulumi.export(provider("default"), ...recorded.values());
    const all = [...planted.values()].flatMap((one) => dues(one, night).map((due, of) => ({ one, due, of })));
    for (const { one, due, of } of all.sort((first, other) => first.due - other.due)) {
      await live(one, due, night, of);
    }
    world.at(morning + (night - nightsBefore) * day);
  }
  told.pulumi.export(provider("default"), ...recorded.values());
}

const places = ({ found }: Planted): readonly Place[] =>
  typeof found === "string" ? [found] : "why" in found ? [] : found;
const others = ["Paused", "Changed", "not checked"] as const;
const isOther = (place: Place) => others.some((one) => one === place);

/** The troubles that the screen of this morning must name at this place, and whether they are new. */
function expectedAt(
  place: Place,
  night: number,
): readonly { readonly id: string; readonly name: string; readonly isNew: boolean }[] {
  return [...planted.values()].flatMap((one) => {
    const { begin, isPlanted, more } = one;
    const last = place === "Paused" || place === "Changed" ? mornings : (more.mornings ?? 1);
    const isNamed = isPlanted && places(one).includes(place) && night >= begin && night < begin + last;
    const isNew = more.isNewEachDay === true || (night === begin && more.isOld !== true);
    return isNamed ? [{ id: one.id, name: String(api().deployments.get(one.id).name), isNew }] : [];
  });
}

/** The lines of the causes, with their counts. */
function causesOf(lines: readonly string[]) {
  return lines.flatMap((line) => {
    const [, cause = "", fresh = "0", known = "0"] =
      /^! (.+?), (?:(\d+) new)?(?:, )?(?:(\d+) known since \w+ \d+)?: .*: `.*`$/.exec(line) ?? [];
    return line.startsWith("!") ? [{ cause, counts: [Number(fresh), Number(known)] as const, line }] : [];
  });
}

/** How many requests were sent about each deployment. */
function requestsById(): Map<string, number> {
  const ofSession = new Map(
    api()
      .runs.all()
      .map((one) => [String(one.session_id), one.deployment_id]),
  );
  const counts = new Map<string, number>();
  for (const request of world.requests) {
    const [id = ""] = /dep_\w+|sess_\w+/.exec(request) ?? [];
    const about = ofSession.get(id) ?? id;
    counts.set(about, 1 + (counts.get(about) ?? 0));
  }
  return counts;
}

/** The line of each place in the report of this morning, with the counts of a cause. */
async function linesOf(night: number) {
  const { stdout, stderr, status } = await start("status", "--stack", "prod", "--since", "24h");
  expect(stdout.trimEnd().split("\n").length).toBeLessThanOrEqual(30);
  // Nobody knows the costs of two runs, and what is known to be bad is said all the same.
  const uncounted = ["cost unknown", "session deleted"][night - nightsBefore];
  expect([status, stderr.match(/"(.*)"/)?.[1]]).toEqual([1, uncounted]);
  const lines = stdout.replaceAll(/\n +/g, " ").split("\n");
  const found = causesOf(lines);
  const isFresh = found.map(({ counts: [fresh] }) => fresh > 0);
  expect(isFresh).toEqual([...isFresh].sort().reverse());
  return [
    ...causes.map(({ name: place }) => ({
      place,
      line: "",
      counts: undefined,
      ...found.find(({ cause }) => cause === place),
    })),
    ...others.map((place) => ({ place, line: lines.find((text) => text.includes(place)) ?? "", counts: undefined })),
  ];
}

const plain = (text: string) => text.replaceAll(/\d+/g, "#");

/** What the rows of the unhealthy deployments say, without numbers. */
async function rowsOf(ids: readonly string[]): Promise<string> {
  return plain((await start("status", ...ids, "--stack", "prod", "--since", "24h", "--problems")).stdout);
}

/** The words of the table in docs/operate.md, without numbers. That a next run is overdue depends on a service that shows it so. */
function wordsOfThePage(): string[] {
  const page = readFileSync(resolve(__dirname, "../../../docs/operate.md"), "utf8");
  const words = [...page.matchAll(/^\| (`.*?) \|/gm)].flatMap(([, says = ""]) => says.match(/(?<=`)[^`]+(?=`)/g) ?? []);
  return words.map(plain).filter((text) => text !== "," && text.trim() !== "," && text !== "overdue");
}

/** Judges the lines of this morning, and returns what they name, with the command of each place. */
async function judged(night: number) {
  const named: { readonly id: string; readonly place: Place; readonly command: readonly string[] }[] = [];
  for (const { place, line, counts } of await linesOf(night)) {
    const expected = expectedAt(place, night);
    const fresh = expected.filter(({ isNew }) => isNew);
    // A long line may end its names with `and 3 more`, which are known ones.
    const whole = / and \d+ more/.test(line) ? fresh : expected;
    expect({ place, line, counts, unnamed: whole.filter(({ name }) => !line.includes(name)) }).toEqual({
      ...{ place, line: expect.not.stringContaining(" twin"), unnamed: [] },
      counts: isOther(place) || expected.length === 0 ? undefined : [fresh.length, expected.length - fresh.length],
    });
    named.push(...expected.map(({ id }) => ({ id, place, command: advisedIn(line).at(-1) ?? [] })));
  }
  return named;
}

/** Runs a command as printed. */
async function tryOut(words: readonly string[]): Promise<void> {
  const { status, stderr } = await start(...words);
  expect({ words, status, stderr }).toEqual({
    words,
    // What these see is still wrong.
    status: ["status", "limits"].includes(words[0] ?? "") ? expect.any(Number) : 0,
    stderr: expect.not.stringMatching(/failed:|Not (?!known: .* "cost unknown")|no Qoder access token|See `npx/),
  });
}

/** Asks the command that shows the trouble in place of the screen. */
async function lookElsewhere({ name, found }: Planted): Promise<void> {
  if (typeof found !== "string" && "shows" in found && found.shows !== undefined) {
    const words = found.by.split(" ").map((word) => (word === "NAME" ? name : word));
    expect((await start(...words)).stdout).toMatch(found.shows);
  }
}

test("on four mornings the screen alone names 68 of 78 troubles and no calm twin, and each command works as printed", async () => {
  world.at(morning - (nightsBefore + 1) * day);
  for (const [index, row] of troubles.entries()) {
    plant(row, index, true);
    plant(row, index, false);
  }
  told.pulumi.config({ "qoder:pat": token, "qoder:baseUrl": world.api.url });
  told.pulumi.says("preview", { stdout: JSON.stringify({ steps: [] }) });
  await nights(0, nightsBefore);
  const all = [...planted.values()];
  const quiet = all.filter(({ isPlanted, habit, more }) => !isPlanted && habit === calm && more.runs === undefined);
  const seen = new Set<string>();
  const commands = new Map<Place, readonly string[]>();
  const texts: string[] = [];
  for (let night = nightsBefore; night < nightsBefore + mornings; night += 1) {
    await nights(night, night + 1);
    world.api.clearRequests();
    const named = await judged(night);
    for (const { id, place, command } of named) {
      seen.add(id);
      commands.set(place, commands.get(place) ?? command);
    }
    // The deployment, its runs, its sessions, the run of the night, and the one before it.
    const requests = requestsById();
    expect(quiet.map(({ id }) => requests.get(id))).toEqual(quiet.map(() => 5));
    texts.push(await rowsOf([...new Set(named.flatMap(({ id, place }) => (isOther(place) ? [] : id)))]));
  }
  const unseen = all.filter((one) => one.isPlanted && places(one).length === 0);
  expect([seen.size, unseen.length]).toEqual([68, 10]);
  const words = wordsOfThePage();
  expect([words.length > 25, words.filter((text) => !texts.join("").includes(text))]).toEqual([true, []]);

  await Promise.all(unseen.map(lookElsewhere));
  api().switches.cancelWaiting = "cancelled";
  commands.delete("not checked");
  for (const words of commands.values()) {
    await tryOut(words);
  }
});
