import {
  createInAccount,
  deployment,
  ofPlugin,
  provider,
  secret,
  secretValue,
  useToldPulumi,
} from "../stack/told-stack";
import { secondToken, token, usePauseWorld } from "./pause-world";

const world = usePauseWorld();
const told = useToldPulumi();

function stackOfTwo() {
  const [one, two] = [world.create("daily"), createInAccount(world.api, "second", "nightly")];
  told.pulumi.twoAccounts(world.api.url, { id: one, pat: token }, { id: two, pat: secondToken });
  return { one, two };
}

test("--stack pauses, cancels and resumes each deployment with the token of its account", async () => {
  const { one, two } = stackOfTwo();
  const beside = world.create("beside");
  const sessions = [world.run(one), world.run(two)];
  const paused = await world.pause(["--stack", "--cancel", "--yes"], {}, told.pulumi.environment);
  expect([paused.status, paused.stderr]).toEqual([0, expect.stringMatching(/^The receipt is .*\n$/)]);
  expect([one, two, beside].map((id) => world.status(id))).toEqual(["paused", "paused", "active"]);
  expect(sessions.map((id) => world.api.sessions.get(id).status)).toEqual(["idle", "idle"]);
  expect(world.receipt).toMatchObject({ stack: "dev", finishedAt: expect.any(String) });
  const resumed = await world.resume([world.receiptFile, "--yes"], {}, told.pulumi.environment);
  expect([resumed.status, resumed.stderr]).toEqual([0, ""]);
  expect([one, two].map((id) => world.status(id))).toEqual(["active", "active"]);
  const writers = world.api.requests.flatMap(({ method, path, token: by }) =>
    method === "GET" ? [] : [`${by} ${path}`],
  );
  expect(writers.filter((line) => line.includes(one)).every((line) => line.startsWith(token))).toBe(true);
  expect(writers.filter((line) => line.includes(two)).every((line) => line.startsWith(secondToken))).toBe(true);
  expect(JSON.stringify([paused, resumed, world.receiptText])).not.toMatch(/pt-/);
});

test("resume names a deployment that the stack no longer manages, and does not start it", async () => {
  const { one, two } = stackOfTwo();
  await world.pause(["--stack", "--yes"], {}, told.pulumi.environment);
  told.pulumi.export(provider("default"), deployment("daily", one));
  const { status, stderr } = await world.resume([world.receiptFile, "--yes"], {}, told.pulumi.environment);
  expect([status, stderr]).toEqual([
    1,
    expect.stringContaining(`Not started: ${two} "nightly": the stack does not manage it any more`),
  ]);
  expect([one, two].map((id) => world.status(id))).toEqual(["active", "paused"]);
});

test("resume names the stack to pulumi as pause did, because the short name may be that of another stack", async () => {
  stackOfTwo();
  await world.pause(["--stack", "acme/fleet/dev", "--yes"], {}, told.pulumi.environment);
  await world.resume([world.receiptFile, "--yes"], {}, told.pulumi.environment);
  const names = told.pulumi.asked().flatMap((args) => args.filter((arg) => arg.startsWith("--stack")));
  expect(new Set(names)).toEqual(new Set(["--stack=acme/fleet/dev"]));
});

test("if the token of one account is refused, pause names its deployment and pauses those of the other account", async () => {
  const { one, two } = stackOfTwo();
  told.pulumi.twoAccounts(world.api.url, { id: one, pat: token }, { id: two, pat: "pt-expired" });
  const { status, stderr } = await world.pause(["--stack", "--cancel", "--yes"], {}, told.pulumi.environment);
  expect([status, stderr]).toEqual([1, expect.stringMatching(`Not paused: ${two}: .*401 .*QoderProvider "other"`)]);
  expect([one, two].map((id) => world.status(id))).toEqual(["paused", "active"]);
});

