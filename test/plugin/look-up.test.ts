import { toWireCase } from "../../provider/resource/kind/wire-case";
import { createdKinds, kindsWithSecret } from "../kinds";
import type { Fault } from "../qoder-api";
import type { JsonObject } from "../qoder-api/wire";
import { World } from "../support/world";

const hourMs = 3_600_000;
const always = Number.POSITIVE_INFINITY;

const kinds = createdKinds.filter(({ hasNoLookUp }) => hasNoLookUp !== true);

describe.each(kinds)("$label", (kind) => {
  const { noun, collection } = kind;
  const world = World.ofTests(kind).pin("lists", "the test compares each output");
  beforeEach(() => world.reset({ duplicateNames: "allow", duplicateNamesElsewhere: "allow" }));

  /** Creates one object of each name, and returns the ids. */
  async function make(...names: readonly string[]): Promise<string[]> {
    const ids: string[] = [];
    for (const name of names) {
      const stack = world.stack();
      await stack.up(world.args({ name }));
      ids.push(stack.state?.id ?? "");
    }
    world.api.clearRequests();
    return ids;
  }

  /** The message of the error. */
  async function message(...asked: Parameters<World["find"]>): Promise<string> {
    return world.find(...asked).then(
      (found) => `found ${JSON.stringify(found)}`,
      (error: Error) => error.message,
    );
  }

  const queries = () => world.api.requests.map(({ method, path, query }) => ({ method, path, ...query }));

  test("a look-up by id returns every output of the resource with one GET", async () => {
    const known = Object.entries(kind.arguments).filter(
      ([, { under = [{}] }]) => !under.every(({ generation }) => generation === 1),
    );
    const stack = world.stack();
    await stack.up(
      world.args({ name: "reporter", ...Object.fromEntries(known.map(([name, row]) => [name, row.value])) }),
    );
    const { id } = world.live;
    const read = await world.command().read(id, {});
    const outputs = Object.entries(read?.outputs ?? {}).filter(
      ([name, value]) => !name.startsWith("__") && value !== null,
    );
    world.sent();
    const found = await world.find("id", id);
    expect(found).toEqual({ id, ...Object.fromEntries(outputs) });
    expect(Object.keys(found)).toEqual(expect.arrayContaining(known.map(([name]) => name)));
    expect(world.sent()).toEqual([["GET", world.path(id)]]);
  });

  test("a look-up of an archived object fails: by id because it is archived, by name because no object is left", async () => {
    const [id = ""] = await make("reporter");
    world.console.archive(id);
    expect(await message("id", id)).toMatch(
      new RegExp(
        `^get\\({ id: "${id}" }\\): this ${noun} was archived at 2\\d{3}-\\S+ and cannot be restored\\.\\nUse another one$`,
      ),
    );
    expect(await message("name", "reporter")).toBe(
      `get({ name: "reporter" }): this token sees no ${noun} that is not archived. Token from qoder:pat of the stack's configuration.\nIf it exists, it is archived or belongs to another account or workspace: check the token, the workspace and the base URL`,
    );
  });

  test("a look-up of an unknown name fails with the nearest name, or else with up to ten names, and their ids", async () => {
    const [reporter, other] = await make("daily-reporter", "something else");
    expect(await message("name", "daily_Reporter")).toContain(
      `: none of the ${noun}s that this token sees has this name; nearest is "daily-reporter" (${reporter}).`,
    );
    expect(await message("name", "x")).toContain(
      `has this name; there are "something else" (${other}), "daily-reporter" (${reporter}).`,
    );
    await make(...Array.from({ length: 9 }, (_, index) => `later ${index}`));
    expect(await message("name", "x")).toMatch(/there are "later 8" \(.*"something else" \(\w+\) and 1 more\./);
  });

  test("a look-up of a name that several objects have fails with their ids", async () => {
    const [older, newer] = await make("reporter", "reporter");
    expect((await message("name", "reporter")).replaceAll(/ \(created 2\d{3}-[^ ]+\)/g, "")).toBe(
      `get({ name: "reporter" }): 2 ${noun}s have this name: ${newer}, ${older}.\nGive the id of one`,
    );
  });

  test("a look-up with a wrong token or workspace fails with the source of the token or the workspace, and without the token", async () => {
    const [id = ""] = await make("reporter");
    expect(await message("id", id, { token: "pt-other" })).toMatch(
      new RegExp(
        `GET ${world.path(id)} was answered with 404 not_found_error: .*\\. Token from qoder:pat of the stack's configuration.*\\.\\nCheck the id, and that the token belongs to the account and workspace of the ${noun} `,
      ),
    );
    expect(await message("name", "reporter", { token: "pt-other" })).toContain(`this token sees no ${noun}`);
    for (const [by, value] of [
      ["id", id],
      ["name", "reporter"],
    ] as const) {
      const refused = await message(by, value, { token: "pt-wrong" });
      expect(refused).toContain("was answered with 401 authentication_error: Invalid API key or token [request id ");
      expect(refused).toContain(
        "Token from qoder:pat of the stack's configuration.\nSet a valid token: `pulumi config set --secret qoder:pat`",
      );
      expect(refused).not.toContain("pt-wrong");
    }
    expect(await message("name", "reporter", { workspaceId: "ws_1" })).toMatch(
      /Workspace ws_1 from qoder:workspaceId of the stack's configuration\./,
    );
  });

  test("a look-up of the id of another kind fails without a request", async () => {
    expect(await message("id", "vault_1")).toBe(
      `get({ id: "vault_1" }): the ids of ${noun}s start with ${kind.idPrefix}`,
    );
    expect(world.sent()).toEqual([]);
  });

  test.each(["id", "name"] as const)("by %s, a member of the wrong type is a warning and empty", async (by) => {
    const [id = ""] = await make("reporter");
    const [member = ""] = Object.values(kind.arguments).flatMap(({ cleared = {} }) => Object.keys(cleared));
    world.api.fault({
      kind: "replace-body",
      method: "GET",
      transform: (reply) => everywhere(reply, { [member]: 5 }),
    });
    expect(await world.find(by, by === "id" ? id : "reporter")).toMatchObject({ id, name: "reporter" });
    expect(world.output).toEqual([
      expect.stringMatching(
        `^warning: get\\(.*: in the response to GET .*, ${member} is not .*; the value counts as empty$`,
      ),
    ]);
  });

  // How lists and requests are read and fail depends on no kind.
  if (kind !== kinds[0]) return;

  test("a look-up by name finds an object on the second page, with the same outputs as by id", async () => {
    const [id = ""] = await make("the oldest", ...Array.from({ length: 104 }, (_, index) => `later ${index}`));
    expect(await world.find("name", "the oldest")).toEqual(await world.find("id", id));
    const path = `/${collection}`;
    expect(queries()).toEqual([
      { method: "GET", path, limit: "100" },
      expect.objectContaining({ method: "GET", path, limit: "100" }),
      { method: "GET", path: world.path(id) },
    ]);
    expect(world.output).toEqual([]);
  });

  test("a look-up by name ignores an archived object, even if the list shows it", async () => {
    const [archived = "", live] = await make("reporter", "reporter");
    world.api.fault({
      ...{ kind: "replace-body", method: "GET", path: `/${collection}` },
      transform: ({ data, ...page }) => ({ ...page, data: [...Object(data)].map(asArchived(archived)) }),
    });
    expect(await world.find("name", "reporter")).toMatchObject({ id: live });
    world.console.archive(archived);
    expect(await world.find("name", "reporter")).toMatchObject({ id: live });
  });

  test("a look-up repeats a GET that is answered with 500, and prints that it still tries", async () => {
    const [id = ""] = await make("reporter");
    world.api.fault({ kind: "status", status: 500, method: "GET", times: 6 });
    expect(await world.find("name", "reporter")).toMatchObject({ id });
    expect(world.sent()).toEqual(Array.from({ length: 7 }, () => ["GET", `/${collection}`]));
    expect(world.output).toEqual([
      expect.stringMatching(new RegExp(`^get\\({ name: "reporter" }\\): still trying GET /${collection}: 500`)),
    ]);
  });

  const html = (status: number) => ({ kind: "status", status, body: "<html>no</html>" }) as const;
  test.each<[string, Omit<Fault, "method">, string | RegExp]>([
    ["a 403", html(403), "Check that the token belongs to the account and workspace"],
    ["a 404 of a gateway", html(404), "Check the path of the base URL (qoder:baseUrl)"],
    ["a 429", html(429), "Run the same command again"],
    ["a 502", html(502), "Run the same command again later"],
    ["a page", html(200), /is not JSON: no.*\.\nCheck that qoder:baseUrl is the address of the API$/],
    [
      // Other objects may have the name, too.
      "a list without an end",
      { kind: "replace-body", transform: (page) => ({ ...page, has_more: true }) },
      "was answered with 200, but has_more is true, and the page leads to no other objects",
    ],
    [
      "no answer until the time limit of a read",
      { kind: "reset-before" },
      /got no answer: .*\nCheck the network and qoder:baseUrl/,
    ],
  ])("the error of a look-up by name that gets %s says what to do", async (_, fault, advice) => {
    await make("reporter");
    world.passTime(hourMs);
    world.api.fault({ ...fault, method: "GET", times: always });
    const said = await message("name", "reporter");
    expect(said).toContain(`get({ name: "reporter" }): GET /${collection} `);
    expect(said).toEqual(typeof advice === "string" ? expect.stringContaining(advice) : expect.stringMatching(advice));
  });

  test("a secret name is in no message, even if the service repeats it", async () => {
    const secret = "correct-horse-battery";
    const body = { error: { type: "invalid_request_error", message: `what is ${secret}?` } };
    world.api.fault({ kind: "status", status: 400, method: "GET", body });
    expect(await message("name", secret, { isSecret: true })).toMatch(
      /^get\({ name: "\[secret\]" }\).*what is \[secret\]\?/,
    );
    expect(await message("name", secret, { isSecret: true })).not.toContain(secret);
  });
});

describe.each(kindsWithSecret.filter(({ hasNoLookUp }) => hasNoLookUp !== true))("$label", (kind) => {
  const world = World.ofTests(kind);

  test("a look-up leaves out a secret that the reply shows", async () => {
    await world.stack().up(world.args(kind.secret("correct-horse-battery")));
    const shown = Object(toWireCase(kind.secret("correct-horse-battery")));
    world.api.fault({ kind: "replace-body", method: "GET", transform: (reply) => ({ ...reply, ...shown }) });
    const found = await world.find("id", world.live.id);
    expect(found).toMatchObject({ name: "daily" });
    expect(JSON.stringify(found)).not.toContain("correct-horse-battery");
  });
});

function asArchived(id: string) {
  return (entry: JsonObject) => (entry["id"] === id ? { ...entry, archived_at: "2026-01-01T00:00:00Z" } : entry);
}

/** Adds the members to the object, or to each object of the page. */
function everywhere(reply: JsonObject, more: JsonObject): JsonObject {
  const { data } = reply;
  return Array.isArray(data)
    ? { ...reply, data: data.map((entry) => ({ ...Object(entry), ...more })) }
    : { ...reply, ...more };
}
