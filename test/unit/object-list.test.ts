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
    "are one page under ever new names",
    (_, count) => page(["dep_1"], { has_more: true, next_page: `p${count}` }),
    ["dep_1"],
  ],
  ["are empty under ever new names", (_, count) => page([], { has_more: true, next_page: `p${count}` }), []],
  ["lead nowhere", () => page(["dep_1"], { has_more: true }), ["dep_1"]],
])("a list whose pages %s ends with an error, and gives each object once", async (_, pageFor, ids) => {
  const { client, server } = await clientOf(pageFor);
  const { error, ids: given } = await read(client);
  expect(given).toEqual(ids);
  expect(error).toContain("has_more is true, and the page leads to no other objects");
  expect(server.requests.length).toBeLessThan(5);
});

test("a list gives an object once if the object moves to the next page in the meantime", async () => {
  const { client } = await clientOf((query) =>
    named(query, {
      p1: page(["dep_4", "dep_3"], { has_more: true, next_page: "p2" }),
      p2: page(["dep_3", "dep_2"], { has_more: true, next_page: "p3" }),
      p3: page(["dep_2", "dep_1"]),
    }),
  );
  expect(await read(client)).toEqual({ ids: ["dep_4", "dep_3", "dep_2", "dep_1"], error: undefined });
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

test("the client reads a list whose pages are above 8 MB in smaller pages", async () => {
  const { client, server } = await listing(stored(...Array.from({ length: 23 }, (_, at) => (at < 6 ? 2 : 0))));
  const { ids, error } = await read(client);
  expect(error).toBeUndefined();
  expect(ids).toEqual(Array.from({ length: 23 }, (_, at) => `dep_${23 - at}`));
  expect(queries(server).slice(0, 4)).toEqual(["limit=100", "limit=10", "limit=1", "limit=1&after_id=dep_23"]);
});

test("a deployment above 8 MB ends the list with an error", async () => {
  const { client } = await listing(stored(0, 9, 0));
  const { ids, error } = await read(client);
  expect(ids).toEqual(["dep_3"]);
  expect(error).toContain("its body has more than 8 MB");
});
