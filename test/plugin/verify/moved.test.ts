import { kinds } from "../../kinds";
import { agent } from "../../kinds/agent";
import { doors, originOf, textsOf, useDoor, World } from "../../support/world";

const world = World.ofTests(agent);

const hourMs = 3_600_000;
/** A run has no name, and the vault of a credential distinguishes it. */
const named = kinds.filter(({ label }) => !["QoderDeploymentRun", "QoderVaultCredential"].includes(label));

test.each(doors.flatMap((door) => named.map((kind) => ({ door, label: kind.label, kind }))))(
  "by the $door door, a preview with qoder:verify of a $label that moved into a component names the object and writes out the alias",
  async ({ door, kind }) => {
    useDoor(door);
    world.reset({}, kind);
    const args = world.args({});
    const { id } = await world.existing(kind, args);
    world.passTime(2 * hourMs);
    const provider = world.command({ kind, config: { "qoder:verify": "true" } });
    const moved = originOf(`acme:index:Team$${kind.type}`, "moved");
    const failures = await world
      .stackOf(kind, provider)
      .preview({ ...args, __origin: moved })
      .then(() => [], textsOf);
    await provider.end();
    const told = [...failures, ...world.output].filter((line) => line.includes(id));
    expect(told).toEqual([
      expect.stringMatching(/[Ii]f this resource moved, add aliases: \[\{ parent: pulumi\.rootStackResource \}\]/),
    ]);
  },
);
