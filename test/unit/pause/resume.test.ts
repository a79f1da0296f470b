import type { Fault } from "../../qoder-api";
import { usePauseWorld } from "./pause-world";

const world = usePauseWorld();
const hour = 60 * 60_000;

/** An event between the pause and the resume of a deployment. */
type Meanwhile = (id: string) => void;

const startedAgain = (id: string) => {
  world.api.deployments.unpause(id);
  world.clock.pass(hour);
};
const pausedAgain = (id: string) => {
  startedAgain(id);
  world.api.deployments.pause(id);
};

const events: readonly (readonly [string, Meanwhile, "active" | "paused", string | undefined])[] = [
  ["nothing happened", () => {}, "active", undefined],
  [
    "somebody changed the description",
    (id) => world.api.deployments.edit(id, { description: "another" }),
    "active",
    "PAUSE of a person, 1 hour ago; changed since, at TIME",
  ],
  ["a user started it", (id) => world.api.deployments.unpause(id), "active", "somebody has started it since"],
  [
    "a user started it and paused it again",
    pausedAgain,
    "active",
    "PAUSE of a person, 2 hours ago; changed since, at TIME",
  ],
  [
    "the service paused it after an error",
    (id) => {
      world.api.deployments.unpause(id);
      world.api.deployments.pauseByError(id, "agent_archived_error");
    },
    "paused",
    "PAUSE of a person, 1 hour ago; changed since, at TIME; the service paused it (agent_archived_error); `npx pulumi-qoder resume DEP --paused-by-service` starts it",
  ],
  [
    "`limits` held it too",
    (id) => world.hold(id, { id: "p-0000", who: "limits" }),
    "paused",
    "PAUSE of a person, 1 hour ago; changed since, at TIME; p-0000 of `limits --pause`, 0 seconds ago holds it; `npx pulumi-qoder resume p-0000` ends that",
  ],
];
const ways = ["the pause that was printed", "all deployments", "the name of the deployment"] as const;

test.each(
  ways.flatMap((way) => [1, 2].flatMap((generation) => events.map((event) => [way, generation, ...event] as const))),
)(
  "resume of %s, in generation %i, shows who paused a deployment and what stops it, and starts it if nothing does, after this event: %s",
  async (way, generation, _, meanwhile, status, reason) => {
    world.api.switches.generation = generation === 1 ? 1 : 2;
    const id = world.create("daily");
    await world.pause([id, "--yes"]);
    const [{ id: pause } = { id: "" }] = world.holds(id);
    const target = { [ways[0]]: pause, [ways[1]]: "--all", [ways[2]]: "daily" }[way];
    world.clock.pass(hour);
    meanwhile(id);
    const { updated_at: at } = world.api.deployments.get(id);
    const ending = await world.resume([target, "--yes"]);
    expect([ending.status, ending.stderr]).toEqual([0, ""]);
    expect([world.status(id), world.holds(id).filter((one) => one.id === pause)]).toEqual([status, []]);
    const [, told] = new RegExp(`${id} "daily": (.*)\n`).exec(ending.stdout) ?? [];
    const text = told?.replaceAll(pause, "PAUSE").replaceAll(id, "DEP").replaceAll(at, "TIME");
    expect(text).toBe(reason ?? "PAUSE of a person, 1 hour ago");
    // The advised command works.
    if (told?.includes("npx")) {
      expect(await world.advised(told)).toMatchObject({ status: 0, stderr: "" });
      expect([world.status(id), world.holds(id)]).toEqual(["active", []]);
    }
  },
);

test("an id or a name starts a deployment that a person paused, and no selection does", async () => {
  const [one, two] = [world.create("one"), world.create("two")];
  await world.pause(["--all", "--yes"]);
  await world.resume(["--all", "--yes"]);
  world.clock.pass(hour);
  for (const id of [one, two]) {
    world.api.deployments.edit(id, { description: "another" });
    world.api.deployments.pause(id);
  }
  expect(await world.resume(["--all", "--yes"])).toMatchObject({
    status: 0,
    stdout: expect.stringContaining(`${one} "one": \`pulumi-qoder pause\` did not pause it; \`npx pulumi-qoder resume`),
  });
  expect(world.statuses(one, two)).toEqual(["paused", "paused"]);
  expect(await world.resume([one, "two", "--yes"])).toMatchObject({ status: 0, stderr: "" });
  expect(world.statuses(one, two)).toEqual(["active", "active"]);
});

