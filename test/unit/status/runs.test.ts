import { useStatusWorld } from "./status-world";

const world = useStatusWorld();
const error = { type: "session_rate_limited_error", message: "Too many sessions." };

/** Starts runs that each get a session. */
function runs(id: string, count: number): void {
  for (let index = 0; index < count; index += 1) {
    world.api.deployments.runBySchedule(id);
  }
}

async function lastFailure(id: string): Promise<unknown> {
  const [{ lastFailure: found }] = JSON.parse((await world.status(id, "--json")).stdout);
  return found;
}

const pagesOf = (id: string) =>
  world.requests.filter((request) => request.startsWith(`GET /deployments/${id}/runs?limit=100`));

test("the command finds an old failure with one search, without reading pages of runs", async () => {
  const id = world.create("report");
  const failed = world.api.deployments.runBySchedule(id, error);
  runs(id, 150);
  expect(await lastFailure(id)).toMatchObject({ id: failed.id, error });
  expect(pagesOf(id)).toEqual([]);
});

describe("if the service has no search", () => {
  test.each([
    ["it ignores the filter", () => (world.api.switches.generation = 1)],
    ["it refuses the parameter", () => refuse(400)],
    ["it has no list of all runs", () => refuse(404)],
    ["it forbids this token to list all runs", () => refuse(403)],
  ])("because %s, the command reads the pages of runs up to the first failure", async (_, arrange) => {
    const id = world.create("report");
    world.api.deployments.runBySchedule(id, error);
    const failed = world.api.deployments.runBySchedule(id, error);
    runs(id, 150);
    arrange();
    expect(await lastFailure(id)).toMatchObject({ id: failed.id, error });
    expect(pagesOf(id)).toHaveLength(2);
  });

  test("the command reads the newest 1000 runs, and the line says so if it found no failure in them", async () => {
    const [long, short] = [world.create("long"), world.create("short")];
    world.api.deployments.runBySchedule(long, error);
    runs(long, 1_000);
    runs(short, 2);
    world.api.switches.generation = 1;
    const { stdout } = await world.status(long, short, "--wide");
    expect(stdout.split("\n").slice(1, 3)).toEqual([
      expect.stringMatching(/none in the last 1000 runs {2}-$/),
      expect.stringMatching(/ {2}none {24}-$/),
    ]);
    expect(await lastFailure(long)).toBeNull();
  });

  function refuse(status: number): void {
    world.api.fault({ kind: "status", status, path: "/deployment_runs", times: Number.POSITIVE_INFINITY });
  }
});

test("if the search fails, the deployment is listed as not known", async () => {
  const id = world.create("report");
  runs(id, 1);
  world.api.fault({ kind: "status", status: 500, path: "/deployment_runs", times: Number.POSITIVE_INFINITY });
  const { status, stdout, stderr } = await world.status(id);
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toMatch(new RegExp(`^Not known: ${id}\n  GET /deployment_runs was answered with 500 `));
});

test.each([
  [{ session_id: null, error: null, status: "pending" }, "not started", "not started yet", 0],
  [{ session_id: null, error: null, status: "skipped" }, "could not start", "could not start", 1],
  [{ error: null, status: "failed" }, "failed", "failed", 1],
  [{ session_id: null, error: "no credits" }, "could not start", "could not start", 1],
  [{ session_id: null, error: { message: "no credits" } }, "could not start", "could not start", 1],
])(
  "a last run with %j is shown as %s with --no-results, and as %s otherwise",
  async (members, words, result, status) => {
    const id = world.create("report");
    const session_id = world.api.deployments.runBySchedule(id).session_id;
    world.api.fault({
      kind: "replace-body",
      path: `/deployments/${id}/runs`,
      times: 2,
      transform: ({ data, ...page }) => ({
        ...page,
        data: [data].flat().map((run) => ({ ...Object(run), session_id, ...members })),
      }),
    });
    for (const [option, said] of [
      ["--no-results", words],
      ["--wide", result],
    ] as const) {
      const told = await world.status(id, option);
      expect(told.stdout.split("\n")[1]?.split(/ {2,}/)).toContain(said);
      expect(told.status).toBe(status);
    }
  },
);
