import { usePauseWorld } from "./pause-world";

const world = usePauseWorld();
const hour = 60 * 60_000;

/** An event between the pause and the resume of a deployment. */
type Meanwhile = (id: string) => void;

test.each<[string, Meanwhile, "active" | "paused", string | undefined]>([
  ["nothing happened", () => {}, "active", undefined],
  [
    "an `up` changed the description",
    (id) => world.api.deployments.edit(id, { description: "another" }),
    "active",
    undefined,
  ],
  ["a user started it", (id) => world.api.deployments.unpause(id), "active", "somebody has started it since"],
  [
    "a user started it and paused it again",
    (id) => {
      world.api.deployments.unpause(id);
      world.clock.pass(hour);
      world.api.deployments.pause(id);
    },
    "paused",
    "somebody has started and paused it since",
  ],
  [
    "a user let it run once, changed it and paused it",
    (id) => {
      world.api.deployments.unpause(id);
      world.clock.pass(hour);
      world.run(id);
      world.api.deployments.edit(id, { description: "another" });
      world.api.deployments.pause(id);
    },
    "paused",
    "it has run since, so somebody has started and paused it",
  ],
  [
    "the service paused it after an error",
    (id) => {
      world.api.deployments.unpause(id);
      world.api.deployments.pauseByError(id, "agent_archived_error");
    },
    "paused",
    "the service has paused it since (agent_archived_error)",
  ],
  ["it was archived", (id) => world.api.deployments.archive(id), "paused", "it has been archived since"],
])(
  "resume starts a deployment, or gives the reason not to, after this event: %s",
  async (_, meanwhile, status, reason) => {
    const id = world.create("daily");
    await world.pause([id, "--yes"]);
    world.clock.pass(hour);
    meanwhile(id);
    world.api.clearRequests();
    const ending = await world.resume([id, "--yes"]);
    expect([ending.status, ending.stderr]).toEqual([0, ""]);
    expect(world.status(id)).toBe(status);
    const started = [`POST /deployments/${id}/unpause`, `POST /deployments/${id}`];
    expect([world.writes, typeof world.mark(id)]).toEqual(
      reason === undefined ? [started, "undefined"] : [[], "string"],
    );
    const [, told] = /Left alone: 1 deployment:\n {2}\S+ "\S+": (.*)\n/.exec(ending.stdout) ?? [];
    expect(told).toBe(reason);
  },
);

test("a second resume does not start a deployment that a person paused after the first", async () => {
  const id = world.create("daily");
  await world.pause([id, "--yes"]);
  await world.resume(["--all", "--yes"]);
  world.clock.pass(hour);
  world.api.deployments.edit(id, { description: "another" });
  world.api.deployments.pause(id);
  expect(await world.resume([id, "--yes"])).toMatchObject({
    status: 0,
    stdout: expect.stringContaining(`${id} "daily": \`pulumi-qoder pause\` did not pause it`),
  });
  expect(world.status(id)).toBe("paused");
});

test("resume asks a question, and the answer no changes nothing", async () => {
  const id = world.create("daily");
  await world.pause([id, "--yes"]);
  const asked: string[] = [];
  const ask = async (question: string) => asked.push(question) > 1;
  expect(await world.resume(["--all"], { ask })).toMatchObject({
    status: 1,
    stderr: "Nothing was changed.\n",
  });
  expect(await world.resume(["--all", "--dry-run"])).toMatchObject({ status: 0 });
  expect(world.status(id)).toBe("paused");
  expect(await world.resume(["--all"], { ask })).toMatchObject({ status: 0 });
  expect([world.status(id), asked]).toEqual(["active", ["Start 1 deployment again?", "Start 1 deployment again?"]]);
});

test("resume fails for a deployment that answers 404, and starts the others", async () => {
  const [kept, hidden] = [world.create("kept"), world.create("hidden")];
  await world.pause([kept, hidden, "--yes"]);
  world.api.fault({ kind: "status", method: "GET", path: `/deployments/${hidden}`, status: 404 });
  const { status, stdout, stderr } = await world.resume([kept, hidden, "--yes"]);
  expect([status, stderr]).toEqual([
    1,
    expect.stringMatching(`Not started: ${hidden}: this token sees no such deployment;`),
  ]);
  expect(stdout).toMatch(/\n1 started\n$/);
  expect([world.status(kept), world.status(hidden)]).toEqual(["active", "paused"]);
});