test("a selection ends every pause by persons, and shows id, age and reason of each before it asks", async () => {
  const [monday, wednesday] = [world.create("monday"), world.create("wednesday")];
  await world.pause([monday, "--yes", "--reason", "the model is down"]);
  world.clock.pass(48 * hour);
  await world.pause(["--all", "--yes"]);
  const { status, stdout } = await world.resume(["--all", "--yes"]);
  expect([status, world.statuses(monday, wednesday)]).toEqual([0, ["active", "active"]]);
  expect(stdout).toMatch(
    /^To start: 2 deployments:\n {2}dep_\w+ "wednesday": (p-\w+) of a person, 2 seconds ago\n {2}dep_\w+ "monday": p-\w+ of a person, 2 days ago: "the model is down"; \1 of a person, 2 seconds ago\n/,
  );
});

test("a pause that has ended, and a name that nobody has, are named, and the rest is done", async () => {
  const [one, two] = [world.create("one"), world.create("two")];
  const ended = await world.pause([one, "--yes"]);
  await world.advised(ended.stdout);
  expect(await world.advised(ended.stdout)).toMatchObject({
    status: 1,
    stderr: expect.stringContaining("it may have ended"),
  });
  world.api.deployments.pause(two);
  const { status, stderr } = await world.resume(["p-0000", "two", "none", "--yes"]);
  expect([status, world.status(two)]).toEqual([1, "active"]);
  expect(stderr.match(/^Not started: (none|p-0000): no selected deployment has this/gm)).toHaveLength(2);
});

test.each([
  ["the pause that was printed", 0, "as before it", "PAUSE"],
  ["all deployments", 0, "as before it", "--all"],
  ["the name", 0, "as before it", "daily"],
  ["the pause that was printed", 0, "with the hold and still active", "PAUSE"],
  ["the pause that was printed", 9 * 60, "as before it", "PAUSE"],
  ["all deployments", 9 * 60, "with the hold and still active", "--all"],
])(
  "resume of %s right after a pause whose first hold is %i seconds old starts all of it, although the list shows a deployment %s",
  async (_, ageS, how, target) => {
    const ids = [world.create("daily"), world.create("daily")];
    const before = world.api.deployments.get(ids[0] ?? "");
    await world.pause([...ids, "--yes"]);
    world.clock.pass(ageS * 1_000);
    const { metadata } = world.api.deployments.get(ids[0] ?? "");
    const late = how === "as before it" ? before : { ...before, metadata };
    const transform = (page: object) =>
      "data" in page
        ? { ...page, data: [page.data].flat().map((one) => (Object(one).id === late.id ? late : one)) }
        : page;
    world.api.fault({ kind: "replace-body", method: "GET", path: "/deployments", transform });
    const pause = world.holds(ids[0] ?? "")[0]?.id ?? "";
    expect(await world.resume([target.replace("PAUSE", pause), "--yes"])).toMatchObject({ status: 0, stderr: "" });
    expect(ids.map((id) => [world.status(id), world.holds(id)])).toEqual([
      ["active", []],
      ["active", []],
    ]);
  },
);

test("a hold goes without that of another person that came right before it", async () => {
  const id = world.create("daily");
  await world.pause([id, "--yes"]);
  const transform = (reply: object) => {
    world.api.deployments.pause(id);
    world.hold(id, { id: "p-0000" });
    return reply;
  };
  world.api.fault({ kind: "replace-body", method: "POST", path: `/deployments/${id}/unpause`, transform });
  await world.resume(["--all", "--yes"]);
  expect([world.status(id), world.holds(id).map((hold) => hold.id)]).toEqual(["paused", ["p-0000"]]);
});

