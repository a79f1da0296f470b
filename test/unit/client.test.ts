import { QoderClient } from "../../provider/api/client";
import type { Clock } from "../../provider/api/clock";
import { QoderReplyError } from "../../provider/api/errors";
import type { Collection, Query } from "../../provider/api/object-list";
import type { Remark } from "../../provider/api/remark";
import { deploymentKind } from "../../provider/deployment/kind";
import { notDone } from "../../provider/deployment/pause-request";
import { Objects } from "../../provider/resource/read/objects";
import { SkippingClock } from "../support/skipping-clock";
import { type Answer, closedAfterEach, inTurn, json, startServer, thrownBy } from "./local-server";

const closed = closedAfterEach();

async function clientOf(answer: Answer, clock: Clock = new SkippingClock()) {
  const server = closed(await startServer(answer));
  return { client: closed(QoderClient.connect(server.account, clock)), server };
}

const deployments = (client: QoderClient) => new Objects(client, deploymentKind);
/** The members that every reply about a deployment must have. */
const times = { created_at: "2026-06-14T08:53:32Z", updated_at: "2026-06-14T08:53:32Z" };
const least = { id: "dep_1", status: "active", ...times };

function setStatus(client: QoderClient, action: string) {
  return deployments(client).act("dep_1", action, (reply) => notDone(action, reply));
}

async function idsOf(list: AsyncIterable<{ readonly id: string }>): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of list) {
    ids.push(id);
  }
  return ids;
}

const promise = "is not as the API documents it";
test.each<[string, unknown, string]>([
  ["null", null, "the body is not as the API documents it"],
  ["a list", [], "the body is not as the API documents it"],
  ["another deployment", { ...least, id: "dep_2" }, 'the response describes "dep_2"'],
])("a success with %s is an error that names the wrong member", async (_, body, reason) => {
  const { client } = await clientOf(json(body, 200, { "x-request-id": "req-1" }));
  const error = await thrownBy(deployments(client).get("dep_1"));
  expect(error).toBeInstanceOf(QoderReplyError);
  expect(String(error)).toContain(`GET /deployments/dep_1 was answered with 200, but ${reason}`);
  expect(String(error)).toContain("[request id req-1]");
});

/** The client as a command uses it, which hears remarks. */
function hearing(client: QoderClient, told: string[]): Objects {
  const tell = ({ severity, text }: Remark) => void told.push(`${severity}: ${text}`);
  return deployments(client.within({ milliseconds: 10_000, tell }));
}

test.each<[string, object, string]>([
  ["a schedule without time zone", { schedule: { expression: "x" } }, `schedule.timezone ${promise}`],
  ["variables as an object", { environment_variables: { A: "1" } }, `environment_variables ${promise}`],
  ["a version as text", { agent: { id: "agent_a", version: "2" } }, `agent.version ${promise}`],
  ["a list with many wrong elements", { vault_ids: Array.from({ length: 1_000 }, () => 1) }, `vault_ids.0 ${promise}`],
])("%s is empty, and a command says so once", async (_, unknown, problem) => {
  const { client } = await clientOf(json({ ...least, description: "d", ...unknown }));
  const told: string[] = [];
  for (let time = 0; time < 2; time += 1) {
    expect(await hearing(client, told).get("dep_1")).toEqual({ ...least, description: "d" });
  }
  expect(told).toEqual([
    expect.stringMatching(
      `^warning: in the response to GET /deployments/dep_1, ${problem}: .*; the value counts as empty$`,
    ),
  ]);
  await expect(deployments(client).get("dep_1")).rejects.toThrow(problem);
});

test.each(["name", "agent", "schedule", "metadata"])("%s of null is empty without a word", async (member) => {
  const { client } = await clientOf(json({ ...least, description: "d", [member]: null }));
  const told: string[] = [];
  expect((await hearing(client, told).get("dep_1"))[member] ?? null).toBe(null);
  expect(told).toEqual([]);
});

