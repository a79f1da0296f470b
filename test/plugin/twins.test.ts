import { createdKinds } from "../kinds";
import { environment } from "../kinds/environment";
import type { Shown } from "../kinds/kind-row";
import { skill, skillOf } from "../kinds/skill";
import { doors } from "../support/door";
import type { Properties } from "../support/provider";
import { SharedCommand } from "../support/shared-command";
import { ShiftedClock } from "../support/shifted-clock";
import { skillMd } from "../support/skill-folder";
import { World } from "../support/world";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(() => world.stop());
beforeEach(() => world.reset());

const { least } = environment;
const config = { type: "cloud", networking: { type: "unrestricted" } };
const list = ["GET", "/environments"];
const create = ["POST", "/environments", { name: "daily", config }];

const twinOf = (id: string, age: string) =>
  `warning: QoderEnvironment "daily": ${id} has the same name and content, was created ${age} ago, and no resource of this stack is known to manage it. If another stack or person manages it, ignore this. Otherwise a \`pulumi up\` whose answer was lost may have made it: archive the one that is not needed. To keep ${id}, set adopt: "${id}" and run \`pulumi up --replace\` with the URN of this resource: that takes it over and archives the one that this \`pulumi up\` creates`;

const live = () => world.api.environments.live().map(({ id }) => id);

/** An `up` with an empty state. */
async function up(args: Properties = least) {
  const stack = world.stackOf(environment);
  await stack.up(args);
  return stack;
}

test("the first create of a command reads the environments of the last hour, and the next create does not", async () => {
  const command = new SharedCommand(world);
  for (const name of ["daily", "weekly"]) {
    await command.resource(environment, world.stackOf(environment)).up({ ...least, name });
  }
  const [first] = world.api.requests;
  expect(first?.query).toEqual({ limit: "100", "created_at[gte]": expect.any(String) });
  const since = Date.parse(first?.query["created_at[gte]"] ?? "");
  expect((first?.at.getTime() ?? 0) - since).toBeGreaterThanOrEqual(hourMs);
  expect((first?.at.getTime() ?? 0) - since).toBeLessThan(hourMs + minuteMs);
  expect(world.sent()).toEqual([list, create, ["POST", "/environments", { name: "weekly", config }]]);
  expect(world.output).toEqual([]);
});

test("a create warns of an environment with the same name and content, and succeeds", async () => {
  const { id } = world.api.environments.create({ name: "daily", config });
  world.passTime(5 * minuteMs);
  const stack = await up();
  expect(world.sent()).toEqual([list, create]);
  expect(world.output).toEqual([twinOf(id, "5 minutes")]);
  expect(live()).toEqual(expect.arrayContaining([id, stack.state?.id]));
});

test("a create on a machine whose clock is an hour ahead reads the list for the last hour of the service's clock, too", async () => {
  const { id } = world.api.environments.create({ name: "daily", config });
  world.passTime(5 * minuteMs);
  const clock = new ShiftedClock(world.clock, hourMs);
  await world.stackOf(environment, world.command({ kind: environment, clock })).up(least);
  expect(world.sent().slice(0, 3)).toEqual([list, list, create]);
  expect(world.output).toEqual([twinOf(id, "5 minutes")]);
});

test("if the service ignores keys, a create warns of the environment of an `up` whose answer was lost", async () => {
  world.api.switches.idempotencyKeysElsewhere = "ignore";
  const { id } = (await up()).state ?? { id: "" };
  world.sent();
  world.passTime(5 * minuteMs);
  await up();
  expect(world.sent()).toEqual([list, create]);
  expect(world.output).toEqual([twinOf(id, "5 minutes")]);
});

test("a create prints one warning for each environment with the same name and content", async () => {
  const made = [0, 1].map(() => world.api.environments.create({ name: "daily", config }).id);
  world.passTime(5 * minuteMs);
  await up();
  expect([...world.output].sort()).toEqual(made.map((id) => twinOf(id, "5 minutes")).sort());
});

test("a create warns of an environment in which the service filled in defaults", async () => {
  world.api.switches.networking = "materialise";
  const { id } = world.api.environments.create({ name: "daily", config });
  world.passTime(minuteMs);
  await up();
  expect(world.output).toEqual([twinOf(id, "1 minute")]);
});

describe("a create does not warn of an environment", () => {
  const other = (more: object) => () => world.api.environments.create({ name: "daily", config, ...more });
  test.each<[string, () => void]>([
    ["with another name", other({ name: "weekly" })],
    ["with another configuration", other({ config: { type: "cloud", networking: { type: "limited" } } })],
    ["with another description", other({ description: "of another" })],
    [
      "that is archived",
      () => {
        world.api.environments.archive(world.api.environments.create({ name: "daily", config }).id);
      },
    ],
    [
      "that is older than an hour",
      () => {
        world.api.environments.create({ name: "daily", config });
        world.passTime(hourMs + minuteMs);
      },
    ],
  ])("%s", async (_, prepare) => {
    prepare();
    await up();
    expect(world.sent()).toEqual([list, create]);
    expect(world.output).toEqual([]);
  });

  test("that an earlier resource of the command created", async () => {
    const command = new SharedCommand(world);
    const [one, other] = [0, 1].map(() => command.resource(environment, world.stackOf(environment)));
    await one?.up(least);
    await other?.up(least);
    expect(world.sent()).toEqual([list, create, create]);
    expect(world.output.filter((text) => text.includes("lost"))).toEqual([]);
  });

  test("that another resource of the command manages", async () => {
    const before = await world.existing(environment, least);
    const command = new SharedCommand(world);
    await command.resource(environment, before.stack).up(least);
    await command.resource(environment, world.stackOf(environment)).up(least);
    expect(world.sent()).toEqual([list, create]);
    expect(world.output.filter((text) => text.includes("lost"))).toEqual([]);
  });

  test.each(["archived", "older than an hour"])("that is %s, even if the service lists it", async (how) => {
    const { id } = world.api.environments.create({ name: "daily", config });
    if (how === "archived") {
      world.api.environments.archive(id);
    } else {
      world.passTime(hourMs + minuteMs);
    }
    const data = [world.api.environments.get(id)];
    const transform = (page: object) => ({ ...page, data });
    world.api.fault({ kind: "replace-body", method: "GET", path: "/environments", transform });
    await up();
    expect(world.sent()).toEqual([list, create]);
    expect(world.output).toEqual([]);
  });
});

