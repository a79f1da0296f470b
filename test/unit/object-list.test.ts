import { QoderClient } from "../../provider/api/client";
import { deploymentKind } from "../../provider/deployment/kind";
import { SkippingClock } from "../support/skipping-clock";
import { type Answer, json, type LocalServer, startServer } from "./local-server";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((thing) => thing.close()));
});

type Query = Readonly<Record<string, string>>;
type Page = Readonly<Record<string, unknown>>;

const queryOf = (url = ""): Query => Object.fromEntries(new URL(url, "http://localhost").searchParams);
const queries = ({ requests }: LocalServer) => requests.map(({ url }) => url?.split("?")[1]);

/** A list that is read up to this page has no end. */
const endless = 200;

async function clientOf(pageFor: (query: Query, count: number) => Page) {
  const answer: Answer = (request, response, count) => {
    const page = count > endless ? { data: [], has_more: false } : pageFor(queryOf(request.url), count);
    json(page)(request, response, count);
  };
  const server = await startServer(answer);
  const client = QoderClient.connect(server.account, new SkippingClock());
  open.push(client, server);
  return { client, server };
}

/** The ids that a reader gets, and the error at the end. */
async function read(client: QoderClient): Promise<{ ids: string[]; error: string | undefined }> {
  const ids: string[] = [];
  try {
    for await (const { id } of client.list(deploymentKind)) {
      ids.push(id);
    }
  } catch (error) {
    return { ids, error: String(error) };
  }
  return { ids, error: undefined };
}

const page = (ids: readonly string[], rest: Page = { has_more: false }): Page => ({
  data: ids.map((id) => ({ id })),
  ...rest,
});
const named = (query: Query, pages: Readonly<Record<string, Page>>) => pages[query["page"] ?? "p1"] ?? page([]);
const circle = {
  p1: page(["dep_3"], { has_more: true, next_page: "p2" }),
  p2: page(["dep_2"], { has_more: true, next_page: "p3" }),
  p3: page(["dep_1"], { has_more: true, next_page: "p1" }),
};

test.each<[string, (query: Query, count: number) => Page, string[]]>([
  ["lead from the third to the first", (query) => named(query, circle), ["dep_3", "dep_2", "dep_1"]],
  [
    "name the same last id while the data changes",
    (_, count) => page([`dep_${count}`], { has_more: true, last_id: "dep_0" }),
    ["dep_1", "dep_2"],
  ],
  [
    "name the same next page while the data changes",
    (_, count) => page([`dep_${count}`], { has_more: true, last_id: `dep_${count}`, next_page: "p" }),
    ["dep_1", "dep_2", "dep_3"],
  ],
  [
    "are one page under ever new names",
    (_, count) => page(["dep_1"], { has_more: true, next_page: `p${count}` }),
    ["dep_1"],
  ],
  ["are empty under ever new names", (_, count) => page([], { has_more: true, next_page: `p${count}` }), []],
])("a list whose pages %s ends with an error, and gives each object once", async (_, pageFor, ids) => {
  const { client, server } = await clientOf(pageFor);
  const { error, ids: given } = await read(client);
  expect(given).toEqual(ids);
  expect(error).toContain("the list cannot be read to its end");
  expect(server.requests.length).toBeLessThan(15);
});

test("a list gives an object once if the object moves to the next page in the meantime", async () => {
  const { client } = await clientOf((query) =>
    named(query, {
      p1: page(["dep_4", "dep_3"], { has_more: true, next_page: "p2" }),
      p2: page(["dep_3", "dep_2"], { has_more: true, next_page: "p3" }),
      p3: page(["dep_2"], { has_more: true, next_page: "p4" }),
      p4: page([], { has_more: true, next_page: "p5" }),
      p5: page(["dep_1"]),
    }),
  );
  expect(await read(client)).toEqual({ ids: ["dep_4", "dep_3", "dep_2", "dep_1"], error: undefined });
});

