import type { JsonObject } from "../../qoder-api/wire";
import { type Noun, useImportWorld } from "./import-world";

const world = useImportWorld();

/** Edits each page of the list of deployments. */
function pages(transform: (page: JsonObject, count: number) => unknown): void {
  let count = 0;
  world.api.fault({
    kind: "replace-body",
    method: "GET",
    path: "/deployments",
    times: 40,
    transform: (page) => {
      count += 1;
      return transform(page, count);
    },
  });
}

const all = (...more: string[]) => world.into("--all", "--kind", "deployment", ...more);

test("a list whose pages repeat is reported once, its deployments are imported once, and the command exits with 1", async () => {
  const ids = ["first", "second", "third"].map((name) => world.create(name));
  let newest: JsonObject | undefined;
  pages((page) => {
    newest ??= { ...page, has_more: true, next_page: page["last_id"] };
    return newest;
  });
  const { status, stderr } = await all();
  expect(stderr).toBe(
    "Not all deployments were read: GET /deployments was answered with 200, but has_more is true, and the page leads to no other objects. Those that were read are imported; give the others by their ids (dep_...)\n",
  );
  expect(world.importedIds()).toEqual(ids);
  expect(status).toBe(1);
});

test("if such a list is empty, the command fails", async () => {
  pages((page) => ({ ...page, has_more: true }));
  const { status, stderr } = await all();
  expect(stderr).toContain("GET /deployments was answered with 200, but has_more is true");
  expect(status).toBe(1);
});

test("a deployment that is on two pages is imported once", async () => {
  const ids = ["first", "second"].map((name) => world.create(name));
  const newest = { has_more: true, last_id: ids[1] ?? "", next_page: null };
  pages((page, count) => (count === 1 ? { ...page, ...newest } : page));
  expect(await all()).toMatchObject({ status: 0, stderr: "" });
  expect(world.importedIds()).toEqual(ids);
});

test("the command reads smaller pages if the deployments of a page are too large for one reply", async () => {
  const ids = ["first", "second", "third"].map((name) => world.create(name, { initial_events: megabytes(3) }));
  expect(await all()).toMatchObject({ status: 0, stderr: "" });
  expect(world.importedIds()).toEqual(ids);
  expect(world.api.requests.map(({ query }) => query["limit"])).toEqual(["100", "10", "1", "1", "1"]);
});

test("a deployment that is too large for one reply ends the list, and is left out by its id", async () => {
  const [first, large, last] = [world.create("first"), world.create("large"), world.create("last")];
  world.api.deployments.overwrite(large, { initial_events: megabytes(9) });
  const listed = await all();
  expect([listed.status, listed.stderr]).toEqual([1, expect.stringMatching(/^Not all .* its body has more than 8 MB/)]);
  expect(world.importedIds()).toEqual([last]);
  const asked = await world.into(first, large, last, "--force");
  expect(asked.status).toBe(1);
  expect(asked.stderr).toMatch(new RegExp(`^Skipped: ${large}\\n  .* its body has more than 8 MB`));
  expect(world.importedIds()).toEqual([first, last]);
});

const megabytes = (count: number) => [{ type: "user.message", content: "x".repeat(count * 1024 * 1024) }];

const nouns: readonly Noun[] = ["environment", "agent", "deployment"];

test.each(nouns)(
  "a list of %ss without an end is reported, and the objects that were read are imported",
  async (noun) => {
    const ids = world.createOne();
    const transform = (page: object) => ({ ...page, has_more: true, next_page: null });
    world.api.fault({ kind: "replace-body", method: "GET", path: `/${noun}s`, times: 40, transform });
    const { status, stderr } = await world.into("--all");
    const prefix = ids[noun].split("_")[0];
    expect(stderr).toMatch(
      new RegExp(
        `^Not all ${noun}s were read: GET /${noun}s was answered with 200, but .* by their ids \\(${prefix}_\\.\\.\\.\\)\n$`,
      ),
    );
    expect(world.importedIds()).toEqual(nouns.map((one) => ids[one]));
    expect(status).toBe(1);
  },
);
