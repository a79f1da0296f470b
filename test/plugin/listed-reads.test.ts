import fc from "fast-check";
import { createdKinds, kindsWithRows } from "../kinds";
import { deployment } from "../kinds/deployment";
import type { KindRow } from "../kinds/kind-row";
import type { Fault } from "../qoder-api/faults";
import { isObject } from "../qoder-api/parse";
import type { JsonObject } from "../qoder-api/wire";
import { fleetOf, refreshed, refreshedTogether } from "../support/fleet";
import { until } from "../support/until";
import { doors, type KindWorld, type State, useDoor, World } from "../support/world";

const free = { duplicateNames: "allow", duplicateNamesElsewhere: "allow", duplicateCredentials: "allow" } as const;
const always = { times: Number.POSITIVE_INFINITY };
const hourMs = 3_600_000;
const secondMs = 1_000;

const isListed = ({ kind }: KindRow) => kind.upload === undefined;
const many = (count: number, args: object) => Array.from({ length: count }, () => ({ ...args }));
const unchanged = (states: readonly State[]) => states.map(({ id, outputs }) => ({ id, outputs, inputs: {} }));
/** Changes the entries of a page. */
const transformed = (change: (entries: JsonObject[]) => unknown[]): Fault => ({
  kind: "replace-body",
  transform: ({ data, ...page }) => ({ ...page, data: change(Array.isArray(data) ? data.filter(isObject) : []) }),
});

/** A refresh, whose answers and output are those of one GET for each object; `between` happens before it. */
async function refreshedAsExactly(world: KindWorld, kind: KindRow, states: readonly State[], between = () => {}) {
  const { requests, ...exact } = await refreshed(world, kind, states, "exact");
  between();
  const { requests: sent, ...lists } = await refreshed(world, kind, states);
  expect(lists).toEqual(exact);
  return { answers: lists.answers, requests: sent, exactly: requests.length };
}

const isEmpty = (member: unknown) => ["null", '""', "[]", "{}"].includes(JSON.stringify(member));
const pages = (requests: readonly string[]) => requests.filter((request) => request.includes("?limit=100&"));

describe.each(createdKinds.filter(isListed))("$label", (kind) => {
  const world = World.ofTests(kind).pin(
    "ids",
    "a test counts the pages, and objects of one second are listed by their ids",
  );
  beforeEach(() => world.reset(free));

  test("a refresh of 40 objects sends at most 5 requests, and finds no difference", async () => {
    const states = await fleetOf(world, kind, many(40, world.args()));
    const { answers, output, requests } = await refreshed(world, kind, states);
    expect({ answers, output }).toEqual({ answers: unchanged(states), output: [] });
    expect(requests.length).toBeLessThanOrEqual(5);
  });

  test("a refresh of 20 objects reports a vanished and an archived object as with one GET each", async () => {
    const states = await fleetOf(world, kind, many(20, world.args()));
    world.passTime(hourMs);
    const [vanished, archived] = [states[11], states[17]].map((state) => state?.id.split("/").at(-1) ?? "");
    world.console.remove(vanished ?? "");
    world.console.archive(archived ?? "");
    const { answers, requests, exactly } = await refreshedAsExactly(world, kind, states);
    expect(answers.flatMap((answer, index) => (answer === "gone" ? [index] : []))).toEqual([11, 17]);
    // Each of the two takes its GETs, and the others share the pages.
    expect(requests.length).toBeLessThan(exactly - 10);
  });
});

