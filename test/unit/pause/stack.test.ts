import {
  createInAccount,
  deployment,
  ofPlugin,
  provider,
  secret,
  secretValue,
  useToldPulumi,
} from "../stack/told-stack";
import { holdsKey, secondToken, token, usePauseWorld } from "./pause-world";

const world = usePauseWorld();
const told = useToldPulumi();

const pauseStack = (...more: string[]) => world.pause(["--stack", ...more, "--yes"], {}, told.pulumi.environment);
const resumeStack = (...more: string[]) => world.resume(["--stack", ...more, "--yes"], {}, told.pulumi.environment);

function stackOfTwo() {
  const [one, two] = [world.create("daily"), createInAccount(world.api, "second", "nightly")];
  told.pulumi.twoAccounts(world.api.url, { id: one, pat: token }, { id: two, pat: secondToken });
  return { one, two };
}

test("--stack pauses, cancels and resumes each deployment with the token of its account", async () => {
  const { one, two } = stackOfTwo();
  const beside = world.create("beside");
  const sessions = [world.run(one), world.run(two)];
  const paused = await pauseStack("--cancel");
  expect([paused.status, paused.stderr]).toEqual([0, ""]);
  expect(world.statuses(one, two, beside)).toEqual(["paused", "paused", "active"]);
  expect(sessions.map((id) => world.api.sessions.get(id).status)).toEqual(["idle", "idle"]);
  expect(paused.stdout).toMatch(
    /2 deployments paused, and 2 sessions ended\. To start these again: npx pulumi-qoder resume p-\w{4} --stack\n/,
  );
  const resumed = await world.advised(paused.stdout, told.pulumi.environment);
  expect([resumed.status, resumed.stderr]).toEqual([0, ""]);
  expect(world.statuses(one, two)).toEqual(["active", "active"]);
  const writers = world.api.requests.flatMap(({ method, path, token: by }) =>
    method === "GET" ? [] : [`${by} ${path}`],
  );
  expect(writers.filter((line) => line.includes(one)).every((line) => line.startsWith(token))).toBe(true);
  expect(writers.filter((line) => line.includes(two)).every((line) => line.startsWith(secondToken))).toBe(true);
  expect(JSON.stringify([paused, resumed])).not.toMatch(/pt-/);
});

test("resume --all starts what pause --stack has paused in the same account, and the other way round", async () => {
  const { one, two } = stackOfTwo();
  // The last line names the stack as the command did, because the short name may be that of another stack.
  expect((await pauseStack("acme/fleet/dev")).stdout).toMatch(
    / npx pulumi-qoder resume p-\w{4} --stack acme\/fleet\/dev$/m,
  );
  expect(await world.resume(["--all", "--yes"])).toMatchObject({ status: 0, stderr: "" });
  expect(world.statuses(one, two)).toEqual(["active", "paused"]);
  world.clock.pass(60_000);
  await world.pause(["--all", "--yes"]);
  await resumeStack();
  expect(world.statuses(one, two)).toEqual(["active", "active"]);
});

test("if the token of one account is refused, the commands name its deployment and act on those of the other account", async () => {
  const { one, two } = stackOfTwo();
  const refused = { id: two, pat: "pt-expired" };
  told.pulumi.twoAccounts(world.api.url, { id: one, pat: token }, refused);
  const paused = await pauseStack("--cancel");
  expect([paused.status, paused.stderr]).toEqual([
    1,
    expect.stringMatching(`Not paused: ${two}: .*401 .*QoderProvider "other"`),
  ]);
  expect(world.statuses(one, two)).toEqual(["paused", "active"]);
  told.pulumi.twoAccounts(world.api.url, { id: one, pat: token }, { id: two, pat: secondToken });
  await pauseStack();
  told.pulumi.twoAccounts(world.api.url, { id: one, pat: token }, refused);
  const resumed = await resumeStack();
  expect([resumed.status, resumed.stderr]).toEqual([1, expect.stringMatching(`Not started: ${two}: .*401`)]);
  expect(world.status(two)).toBe("paused");
});

test("if the connection of one account is lost during the pause, the other account is paused to its end", async () => {
  const { one, two } = stackOfTwo();
  const more = Array.from({ length: 60 }, (_, index) => createInAccount(world.api, "second", `job-${index}`));
  told.pulumi.export(
    provider("default"),
    provider("other", { "qoder:account": "other", "qoder:pat": secret(secondToken), "qoder:baseUrl": world.api.url }),
    deployment("daily", one),
    ...[two, ...more].map((id) => deployment(id, id, "other")),
  );
  const times = Number.POSITIVE_INFINITY;
  world.api.fault({ kind: "reset-before", method: "POST", path: `/deployments/${one}/pause`, times });
  world.api.fault({ kind: "reset-before", method: "GET", path: `/deployments/${one}`, skip: 1, times });
  const { status, stderr } = await pauseStack();
  expect([status, stderr]).toEqual([
    1,
    expect.stringMatching(`(^|\n)Not paused: ${one} "daily": GET .* got no answer`),
  ]);
  expect([two, ...more].filter((id) => world.status(id) !== "paused")).toEqual([]);
});

