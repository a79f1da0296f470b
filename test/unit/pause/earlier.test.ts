import { writeFileSync } from "node:fs";
import { readReceipt } from "../../../provider/command/pause/receipt";
import type { Fault } from "../../qoder-api";
import { ShiftedClock } from "../../support/shifted-clock";
import { createInAccount, deployment, provider, useToldPulumi } from "../stack/told-stack";
import { secondToken, token, usePauseWorld } from "./pause-world";

const world = usePauseWorld();
const told = useToldPulumi();
const always = { times: Number.POSITIVE_INFINITY };

/** Pauses with these arguments. The request for `id` is lost, and its deployment stays active. */
async function pauseThatLoses(id: string, args: readonly string[], environment?: Readonly<Record<string, string>>) {
  world.api.fault({ kind: "reset-before", method: "POST", path: `/deployments/${id}/pause`, ...always });
  expect(await world.pause([...args, "--yes"], {}, environment)).toMatchObject({ status: 1 });
  expect(world.receipt).toMatchObject({ finishedAt: null });
  expect(world.receipt.deployments.find((entry) => entry.id === id)).toMatchObject({ state: "pausing" });
}

test.each(["--all", "--agent", "by its id", "--stack", "--stack, whose program has dropped it"])(
  "a deployment whose pause was lost and that somebody archives needs no pause any more: %s",
  async (how) => {
    const [good, lost] = [world.create("good"), world.create("lost")];
    told.pulumi.config({ "qoder:pat": token, "qoder:baseUrl": world.api.url });
    told.pulumi.export(provider("default"), deployment("good", good), deployment("lost", lost));
    const isStack = how.startsWith("--stack");
    const environment = isStack ? told.pulumi.environment : world.environment;
    const selections: Record<string, string[]> = {
      "--agent": ["--agent", world.refs.agent],
      "by its id": [good, lost],
    };
    const args = selections[how] ?? [isStack ? "--stack" : "--all"];
    await pauseThatLoses(lost, args, environment);
    world.api.deployments.archive(lost);
    if (how.endsWith("dropped it")) {
      told.pulumi.export(provider("default"), deployment("good", good));
    }
    const ending = await world.pause([...args, "--yes"], {}, environment);
    expect([ending.status, ending.stderr]).toEqual([0, expect.not.stringContaining("Not paused")]);
    expect(world.receipt).toMatchObject({ finishedAt: expect.any(String) });
    const states = world.receipt.deployments.map(({ id, state }) => [id, state]);
    expect(new Set(states)).toEqual(
      new Set([
        [good, "paused"],
        [lost, "left alone"],
      ]),
    );
    expect(await world.resume([world.receiptFile, "--yes"], {}, environment)).toMatchObject({ status: 0, stderr: "" });
  },
);

test.each(["the same command, run again", "resume"])(
  "a deployment whose pause was answered by a success that nobody can read is started again after %s",
  async (then) => {
    const id = world.create("daily");
    world.api.fault({ kind: "replace-body", method: "POST", path: `/deployments/${id}/pause`, body: {} });
    world.api.fault({ kind: "replace-body", method: "GET", path: `/deployments/${id}`, body: {} });
    expect(await world.pause(["--all", "--yes"])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining(`Not paused: ${id}`),
    });
    world.clock.pass(120_000);
    if (then !== "resume") {
      expect(await world.pause(["--all", "--yes"])).toMatchObject({
        status: 0,
        stdout: expect.stringContaining("1 deployment paused"),
      });
    }
    expect(world.status(id)).toBe("paused");
    await world.resume([world.receiptFile, "--yes"]);
    expect(world.status(id)).toBe("active");
  },
);

test("if all deployments of an interrupted receipt are archived, the same command completes the receipt", async () => {
  const lost = world.create("lost");
  await pauseThatLoses(lost, ["--all"]);
  world.api.deployments.archive(lost);
  expect(await world.pause(["--all", "--yes"])).toMatchObject({ status: 0 });
  expect(world.receipt).toMatchObject({ finishedAt: expect.any(String) });
});

test("an archived deployment that is given by its id is listed, and its sessions are cancelled", async () => {
  const id = world.create("old");
  const session = world.run(id);
  world.api.deployments.archive(id);
  const { status, stdout } = await world.pause([id, "--cancel", "--yes"]);
  expect([status, stdout]).toEqual([
    0,
    expect.stringMatching(`Archived, and never run again: 1 deployment:\n  ${id} `),
  ]);
  expect(world.api.sessions.get(session).status).toBe("idle");
});

test("a lost pause that reached a deployment which has left the agent's list is in the receipt as paused", async () => {
  const [lost, other] = [world.create("lost"), world.api.agents.create().id];
  await pauseThatLoses(lost, ["--agent", world.refs.agent]);
  world.api.deployments.pause(lost);
  world.api.deployments.edit(lost, { agent: other });
  expect(await world.pause(["--agent", world.refs.agent, "--yes"])).toMatchObject({ status: 0 });
  expect(world.receipt.deployments).toMatchObject([{ id: lost, state: "paused" }]);
});

