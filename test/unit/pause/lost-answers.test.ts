import { holdsAfterUp } from "../../../provider/deployment/holds";
import type { Fault } from "../../qoder-api";
import { holdsKey, secondToken, usePauseWorld } from "./pause-world";

const world = usePauseWorld();
const always = { times: Number.POSITIVE_INFINITY };

test.each<[string, Omit<Fault, "method" | "path">, string]>([
  ["was refused", { kind: "status", status: 503, body: "busy" }, "active"],
  ["was done without an answer", { kind: "reset-after" }, "paused"],
  ["was done, and nobody can read that", { kind: "replace-body", body: {} }, "paused"],
])("if a pause %s, its hold stays only where the deployment may be paused", async (_, fault, status) => {
  const id = world.create("daily");
  world.api.fault({ ...fault, method: "POST", path: `/deployments/${id}/pause`, ...always });
  // The command cannot see at once whether its request was done.
  world.api.fault({ kind: "status", status: 403, method: "GET", path: `/deployments/${id}`, skip: 1, times: 1 });
  expect((await world.pause([id, "--yes"])).status).toBe(1);
  expect([world.status(id), world.holds(id).length]).toEqual([status, status === "paused" ? 1 : 0]);
  world.api.clearFaults();
  expect(await world.resume(["--all", "--yes"])).toMatchObject({ status: 0, stderr: "" });
  expect([world.status(id), world.holds(id)]).toEqual(["active", []]);
});

test.each<[string, Omit<Fault, "method" | "path">]>([
  ["got no answer and was not done", { kind: "reset-before" }],
  ["got no answer and was done", { kind: "reset-after" }],
  ["was answered with 503", { kind: "status", status: 503, body: "busy" }],
])("if the hold %s, the deployment is paused, and held after it", async (_, fault) => {
  const id = world.create("daily");
  world.api.fault({ ...fault, method: "POST", path: `/deployments/${id}`, times: 3 });
  expect(await world.pause([id, "--yes"])).toMatchObject({ status: 0, stdout: expect.not.stringContaining("without") });
  expect(world.status(id)).toBe("paused");
  expect(await world.resume(["--all", "--yes"])).toMatchObject({ status: 0, stderr: "" });
  expect(world.status(id)).toBe("active");
});

const labels = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`label-${index}`, "x"]));

test.each<[string, number, Omit<Fault, "method" | "path"> | undefined, RegExp]>([
  ["the labels leave no room", 16, undefined, /its labels leave no room for a hold/],
  ["the service refuses the hold", 0, { kind: "status", status: 403, ...always }, /403/],
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
      expect.stringMatching(new RegExp(`^Paused without a hold: ${full} "full": .*${reason.source}.*\n$`)),
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

test("a deployment with 15 labels has room for its holds", async () => {
  const id = world.create("daily", { metadata: labels(15) });
  expect(await world.pause([id, "--yes"])).toMatchObject({ status: 0, stderr: "" });
  expect(await world.resume(["--all", "--yes"])).toMatchObject({ stdout: expect.stringContaining("1 started") });
});

test("resume finds the holds if the list of deployments does not show the metadata", async () => {
  const id = world.create("daily");
  world.api.switches.listEntries = "without-metadata";
  await world.pause(["--all", "--yes"]);
  expect(await world.resume(["--all", "--yes"])).toMatchObject({ stdout: expect.stringContaining("1 started") });
  expect([world.status(id), world.holds(id)]).toEqual(["active", []]);
});

test("the token of another account starts nothing of the first one", async () => {
  const id = world.create("daily");
  await world.pause([id, "--yes"]);
  const second = { ...world.environment, QODER_PAT: secondToken };
  expect(await world.resume([id, "--yes"], {}, second)).toMatchObject({ status: 1 });
  expect(world.status(id)).toBe("paused");
});

test("nine holds fit without their reasons and beside that of an `up`, the oldest reasons go first, and the next pause says that no further hold fits", async () => {
  const id = world.create("daily");
  const pause = () => world.pause([id, "--yes", "--reason", "x".repeat(100)]);
  const reasons: number[] = [];
  for (let count = 1; count <= 9; count += 1) {
    expect(await pause()).toMatchObject({ status: 0, stderr: "" });
    reasons.push(world.holds(id).filter(({ reason }) => reason !== undefined).length);
  }
  expect(reasons).toEqual([1, 2, 2, 2, 1, 1, 1, 0, 0]);
  expect(await pause()).toMatchObject({
    status: 1,
    stdout: expect.stringMatching(/\n0 deployments paused\.\n$/),
    stderr: `Not held: ${id} "daily": no further hold fits beside its 9 holds\n`,
  });
  expect(world.holds(id)).toHaveLength(9);
  const patch = holdsAfterUp("pause", world.api.deployments.get(id), false, world.clock.now());
  expect(JSON.parse(patch?.[holdsKey] ?? "")).toEqual([...world.holds(id), expect.objectContaining({ id: "up" })]);
});
