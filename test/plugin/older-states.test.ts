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

test("the states of 6bcc19c have each kind through both doors, before and after a refresh", () => {
  expect(states).toHaveLength(4 * kinds.length);
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