test("a pause of a stack without deployments fails and says so", async () => {
  told.pulumi.export(provider("default"));
  expect(await pauseStack()).toMatchObject({
    status: 1,
    stderr: "There is nothing to pause: the stack manages no deployment\n",
  });
});

const pausedInputs = [
  ["true", { inputs: { paused: true } }, (resource: object) => resource],
  ["a secret true", { inputs: { paused: secretValue(true) } }, (resource: object) => resource],
  ["true in a stack of the plugin", { inputs: { paused: true } }, ofPlugin],
] as const;

test.each(pausedInputs)(
  "resume of a stack leaves the deployment paused whose state declares paused: %s",
  async (_, inputs, of) => {
    const [culprit, other] = [world.create("culprit"), world.create("other")];
    const started = { inputs: { paused: false } };
    const state = (more: object) =>
      told.pulumi.export(
        ...[
          provider("default"),
          deployment("culprit", culprit, "default", more),
          deployment("other", other, "default", started),
        ].map(of),
      );
    told.pulumi.config({ "qoder:pat": token, "qoder:baseUrl": world.api.url });
    state({});
    await pauseStack();
    state(inputs);
    const { status, stdout } = await resumeStack();
    expect([status, stdout]).toEqual([
      0,
      expect.stringMatching(
        new RegExp(`Released, and still stopped: 1 deployment:\n {2}${culprit} "culprit": .*; a program stops it with`),
      ),
    ]);
    expect(world.statuses(culprit, other)).toEqual(["paused", "active"]);
  },
);

test.each([["--stack"], ["--stack", "--paused-by-service"]])(
  "after the question resume %j reads again what the stack declares: an `up` with paused: true may have sent nothing",
  async (...args) => {
    const [culprit, other] = [world.create("culprit"), world.create("other")];
    const state = (more: object) =>
      told.pulumi.holds(world.api.url, [deployment("culprit", culprit, "default", more), deployment("other", other)]);
    state({});
    if (args.includes("--paused-by-service")) {
      world.api.deployments.pauseByError(culprit, "billing_error");
      world.api.deployments.pauseByError(other, "billing_error");
    } else {
      await pauseStack();
    }
    const ask = async () => {
      state({ inputs: { paused: true } });
      return true;
    };
    const { status, stdout } = await world.resume(args, { ask }, told.pulumi.environment);
    expect([status, stdout]).toEqual([
      0,
      expect.stringMatching(/(Left alone|still stopped).*: 1 deployment:\n.*\n1 started\n$/),
    ]);
    expect(world.statuses(culprit, other)).toEqual(["paused", "active"]);
  },
);

/** The deployment in a stack of one, with these members of its state. */
function managed(id: string, more: object = {}): void {
  told.pulumi.holds(world.api.url, [deployment("daily", id, "default", more)]);
}

test("with --stack an id and a name count as given, in the account of the stack, and the state says what a program stops", async () => {
  const { one, two } = stackOfTwo();
  const inStack = (...args: string[]) => world.resume([...args, "--stack", "--yes"], {}, told.pulumi.environment);
  for (const [target, id] of [
    ["nightly", two],
    [two, two],
    ["daily", one],
  ] as const) {
    world.api.deployments.pause(id);
    expect(await inStack(target)).toMatchObject({ status: 0, stdout: expect.stringContaining("1 started") });
  }
  world.api.deployments.pause(one);
  managed(one, { inputs: { paused: true } });
  expect((await inStack(one)).stdout).toContain("a program stops it with `paused: true`");
  // An old hold of a program blocks nothing that the state does not stop.
  world.hold(one, { id: "up", who: "program", when: "2026-11-20T00:00:00Z" });
  managed(one, { inputs: { paused: false } });
  expect(await inStack(one)).toMatchObject({ status: 0, stdout: expect.stringContaining("1 started") });
  expect(world.api.deployments.get(one).metadata).not.toHaveProperty(holdsKey);
});

test("a pause holds once what runs although its program says `paused: true`", async () => {
  const id = world.create("daily");
  managed(id, { inputs: { paused: true } });
  expect(await pauseStack()).toMatchObject({
    status: 0,
    stderr: "",
    stdout: expect.stringContaining("1 deployment paused"),
  });
  expect([world.status(id), world.holds(id).length]).toEqual(["paused", 1]);
  expect(world.writes.filter((write) => write === `POST /deployments/${id}`)).toHaveLength(1);
});
