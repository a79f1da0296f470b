import { agent } from "../kinds/agent";
import { deployment } from "../kinds/deployment";
import { environment } from "../kinds/environment";
import type { KindRow } from "../kinds/kind-row";
import { isLive, namedKinds } from "../support/named-by-deployments";
import type { DiffAnswer, Properties, Provider, State } from "../support/provider";
import { SharedCommand } from "../support/shared-command";
import type { SimulatedStack } from "../support/simulated-stack";
import { doors, useDoor, World } from "../support/world";

/** One replacement in a command. A test makes the create and the delete in the order that it tests. */
class Replacement {
  private constructor(
    private readonly provider: Provider,
    private readonly before: State,
    private readonly inputs: Properties,
    /** Undefined if the user asked for the replacement. */
    readonly diff: DiffAnswer | undefined,
  ) {}

  /** Makes the calls before the engine begins to write (pulumi/pulumi pkg/resource/deploy/step_generator.go). */
  static async plan(
    command: SharedCommand,
    kind: KindRow,
    { state, origin }: SimulatedStack,
    args: Properties,
    { isByHand = false } = {},
  ): Promise<Replacement> {
    if (state === undefined) {
      throw new Error("the stack holds no resource");
    }
    const provider = command.provider(kind);
    const declared = { name: "daily", __origin: origin, ...args };
    // For `--replace` and `state taint`, the engine makes one check without the old inputs, and no diff.
    const diff = isByHand ? undefined : await compared(provider, state, declared);
    const { inputs } = await provider.check(declared);
    return new Replacement(provider, state, inputs, diff);
  }

  create(): Promise<State> {
    return this.provider.create(this.inputs);
  }

  removeOld(): Promise<void> {
    return this.provider.delete(this.before);
  }
}

async function compared(
  provider: Provider,
  { id, inputs: olds, outputs }: State,
  declared: Properties,
): Promise<DiffAnswer> {
  const { inputs } = await provider.check(declared, olds);
  return provider.diff(id, outputs, inputs);
}

const world = World.ofTests();

const hourMs = 3_600_000;
const selfHosted = { config: { type: "self_hosted" } };
/** Arguments that replace the object: an agent only with `replaceOnChanges`. */
const changes: Readonly<Record<"agent" | "environment", Properties>> = {
  agent: { ...agent.least, system: "You write poems." },
  environment: selfHosted,
};

const keys = () =>
  world.api.requests
    .filter(({ method, path }) => method === "POST" && /^\/(agents|environments)$/.test(path))
    .map(({ headers }) => headers["idempotency-key"]);

describe.each(doors)("door %s: a diff with a replacement orders first", (door) => {
  beforeEach(() => useDoor(door));

  test.each<[string, KindRow, () => Properties, () => Properties, readonly string[], boolean]>([
    ["the new environment", environment, () => environment.least, () => selfHosted, ["config"], false],
    ["the new agent", agent, () => agent.least, () => changes.agent, [], false],
    ["the archive of the deployment", deployment, () => world.args(), () => world.args({ description: "b" }), [], true],
  ])("%s", async (_, kind, before, after, replaces, deleteBeforeReplace) => {
    const { stack } = await world.existing(kind, before());
    const { diff } = await Replacement.plan(new SharedCommand(world), kind, stack, after());
    expect(diff).toEqual({ changes: "drawn by the engine", replaces, deleteBeforeReplace });
    expect(world.sent()).toEqual([]);
  });
});