test("a list gives the objects of all pages if the service ignores after_id", async () => {
  const pages = {
    p1: page(["dep_6", "dep_5"], { has_more: true, last_id: "dep_5", next_page: "p2" }),
    p2: page(["dep_4", "dep_3"], { has_more: true, last_id: "dep_3", next_page: "p3" }),
    p3: page(["dep_2", "dep_1"], { has_more: false, last_id: "dep_1", next_page: null }),
  };
  const { client, server } = await clientOf((query) => named(query, pages));
  expect(await read(client)).toEqual({ ids: ["dep_6", "dep_5", "dep_4", "dep_3", "dep_2", "dep_1"], error: undefined });
  expect(queries(server)).toEqual([
    "limit=100",
    "limit=100&after_id=dep_5",
    "limit=100&page=p2",
    "limit=100&after_id=dep_3",
    "limit=100&page=p3",
  ]);
});

interface Stored {
  readonly id: string;
  readonly megabytes: number;
}

/** Deployments of these sizes, newest first. */
function stored(...megabytes: readonly number[]): Stored[] {
  return megabytes.map((size, index) => ({ id: `dep_${megabytes.length - index}`, megabytes: size }));
}

const members = ({ id, megabytes }: Stored) => ({
  agent: { id: "agent_1" },
  id,
  initial_events: [{ type: "user.message", content: "x".repeat(megabytes * 1024 * 1024) }],
  name: "daily",
});

function listing(all: readonly Stored[], reply: (one: Stored) => object = members) {
  return clientOf(({ limit = "20", after_id: after }) => {
    const rest = all.slice(all.findIndex(({ id }) => id === after) + 1);
    const shown = rest.slice(0, Number(limit));
    const hasMore = shown.length < rest.length;
    return { data: shown.map(reply), has_more: hasMore, last_id: shown.at(-1)?.id ?? null };
  });
}

test("the client reads the objects of a page above 8 MB one by one, and then whole pages again", async () => {
  const { client, server } = await listing(stored(...Array.from({ length: 103 }, (_, at) => (at < 6 ? 2 : 0))));
  const { ids, error } = await read(client);
  expect(error).toBeUndefined();
  expect(ids).toEqual(Array.from({ length: 103 }, (_, at) => `dep_${103 - at}`));
  expect(queries(server)).toEqual([
    "limit=100",
    "limit=1",
    ...Array.from({ length: 99 }, (_, at) => `limit=1&after_id=dep_${103 - at}`),
    "limit=100&after_id=dep_4",
  ]);
});

test("the client reads the objects of a later page above 8 MB one by one", async () => {
  const { client, server } = await listing(stored(...Array.from({ length: 103 }, (_, at) => (at < 100 ? 0 : 3))));
  expect(await read(client)).toMatchObject({ ids: { length: 103 }, error: undefined });
  expect(queries(server)).toEqual([
    "limit=100",
    "limit=100&after_id=dep_4",
    "limit=1&after_id=dep_4",
    "limit=1&after_id=dep_3",
    "limit=1&after_id=dep_2",
  ]);
});

test.each([
  ["newest", [9, 0, 0, 0, 0, 0], ["dep_5", "dep_4", "dep_3", "dep_2", "dep_1"], "dep_6", "limit=1&after_id=dep_2"],
  ["middle", [0, 9, 0], ["dep_3", "dep_1"], "dep_2", "limit=1&after_id=dep_2"],
  ["oldest", [0, 0, 9], ["dep_3", "dep_2"], "dep_1", "limit=1&after_id=dep_1"],
])(
  "a deployment above 8 MB, the %s, is an error that names it, and the list gives all others",
  async (_, sizes, ids, named, last) => {
    const { client, server } = await listing(stored(...sizes));
    const { ids: given, error } = await read(client);
    expect(given).toEqual(ids);
    expect(error).toContain(`GET /deployments: ${named} has more than 8 MB by itself`);
    expect(queries(server).at(-1)).toBe(last);
  },
);

test("a list ends at a deployment above 8 MB whose id comes last, and the error names the deployment before", async () => {
  const { client, server } = await listing(stored(0, 9, 0), (one) => {
    const { id, ...others } = members(one);
    return one.megabytes === 0 ? { id, ...others } : { ...others, id };
  });
  const { ids, error } = await read(client);
  expect(ids).toEqual(["dep_3"]);
  expect(error).toContain("the deployment after dep_3 has more than 8 MB by itself, before its id");
  expect(queries(server).at(-1)).toBe("limit=1&after_id=dep_3");
});
