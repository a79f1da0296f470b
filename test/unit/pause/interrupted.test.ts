import { runPause } from "../../../command/pause/main";
import { Sink } from "../../../command/printer";
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

const kills = [1, 2, 3, 4, 7, 8, 19, 20, 21].flatMap((at) => [false, true].map((after) => ({ at, after })));

test.each(kills)(
  "after a pause that was killed at write $at (done: $after), the next pause and the resume after it leave all as before",
  async ({ at, after }) => {
    const ids = Array.from({ length: 10 }, (_, index) => world.create(`job-${index}`));
    const [before = ""] = ids;
    world.api.deployments.pause(before);
    const working = ids.slice(1, 3).map((id) => world.run(id));
    // No request after this write arrives; the service does the last one or not.
    world.api.fault({ kind: after ? "reset-after" : "reset-before", method: "POST", skip: at - 1 });
    world.api.fault({ kind: "reset-before", method: "POST", skip: at - 1, times: Number.POSITIVE_INFINITY });
    await world.pause(["--all", "--cancel", "--yes"]);
    world.api.clearFaults();
    world.clock.pass(60_000);
    const again = await world.pause(["--all", "--cancel", "--yes"]);
    expect(again).toMatchObject(asAsked);
    expect(world.statuses(...ids)).toEqual(ids.map(() => "paused"));
    expect(working.map((id) => world.api.sessions.get(id).status)).toEqual(working.map(() => "idle"));
    world.clock.pass(60_000);
    await world.resume(["--all", "--yes"]);
    expect(world.statuses(...ids)).toEqual(ids.map((id) => (id === before ? "paused" : "active")));
    expect(ids.filter((id) => world.holds(id).length > 0)).toEqual([]);
  },
);

test("pause and resume treat 60 deployments exactly while one request in twenty fails", async () => {
  const ids = Array.from({ length: 60 }, (_, index) => world.create(`job-${index}`));
  const [before = "", ...rest] = ids;
  world.api.deployments.pause(before);
  const working = rest.slice(0, 5).map((id) => world.run(id));
  breakOneInTwenty();
  await world.pause(["--all", "--cancel", "--yes"]);
  expect(await world.pause(["--all", "--cancel", "--yes"])).toMatchObject(asAsked);
  expect(world.statuses(...ids)).toEqual(ids.map(() => "paused"));
  expect(working.map((id) => world.api.sessions.get(id).status)).toEqual(working.map(() => "idle"));
  expect(ids.filter((id) => world.holds(id).length === 0)).toEqual([before]);
  world.clock.pass(60 * 60_000);
  await world.resume(["--all", "--yes"]);
  world.api.clearFaults();
  expect(await world.resume(["--all", "--yes"])).toMatchObject(asAsked);
  expect(world.status(before)).toBe("paused");
  expect(world.statuses(...rest)).toEqual(rest.map(() => "active"));
});

test.each([0, 1_000])(
  "two pauses of the same deployments, the second %i ms after the first, both hold the deployments, which start when both have ended",
  async (laterMs) => {
    const ids = Array.from({ length: 10 }, (_, index) => world.create(`job-${index}`));
    const first = world.pause(["--all", "--yes"]);
    world.clock.pass(laterMs);
    const endings = await Promise.all([first, world.pause(["--all", "--yes"])]);
    expect(endings.map(({ status }) => status)).toEqual([0, 0]);
    expect(ids.map((id) => [world.status(id), world.holds(id).length])).toEqual(ids.map(() => ["paused", 2]));
    const [one = "", other = ""] = endings.map(({ stdout }) => stdout);
    await world.advised(one);
    expect(world.statuses(...ids)).toEqual(ids.map(() => "paused"));
    await world.advised(other);
    expect(world.statuses(...ids)).toEqual(ids.map(() => "active"));
  },
);

test("of a selection resume starts what it selects, whatever pause selected", async () => {
  const [one, two, beside] = [
    world.create("one", { metadata: { team: "a" } }),
    world.create("two"),
    world.create("beside"),
  ];
  world.api.deployments.pause(beside);
  await world.pause(["--all", "--yes"]);
  expect(await world.resume(["--label", "team=a", "--yes"])).toMatchObject({ status: 0 });
  expect(world.statuses(one, two, beside)).toEqual(["active", "paused", "paused"]);
  const { stdout } = await world.resume(["--all", "--yes"]);
  expect(stdout).toContain(`${beside} "beside": \`pulumi-qoder pause\` did not pause it`);
  expect(world.statuses(one, two, beside)).toEqual(["active", "active", "paused"]);
  expect(world.holds(two)).toEqual([]);
});

test.each([
  ["SIGINT", ["--all"]],
  ["SIGTERM", ["--all"]],
  ["SIGINT", ["--all", "--cancel"]],
] as const)(
  "a pause that %s ends at any of its requests says first which command undoes what it has done: %j",
  async (signal, args) => {
    jest.spyOn(process, "kill").mockReturnValue(true);
    let isOver = false;
    for (let skip = 0; !isOver; skip += 1) {
      await world.api.close();
      await world.start();
      const ids = Array.from({ length: 3 }, (_, index) => world.create(`job-${index}`));
      world.run(ids[0] ?? "");
      let said: string | undefined;
      const shown: string[] = [];
      const transform = (reply: object) => {
        process.emit(signal);
        said = shown.join("");
        // The signal ends the process.
        world.api.fault({ kind: "reset-before", times: Number.POSITIVE_INFINITY });
        return reply;
      };
      world.api.fault({ kind: "replace-body", skip, transform });
      const stdout = new Sink({ write: (text) => shown.push(text) });
      const streams = { stdout, stderr: new Sink({ write: () => true }), secrets: new Set<string>() };
      await runPause([...args, "--yes"], world.environment, streams, world.surroundings({}));
      world.api.clearFaults();
      if (said !== undefined && world.statuses(...ids).includes("paused")) {
        expect(said).toMatch(/\n\d deployments? paused.*\. To start these again: npx pulumi-qoder resume p-\w{4}\n$/);
        await world.advised(said);
      }
      expect([skip, world.statuses(...ids)]).toEqual([
        skip,
        said === undefined ? expect.anything() : ids.map(() => "active"),
      ]);
      isOver = said === undefined;
    }
  },
);

test("a pause whose time limit is reached prints the command that undoes what it has done", async () => {
  const ids = Array.from({ length: 60 }, (_, index) => world.create(`job-${index}`));
  const { status, stdout } = await world.pause(["--all", "--yes", "--timeout", "3s"]);
  const paused = ids.filter((id) => world.status(id) === "paused").length;
  expect([status, paused > 0 && paused < 60]).toEqual([1, true]);
  expect(await world.advised(stdout)).toMatchObject({ status: 0 });
  expect(world.statuses(...ids)).toEqual(ids.map(() => "active"));
});