describe.each(kindsWithRows.filter(isListed))("$label among 11 others", (kind) => {
  const world = World.ofTests(kind)
    .pin("lists", "the rows have the order of the edit")
    .pin("ids", "a test counts the requests, and objects of one second are listed by their ids");

  /** The service leaves empty members out, and its lists leave this argument out, too. */
  function leaveOut(name: string): void {
    const { wire = "", shownIn = wire } = kind.kind.fields[name] ?? {};
    const shown = (object: JsonObject) =>
      Object.fromEntries(Object.entries(object).filter(([, member]) => !isEmpty(member)));
    const listed = ({ [shownIn]: _, ...entry }: JsonObject) => shown(entry);
    const transform = (body: JsonObject) =>
      Array.isArray(body["data"]) ? { ...body, data: body["data"].filter(isObject).map(listed) } : shown(body);
    world.api.fault({ method: "GET", kind: "replace-body", transform, ...always });
  }

  const list = () => world.path("").replace(/\/$/, "");
  const cases = Object.entries(kind.arguments).flatMap(([name, { under = [{}], ...row }]) =>
    under.map((switches) => ({ name, switches, row, where: JSON.stringify(switches) })),
  );
  const optional = cases.filter(({ name }) => !(name in kind.least));
  /** Of the 12 objects, those from the first to before the second number declare the argument. */
  const arrangements = [
    { what: "edit", from: 0, to: 12, among: cases },
    { what: "edit that lists hide", from: 4, to: 12, among: cases },
    { what: "addition that lists hide", from: 0, to: 1, among: optional },
  ];
  test.each(arrangements.flatMap(({ among, ...one }) => among.map((edited) => ({ ...one, ...edited }))))(
    "a refresh shows an $what of $name as with one GET for each object $where",
    async ({ what, from, to, name, switches, row: { value, edit, edited, needs } }) => {
      if (name === "initialEvents") world.pin("inside", "a text has its short form if nothing is beside it");
      world.reset({ ...free, ...switches });
      const [without, having] = [world.args(needs), world.args({ ...needs, [name]: value })];
      const declared = [...many(from, without), ...many(to - from, having), ...many(12 - to, without)];
      const states = await fleetOf(world, kind, declared);
      if (what !== "edit") leaveOut(name);
      world.passTime(hourMs);
      const { id = "" } = states[9] ?? {};
      world.console.edit(id.split("/").at(-1) ?? "", edit);
      const { answers, requests } = await refreshedAsExactly(world, kind, states);
      expect(answers[9]).not.toEqual(unchanged(states)[9]);
      if (to === 12) expect(answers[9]).toMatchObject({ inputs: { [name]: edited } });
      if (what === "edit") {
        expect(requests).toContain(`GET ${world.path(id)}`);
        expect(requests.length).toBeLessThan(12);
      }
    },
  );

  test.each([1, 2, 3])(
    "a list that is ten minutes old hides no edit if the GET of object %d proves it old, and no page is used after a write",
    async (proving) => {
      const { switches, row: { edit } = { edit: {} } } = optional[0] ?? {};
      world.reset({ ...free, ...switches });
      const states = await fleetOf(world, kind, many(12, world.args()));
      const own = (index: number) => states[index]?.id.split("/").at(-1) ?? "";
      const listed = await fetch(`${world.api.url}${list()}?limit=100`, {
        headers: { authorization: "Bearer pt-test" },
      });
      const body: unknown = await listed.json();
      world.passTime(hourMs / 6);
      for (const index of [proving, 9]) {
        world.console.edit(own(index), edit);
      }
      const { answers, requests } = await refreshedAsExactly(world, kind, states, () =>
        world.api.fault({ method: "GET", path: list(), kind: "replace-body", body, ...always }),
      );
      expect(answers[9]).not.toEqual(unchanged(states)[9]);
      expect(requests.length).toBeLessThanOrEqual(14);

      const run = world.command();
      const readAll = () => Promise.all(states.map(({ id, outputs }) => run.read(id, outputs)));
      await readAll();
      const last = states.pop();
      await (last && run.delete(last));
      world.sent();
      await readAll();
      expect(world.sent()).not.toContainEqual(["GET", list()]);
    },
  );
});

describe("the credentials of two vaults in one refresh", () => {
  const ofVault = createdKinds.find(({ kind }) => kind.within !== undefined) ?? deployment;
  const vaultIds = ["vault_a", "vault_b"];

  const world = World.ofTests(ofVault);

  test.each(["vault_b", "no vault"])("answer as with one GET each, also if the list of %s fails", async (failing) => {
    world.reset(free);
    const declared = vaultIds.flatMap((vaultId) => many(12, world.args({ vaultId, metadata: { team: "data" } })));
    const states = await fleetOf(world, ofVault, declared);
    world.passTime(hourMs);
    const own = (index: number) => states[index]?.id.split("/").at(-1) ?? "";
    world.console.edit(own(8), { metadata: { team: "other" } });
    world.console.edit(own(20), { metadata: { team: "other" } });
    world.console.remove(own(17));
    const mixed = vaultIds.flatMap((_, place) => states.filter((__, index) => index % 2 === place));
    const exact = await refreshed(world, ofVault, mixed, "exact");
    if (failing !== "no vault") {
      const path = `/vaults/${failing}/credentials`;
      world.api.fault({ method: "GET", path, kind: "status", status: 403, ...always });
    }
    const { answers, output, requests } = await refreshed(world, ofVault, mixed);
    expect({ answers, output }).toEqual({ answers: exact.answers, output: exact.output });
    expect(answers.filter((answer) => answer === "gone")).toHaveLength(1);
    for (const vaultId of vaultIds) {
      const ofOne = requests.filter((request) => request.startsWith(`GET /vaults/${vaultId}/`));
      expect(ofOne.length).toBeLessThanOrEqual(vaultId === failing ? 14 : 9);
    }
  });
});

