import { kinds } from "../kinds";
import { ofOneCommand } from "../kinds/common";
import type { KindRow } from "../kinds/kind-row";
import type { Door } from "../support/door";
import { Life } from "../support/door-life";

// The wait before a retry is random.
beforeEach(() => jest.spyOn(Math, "random").mockReturnValue(0.5));
afterEach(() => {
  jest.restoreAllMocks();
});

/** The output and the requests through the dynamic provider, and through the plugin. */
async function seenByBoth(kind: KindRow, lead: (life: Life) => Promise<void>) {
  const seen = (door: Door) =>
    inDoor(door, kind, async (life) => {
      await lead(life);
      return life.seen;
    });
  return { dynamic: await seen("dynamic"), plugin: await seen("plugin") };
}

async function inDoor<Result>(door: Door, kind: KindRow, lead: (life: Life) => Promise<Result>): Promise<Result> {
  const life = await Life.start(kind, door);
  try {
    return await lead(life);
  } finally {
    await life.world.stop();
  }
}

describe.each(kinds)("$label", (kind) => {
  const isHere = (switches: { readonly generation?: 1 | 2 } | undefined) => switches?.generation !== 1;
  const lived = Object.entries(kind.arguments).filter(([, { under = [] }]) => under.every(isHere));
  /** The changes of a single argument are in the second test: there each `up` also removes the argument of the last one. */
  const changes = kind.changes.filter(
    ({ switches, what }) => isHere(switches) && !/ to (another|no) value$/.test(what),
  );

  test("dynamic provider and plugin send the same bytes in creates, changes of several arguments, replacements and destroys", async () => {
    const { dynamic, plugin } = await seenByBoth(kind, async (life) => {
      await life.up({});
      for (const { before, after } of changes) {
        await life.up(before);
        await life.preview(after);
        await life.up(after);
      }
      for (const [name, { value, others }] of Object.entries(kind.replacing ?? {})) {
        await life.up({ [name]: value });
        await life.preview({ [name]: others[0] });
        await life.up({ [name]: others[0] });
      }
      for (const value of kind.statusArgument === undefined ? [] : [true, false, undefined]) {
        await life.up({ [kind.statusArgument ?? ""]: value });
      }
      await life.up({});
      await life.destroy();
    });
    expect(plugin).toEqual(dynamic);
    const writes = dynamic.filter((line) => line.startsWith("request POST"));
    expect(writes.length).toBeGreaterThanOrEqual(changes.length);
  });

  test("dynamic provider and plugin show and repair changes with the same bytes, and create a vanished object again", async () => {
    const { dynamic, plugin } = await seenByBoth(kind, async (life) => {
      for (const [name, { value, edit, needs }] of lived) {
        const declared = { ...needs, [name]: value };
        await life.up(declared);
        life.edit(edit);
        await life.preview(declared);
        await life.refresh();
        await life.preview(declared);
        await life.up(declared);
      }
      await life.up({});
      life.vanish();
      await life.refresh();
      await life.up({});
      await life.destroy();
    });
    expect(plugin).toEqual(dynamic);
    expect(dynamic.filter((line) => line.startsWith("request GET")).length).toBeGreaterThan(lived.length);
  });

  test("dynamic provider and plugin refuse each wrong argument with the same words", async () => {
    const mistakes = Object.entries(kind.rows).flatMap(([name, row]) =>
      (row.mistakes ?? []).map(([given]) => ({ ...row.needs, [name]: given })),
    );
    const { dynamic, plugin } = await seenByBoth(kind, async (life) => {
      for (const mistake of [{ nonsense: true }, ...mistakes]) {
        await life.check(mistake);
      }
    });
    expect(plugin).toEqual(dynamic);
    // A few of these values are valid after the program's side has converted them.
    const refused = dynamic.filter((line) => /^check: (?!create$)/.test(line));
    expect(refused.length).toBeGreaterThanOrEqual(mistakes.length * 0.9);
  });

  test("dynamic provider and plugin print the same errors after refusals, repeated secrets and a time limit", async () => {
    const secret = "a-secret-of-the-program";
    const declared = { ...(kind.secret?.(secret) ?? {}) };
    const refused = (text: string) => ({
      ...({ kind: "status", status: 400, times: 1 } as const),
      body: { type: "error", error: { type: "invalid_request_error", message: text } },
    });
    const { dynamic, plugin } = await seenByBoth(kind, async (life) => {
      const { api } = life.world;
      api.fault({ ...refused(`no ${secret}`), method: "POST" });
      await life.up(declared);
      api.fault({ kind: "status", status: 429, times: 1_000 });
      await life.up({ ...declared, __timeouts: { create: 30 } });
      api.clearFaults();
      await life.up(declared);
      api.fault({ ...refused("not now"), method: "GET" });
      await life.refresh();
      api.fault({ kind: "status", status: 429, times: 1_000 });
      await life.refresh();
      await life.destroy();
      api.clearFaults();
      await life.destroy();
    });
    expect(plugin).toEqual(dynamic);
    const failed = dynamic.filter((line) => /^(up|refresh|destroy): .*was answered with/.test(line));
    expect(failed.length).toBeGreaterThanOrEqual(4);
    expect(failed.filter((line) => line.includes(secret))).toHaveLength(kind.secret === undefined ? 1 : 0);
  });

  test("for arguments that the program leaves out, the plugin records null, and the dynamic provider nothing", async () => {
    const names = Object.keys(kind.fields);
    const recorded = (door: Door) =>
      inDoor(door, kind, async (life) => {
        await life.up({});
        const created = life.stack.state?.outputs ?? {};
        await life.refresh();
        const refreshed = life.stack.state?.outputs ?? {};
        return [created, refreshed].map((outputs) => ({
          absent: names.filter((name) => !(name in outputs)),
          nothing: names.filter((name) => outputs[name] === null),
        }));
      });
    const [one, other] = [await recorded("dynamic"), await recorded("plugin")];
    const unset = one[0]?.absent ?? [];
    expect(unset).toEqual(expect.arrayContaining(names.filter((name) => ofOneCommand.includes(name))));
    expect(one).toEqual([1, 2].map(() => ({ absent: unset, nothing: [] })));
    expect(other).toEqual([1, 2].map(() => ({ absent: [], nothing: unset })));
  });
});
