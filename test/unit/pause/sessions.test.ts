import { usePauseWorld } from "./pause-world";

const world = usePauseWorld();

test.each([
  ["403", { kind: "status", status: 403 }, "403"],
  ["500", { kind: "status", status: 500 }, "500"],
  ["a page without events", { kind: "replace-body", body: { data: null } }, "data is not what the API promises"],
] as const)(
  "if the events of one session answer with %s, --cancel pauses the deployments and names the session",
  async (_, fault, reason) => {
    const [daily, nightly] = [world.create("daily"), world.create("nightly")];
    const [hidden, runs] = [world.waiting(daily), world.run(nightly)];
    const path = `/sessions/${hidden}/events`;
    world.api.fault({ ...fault, method: "GET", path, times: Number.POSITIVE_INFINITY });
    const { status, stdout, stderr } = await world.pause(["--all", "--cancel", "--yes"]);
    expect(stdout).toContain(`${hidden} of ${daily} "daily": it may wait for somebody`);
    expect([status, stderr]).toEqual([1, expect.stringMatching(`Not ended: ${hidden} of ${daily}: .*${reason}`)]);
    expect([daily, nightly].map((id) => world.status(id))).toEqual(["paused", "paused"]);
    expect(world.api.sessions.get(runs).status).toBe("idle");
  },
);

test("a session that is deleted while the command plans is no problem", async () => {
  const id = world.create("daily");
  const gone = world.waiting(id);
  const path = `/sessions/${gone}/events`;
  world.api.fault({ kind: "status", status: 404, method: "GET", path, times: Number.POSITIVE_INFINITY });
  expect(await world.pause(["--all", "--cancel", "--yes"])).toMatchObject({
    status: 0,
    stdout: expect.stringContaining("To cancel: 0 sessions"),
  });
  expect(world.status(id)).toBe("paused");
});
