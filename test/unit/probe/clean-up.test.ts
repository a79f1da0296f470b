import { useProbeWorld } from "./probe-world";

const world = useProbeWorld();

/** Interrupts the probe after this number of POST requests. */
function interruptedAfter(count: number) {
  let interrupted = () => {};
  const outside = {
    onInterruption: (hear: () => void) => {
      interrupted = hear;
      return () => {};
    },
  };
  const watch = setInterval(() => {
    if (world.api.requests.filter(({ method }) => method === "POST").length >= count) {
      clearInterval(watch);
      interrupted();
    }
  }, 1);
  return { outside, end: () => clearInterval(watch) };
}

test.each([1, 2, 5, 12, 25, 40])(
  "the probe removes its objects if it is interrupted after %i writes, and says how to leave them",
  async (count) => {
    const { outside, end } = interruptedAfter(count);
    const { status, stderr, report, untried } = await world.probe(["--yes"], outside);
    end();
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /Interrupted: the probe archives or deletes its objects now\. Another Ctrl-C leaves the objects named qoder-probe-/,
    );
    expect(report).toContain("The probe ended early");
    expect(report).toContain("| the probe was interrupted |");
    expect(untried).toContain("key-memory");
    expect(world.alive).toEqual([]);
  },
);

test.each(["/agents", "/environments", "/deployments", "/vaults"])(
  "the probe removes an object of %s, found by its name, if the answer to the create is lost",
  async (path) => {
    world.api.fault({ kind: "reset-after", method: "POST", path });
    const { status } = await world.probe();
    expect(status).toBe(0);
    expect(world.alive).toEqual([]);
  },
);

test.each(["/agents", "/environments", "/deployments", "/vaults"])(
  "if the service refuses creates of %s, the report gives the refusal as the reason of untried rows",
  async (path) => {
    world.api.fault({ kind: "status", method: "POST", path, status: 403, times: Number.POSITIVE_INFINITY });
    const { status, report, holds } = await world.probe();
    expect(status).toBe(0);
    expect(report).toContain(`the service answered 403 permission_error to the create of ${path.slice(1)}`);
    expect(holds).toContain("page-size");
    expect(world.alive).toEqual([]);
  },
);

test("the report names an error of the service, and the probe removes its objects after the error", async () => {
  world.api.fault({ kind: "status", method: "POST", path: "/environments", status: 500, times: 4 });
  const { report } = await world.probe();
  expect(report).toContain("| the service answered 500 api_error |");
  expect(world.alive).toEqual([]);
});

test("the terminal shows the ids of agents that the service does not archive, and the report counts them", async () => {
  world.api.fault({
    kind: "status",
    method: "POST",
    path: /^\/agents\/\w+\/archive$/,
    status: 403,
    times: Number.POSITIVE_INFINITY,
  });
  const { status, stderr, report } = await world.probe();
  expect(status).toBe(1);
  expect(stderr).toMatch(/^Still alive: agent agent_\w+$/m);
  expect(report).toMatch(/\d objects of it may still be alive\./);
  expect(report).not.toMatch(/agent_\w{8}/);
});
