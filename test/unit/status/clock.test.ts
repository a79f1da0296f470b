import { day, minute, misused, useStatusWorld } from "./status-world";

const world = useStatusWorld();

/** A daily deployment that ran on each day from the 21st to the 25th but on the 23rd. */
function missedOnce(): string {
  const id = world.create("daily");
  world.runsOn(id, 21, 22, 24, 25);
  return id;
}

test.each([
  [day, "1 day ahead of|24 hours ahead of"],
  [-400 * day, "400 days behind"],
  [2 * minute, "2 minutes ahead of"],
  // Clocks always differ a little.
  [50_000, undefined],
])(
  "with a clock of the machine that is %d ms ahead, status prints the same by the clock of the service, and warns only of a minute or more",
  async (aheadMs, words) => {
    const id = missedOnce();
    const right = await world.status(id, "--since", "4d");
    expect(right).toMatchObject({ status: 1, stderr: "", stdout: expect.stringContaining("1 run was missed") });
    world.machineAheadMs = aheadMs;
    const { stderr, ...wrong } = await world.status(id, "--since", "4d");
    expect({ stderr: "", ...wrong }).toEqual(right);
    const warning = (much: string) =>
      `^Warning: the clock of this machine is (${much}) that of the service, which this command uses\n$`;
    expect(stderr).toMatch(new RegExp(words === undefined ? "^$" : warning(words)));
  },
);

test("whether a time of --since has passed is decided by the clock of the service", async () => {
  const id = missedOnce();
  world.machineAheadMs = -20 * 60 * minute;
  expect(await world.json(id, "--since", "2026-11-24T12:00:00Z")).toMatchObject([{ since: { runs: 1 } }]);
  world.machineAheadMs = 20 * 60 * minute;
  expect(await world.status(id, "--since", "2026-11-25T12:00:00Z")).toEqual({
    ...misused,
    stderr: expect.stringContaining("--since takes a time that has passed, and"),
  });
});