describe.each(namedKinds.flatMap((row) => doors.map((door) => ({ ...row, row, door }))))(
  "the old $noun of a replacement (door $door)",
  ({ kind, noun, argument, row, door }) => {
    beforeEach(() => useDoor(door));

    const { collection } = kind;
    const changed = changes[noun];
    const create = ["POST", `/${collection}`, expect.anything()];
    const live = () => world.api[collection === "agents" ? "agents" : "environments"].live().map(({ id }) => id);

    /** The change of an existing object, or its replacement by hand after this time. */
    async function replaced({ isByHand = false, adopt = {}, afterMs = 0 } = {}) {
      const args = { ...kind.least, ...adopt };
      const { stack, id, path } = await world.existing(kind, args);
      world.passTime(afterMs);
      const command = new SharedCommand(world);
      const replacement = await Replacement.plan(command, kind, stack, isByHand ? args : changed, { isByHand });
      return { id, path, stack, command, replacement };
    }
    const elsewhere = () => world.api[`${noun}s`].create({ name: "daily" }).id;

    test(`is archived after the new ${noun} was created and the deployment was moved`, async () => {
      const { id, path, command, replacement } = await replaced();
      const before = await world.existing(deployment, world.args({ [argument]: id }));
      const user = command.resource(deployment, before.stack);
      const made = await replacement.create();
      await user.up(world.args({ [argument]: made.id }));
      await replacement.removeOld();
      expect(world.sent()).toEqual([
        create,
        ["POST", before.path, noun === "agent" ? { agent: made.id } : { environment_id: made.id }],
        ...kind.looks.beforeArchive,
        ["POST", `${path}/archive`],
      ]);
      expect([isLive(world, row, id), isLive(world, row, made.id)]).toEqual([false, true]);
      expect(world.output).toEqual([]);
    });

    test(`is not archived if the service refuses the new ${noun}`, async () => {
      const { id, replacement } = await replaced();
      const before = live();
      world.api.fault({ kind: "status", status: 403, method: "POST", path: `/${collection}` });
      await expect(replacement.create()).rejects.toThrow(`${kind.label} "daily": create failed: POST /${collection}`);
      expect(world.sent()).toEqual([create]);
      expect(live()).toEqual(before);
      expect(before).toContain(id);
    });

    test(`is not archived if its name prevents the new ${noun}, and the error advises deleteBeforeReplace`, async () => {
      world.api.switches.duplicateNamesElsewhere = "conflict";
      const { id, replacement } = await replaced();
      await expect(replacement.create()).rejects.toThrow(
        /^.*The name is taken by \S+, created \d+ \w+ ago, which this one replaces\.\nSet the resource option deleteBeforeReplace: true/s,
      );
      expect(world.sent()).toEqual([create, ["GET", `/${collection}`]]);
      expect(isLive(world, row, id)).toBe(true);
    });

    test("is not named by the error if another object has the name", async () => {
      const { id, replacement } = await replaced();
      const other = elsewhere();
      world.api.switches.duplicateNamesElsewhere = "conflict";
      const failed = await replacement.create().catch(String);
      expect(failed).toContain(`The name is taken by ${other}`);
      expect(failed).not.toContain("deleteBeforeReplace");
      expect(isLive(world, row, id)).toBe(true);
    });

    test("is archived first, so that its name is free, if the program sets deleteBeforeReplace", async () => {
      world.api.switches.duplicateNamesElsewhere = "conflict";
      const { id, path, replacement } = await replaced();
      await replacement.removeOld();
      const made = await replacement.create();
      expect(world.sent()).toEqual([...kind.looks.beforeArchive, ["POST", `${path}/archive`], create]);
      expect([isLive(world, row, id), isLive(world, row, made.id)]).toEqual([false, true]);
    });

    test("is not adopted again by this replacement or the next one", async () => {
      const adopt = { ...kind.least, adopt: elsewhere() };
      const { stack, id } = await world.existing(kind, adopt);
      const first = await Replacement.plan(new SharedCommand(world), kind, stack, { ...adopt, ...changed });
      stack.state = await first.create();
      await first.removeOld();
      expect(world.sent()).toEqual([create, ...kind.looks.beforeArchive, ["POST", `/${collection}/${id}/archive`]]);
      const { id: second } = stack.state;
      const next = await Replacement.plan(new SharedCommand(world), kind, stack, adopt);
      const { id: third } = await next.create();
      await next.removeOld();
      expect(world.sent()).toEqual([
        ["GET", `/${collection}/${id}`],
        create,
        ...kind.looks.beforeArchive,
        ["POST", `/${collection}/${second}/archive`],
      ]);
      expect(isLive(world, row, third)).toBe(true);
      expect(new Set([id, second, third]).size).toBe(3);
    });

    test("is not taken again when the program changes back, even if the service remembers its key: a third object is created", async () => {
      world.api.switches.idempotencyKeysElsewhere = "honour";
      const { id, stack, replacement } = await replaced();
      stack.state = await replacement.create();
      await replacement.removeOld();
      const { id: second } = stack.state;
      world.sent();
      const back = await Replacement.plan(new SharedCommand(world), kind, stack, kind.least);
      const { id: third } = await back.create();
      expect(new Set(keys()).size).toBe(2);
      expect(world.sent()).toEqual([create, ["GET", `/${collection}/${id}`], create]);
      await back.removeOld();
      expect([id, second, third].map((one) => isLive(world, row, one))).toEqual([false, false, true]);
    });

    describe("by `pulumi up --replace`", () => {
      beforeEach(() => {
        world.api.switches.idempotencyKeysElsewhere = "honour";
      });

      test.each([
        ["creates it", false],
        ["adopts another one", true],
      ])(
        "is replaced, with deleteBeforeReplace, by a new object with the same body and another key, if the program %s",
        async (_, isAdopted) => {
          const adopt = isAdopted ? { adopt: elsewhere() } : {};
          const { id, path, replacement } = await replaced({ isByHand: true, adopt });
          await replacement.removeOld();
          const made = await replacement.create();
          const creates = isAdopted ? [create] : [create, create];
          expect(new Set(keys()).size).toBe(creates.length);
          expect(world.sent()).toEqual([...kind.looks.beforeArchive, ["POST", `${path}/archive`], ...creates]);
          expect([isLive(world, row, id), isLive(world, row, made.id)]).toEqual([false, true]);
        },
      );

      const notReplaced = (id: string) =>
        `warning: ${kind.label} "daily" (${id}): left as it is: the resource "daily" manages it now. If you asked for a replacement, the service returned the old object: repeat the command with the resource option deleteBeforeReplace: true`;

      test("is not archived if it is two hours old and the service remembers its key: the create fails", async () => {
        const { id, path, replacement } = await replaced({ isByHand: true, afterMs: 2 * hourMs });
        await expect(replacement.create()).rejects.toThrow(
          `the service answered with ${id}, created 2 hours ago from the same arguments`,
        );
        expect(world.sent()).toEqual([create, ["GET", path]]);
        expect(isLive(world, row, id)).toBe(true);
      });

      test.each([
        ["it is a minute old and the service remembers its key", 60_000],
        ["the program still adopts it", 0],
      ])("is not archived if %s: the provider warns", async (_, afterMs) => {
        const adopt = afterMs === 0 ? { adopt: elsewhere() } : {};
        const { id, path, replacement } = await replaced({ isByHand: true, adopt, afterMs });
        const { id: same } = await replacement.create();
        await replacement.removeOld();
        expect(same).toBe(id);
        expect(world.sent()).toEqual([...(afterMs === 0 ? [] : [create]), ["GET", path]]);
        expect(world.output).toContain(notReplaced(id));
        expect(isLive(world, row, id)).toBe(true);
      });
    });
  },
);

test.each(doors)(
  "door %s: `pulumi up --replace` creates a new deployment even if the program still adopts the old one",
  async (door) => {
    useDoor(door);
    const { id } = (await world.existing(deployment, world.args())).stack.state ?? { id: "" };
    const stack = world.stackOf(deployment);
    const args = world.args({ adopt: id });
    await stack.up(args);
    world.sent();
    await new SharedCommand(world).resource(deployment, stack).replace(args);
    expect(world.sent()).toEqual([
      ["POST", `/deployments/${id}/archive`],
      ["POST", "/deployments", expect.anything()],
    ]);
    expect(world.live.id).not.toBe(id);
  },
);