test.each<[string, Readonly<Record<string, string>>, number]>([
  ["the same files", {}, 1],
  ["a further file", { "more.md": "more" }, 0],
  ["other words in a file", { "SKILL.md": skillMd("daily", "Other") }, 0],
  ["a file less", { "notes.md": "" }, 0],
])("a create of a skill beside one of its name with %s warns only if it has the same files", async (_, more, count) => {
  const all = await World.start(skill);
  const files = { "SKILL.md": skillMd("daily"), "notes.md": "notes" };
  const theirs = Object.fromEntries(Object.entries({ ...files, ...more }).filter(([, text]) => text !== ""));
  await all.existing(skill, skillOf(theirs));
  all.passTime(5 * minuteMs);
  all.output.length = 0;
  await all.stackOf(skill).up(skillOf(files));
  expect(all.output.filter((line) => line.includes("has the same name and content"))).toHaveLength(count);
  await all.stop();
});

test("an adoption does not read the list of environments", async () => {
  const { id } = world.api.environments.create({ name: "daily", config });
  await up({ ...least, adopt: id });
  expect(world.sent()).toEqual([["GET", `/environments/${id}`]]);
});

test.each([403, 503])("a list that is answered with %s is a warning, and the create succeeds", async (status) => {
  const times = Number.POSITIVE_INFINITY;
  world.api.fault({ kind: "status", status, method: "GET", path: "/environments", times });
  const stack = await up();
  const sent = world.sent();
  expect(sent.at(-1)).toEqual(create);
  expect(new Set(sent.slice(0, -1).map(String))).toEqual(new Set([String(list)]));
  expect(world.output).toEqual([
    expect.stringMatching(
      new RegExp(
        `^warning: QoderEnvironment "daily": whether a lost answer has left another object like this one is unknown: GET /environments .*${status}`,
      ),
    ),
  ]);
  expect(live()).toContain(stack.state?.id);
});

test("a list that no create of the command can read is one warning, and none if the service refuses the creates", async () => {
  const times = Number.POSITIVE_INFINITY;
  const upOf = async (provider: ReturnType<typeof world.command>) => {
    for (const name of ["one", "two", "three"]) {
      await world
        .stackOf(environment, provider)
        .up({ ...least, name })
        .catch(() => undefined);
    }
    return world.output.filter((line) => line.includes("whether a lost answer"));
  };
  world.api.fault({ kind: "status", status: 403, method: "GET", path: "/environments", times });
  expect(await upOf(world.command({ kind: environment }))).toHaveLength(1);
  const others = ["env_a", "env_b"];
  expect(live()).toHaveLength(3 + others.length);
  world.reset();
  expect(await upOf(world.command({ kind: environment, config: { "qoder:pat": "pt-lost" } }))).toEqual([]);
  expect(live()).toEqual(others);
});

/** The kinds for whose creates no page of the API documents an idempotency key. */
const withoutKeys = ["QoderEnvironment", "QoderSkill", "QoderFile", "QoderVault", "QoderVaultCredential"];

test.each(
  createdKinds.map((kind) => ({ label: kind.label, kind, has: withoutKeys.includes(kind.label) ? "no" : "a" })),
)(
  "the create of a $label, which has $has key that leads to an object whose answer was lost, reads a list only without one",
  async ({ kind, has }) => {
    const all: World<Shown> = await World.start(kind);
    try {
      await all.stackOf(kind).up(all.args());
      expect(all.sent().map((request) => [request].flat()[0])).toEqual(has === "no" ? ["GET", "POST"] : ["POST"]);
      expect(all.output).toEqual([]);
    } finally {
      await all.stop();
    }
  },
);

test.each(
  createdKinds
    .filter(({ kind }) => kind.hasNoKeys === true)
    .flatMap((kind) => doors.map((door) => ({ label: kind.label, door, kind }))),
)(
  "whoever follows the warning about a $label through the door $door keeps the older object, and the newer one ends",
  async ({ door, kind }) => {
    const all: World<Shown> = await World.start(kind, door);
    try {
      Object.assign(all.api.switches, { duplicateCredentials: "allow" });
      const older = await all.existing(kind, all.args());
      all.passTime(5 * minuteMs);
      const { stack } = await all.existing(kind, all.args());
      const { id: newer } = stack.state ?? {};
      const again = all.stackOf(kind);
      await again.up(all.args());
      expect(all.output.join("\n")).toContain(
        `To keep ${older.id}, set adopt: "${older.id}" and run \`pulumi up --replace\``,
      );
      await again.replace(all.args({ adopt: older.id }));
      expect(again.state?.id).toBe(older.id);
      expect(all.console.live().map(({ id }) => id)).toHaveLength(2);
      expect(newer).toBeDefined();
      expect(await again.preview(all.args({ adopt: older.id }))).toBe("same");
    } finally {
      await all.stop();
    }
  },
);