test.each<[string, Meanwhile, string]>([
  ["starts it", (id) => world.api.deployments.unpause(id), "somebody has started it since"],
  [
    "starts it and pauses it again",
    (id) => {
      world.api.deployments.unpause(id);
      world.clock.pass(hour);
      world.api.deployments.pause(id);
    },
    "somebody has started and paused it since",
  ],
  ["archives it", (id) => world.api.deployments.archive(id), "it has been archived since"],
])("resume reads each deployment again after its question: somebody %s meanwhile", async (_, meanwhile, reason) => {
  const [id, other] = [world.create("daily"), world.create("other")];
  await world.pause([id, other, "--yes"]);
  world.clock.pass(hour);
  world.api.clearRequests();
  const ask = async () => {
    meanwhile(id);
    return true;
  };
  expect(await world.resume(["--all"], { ask })).toMatchObject({
    status: 0,
    stderr: "",
    stdout: expect.stringMatching(`Left alone: 1 deployment:\\n {2}${id} "daily": ${reason}\\n1 started\\n$`),
  });
  expect(world.writes).toEqual([`POST /deployments/${other}/unpause`, `POST /deployments/${other}`]);
});

test.each([
  ["itself", (id: string) => `/deployments/${id}`],
  ["runs", (id: string) => `/deployments/${id}/runs`],
])("resume names a deployment whose %s it cannot read after its question, and starts the others", async (_, place) => {
  const [id, other] = [world.create("daily"), world.create("other")];
  await world.pause([id, other, "--yes"]);
  world.clock.pass(hour);
  world.api.deployments.edit(id, { description: "another" });
  const times = Number.POSITIVE_INFINITY;
  world.api.fault({ kind: "status", status: 403, method: "GET", path: place(id), skip: 1, times });
  expect(await world.resume([id, other], { ask: async () => true })).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(`^Not started: ${id} "daily": .*403.*\n$`),
  });
  expect([id, other].map((one) => world.status(one))).toEqual(["paused", "active"]);
});

test("resume leaves alone a deployment that an `up` with `paused: true` has marked since the pause", async () => {
  const id = world.create("daily");
  await world.pause(["--all", "--yes"]);
  const { updated_at: at } = world.api.deployments.get(id);
  world.api.deployments.edit(id, { metadata: { "pulumi-qoder-paused": at } });
  const left = await world.resume(["--all", "--yes"]);
  expect([left.status, world.status(id)]).toEqual([0, "paused"]);
  expect(left.stdout).toContain(`${id} "daily": a program stops it with \`paused: true\``);
});

/** A deployment in a pause of each owner, and the arguments that start it. */
const starts: readonly (readonly [string, string[], (id: string) => unknown])[] = [
  ["pause", ["--all"], (id) => world.pause([id, "--yes"])],
  ["the service", ["--all", "--paused-by-service"], (id) => world.api.deployments.pauseByError(id, "billing_error")],
];
const meanwhiles: readonly (readonly [string, Meanwhile])[] = [
  ["an `up` with paused: true marks it", (id) => programStops(id)],
  ["somebody starts it", (id) => world.api.deployments.unpause(id)],
  ["somebody starts and pauses it", (id) => pausedAgain(id)],
  ["somebody archives it", (id) => world.api.deployments.archive(id)],
];

function programStops(id: string): void {
  world.api.deployments.edit(id, { metadata: { "pulumi-qoder-paused": world.api.deployments.get(id).updated_at } });
}

function pausedAgain(id: string): void {
  world.api.deployments.unpause(id);
  world.clock.pass(hour);
  world.api.deployments.pause(id);
}

test.each(starts.flatMap(([by, args, stop]) => meanwhiles.map(([what, act]) => ({ by, args, stop, what, act }))))(
  "a deployment that $by paused does not start if $what, before the question as after it",
  async ({ args, stop, act }) => {
    for (const when of ["before", "after"] as const) {
      const id = world.create(`daily ${when}`);
      const other = world.create(`other ${when}`);
      await stop(id);
      await stop(other);
      world.clock.pass(hour);
      if (when === "before") {
        act(id);
      }
      const ask = async () => {
        act(id);
        return true;
      };
      world.api.clearRequests();
      await world.resume(args, when === "before" ? { ask: async () => true } : { ask });
      expect(world.writes.filter((write) => write.includes(id))).toEqual([]);
      expect(world.status(other)).toBe("active");
    }
  },
);