test("the token of another account does not continue with the receipt, and the first account does later", async () => {
  const [good, lost] = [world.create("good"), world.create("lost")];
  const theirs = createInAccount(world.api, "second", "theirs");
  await pauseThatLoses(lost, ["--all"]);
  const first = world.receiptFile;
  const content = world.receipt;
  const second = { ...world.environment, QODER_PAT: secondToken };
  world.clock.pass(60_000);
  const path = `/deployments/${theirs}/pause`;
  world.api.fault({ kind: "status", method: "POST", path, status: 403, ...always });
  expect(await world.pause(["--all", "--yes"], {}, second)).toMatchObject({ status: 1 });
  const [own = "none", ...more] = world.receiptFiles.filter((file) => file !== first);
  expect(more).toEqual([]);
  expect(readReceipt(own).deployments).toMatchObject([{ id: theirs, state: "failed" }]);
  expect(readReceipt(first)).toEqual(content);
  world.api.deployments.archive(lost);
  expect(await world.pause(["--all", "--yes"])).toMatchObject({ status: 0 });
  expect(readReceipt(first)).toMatchObject({
    finishedAt: expect.any(String),
    deployments: expect.arrayContaining([expect.objectContaining({ id: good, state: "paused" })]),
  });
});

test("a wrong token that sees nothing does not complete the receipt of another account", async () => {
  const lost = world.create("lost");
  await pauseThatLoses(lost, ["--all"]);
  const second = { ...world.environment, QODER_PAT: secondToken };
  expect(await world.pause(["--all", "--yes"], {}, second)).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/^There is nothing to pause: /),
  });
  expect(world.receipt).toMatchObject({ finishedAt: null });
});

test("if nobody can tell whose the receipt is, the command pauses and continues with the receipt", async () => {
  const [good, lost] = [world.create("good"), world.create("lost")];
  await pauseThatLoses(lost, ["--all"]);
  world.api.deployments.archive(lost);
  world.api.fault({ kind: "reset-before", method: "GET", path: `/deployments/${lost}`, ...always });
  const fresh = world.create("fresh");
  expect(await world.pause(["--all", "--yes"])).toMatchObject({
    status: 1,
    stderr: expect.stringContaining(`Not paused: ${lost}`),
  });
  expect([good, fresh].map((id) => world.status(id))).toEqual(["paused", "paused"]);
  expect(world.receipt).toMatchObject({ finishedAt: null });
});

const byHandLater = (id: string) => {
  world.clock.pass(60 * 60_000);
  world.api.deployments.pause(id);
};

test.each<[string, Omit<Fault, "method" | "path">, (id: string) => void, "paused" | "active"]>([
  ["503, and a person paused it an hour later", { kind: "status", status: 503, body: "busy" }, byHandLater, "paused"],
  ["no answer, and a person paused it an hour later", { kind: "reset-before" }, byHandLater, "paused"],
  [
    "503, and a person paused it and edited it an hour later",
    { kind: "status", status: 503, body: "busy" },
    (id) => {
      byHandLater(id);
      world.api.deployments.edit(id, { description: "broken" });
    },
    "paused",
  ],
  ["503, and the service had paused it", { kind: "status-after", status: 503, body: "busy" }, () => {}, "active"],
  ["no answer, and the service had paused it", { kind: "reset-after" }, () => {}, "active"],
])("resume starts only what the requests of its receipt paused: the pause got %s", async (_, fault, later, status) => {
  for (const between of ["nothing", "the same pause"]) {
    const id = world.create(`daily ${between}`);
    world.api.fault({ ...fault, method: "POST", path: `/deployments/${id}/pause`, ...always });
    // The command cannot see at once whether its request was done.
    world.api.fault({ kind: "status", status: 403, method: "GET", path: `/deployments/${id}`, skip: 1, times: 2 });
    expect(await world.pause([id, "--yes"])).toMatchObject({ status: 1 });
    const [file = "none"] = world.receiptFiles.filter((one) =>
      readReceipt(one).deployments.some((entry) => entry.id === id),
    );
    const [entry] = readReceipt(file).deployments;
    expect(entry?.state).toBe("pausing");
    world.api.clearFaults();
    later(id);
    if (between !== "nothing") {
      expect(await world.pause([id, "--yes"])).toMatchObject({ status: 0 });
    }
    expect(await world.resume([file, "--yes"])).toMatchObject({ status: 0, stderr: "" });
    expect([between, world.status(id)]).toEqual([between, status]);
    expect(entry?.requests).toEqual([expect.objectContaining({ to: expect.any(String) })]);
  }
});

test("a clock of this machine that is an hour behind does not make the pause of a person ours, or ours a person's", async () => {
  const [ours, theirs] = [world.create("ours"), world.create("theirs")];
  const hour = 60 * 60_000;
  const clock = new ShiftedClock(world.clock, -hour);
  world.api.fault({ kind: "reset-after", method: "POST", path: `/deployments/${ours}/pause`, ...always });
  world.api.fault({ kind: "reset-before", method: "POST", path: `/deployments/${theirs}/pause`, ...always });
  await world.pause(["--all", "--yes"], { clock });
  world.clock.pass(hour);
  world.api.deployments.pause(theirs);
  expect(await world.resume([world.receiptFile, "--yes"], { clock })).toMatchObject({ status: 0 });
  expect([ours, theirs].map((id) => world.status(id))).toEqual(["active", "paused"]);
});

test("a receipt without times of requests, of an earlier version, is read, and its paused deployments start", async () => {
  const id = world.create("daily");
  await world.pause([id, "--yes"]);
  const { deployments, ...others } = world.receipt;
  const older = deployments.map(({ requests: _, ...entry }) => entry);
  writeFileSync(world.receiptFile, JSON.stringify({ ...others, deployments: older }));
  expect(await world.resume([world.receiptFile, "--yes"])).toMatchObject({ status: 0 });
  expect(world.status(id)).toBe("active");
});
