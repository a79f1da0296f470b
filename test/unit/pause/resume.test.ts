import type { Fault } from "../../qoder-api";
import { markKey, usePauseWorld } from "./pause-world";

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

/** `mark`: true if the mark stays. */
test.each<[string, Meanwhile, "active" | "paused", string | undefined, boolean]>([
  ["nothing happened", () => {}, "active", undefined, false],
  [
    "somebody changed the description",
    (id) => world.api.deployments.edit(id, { description: "another" }),
    "paused",
    "ID does not prove who paused it: it was changed since, or that command was interrupted; `npx pulumi-qoder resume ID --changed` starts it",
    true,
  ],
  ["a user started it", (id) => world.api.deployments.unpause(id), "active", "somebody has started it since", false],
  [
    "a user started it and paused it again",
    pausedAgain,
    "paused",
    "somebody has started and paused it since; `npx pulumi-qoder resume DEP` starts it",
    false,
  ],
  [
    "a user let it run once, changed it and paused it",
    (id) => {
      startedAgain(id);
      world.run(id);
      world.api.deployments.edit(id, { description: "another" });
      world.api.deployments.pause(id);
    },
    "paused",
    "somebody has started and paused it since; `npx pulumi-qoder resume DEP` starts it",
    false,
  ],
  [
    "the service paused it after an error",
    (id) => {
      world.api.deployments.unpause(id);
      world.api.deployments.pauseByError(id, "agent_archived_error");
    },
    "paused",
    "the service has paused it since (agent_archived_error); `npx pulumi-qoder resume DEP --paused-by-service` starts it",
    false,
  ],
])(
  "resume starts a deployment, or gives the reason not to and what starts it, after this event: %s",
  async (_, meanwhile, status, reason, isMarked) => {
    const id = world.create("daily");
    await world.pause([id, "--yes"]);
    const { pause } = JSON.parse(String(world.mark(id)));
    world.clock.pass(hour);
    meanwhile(id);
    const ending = await world.resume(["--all", "--yes"]);
    expect([ending.status, ending.stderr]).toEqual([0, ""]);
    expect([world.status(id), world.mark(id) !== undefined]).toEqual([status, isMarked]);
    const [, told] = /Left alone: 1 deployment:\n {2}\S+ "\S+": (.*)\n/.exec(ending.stdout) ?? [];
    expect(told?.replaceAll(pause, "ID").replaceAll(id, "DEP")).toBe(reason);
    // An `up` that changes something restores no mark, and the advised command works.
    world.api.deployments.edit(id, { description: "of an up" });
    await world.resume(["--all", "--yes"]);
    expect(world.status(id)).toBe(status);
    if (told?.includes("npx")) {
      expect(await world.advised(told)).toMatchObject({ status: 0, stderr: "" });
      expect([world.status(id), world.mark(id)]).toEqual(["active", undefined]);
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

test("a selection starts its newest pause, and lists the others with id, age, reason and the command that ends each", async () => {
  const [monday, limits, wednesday] = [world.create("monday"), world.create("other"), world.create("wednesday")];
  await world.pause([monday, "--yes", "--reason", "the model is down"]);
  world.clock.pass(47 * hour);
  await world.pause([limits, "--yes"]);
  world.clock.pass(hour);
  await world.pause([wednesday, "--yes"]);
  const { status, stdout } = await world.resume(["--all", "--yes"]);
  expect([status, stdout]).toEqual([0, expect.stringMatching(/^To start: 1 deployment:\n {2}dep_\w+ "wednesday": p-/)]);
  expect(world.statuses(monday, limits, wednesday)).toEqual(["paused", "paused", "active"]);
  expect(stdout).toMatch(
    /Other pauses, which do not end: 2 pauses:\n {2}p-\w+, 1 hour ago: 1 deployment; npx .*\n {2}(p-\w+), 2 days ago: "the model is down": 1 deployment; npx pulumi-qoder resume \1\n/,
  );
  const [, ended = ""] = /"the model is down": 1 deployment; (.*)/.exec(stdout) ?? [];
  expect((await world.advised(ended)).stdout).not.toContain("Other pauses");
  expect(world.statuses(monday, limits)).toEqual(["active", "paused"]);
  expect(await world.advised(ended)).toMatchObject({ status: 1, stderr: expect.stringContaining("it may have ended") });
});

test("the removal of a mark leaves the mark of another person's pause that came before it", async () => {
  const id = world.create("daily");
  await world.pause([id, "--yes"]);
  let theirs = "";
  const transform = (reply: object) => {
    theirs = String(world.mark(id)).replace(/p-\w+/, "p-0000");
    world.api.deployments.pause(id);
    world.api.deployments.edit(id, { metadata: { [markKey]: theirs } });
    return reply;
  };
  world.api.fault({ kind: "replace-body", method: "POST", path: `/deployments/${id}/unpause`, transform });
  await world.resume(["--all", "--yes"]);
  expect([world.status(id), world.mark(id)]).toEqual(["paused", theirs]);
});

test("a mark whose removal the service refused is taken away by the same command, run again", async () => {
  const [id, other] = [world.create("daily"), world.create("other")];
  await world.pause([id, "--yes"]);
  world.api.fault({ kind: "status", status: 403, method: "POST", path: `/deployments/${id}` });
  expect(await world.resume(["--all", "--yes"])).toMatchObject({
    status: 1,
    stdout: expect.stringMatching(/\n1 started\n$/),
    stderr: expect.stringMatching(`^The mark of ${id} "daily" stays: .*403`),
  });
  expect(await world.resume(["--all", "--yes"])).toMatchObject({ status: 0, stderr: "" });
  expect([world.status(id), world.mark(id), world.status(other)]).toEqual(["active", undefined, "active"]);
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
    "an `up` with paused: true marks it",
    (id) =>
      world.api.deployments.edit(id, { metadata: { "pulumi-qoder-paused": world.api.deployments.get(id).updated_at } }),
    "a program stops it with `paused: true`",
  ],
  ["somebody starts it", (id) => world.api.deployments.unpause(id), "somebody has started it since"],
  ["somebody starts and pauses it", pausedAgain, "somebody has started and paused it since"],
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
          new RegExp(`Left alone: \\d deployments?:\n[^]*${id} "[^"]*": ${reason}.*\n[^]*1 started\n$`),
        );
      }
      expect(world.writes.filter((write) => write.includes(`${id}/`))).toEqual([]);
      expect(world.status(other)).toBe("active");
    }
  },
);
