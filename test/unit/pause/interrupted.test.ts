import { saveFile } from "../../../provider/command/files";
import { usePauseWorld } from "./pause-world";

const world = usePauseWorld();

/** About every twentieth request meets a fault, in turn: a reset or a 503, with or without an effect. */
function breakOneInTwenty(): void {
  const faults = [
    { kind: "reset-after" },
    { kind: "status", status: 503, body: "upstream is busy" },
    { kind: "reset-before" },
    { kind: "status-after", status: 503, body: "upstream is busy" },
  ] as const;
  for (let index = 0; index < 40; index += 1) {
    const fault = faults[index % faults.length] ?? { kind: "reset-after" };
    world.api.fault({ ...fault, method: "POST", path: /\/(pause|unpause|cancel)$/, skip: 3 + 19 * index });
    world.api.fault({ ...fault, method: "GET", skip: 7 + 19 * index });
  }
}

const asAsked = { status: 0, stderr: expect.not.stringMatching(/Not |failed/) };

class Killed extends Error {}

/** A save that kills the command at save number `at`, before or after the file is written. */
function dyingSave(at: number, when: "before" | "after"): typeof saveFile {
  let saves = 0;
  return (...args) => {
    saves += 1;
    if (saves >= at && when === "before") {
      throw new Killed("killed");
    }
    saveFile(...args);
    if (saves >= at) {
      throw new Killed("killed");
    }
  };
}

/** The command saves 53 times: at the start, twice per deployment, two or three times per session, and at the end. */
const places = [1, 2, 14, 36, 44, 50].map((at, index) => ({
  at,
  when: index % 2 === 0 ? ("after" as const) : ("before" as const),
}));
const killed = { status: 1, stderr: expect.stringContaining("failed: killed") };

test("pause and resume treat 60 deployments exactly, even if the commands are killed at many saves", async () => {
  const ids = Array.from({ length: 60 }, (_, index) => world.create(`job-${index}`));
  const before = ids.slice(0, 4);
  for (const id of before) {
    world.api.deployments.pause(id);
  }
  const others = ids.slice(4);
  const working = others.slice(0, 5).map((id) => world.run(id));
  breakOneInTwenty();
  // Six kills during the first pauses, one in the middle, and three during the cancels.
  for (const [index, at] of [5, 5, 5, 5, 5, 5, 40, 20, 4, 5].entries()) {
    const save = dyingSave(at, index % 2 === 0 ? "after" : "before");
    expect(await world.pause(["--all", "--cancel", "--yes"], { save })).toMatchObject(killed);
  }
  const { status, stderr } = await world.pause(["--all", "--cancel", "--yes"]);
  expect([status, stderr]).toEqual([0, expect.stringMatching(/^The receipt is .*\n$/)]);
  expect(ids.map((id) => world.status(id))).toEqual(ids.map(() => "paused"));
  expect(working.map((id) => world.api.sessions.get(id).status)).toEqual(working.map(() => "idle"));
  const { deployments, sessions, finishedAt } = world.receipt;
  const statesOf = (wanted: string) => deployments.filter(({ state }) => state === wanted).map(({ id }) => id);
  expect(statesOf("paused").sort()).toEqual([...others].sort());
  expect(statesOf("paused before").sort()).toEqual([...before].sort());
  expect(sessions.map(({ id, state }) => [id, state]).sort()).toEqual(working.map((id) => [id, "ended"]).sort());
  expect(finishedAt).not.toBeNull();

  const [byHand = "", ...rest] = others;
  world.api.deployments.unpause(byHand);
  for (const [at, when] of [
    [1, "before"],
    [2, "after"],
    [40, "before"],
  ] as const) {
    await world.resume([world.receiptFile, "--yes"], { save: dyingSave(at, when) });
  }
  world.api.clearRequests();
  const resumed = await world.resume([world.receiptFile, "--yes"]);
  expect(resumed).toMatchObject(asAsked);
  expect(resumed.stdout).toContain(`${byHand} "job-4": somebody has started it since`);
  expect(world.writes.filter((write) => write.includes(byHand))).toEqual([]);
  expect(before.map((id) => world.status(id))).toEqual(before.map(() => "paused"));
  expect(rest.map((id) => world.status(id))).toEqual(rest.map(() => "active"));
});

test.each(places)(
  "after a pause that was killed $when save $at, the next pause finishes the same receipt",
  async ({ at, when }) => {
    const ids = Array.from({ length: 20 }, (_, index) => world.create(`job-${index}`));
    const working = ids.slice(0, 5).map((id) => world.run(id));
    breakOneInTwenty();
    const ending = await world.pause(["--all", "--cancel", "--yes"], { save: dyingSave(at, when) });
    expect(ending).toMatchObject(killed);
    expect(await world.pause(["--all", "--cancel", "--yes"])).toMatchObject(asAsked);
    expect(ids.map((id) => world.status(id))).toEqual(ids.map(() => "paused"));
    expect(working.map((id) => world.api.sessions.get(id).status)).toEqual(working.map(() => "idle"));
    expect(world.receipt.deployments.map(({ state }) => state)).toEqual(ids.map(() => "paused"));
    expect(await world.resume([world.receiptFile, "--yes"])).toMatchObject(asAsked);
    expect(ids.map((id) => world.status(id))).toEqual(ids.map(() => "active"));
  },
);
