import type { Fault } from "../../qoder-api";
import { ShiftedClock } from "../../support/shifted-clock";
import { secondToken, usePauseWorld } from "./pause-world";

const world = usePauseWorld();
const always = { times: Number.POSITIVE_INFINITY };
const hour = 60 * 60_000;

test.each(["the same command, run again", "resume"])(
  "a deployment whose pause was answered by a success that nobody can read is started again after %s",
  async (then) => {
    const id = world.create("daily");
    world.api.fault({ kind: "replace-body", method: "POST", path: `/deployments/${id}/pause`, body: {} });
    world.api.fault({ kind: "replace-body", method: "GET", path: `/deployments/${id}`, body: {}, skip: 1 });
    expect(await world.pause(["--all", "--yes"])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining(`Not paused: ${id}`),
    });
    world.clock.pass(120_000);
    if (then !== "resume") {
      expect(await world.pause(["--all", "--yes"])).toMatchObject({
        status: 0,
        stdout: expect.stringContaining("Paused by an earlier `pulumi-qoder pause`: 1 deployment:"),
      });
    }
    expect(world.status(id)).toBe("paused");
    await world.resume(["--all", "--yes"]);
    expect(world.status(id)).toBe("active");
  },
);

const byHandLater = (id: string) => {
  world.clock.pass(hour);
  world.api.deployments.pause(id);
};

test.each<[string, Omit<Fault, "method" | "path">, (id: string) => void, "paused" | "active"]>([
  ["503, and a person paused it an hour later", { kind: "status", status: 503, body: "busy" }, byHandLater, "paused"],
  ["no answer, and a person paused it an hour later", { kind: "reset-before" }, byHandLater, "paused"],
  ["503, and the service had paused it", { kind: "status-after", status: 503, body: "busy" }, () => {}, "active"],
  ["no answer, and the service had paused it", { kind: "reset-after" }, () => {}, "active"],
])("resume starts only what pause stopped: its request got %s", async (_, fault, later, status) => {
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
    expect(await world.resume([id, "--yes"])).toMatchObject({ status: 0, stderr: "" });
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
  expect([ours, theirs].map((id) => world.status(id))).toEqual(["active", "paused"]);
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

test("a pause that the service does 45 seconds after the mark is marked once more, and resume starts the deployment", async () => {
  const id = world.create("daily");
  const transform = (reply: object) => {
    world.clock.pass(45_000);
    return reply;
  };
  world.api.fault({ kind: "replace-body", method: "POST", path: `/deployments/${id}`, transform });
  expect(await world.pause([id, "--yes"])).toMatchObject({ status: 0 });
  const update = `POST /deployments/${id}`;
  expect(world.writes).toEqual([update, `${update}/pause`, update]);
  expect(await world.resume(["--all", "--yes"])).toMatchObject({ stdout: expect.stringContaining("1 started") });
  expect(world.status(id)).toBe("active");
});

test("a deployment with 16 labels is paused and named, and resume starts it by its id alone", async () => {
  const labels = Array.from({ length: 16 }, (_, index) => [`label-${index}`, "x"]);
  const full = world.create("full", { metadata: Object.fromEntries(labels) });
  const other = world.create("other");
  const { status, stdout, stderr } = await world.pause(["--all", "--yes"]);
  expect([status, stderr]).toEqual([0, ""]);
  expect(stdout).toContain(
    `does not know them: 1 deployment:\n  ${full} "full": its labels leave no room for the mark of a pause; \`npx pulumi-qoder resume ${full}\` starts it\n`,
  );
  const all = await world.resume(["--all", "--yes"]);
  expect([all.status, all.stdout]).toEqual([0, expect.stringContaining(`${full} "full": its labels leave no room`)]);
  expect([full, other].map((id) => world.status(id))).toEqual(["paused", "active"]);
  world.api.clearRequests();
  expect(await world.resume([full, "--yes"])).toMatchObject({ status: 0, stderr: "" });
  expect([world.status(full), world.writes]).toEqual(["active", [`POST /deployments/${full}/unpause`]]);
});

test("if the service refuses the mark, the deployment is paused and named, and resume leaves it alone", async () => {
  const id = world.create("daily");
  world.api.fault({ kind: "status", status: 403, method: "POST", path: `/deployments/${id}`, ...always });
  const { stdout } = await world.pause(["--all", "--yes"]);
  expect([world.status(id), stdout]).toEqual([
    "paused",
    expect.stringMatching(`does not know them: .*\n  ${id} .*403`),
  ]);
  expect(await world.resume([id, "--yes"])).toMatchObject({ status: 0, stdout: expect.stringContaining("Left alone") });
  expect(world.status(id)).toBe("paused");
});

test("a deployment with 15 labels has room for the mark", async () => {
  const labels = Array.from({ length: 15 }, (_, index) => [`label-${index}`, "x"]);
  const id = world.create("daily", { metadata: Object.fromEntries(labels) });
  await world.pause([id, "--yes"]);
  expect(Object.keys(world.api.deployments.get(id).metadata).length).toBeGreaterThanOrEqual(16);
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
