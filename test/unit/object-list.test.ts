import { QoderClient } from "../../provider/api/client";
import { deploymentKind } from "../../provider/deployment/kind";
import { SkippingClock } from "../support/skipping-clock";
import { type Answer, closedAfterEach, json, type LocalServer, startServer } from "./local-server";

const closed = closedAfterEach();
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
  const server = closed(await startServer(answer));
  return { client: closed(QoderClient.connect(server.account, new SkippingClock())), server };
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
const next = (number: number): Page => ({ has_more: true, next_page: `p${number}` });
const circle = { p1: page(["dep_3"], next(2)), p2: page(["dep_2"], next(3)), p3: page(["dep_1"], next(1)) };

test.each<[string, (query: Query, count: number) => Page, string[]]>([
  ["lead from the third to the first", (query) => named(query, circle), ["dep_3", "dep_2", "dep_1"]],
  ["are one page under ever new names", (_, count) => page(["dep_1"], next(count)), ["dep_1"]],
  ["are empty under ever new names", (_, count) => page([], next(count)), []],
  ["lead nowhere", () => page(["dep_1"], { has_more: true, last_id: null }), ["dep_1"]],
])("a list whose pages %s ends with an error, and gives each object once", async (_, pageFor, ids) => {
  const { client, server } = await clientOf(pageFor);
  const { error, ids: given } = await read(client);
  expect(given).toEqual(ids);
  expect(error).toContain("has_more is true, and the page leads to no other objects");
  expect(server.requests.length).toBeLessThan(5);
});

test("a page that has no more objects beside a next page contradicts itself, and gives none", async () => {
  const { client } = await clientOf(() => page(["dep_1"], { has_more: false, next_page: "p2" }));
  const { error, ids } = await read(client);
  expect(ids).toEqual([]);
  expect(error).toContain("has_more is false beside a next_page, so nobody knows whether more objects follow");
});

test.each([[null], [""], [undefined]])("a list ends at a page without another page: next_page %j", async (none) => {
  const { client } = await clientOf(() => page(["dep_1"], { has_more: false, next_page: none }));
  expect(await read(client)).toEqual({ ids: ["dep_1"], error: undefined });
});

test("a list gives an object once if the object moves to the next page in the meantime", async () => {
  const { client } = await clientOf((query) =>
    named(query, {
      p1: page(["dep_4", "dep_3"], next(2)),
      p2: page(["dep_3", "dep_2"], next(3)),
      p3: page(["dep_2", "dep_1"]),
    }),
  );
  expect(await read(client)).toEqual({ ids: ["dep_4", "dep_3", "dep_2", "dep_1"], error: undefined });
});

/** Lists deployments of these sizes in megabytes, newest first. */
function listing(...megabytes: readonly number[]) {
  const all = megabytes.map((size, index) => ({
    id: `dep_${megabytes.length - index}`,
    initial_events: [{ type: "user.message", content: "x".repeat(size * 1024 * 1024) }],
  }));
  return clientOf(({ limit = "20", after_id: after }) => {
    const rest = all.slice(all.findIndex(({ id }) => id === after) + 1);
    const data = rest.slice(0, Number(limit));
    return { data, has_more: data.length < rest.length, last_id: data.at(-1)?.id ?? null };
  });
}

test("the client reads a list whose pages are above 8 MB in smaller pages", async () => {
  const { client, server } = await listing(...Array.from({ length: 23 }, (_, at) => (at < 6 ? 2 : 0)));
  const { ids, error } = await read(client);
  expect(error).toBeUndefined();
  expect(ids).toEqual(Array.from({ length: 23 }, (_, at) => `dep_${23 - at}`));
  expect(queries(server).slice(0, 4)).toEqual(["limit=100", "limit=10", "limit=1", "limit=1&after_id=dep_23"]);
});

test("a deployment above 8 MB ends the list with an error", async () => {
  const { client } = await listing(0, 9, 0);
  const { ids, error } = await read(client);
  expect(ids).toEqual(["dep_3"]);
  expect(error).toContain("its body has more than 8 MB");
});