test.each([
  ...["id", "status", "created_at", "updated_at"].flatMap((member) =>
    [undefined, null, 7, ""].map((value) => [member, value] as const),
  ),
  ...["", false, 0, 1_781_427_245, "yesterday", {}].map((value) => ["archived_at", value] as const),
])("a reply whose %s is %j is an error that names the member", async (member, value) => {
  const { client } = await clientOf(json({ ...least, [member]: value }));
  const told: string[] = [];
  await expect(hearing(client, told).get("dep_1")).rejects.toThrow(
    `GET /deployments/dep_1 was answered with 200, but ${member} ${promise}`,
  );
  expect(told).toEqual([]);
});

const shows = (status: string, wanted: string) => `it shows the status "${status}" instead of ${wanted}`;
const notArchived = "the body does not show the object as archived";

test.each<[string, (client: QoderClient) => Promise<unknown>, object, string]>([
  ["an archive", (c) => deployments(c).archive("dep_1"), { archived_at: null }, notArchived],
  ["a pause", (c) => setStatus(c, "pause"), { status: "active" }, shows("active", "paused")],
  ["an unpause", (c) => setStatus(c, "unpause"), { status: "paused" }, shows("paused", "active")],
  ["an update", (c) => deployments(c).update("dep_1", {}), { id: "dep_2" }, 'the response describes "dep_2"'],
  ["a create", (c) => deployments(c).create({}, "key"), { id: "agent_1" }, 'the response describes "agent_1"'],
])("the success of %s whose reply does not show the change is an error", async (_, call, told, reason) => {
  const { client } = await clientOf(json({ ...least, ...told }));
  const error = await thrownBy(call(client));
  expect(error).toBeInstanceOf(QoderReplyError);
  expect(String(error)).toContain(`was answered with 200, but ${reason}`);
});

test.each<[string, unknown]>([
  ["older", { metadata: { cas_config: { stats: {} } }, initial_events: [{ type: "user.message", content: "Go" }] }],
  ["newer", { environment_variables: "", description: null, schedule: null, budget: { max_credit_cost: 12.5 } }],
  ["next", { status: "resting", paused_reason: { type: "later", why: 1 }, resources: [{ type: "later_kind" }] }],
])("the client reads all members of a deployment of the %s generation", async (_, members) => {
  const body = { ...least, ...Object(members) };
  const { client } = await clientOf(json(body));
  expect(await deployments(client).get("dep_1")).toEqual(body);
});

/** A page with these deployments of an agent. */
const page = (ids: string, rest: object) =>
  json({ data: ids.split(" ").flatMap((id) => (id === "" ? [] : [{ id, agent: { id: "agent_a" } }])), ...rest });
const last = { has_more: false };
const before = (members: object) => ({ has_more: true, ...members });

test.each<[string, Query, Answer[], string, string[]]>([
  [
    "by next_page if last_id is missing",
    {},
    [
      page("dep_3 dep_2", before({ next_page: "cursor/2" })),
      page("dep_1", { ...last, last_id: "dep_1", next_page: null }),
    ],
    "dep_3 dep_2 dep_1",
    ["limit=100", "limit=100&page=cursor%2F2"],
  ],
  [
    "by last_id",
    {},
    [
      page("dep_3", before({ last_id: "dep_3" })),
      page("dep_2", before({ last_id: "dep_2", next_page: null })),
      page("dep_1", { ...last, last_id: "dep_1" }),
    ],
    "dep_3 dep_2 dep_1",
    ["limit=100", "limit=100&after_id=dep_3", "limit=100&after_id=dep_2"],
  ],
  ["to its end if the list is empty", {}, [page("", { first_id: null, last_id: null, ...last })], "", ["limit=100"]],
  [
    "with its filter in the query of every page",
    { agent_id: "agent_a" },
    [page("dep_2", before({ next_page: "p2" })), page("dep_1", last)],
    "dep_2 dep_1",
    ["limit=100&agent_id=agent_a", "limit=100&agent_id=agent_a&page=p2"],
  ],
])(
  "the client reads a list %s, and waits the advised 100 ms between two pages",
  async (_, filter, pages, ids, queries) => {
    const clock = new SkippingClock();
    const { client, server } = await clientOf(inTurn(...pages), clock);
    expect((await idsOf(client.list(deploymentKind, filter))).join(" ")).toBe(ids);
    expect(server.requests.map(({ url = "" }) => url.split("?")[1])).toEqual(queries);
    expect(clock.slept).toEqual(queries.slice(1).map(() => 100));
  },
);

