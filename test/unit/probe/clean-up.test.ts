import type { Switches } from "../../qoder-api";
import { useProbeWorld } from "./probe-world";

const world = useProbeWorld();

/** Interrupts the probe before the answer to this POST request. */
function interruptedAt(count: number) {
  let interrupted = () => {};
  const transform = (reply: object) => {
    interrupted();
    return reply;
  };
  world.api.fault({ kind: "replace-body", method: "POST", skip: count - 1, transform });
  return {
    onInterruption: (hear: () => void) => {
      interrupted = hear;
      return () => {};
    },
  };
}

test.each([1, 5, 12, 40])(
  "the probe removes its objects if it is interrupted after %i writes, and says how to leave them",
  async (count) => {
    const { status, stderr, report, untried } = await world.probe(["--yes"], interruptedAt(count));
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

test.each([
  ["agents", 403, "permission_error to the create of agents"],
  ["environments", 403, "permission_error to the create of environments"],
  ["deployments", 403, "permission_error to the create of deployments"],
  ["vaults", 403, "permission_error to the create of vaults"],
  ["environments", 500, "api_error |"],
])(
  "if creates of %s are answered with %i, the report gives that as the reason of untried rows, and nothing is left",
  async (collection, answered, reason) => {
    const path = `/${collection}`;
    world.api.fault({ kind: "status", method: "POST", path, status: answered, times: Number.POSITIVE_INFINITY });
    const { status, report, holds } = await world.probe();
    expect(status).toBe(0);
    expect(report).toContain(`the service answered ${answered} ${reason}`);
    expect(holds).toContain("page-size");
    expect(world.alive).toEqual([]);
  },
);

test("the terminal shows the ids of agents that the service does not archive, and the report counts them", async () => {
  world.fault(/^\/agents\/\w+\/archive$/, { status: 403 });
  const { status, stderr, report } = await world.probe();
  expect(status).toBe(1);
  expect(stderr).toMatch(/^Still alive: agent agent_\w+$/m);
  expect(report).toMatch(/\d objects of it may still be alive\./);
  expect(report).not.toMatch(/agent_\w{8}/);
});

test("the probe with a run ends no session and no run of others if the service ignores the filters of lists", async () => {
  world.api.switches.ownerFilters = "ignore";
  const [daily] = world.api.deployments.live();
  const session = String(world.api.deployments.runBySchedule(String(daily?.id)).session_id);
  const { status } = await world.probe(["--yes", "--with-run"]);
  expect(status).toBe(0);
  expect(world.api.sessions.get(session)).toMatchObject({ status: "running", archived_at: null });
  expect(world.alive).toEqual([session]);
});

test.each<Partial<Switches>>([
  { idempotencyKeys: "ignore", duplicateNames: "allow", duplicateCredentials: "allow" },
  { duplicateNamesElsewhere: "conflict" },
  { hiddenForMs: 2_500 },
  { deleteReply: "empty", archiveAgentTwice: 200, archiveElsewhereTwice: 200 },
  { nextPage: "missing", ownerFilters: "ignore", listEntries: "without-metadata" },
  { generation: 1, dateAheadMs: 60_000 },
])("with the service's %j the probe removes its objects, and no object of others", async (switches) => {
  Object.assign(world.api.switches, switches);
  const { report } = await world.probe(["--yes", "--with-run"]);
  expect(report).toContain("The probe ended as planned");
  expect(world.alive).toEqual([]);
  expect(world.api.deployments.live().map(({ name }) => name)).toEqual(["daily"]);
});

test.each(["agents", "environments", "deployments", "vaults"] as const)(
  "the probe leaves an object of somebody else that the answer to a create of %s shows",
  async (collection) => {
    const { agents, environments, deployments, vaults } = world.api;
    const theirs =
      collection === "vaults" ? vaults.create() : { agents, environments, deployments }[collection].live()[0];
    for (const kind of ["another-object", "replace-body"] as const) {
      world.api.fault({ kind, method: "POST", path: `/${collection}`, another: () => theirs, body: theirs });
      const { report } = await world.probe(["--yes"]);
      expect(report).toContain("an object that the probe has not made");
      expect(world.writes.filter((line) => line.includes(`${theirs?.id}`))).toEqual([]);
    }
    expect(world.alive.filter((one) => one !== theirs?.id)).toEqual([]);
  },
);
