import type { Fault } from "../../qoder-api";
import { ShiftedClock } from "../../support/skipping-clock";
import { secondToken, usePauseWorld } from "./pause-world";

const world = usePauseWorld();
const always = { times: Number.POSITIVE_INFINITY };
const hour = 60 * 60_000;

const byHandLater = (id: string) => {
  world.clock.pass(hour);
  world.api.deployments.pause(id);
};

test.each<[string, Omit<Fault, "method" | "path">, (id: string) => void, "paused" | "active"]>([
  ["503, and a person paused it an hour later", { kind: "status", status: 503, body: "busy" }, byHandLater, "paused"],
  ["no answer, and a person paused it an hour later", { kind: "reset-before" }, byHandLater, "paused"],
  // The announced pause proves nothing.
  ["503, and the service had paused it", { kind: "status-after", status: 503, body: "busy" }, () => {}, "paused"],
  ["no answer, and the service had paused it", { kind: "reset-after" }, () => {}, "paused"],
  ["a success that nobody can read", { kind: "replace-body", body: {} }, () => {}, "paused"],
])("resume starts only what pause provably stopped: its request got %s", async (_, fault, later, status) => {
  for (const between of ["nothing", "the same pause"]) {
    const id = world.create(`daily ${between}`);
    world.api.fault({ ...fault, method: "POST", path: `/deployments/${id}/pause`, ...always });
    // The command cannot see at once whether its request was done.
    world.api.fault({ kind: "status", status: 403, method: "GET", path: `/deployments/${id}`, skip: 2, times: 2 });
    expect(await world.pause([id, "--yes"])).toMatchObject({ status: 1 });
    world.api.clearFaults();
    later(id);
    if (between !== "nothing") {
      expect(await world.pause([id, "--yes"])).toMatchObject({ status: 0 });
    }
    expect(await world.resume(["--all", "--yes"])).toMatchObject({ status: 0, stderr: "" });
    expect([between, world.status(id)]).toEqual([between, status]);
  }
});

test("a clock of this machine that is an hour behind does not make the pause of a person ours, or ours a person's", async () => {
  const [ours, theirs] = [world.create("ours"), world.create("theirs")];
  const clock = new ShiftedClock(world.clock, -hour);
  world.api.fault({ kind: "reset-after", method: "POST", path: `/deployments/${ours}/pause`, ...always });
  world.api.fault({ kind: "reset-before", method: "POST", path: `/deployments/${theirs}/pause`, ...always });
  await world.pause(["--all", "--yes"], { clock });
  world.clock.pass(hour);
  world.api.deployments.pause(theirs);
  expect(await world.resume(["--all", "--yes"], { clock })).toMatchObject({ status: 0 });
  expect(world.statuses(ours, theirs)).toEqual(["active", "paused"]);
});

test.each<[string, Omit<Fault, "method" | "path">]>([
  ["got no answer and was not done", { kind: "reset-before" }],
  ["got no answer and was done", { kind: "reset-after" }],
  ["was answered with 503", { kind: "status", status: 503, body: "busy" }],
])("if the mark %s, the deployment is paused, and marked after it", async (_, fault) => {
  const id = world.create("daily");
  world.api.fault({ ...fault, method: "POST", path: `/deployments/${id}`, times: 3 });
  expect(await world.pause([id, "--yes"])).toMatchObject({ status: 0, stdout: expect.not.stringContaining("without") });
  expect(world.status(id)).toBe("paused");
  expect(await world.resume(["--all", "--yes"])).toMatchObject({ status: 0, stderr: "" });
  expect(world.status(id)).toBe("active");
});

test.each([
  [45_000, 4],
  [1_000, 3],
])(
  "a mark that the service writes %i ms after the pause is written until it proves the pause",
  async (lateMs, updates) => {
    const id = world.create("daily");
    const transform = (reply: object) => {
      world.clock.pass(lateMs);
      return reply;
    };
    // A slow service: each answer to an update and to the pause is late.
    const path = /^\/deployments\/\w+(\/pause)?$/;
    world.api.fault({ kind: "replace-body", method: "POST", path, transform, ...always });
    expect(await world.pause([id, "--yes"])).toMatchObject({ status: 0, stderr: "" });
    expect(world.writes.filter((write) => write === `POST /deployments/${id}`)).toHaveLength(updates);
    world.api.clearFaults();
    expect(await world.resume(["--all", "--yes"])).toMatchObject({ stdout: expect.stringContaining("1 started") });
    expect(world.status(id)).toBe("active");
  },
);

const labels = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`label-${index}`, "x"]));

test.each<[string, number, Omit<Fault, "method" | "path"> | undefined, RegExp]>([
  [
    "the labels leave no room beside the mark of an `up`",
    15,
    undefined,
    /its labels leave no room for the mark of a pause/,
  ],
  ["the service refuses the mark", 0, { kind: "status", status: 403, ...always }, /403/],
  ["the service refuses the proof", 0, { kind: "status", status: 403, skip: 1, ...always }, /403/],
])(
  "if %s, the deployment is paused, the command fails, and its last line starts all",
  async (_, count, fault, reason) => {
    const [full, other] = [world.create("full", { metadata: labels(count) }), world.create("other")];
    if (fault !== undefined) {
      world.api.fault({ ...fault, method: "POST", path: `/deployments/${full}` });
    }
    const { status, stdout, stderr } = await world.pause(["--all", "--yes"]);
    expect([status, stderr]).toEqual([
      1,
      expect.stringMatching(new RegExp(`^Paused without a mark: ${full} "full": .*${reason.source}.*\n$`)),
    ]);
    expect(stdout).toMatch(
      new RegExp(`\n2 deployments paused. To start these again: npx pulumi-qoder resume p-[0-9a-f]{4} ${full}\n$`),
    );
    expect((await world.resume(["--all", "--dry-run"])).stdout).toMatch(
      new RegExp(`^To start: 1 deployment:\n {2}${other} [^]*Left alone: 1 deployment`),
    );
    world.api.clearFaults();
    expect(await world.advised(stdout)).toMatchObject({ status: 0, stderr: "" });
    expect(world.statuses(full, other)).toEqual(["active", "active"]);
  },
);

test("a deployment with 14 labels has room for the mark", async () => {
  const id = world.create("daily", { metadata: labels(14) });
  expect(await world.pause([id, "--yes"])).toMatchObject({ status: 0, stderr: "" });
  expect(await world.resume(["--all", "--yes"])).toMatchObject({ stdout: expect.stringContaining("1 started") });
});

test("resume finds the marks if the list of deployments does not show the metadata", async () => {
  const id = world.create("daily");
  world.api.switches.listEntries = "without-metadata";
  await world.pause(["--all", "--yes"]);
  expect(await world.resume(["--all", "--yes"])).toMatchObject({ stdout: expect.stringContaining("1 started") });
  expect([world.status(id), world.mark(id)]).toEqual(["active", undefined]);
});

test("the token of another account starts nothing of the first one", async () => {
  const id = world.create("daily");
  await world.pause([id, "--yes"]);
  const second = { ...world.environment, QODER_PAT: secondToken };
  expect(await world.resume([id, "--yes"], {}, second)).toMatchObject({ status: 1 });
  expect(world.status(id)).toBe("paused");
});