const runs = { noun: "run", collection: "runs", idPrefix: "drun_", parent: ["deployments", "dep_1"] } as const;
const sessions = { noun: "session", collection: "sessions", idPrefix: "sess_" };
const prefixed = ({ idPrefix }: Collection, objects: readonly object[]) =>
  json({ data: objects.map((one, at) => ({ id: `${idPrefix}${at}`, ...one })), has_more: false });

const owned = (environment_id: string) => ({ agent: "agent_a", environment_id });

test.each<[string, Collection, Query, object[], string]>([
  [
    "of an agent, which deployments show in several forms",
    deploymentKind,
    { agent_id: "agent_a" },
    [{ agent: { id: "agent_a" } }, { agent: "agent_a" }, { agent_id: "agent_a" }, { agent: { id: "agent_b" } }],
    "dep_0 dep_1 dep_2",
  ],
  [
    "of a deployment, and no sessions of others",
    sessions,
    { deployment_id: "dep_1", include_archived: "true" },
    [{ deployment_id: "dep_1" }, { deployment_id: "dep_2" }, { deployment_id: null }],
    "sess_0",
  ],
  [
    "of two owners, although one that is of another need not show both",
    deploymentKind,
    { agent_id: "agent_a", environment_id: "env_1" },
    [owned("env_1"), owned("env_2"), { agent: "agent_b" }],
    "dep_0",
  ],
  [
    "in a deployment, although runs need not show it",
    runs,
    {},
    [{ deployment_id: "dep_1" }, { deployment_id: "dep_2" }, {}],
    "drun_0 drun_2",
  ],
])("a list gives what it was asked for: objects %s", async (_, kind, filter, objects, ids) => {
  const { client } = await clientOf(prefixed(kind, objects));
  expect((await idsOf(client.list(kind, filter))).join(" ")).toBe(ids);
});

const ofA = { agent: { id: "agent_a" } };
test.each<[object, string]>([
  [{}, "dep_1: it does not show its agent_id"],
  [{ agent: 7 }, "dep_1: it does not show its agent_id"],
  [{ ...ofA, id: "vault_1" }, "vault_1: its id does not begin with dep_"],
  [{ ...ofA, id: "" }, `data.1: id ${promise}`],
  [{ ...ofA, created_at: "today" }, `dep_1: created_at ${promise}`],
  [{ ...ofA, archived_at: true }, `dep_1: archived_at ${promise}`],
])(
  "a list in which an entry has %j is an error that names the member, unless the reader takes it",
  async (wrong, problem) => {
    const { client } = await clientOf(prefixed(deploymentKind, [ofA, wrong, ofA]));
    const filter = { agent_id: "agent_a" };
    await expect(idsOf(client.list(deploymentKind, filter))).rejects.toThrow(
      `GET /deployments was answered with 200, but ${problem}`,
    );
    const told: string[] = [];
    const unreadable = ({ id, reason }: { id: string; reason: string }) => void told.push(`${id}: ${reason}`);
    expect(await idsOf(client.list(deploymentKind, filter, { unreadable }))).toEqual(["dep_0", "dep_2"]);
    expect(told).toEqual([expect.stringContaining(problem)]);
  },
);

test("a reader of a few objects gets an error in place of the whole list if the service ignores the filter", async () => {
  const { client, server } = await clientOf(page("dep_2", before({ next_page: "p" })));
  const first = client.list(deploymentKind, { agent_id: "agent_b" }, { pageSize: 1 }).next();
  await expect(first).rejects.toThrow(
    "GET /deployments was answered with 200, but it shows objects that it was not asked for",
  );
  expect(server.requests).toHaveLength(1);
});

test.each([
  [{ data: [] }, "has_more"],
  [{ data: {}, has_more: false }, "data"],
  [{ data: [], has_more: true, next_page: 2 }, "next_page"],
  [[], "the body"],
])("a list whose page is %j is an error that names %s", async (body, member) => {
  const { client } = await clientOf(json(body));
  await expect(idsOf(client.list(deploymentKind))).rejects.toThrow(
    `GET /deployments was answered with 200, but ${member} is not as`,
  );
});