describe("a fleet of deployments", () => {
  const kind: KindRow = { ...deployment, console: deployment.console };
  const world = World.ofTests(kind).pin(
    "ids",
    "a test counts the pages, and objects of one second are listed by their ids",
  );
  beforeEach(() => world.reset(free));

  /** Deployments of somebody else, a moment apart. */
  function strangers(count: number): void {
    const initial_events = [{ type: "user.message", content: "Go" }];
    const refs = { agent: world.agent, environment_id: world.environment, initial_events };
    for (let index = 0; index < count; index += 1) {
      world.api.deployments.create({ name: `strange-${index}`, ...refs });
      world.passTime(50);
    }
  }

  test.each([
    [3, 3],
    [4, 5],
    [100, 5],
  ])("a refresh of %d deployments sends at most %d requests", async (count, most) => {
    const states = await fleetOf(world, kind, many(count, world.args()));
    const { answers, requests } = await refreshed(world, kind, states);
    expect(answers).toEqual(unchanged(states));
    expect(requests.length).toBeLessThanOrEqual(most);
  });

  test("a refresh of 450 deployments sends at most 12 requests, and one of a few among them at most two more than they are", async () => {
    const all = await fleetOf(world, kind, many(450, world.args()));
    const { answers, requests } = await refreshed(world, kind, all);
    expect(answers).toEqual(unchanged(all));
    expect(requests.length).toBeLessThanOrEqual(12);
    const few = all.filter((_, index) => index % 110 === 5);
    expect((await refreshed(world, kind, few.slice(0, 3))).requests).toHaveLength(3);
    expect((await refreshed(world, kind, few)).requests.length).toBeLessThanOrEqual(few.length + 2);
  });

  test("both doors read lists, and one GET each with qoder:refresh exact", async () => {
    for (const one of doors) {
      useDoor(one);
      world.reset(free);
      const states = await fleetOf(world, kind, many(12, world.args()));
      expect((await refreshed(world, kind, states)).requests.length).toBeLessThanOrEqual(5);
      expect((await refreshed(world, kind, states, "exact")).requests).toHaveLength(12);
    }
  });

  test.each([1, 3, 8, 100])("100 deployments, read %d at a time, take 6 requests in any order", async (parallel) => {
    const all = await fleetOf(world, kind, many(100, world.args()));
    const shuffled = fc.shuffledSubarray(all, { minLength: all.length });
    await fc.assert(
      fc.asyncProperty(shuffled, async (states) => {
        const { answers, requests } = await refreshed(world, kind, states, "lists", parallel);
        expect(answers).toEqual(unchanged(states));
        expect(requests.length).toBeLessThanOrEqual(6);
      }),
      { numRuns: 2, endOnFailure: true, examples: [[all], [all.toReversed()]] },
    );
  });

  test.each([
    [100, 9, 16],
    [20, 60, 22],
  ])("%d deployments with %d of others between two of them take at most %d requests", async (count, others, most) => {
    const states: State[] = [];
    for (let index = 0; index < count; index += 1) {
      states.push(...(await fleetOf(world, kind, [world.args({ name: `own-${index}` })])));
      strangers(others);
    }
    const { answers, requests } = await refreshed(world, kind, states);
    expect(answers).toEqual(unchanged(states));
    expect(requests.length).toBeLessThanOrEqual(most);
  });

  test("100 objects of all kinds, one of each kind after the other, take at most 5 requests a kind", async () => {
    const listed = createdKinds.filter(isListed);
    const fleets: State[][] = [];
    for (const one of listed) {
      one.prepare?.(world.api);
      fleets.push(await fleetOf(world, one, many(Math.ceil(100 / listed.length), one.least)));
    }
    const mixed = fleets[0]?.flatMap((_, index) =>
      listed.flatMap((one, place) => (fleets[place]?.[index] ? [[one, fleets[place][index]] as const] : [])),
    );
    const { answers, requests } = await refreshedTogether(world, mixed ?? []);
    expect(answers).toEqual(unchanged((mixed ?? []).map(([, state]) => state)));
    expect(requests.length).toBeLessThanOrEqual(5 * listed.length);
  });

  test("2 deployments that are older than 150 of somebody else do not keep the others from the pages", async () => {
    const old = await fleetOf(world, kind, many(2, world.args()));
    world.passTime(hourMs);
    strangers(150);
    world.passTime(hourMs);
    const states = [...old, ...(await fleetOf(world, kind, many(100, world.args())))];
    const { answers, requests } = await refreshed(world, kind, states);
    expect(answers).toEqual(unchanged(states));
    expect(requests.length).toBeLessThanOrEqual(8);
  });

  test("the next runs of a deployment stay recorded if the list leaves them out, and an object without a schedule comes first", async () => {
    const schedule = { expression: "0 9 * * *", timezone: "Europe/Berlin" };
    const manual = await fleetOf(world, kind, many(3, world.args()));
    const states = [...manual, ...(await fleetOf(world, kind, many(9, world.args({ schedule }))))];
    const fault = transformed((entries) =>
      entries.map(({ schedule: shown, ...entry }) => {
        const { upcoming_runs_at: _, ...others } = isObject(shown) ? shown : {};
        return { ...entry, schedule: isObject(shown) ? others : shown };
      }),
    );
    world.api.fault({ method: "GET", path: "/deployments", ...fault, ...always });
    expect((await refreshed(world, kind, states)).answers).toEqual(unchanged(states));
  });

  test("if the first GETs take 3 seconds, the reads after them take pages", async () => {
    const states = await fleetOf(world, kind, many(60, world.args()));
    const delay = { kind: "delay", method: "GET" } as const;
    world.api.fault({ ...delay, times: 3, delayMs: 3 * secondMs });
    world.api.fault({ ...delay, ...always, delayMs: secondMs / 4 });
    const { answers, requests } = await refreshed(world, kind, states);
    expect(answers).toEqual(unchanged(states));
    expect(pages(requests)).toHaveLength(1);
    expect(requests.length).toBeLessThan(45);
  });

  describe("with a list that fails or shows something else", () => {
    const without = ({ [leftOut]: _, ...entry }: JsonObject) => entry;
    const leftOut = "description";
    const faults: Readonly<Record<string, Fault>> = {
      "503": { kind: "status", status: 503 },
      "403": { kind: "status", status: 403 },
      "a connection that breaks": { kind: "reset-after" },
      "no answer": { kind: "silence" },
      "half an answer": { kind: "truncate", cut: "json" },
      "no JSON": { kind: "replace-body", body: "<html>" },
      "no list": { kind: "replace-body", body: { data: "none" } },
      "an empty list": transformed(() => []),
      "entries of ids alone": transformed((entries) => entries.map(({ id }) => ({ id }))),
      "entries without a member": transformed((entries) => entries.map(without)),
      "some entries without a member": transformed((entries) =>
        entries.map((entry, index) => (index % 2 === 0 ? entry : without(entry))),
      ),
      "some entries without a schedule's time zone": transformed((entries) =>
        entries.map(({ schedule, ...entry }, index) => ({
          ...entry,
          schedule:
            index % 2 === 0 || !isObject(schedule) ? schedule : { type: "cron", expression: schedule["expression"] },
        })),
      ),
      "entries that are no objects": transformed((entries) =>
        entries.map((entry, index) => (index % 2 ? null : entry)),
      ),
      "another order": transformed((entries) => entries.toReversed()),
      "pages that have shifted": transformed((entries) => entries.slice(3)),
      "objects of another workspace": transformed((entries) =>
        entries.map((entry) => ({ ...entry, id: `${entry["id"]}other` })),
      ),
      "other times": transformed((entries) =>
        entries.map((entry) => ({ ...entry, updated_at: "2020-01-01T00:00:00Z" })),
      ),
    };

    const fleet = fc.record({
      size: fc.integer({ min: 4, max: 12 }),
      edited: fc.uniqueArray(fc.nat(11), { maxLength: 3 }),
      archived: fc.uniqueArray(fc.nat(11), { maxLength: 2 }),
      vanished: fc.uniqueArray(fc.nat(11), { maxLength: 2 }),
      skip: fc.integer({ min: 0, max: 1 }),
    });
    type Fleet = typeof fleet extends fc.Arbitrary<infer One> ? One : never;
    const schedule = { expression: "0 9 * * *", timezone: "Europe/Berlin" };

    /** `skip`: the first pages that do not show the fault. */
    async function answersAsExactly({ size, edited, archived, vanished, skip }: Fleet, fault: Fault): Promise<void> {
      world.reset(free);
      const states = await fleetOf(world, kind, many(size, world.args({ schedule, description: "ours" })));
      world.passTime(hourMs);
      const each = (indices: readonly number[], act: (id: string) => unknown) => {
        for (const { id } of indices.flatMap((index) => states[index] ?? [])) {
          act(id);
        }
      };
      each(edited, (id) => world.console.edit(id, { description: "edited" }));
      each(archived, (id) => world.console.all().some((one) => one.id === id) && world.console.archive(id));
      each(vanished, (id) => world.console.remove(id));
      const { requests, exactly } = await refreshedAsExactly(world, kind, states, () =>
        world.api.fault({ method: "GET", path: "/deployments", skip, ...fault, ...always }),
      );
      expect(requests.length).toBeLessThanOrEqual(exactly + 2);
    }

    test.each(Object.entries(faults))("%s: a refresh answers as with one GET for each object", async (_, fault) => {
      await fc.assert(
        fc.asyncProperty(fleet, (one) => answersAsExactly(one, fault)),
        { numRuns: 3 },
      );
    });

    test("a page that hangs holds the reads back for 2 seconds, and no further page is asked for", async () => {
      const states = await fleetOf(world, kind, many(12, world.args()));
      world.api.fault({ method: "GET", path: "/deployments", kind: "silence", ...always });
      const reads = refreshed(world, kind, states);
      const asksForPage = () => world.api.requests.some(({ path }) => path === "/deployments");
      await until(asksForPage, () => "a page is asked for");
      const begin = world.clock.now();
      world.clock.pass(2 * secondMs);
      const { answers, requests } = await reads;
      expect(world.clock.now() - begin).toBe(2 * secondMs);
      expect(answers).toEqual(unchanged(states));
      expect(pages(requests)).toHaveLength(1);
      expect(requests).toHaveLength(13);
    });
  });

  test.each([
    { beforeId: "ignore" },
    { beforeId: "reject" },
    { listEntries: "without-metadata" },
    { hiddenForMs: 60_000 },
    { runTouchesDeployment: true },
    { nextPage: "missing" },
  ] as const)("with the service's %j a refresh of 12 answers as with one GET each", async (switches) => {
    world.reset({ ...free, ...switches });
    const states = await fleetOf(world, kind, many(12, world.args({ metadata: { team: "daily" } })));
    world.console.edit(states[4]?.id ?? "", { metadata: { team: "nightly" } });
    const { requests, exactly } = await refreshedAsExactly(world, kind, states);
    expect(requests.length).toBeLessThanOrEqual(exactly + 2);
  });

  test("a list that lags by 5 seconds hides a foreign change until the next refresh, and no change of this stack", async () => {
    const states = await fleetOf(world, kind, many(12, world.args({ description: "ours" })));
    world.passTime(hourMs);
    const lagging = await fetch(`${world.api.url}/deployments?limit=100`, {
      headers: { authorization: "Bearer pt-test" },
    });
    const body: unknown = await lagging.json();
    const run = world.command({ kind });
    const [own, foreign] = [states[8], states[9]];
    if (own === undefined || foreign === undefined) {
      throw new Error("the fleet is too small");
    }
    world.passTime(secondMs);
    states[8] = await run.update(own, { ...own.inputs, description: "ours, changed" });
    world.console.edit(foreign.id, { description: "edited" });
    world.api.fault({ method: "GET", path: "/deployments", kind: "replace-body", body, ...always });
    const behind = await refreshed(world, kind, states);
    expect(behind.answers).toEqual(unchanged(states));
    expect(behind.requests).toContain(`GET /deployments/${own.id}`);
    world.api.clearFaults();
    const { answers } = await refreshed(world, kind, states);
    expect(answers[9]).toMatchObject({ inputs: { description: "edited" } });
  });
});
