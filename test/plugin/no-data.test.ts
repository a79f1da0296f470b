import { createdKinds } from "../kinds";
import { doors, type KindWorld, useDoor, World } from "../support/world";

const signature = "4dabf18193072939515e22adb298388d";
const values = [
  ["an asset", { [signature]: "c44067f5952c0a294b673a41bacd8c17", text: "a", hash: "b" }],
  ["an archive", { [signature]: "0def7320c3a5731c473e5ecbe6d01bc7", path: "a", hash: "b" }],
  ["a resource", { [signature]: "5cf8f73096256a8f31e491e813e4eb8e", urn: "urn:a", id: "b", packageVersion: "" }],
] as const;
const records = createdKinds.flatMap((kind) =>
  ["metadata", "environmentVariables"]
    .filter((name) => name in kind.fields)
    .map((name) => ({ kind, label: kind.label, name })),
);

const world: KindWorld = World.ofTests();

test.each(doors.flatMap((door) => records.map((one) => ({ ...one, door }))))(
  "through the door $door, $name of a $label takes no asset, archive or resource, and no request is sent",
  async ({ kind, name, door }) => {
    useDoor(door);
    world.reset({}, kind);
    for (const [what, value] of values) {
      const failure = `is ${what}, which the API does not take`;
      const up = (given: object) => world.stack().up(world.args({ [name]: given }));
      await expect(up(value)).rejects.toThrow(`${name}: ${failure}`);
      await expect(up({ team: value })).rejects.toThrow(`${name}.team: ${failure}`);
    }
    expect(world.sent()).toEqual([]);
  },
);
