import { deploymentRun } from "../../kinds/deployment-run";
import { Runs } from "../../support/runs";
import { type KindWorld, World } from "../../support/world";

let world: KindWorld;
let runs: Runs;
beforeAll(async () => {
  world = await World.start(deploymentRun);
  runs = new Runs(world);
});
afterAll(() => world.stop());
beforeEach(() => world.reset());

const outcome = { type: "user.define_outcome", description: "A review", rubric: { type: "text", content: "r" } };
const told =
  ": starts no run: an earlier run with the same triggers has ended already, and its end counts again. `pulumi up --replace` starts another run [evaluation]";

/** Ends each session, when `up` reads it, with the grading of its version. */
function judge(grades: Readonly<Record<string, string>>): { version: string } {
  const now = { version: "" };
  world.api.fault({
    kind: "replace-body",
    method: "GET",
    path: /^\/sessions\/sess_\w+$/,
    times: Number.POSITIVE_INFINITY,
    transform: (session) =>
      session["status"] === "running"
        ? world.api.sessions.end(String(session["id"]), {
            outcomes: [{ result: grades[now.version] ?? "satisfied", explanation: `about ${now.version}` }],
          })
        : session,
  });
  return now;
}

interface Step {
  readonly version: string;
  readonly starts: 0 | 1;
  readonly fails?: true;
}
const starting = (version: string): Step => ({ version, starts: 1 });
const back = (version: string): Step => ({ version, starts: 0 });
const failing = (version: string, starts: 0 | 1): Step => ({ version, starts, fails: true });

test.each<[string, unknown, readonly Step[]]>([
  ["a gate that passed", true, [starting("1"), starting("2"), back("1"), back("2"), starting("3"), back("1")]],
  ["a gate whose outcome was satisfied", { satisfied: true }, [starting("1"), starting("2"), back("1")]],
  [
    "a gate, but not one that failed",
    { satisfied: true },
    [starting("1"), failing("bad", 1), back("1"), failing("bad", 1), back("1")],
  ],
  [
    "a run of an evaluation, however it ended",
    { satisfied: true, mustPass: false },
    [starting("1"), starting("bad"), back("1"), back("bad")],
  ],
  ["no run without waitForResult", undefined, [starting("1"), starting("2"), starting("1")]],
])("going back to earlier triggers starts no run and sends no request after %s", async (_, waitForResult, steps) => {
  const now = judge({ bad: "failed" });
  const deploymentId = runs.deployment({ initial_events: [outcome] });
  const stack = world.stack();
  const ids = new Map<string, string>();
  for (const { version, starts, fails } of steps) {
    now.version = version;
    const args = world.args({ deploymentId, triggers: { version }, waitForResult });
    const before = world.api.runs.all().length;
    world.api.clearRequests();
    world.output.length = 0;
    await stack.preview({ ...args, __command: { isPreview: true } });
    expect(world.output.some((line) => line.includes(told))).toBe(starts === 0);
    const up = stack.up(args);
    await (fails === undefined ? up : expect(up).rejects.toThrow("failed for good"));
    expect(world.api.runs.all().length - before).toBe(starts);
    expect(starts === 0 ? world.api.requests : []).toEqual([]);
    const { id = "", outputs } = stack.state ?? {};
    expect(ids.get(version) === id).toBe(starts === 0);
    ids.set(version, id);
    expect(outputs?.["explanation"] ?? null).toBe(waitForResult === undefined ? null : `about ${version}`);
    if (fails === undefined) {
      expect(await stack.up(args)).toBe("same");
      expect(await stack.refresh()).toBe("same");
      expect(await stack.preview(args)).toBe("same");
    }
  }
});

test("`--replace` starts another run with the same triggers, and a state of any age keeps at most twenty ends", async () => {
  judge({});
  const deploymentId = runs.deployment({ initial_events: [outcome] });
  const stack = world.stack();
  const args = (version: number) => world.args({ deploymentId, triggers: { version }, waitForResult: true });
  await stack.up(args(0));
  await stack.replace(args(0));
  expect(world.api.runs.all()).toHaveLength(2);
  for (let version = 1; version < 25; version += 1) {
    await stack.up(args(version));
  }
  expect(JSON.parse(String(stack.state?.outputs["__ends"]))).toHaveLength(20);
  await stack.up(args(10));
  expect(world.api.runs.all()).toHaveLength(26);
  await stack.up(args(0));
  expect(world.api.runs.all()).toHaveLength(27);
});

test("the end that counts again is that of this deployment", async () => {
  judge({});
  const [one, other] = [runs.deployment({ initial_events: [outcome] }), runs.deployment({ initial_events: [outcome] })];
  const stack = world.stack();
  for (const deploymentId of [one, other, one]) {
    await stack.up(world.args({ deploymentId, triggers: ["a"], waitForResult: true }));
  }
  expect(world.api.runs.all()).toHaveLength(2);
  expect(stack.state?.outputs).toMatchObject({ deploymentId: one });
});

test("a secret among the triggers is not in the kept ends", async () => {
  judge({});
  const deploymentId = runs.deployment({ initial_events: [outcome] });
  const stack = world.stack();
  for (const secret of ["s3cret-one", "s3cret-two"]) {
    await stack.up(world.args({ deploymentId, triggers: { secret }, waitForResult: true }));
  }
  expect(String(stack.state?.outputs["__ends"])).not.toContain("s3cret");
});