test("if the token of one account is refused, resume names its deployment and starts those of the other account", async () => {
  const { one, two } = stackOfTwo();
  await world.pause(["--stack", "--yes"], {}, told.pulumi.environment);
  told.pulumi.twoAccounts(world.api.url, { id: one, pat: token }, { id: two, pat: "pt-expired" });
  const { status, stderr } = await world.resume([world.receiptFile, "--yes"], {}, told.pulumi.environment);
  expect([status, stderr]).toEqual([1, expect.stringMatching(`Not started: ${two} "nightly": .*401`)]);
  expect([one, two].map((id) => world.status(id))).toEqual(["active", "paused"]);
});

test("if the connection of one account is lost during the pause, the other account is paused to its end", async () => {
  const { one, two } = stackOfTwo();
  const more = Array.from({ length: 140 }, (_, index) => createInAccount(world.api, "second", `job-${index}`));
  told.pulumi.export(
    provider("default"),
    provider("other", { "qoder:account": "other", "qoder:pat": secret(secondToken), "qoder:baseUrl": world.api.url }),
    deployment("daily", one),
    ...[two, ...more].map((id) => deployment(id, id, "other")),
  );
  const times = Number.POSITIVE_INFINITY;
  world.api.fault({ kind: "reset-before", method: "POST", path: `/deployments/${one}/pause`, times });
  world.api.fault({ kind: "reset-before", method: "GET", path: `/deployments/${one}`, skip: 1, times });
  const { status, stderr } = await world.pause(["--stack", "--yes"], {}, told.pulumi.environment);
  expect([status, stderr]).toEqual([1, expect.stringContaining("pulumi-qoder pause failed: ")]);
  expect([two, ...more].filter((id) => world.status(id) !== "paused")).toEqual([]);
});

test("a pause of a stack without deployments fails and says so", async () => {
  told.pulumi.export(provider("default"));
  expect(await world.pause(["--stack", "--yes"], {}, told.pulumi.environment)).toMatchObject({
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
    const state = (more: object) =>
      [
        provider("default"),
        deployment("culprit", culprit, "default", more),
        deployment("other", other, "default", { inputs: { paused: false } }),
      ].map(of);
    told.pulumi.config({ "qoder:pat": token, "qoder:baseUrl": world.api.url });
    told.pulumi.export(...state({}));
    await world.pause(["--stack", "--yes"], {}, told.pulumi.environment);
    told.pulumi.export(...state(inputs));
    const { status, stdout } = await world.resume([world.receiptFile, "--yes"], {}, told.pulumi.environment);
    expect([status, stdout]).toEqual([
      0,
      expect.stringContaining(
        `Left alone: 1 deployment:\n  ${culprit} "culprit": a program stops it with \`paused: true\``,
      ),
    ]);
    expect([culprit, other].map((id) => world.status(id))).toEqual(["paused", "active"]);
    told.pulumi.export(...state({ inputs: { paused: false } }));
    expect(await world.resume([world.receiptFile, "--yes"], {}, told.pulumi.environment)).toMatchObject({ status: 0 });
    expect(world.status(culprit)).toBe("active");
  },
);

test("resume --stack also leaves alone what that stack declares as paused, for a receipt of --all", async () => {
  const [culprit, other] = [world.create("culprit"), world.create("other")];
  await world.pause(["--all", "--yes"]);
  told.pulumi.config({ "qoder:pat": token, "qoder:baseUrl": world.api.url });
  told.pulumi.export(provider("default"), deployment("culprit", culprit, "default", { inputs: { paused: true } }));
  const environment = { ...world.environment, ...told.pulumi.environment };
  for (const stack of [["--stack"], ["--stack", "acme/fleet/dev"]]) {
    expect(await world.resume([world.receiptFile, ...stack, "--yes"], {}, environment)).toMatchObject({
      status: 0,
      stdout: expect.stringContaining(`${culprit} "culprit": a program stops it`),
    });
  }
  expect(told.pulumi.asked().filter((args) => args.includes("--stack=acme/fleet/dev"))).not.toEqual([]);
  expect([culprit, other].map((id) => world.status(id))).toEqual(["paused", "active"]);
});