test("a deployment that somebody holds while resume starts it is paused again at once", async () => {
  const id = world.create("daily");
  await world.pause([id, "--yes"]);
  world.api.fault({
    ...{ kind: "replace-body", method: "GET", path: `/deployments/${id}`, times: 1 },
    transform: (reply) => {
      world.hold(id, { id: "p-0000" });
      return reply;
    },
  });
  const { stdout } = await world.resume(["--all", "--yes"]);
  expect(stdout).toContain("p-0000 has held it meanwhile\n0 started\n");
  expect([world.status(id), world.holds(id).map((hold) => hold.id)]).toEqual(["paused", ["p-0000"]]);
});

test("a hold whose removal the service refused is taken off by the same command, run again", async () => {
  const [id, other] = [world.create("daily"), world.create("other")];
  await world.pause([id, "--yes"]);
  world.api.fault({ kind: "status", status: 403, method: "POST", path: `/deployments/${id}` });
  expect(await world.resume(["--all", "--yes"])).toMatchObject({
    status: 1,
    stdout: expect.stringMatching(/\n1 started\n$/),
    stderr: expect.stringMatching(`^A hold at ${id} "daily" stays: .*403`),
  });
  expect(await world.resume(["--all", "--yes"])).toMatchObject({ status: 0, stderr: "" });
  expect([world.status(id), world.holds(id), world.status(other)]).toEqual(["active", [], "active"]);
});

test.each<[Omit<Fault, "path">, string]>([
  [{ kind: "status", status: 404 }, ' "hidden": this token sees no such deployment;'],
  [{ kind: "status", status: 401 }, ' "hidden": GET .* 401'],
  [{ kind: "reset-before" }, ' "hidden": GET .* got no answer'],
])("if the look at a deployment fails with %j, resume names it and starts the others", async (fault, reason) => {
  const [kept, hidden] = [world.create("kept"), world.create("hidden")];
  await world.pause([kept, hidden, "--yes"]);
  world.api.fault({ ...fault, method: "GET", path: `/deployments/${hidden}`, times: Number.POSITIVE_INFINITY });
  const { status, stdout, stderr } = await world.resume(["--all", "--yes"]);
  expect([status, stderr]).toEqual([1, expect.stringMatching(`Not started: ${hidden}${reason}`)]);
  expect(stdout).toMatch(/\n1 started\n$/);
  expect([world.status(kept), world.status(hidden)]).toEqual(["active", "paused"]);
});

/** A deployment in a pause of each owner, and the arguments that start it. */
const starts: readonly (readonly [string, string[], (...ids: string[]) => unknown])[] = [
  ["pause", ["--all"], (...ids) => world.pause([...ids, "--yes"])],
  [
    "the service",
    ["--all", "--paused-by-service"],
    (...ids) => ids.map((id) => world.api.deployments.pauseByError(id, "billing_error")),
  ],
];
/** The reason is that of a deployment that `pause` paused. */
const meanwhiles: readonly (readonly [string, Meanwhile, string])[] = [
  [
    "an `up` with paused: true holds it",
    (id) => world.hold(id, { id: "up", who: "program" }),
    "a program stops it with `paused: true`",
  ],
  ["somebody starts it", (id) => world.api.deployments.unpause(id), "somebody has started it since"],
  ["somebody archives it", (id) => world.api.deployments.archive(id), "it has been archived since"],
];

test.each(
  starts.flatMap(([by, args, stop]) =>
    meanwhiles.map(([what, act, reason]) => ({ by, args, stop, what, act, reason })),
  ),
)(
  "a deployment that $by paused does not start if $what, before the question as after it",
  async ({ by, args, stop, act, reason }) => {
    for (const when of ["before", "after"] as const) {
      const id = world.create(`daily ${when}`);
      const other = world.create(`other ${when}`);
      await stop(id, other);
      world.clock.pass(hour);
      if (when === "before") {
        act(id);
      }
      const ask = async () => {
        act(id);
        return true;
      };
      world.api.clearRequests();
      const { stdout } = await world.resume(args, when === "before" ? { ask: async () => true } : { ask });
      if (by === "pause" && when === "after") {
        expect(stdout).toMatch(
          new RegExp(
            `(Left alone|still stopped): \\d deployments?:\n[^]*${id} "[^"]*": .*${reason}.*\n[^]*1 started\n$`,
          ),
        );
      }
      expect(world.writes.filter((write) => write.includes(`${id}/`))).toEqual([]);
      expect(world.status(other)).toBe("active");
    }
  },
);
