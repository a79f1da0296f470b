import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { kinds } from "../kinds";
import { SimulatedStack } from "../support/simulated-stack";
import { World } from "../support/world";

const values = z.record(z.string(), z.unknown());
/** `args` is null for the least arguments of a kind, whose files belong to the test. */
const statesSchema = z.array(
  z.strictObject({
    label: z.string(),
    door: z.enum(["dynamic", "plugin"]),
    isRefreshed: z.boolean(),
    origin: z.string(),
    args: values.nullable(),
    state: z.strictObject({ id: z.string(), inputs: values, outputs: values }),
  }),
);

const folder = join(__dirname, "states");
/** The states that earlier versions wrote at a service that fills in defaults, after an `up` and after a refresh. */
const states = readdirSync(folder).flatMap((file) =>
  statesSchema
    .parse(JSON.parse(readFileSync(join(folder, file), "utf8")))
    .flatMap((one) =>
      kinds
        .filter(({ label }) => label === one.label)
        .map((kind) => ({ ...one, kind, version: file.replace(".json", "") })),
    ),
);

test("the states of 6bcc19c and c3c108a1 have each kind through both doors, before and after a refresh", () => {
  expect(states).toHaveLength(2 * 4 * kinds.length);
});

test.each(states)(
  "a preview of a $label in a state of version $version is empty through the door $door (after a refresh: $isRefreshed)",
  async ({ kind, door, origin, args, state }) => {
    const world = await World.start(kind, door);
    try {
      const command = world.command();
      const stack = new SimulatedStack(() => command, origin, "name" in kind.fields, true);
      stack.state = state;
      expect(await stack.preview(args ?? world.args())).toBe("same");
      expect(world.sent()).toEqual([]);
    } finally {
      await world.stop();
    }
  },
);

type SimulatedState = NonNullable<SimulatedStack["state"]>;

test.each(states)(
  "a refresh of a $label in a state of version $version shows nothing through the door $door (after a refresh: $isRefreshed)",
  async ({ kind, door, origin, args, state }) => {
    const world = await World.start(kind, door);
    try {
      world.reset({ fillDefaults: true, casConfig: "present" }, kind);
      const made = world.stack();
      await made.up(args ?? world.args());
      const { id, outputs }: SimulatedState = made.state ?? { id: "none", inputs: {}, outputs: {} };
      // The object of the state is at no service of this test: an object of the same arguments takes its place, with its own times
      // and numbers, which the baseline of a skill repeats.
      const own = Object.keys(kind.kind.outputs).filter((name) => name !== "effectiveMetadata");
      const baseline = own.reduce(
        (text, name) => {
          const [old, present] = [state.outputs[name], outputs[name]];
          return typeof old === "string" && typeof present === "string" ? text.replaceAll(old, present) : text;
        },
        JSON.stringify(state.outputs["__shown"] ?? null),
      );
      const present = Object.fromEntries(own.map((name) => [name, outputs[name]]));
      const stack = new SimulatedStack(() => world.command(), origin, "name" in kind.fields, true);
      stack.state = { ...state, id, outputs: { ...state.outputs, ...present, __shown: JSON.parse(baseline) } };
      const { outputs: before } = stack.state;
      expect(await stack.refresh()).toBe("same");
      expect(shown(stack.state?.outputs ?? {})).toEqual(shown(before));
      expect(await stack.preview(args ?? world.args())).toBe("same");
    } finally {
      await world.stop();
    }
  },
);

/** The outputs that a person sees; an argument that the older version did not know is null. */
function shown(outputs: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(outputs).filter(([name, value]) => !name.startsWith("__") && value !== null),
  );
}
