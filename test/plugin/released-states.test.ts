import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { kinds } from "../kinds";
import type { KindRow } from "../kinds/kind-row";
import { doors, originOf, type Properties, SimulatedStack, World } from "../support/world";

const values = z.record(z.string(), z.unknown());
/** `args` is null for a kind whose files belong to the test. */
const states = z.array(
  z.strictObject({
    label: z.string(),
    door: z.enum(["dynamic", "plugin"]),
    args: values.nullable(),
    state: z.strictObject({ id: z.string(), inputs: values, outputs: values }),
  }),
);

const folder = join(__dirname, "states");
const packageFile = join(__dirname, "..", "..", "package.json");
const { version } = z.object({ version: z.string() }).parse(JSON.parse(readFileSync(packageFile, "utf8")));
/** A release keeps one state of each kind and door for all later versions; CONTRIBUTING.md, "A release", says how to write them. */
const isWriting = process.env["WRITE_STATES"] === "yes";

/** At a service that fills in its defaults, so that the states have baselines. */
const switches = { fillDefaults: true, casConfig: "present" } as const;
function argsOf(kind: KindRow): Properties | undefined {
  const given = Object.entries(kind.arguments).filter(([, { needs, under = [] }]) => !needs && under.length < 2);
  return kind.kind.upload === undefined
    ? { ...kind.least, ...Object.fromEntries(given.map(([name, { value }]) => [name, value])) }
    : undefined;
}

async function written(kind: KindRow, door: (typeof doors)[number]) {
  const world = await World.start(kind, door);
  try {
    world.reset(switches, kind);
    const args = argsOf(kind);
    const stack = new SimulatedStack(() => world.command(), originOf(kind.type), "name" in kind.fields, true);
    await stack.up(args ?? world.args());
    return { label: kind.label, door, args: args ?? null, state: stack.state };
  } finally {
    await world.stop();
  }
}

async function write(): Promise<void> {
  const all: unknown[] = [];
  for (const kind of kinds) {
    for (const door of doors) all.push(await written(kind, door));
  }
  const lines = all.map((one) => JSON.stringify(one));
  writeFileSync(join(folder, `${version}.json`), `[\n${lines.join(",\n")}\n]\n`);
}

test("the present version has a state of each kind through both doors", async () => {
  if (isWriting) {
    await write();
  }
  const saved = readFileSync(join(folder, `${version}.json`), "utf8");
  const held = states.parse(JSON.parse(saved)).map(({ label, door }) => `${label} ${door}`);
  expect(held).toEqual(kinds.flatMap(({ label }) => doors.map((door) => `${label} ${door}`)));
});

const rows = (existsSync(folder) ? readdirSync(folder) : []).flatMap((file) =>
  states
    .parse(JSON.parse(readFileSync(join(folder, file), "utf8")))
    .flatMap((one) =>
      kinds
        .filter(({ label }) => label === one.label)
        .map((kind) => ({ ...one, kind, release: file.replace(".json", "") })),
    ),
);

test.each(rows)("door $door: a preview of a $label of $release is empty", async ({ kind, door, args, state }) => {
  const world = await World.start(kind, door);
  try {
    const command = world.command();
    const stack = new SimulatedStack(() => command, originOf(kind.type), "name" in kind.fields, true);
    stack.state = state;
    expect(await stack.preview(args ?? world.args())).toBe("same");
    expect(world.sent()).toEqual([]);
  } finally {
    await world.stop();
  }
});
