import { idsOf, notAsked, useStatusWorld } from "./status-world";

const world = useStatusWorld();

test("each id has one line, even if archived: unhealthy deployments first, then in the order of the next runs", async () => {
  const schedule = (expression: string) => ({ schedule: { type: "cron", expression, timezone: "UTC" } });
  const [never, late, soon, old] = [
    world.create("never", { schedule: undefined }),
    world.create("late", schedule("0 20 * * *")),
    world.create("soon", schedule("0 3 * * *")),
    world.create("old"),
  ];
  world.api.deployments.archive(old);
  const { status, stdout } = await world.status(never, late, old, soon, late, "--json");
  expect(idsOf(stdout)).toEqual([old, soon, late, never]);
  expect(status).toBe(1);
  const text = (await world.status(never, late, old, soon)).stdout;
  expect(text).toMatch(/^Times are in Asia\/Shanghai\.\n/);
  expect(text).toContain("\n\n3 of 4 healthy; ! marks the others.\n");
  const names = (shown: string) => [...shown.matchAll(/^[! ] {2}(never|late|old|soon)[ _]/gm)].map(([, name]) => name);
  expect(names(text)).toEqual(["old", "soon", "late", "never"]);
  // A terminal scrolls: what is wrong is next to the prompt.
  expect(names((await world.statusIn(100, never, late, old, soon)).stdout)).toEqual(["soon", "late", "never", "old"]);
  const problems = await world.status(never, late, old, soon, "--problems");
  expect([names(problems.stdout), problems.status]).toEqual([["old"], 1]);
  expect(problems.stdout).toContain("\n\n3 of 4 healthy; ! marks the others.\n");
  expect(idsOf((await world.status(never, old, "--problems", "--json")).stdout)).toEqual([old]);
  const elsewhere = (await world.status(soon, "--timezone", "America/New_York")).stdout;
  expect(elsewhere).toMatch(/^Times are in America\/New_York\.\n[\s\S]* soon {2}Nov 19 22:00/);
});

test("--all lists the live deployments of several pages, newest first, and prints its progress", async () => {
  const ids = Array.from({ length: 201 }, (_, index) => world.create(`report-${index}`));
  world.api.deployments.archive(ids[3] ?? "");
  const { status, stdout, stderr } = await world.status("--all", "--json");
  expect(idsOf(stdout)).toEqual(ids.filter((_, index) => index !== 3).reverse());
  expect(stderr).toBe("Read 100 deployments ...\nRead 200 deployments ...\n");
  expect(status).toBe(0);
  expect(world.requests.filter((request) => /^GET \/deployments\?/.test(request))).toHaveLength(2);
  expect(world.requests.filter((request) => /^GET \/deployments\/dep_\w+$/.test(request))).toEqual([]);
});

test.each(["honour", "ignore"] as const)(
  "--agent lists the deployments of one agent (the service and its filter: %s)",
  async (form) => {
    world.api.switches.ownerFilters = form;
    world.create("mine");
    const agent = world.api.agents.create().id;
    const id = world.create("theirs", { agent });
    expect(idsOf((await world.status("--agent", agent, "--json")).stdout)).toEqual([id]);
  },
);

test("--all leaves out archived deployments, even if the list shows them", async () => {
  const [id, archived] = [world.create("daily"), world.create("old")];
  const each = (one: object) => (Object(one).id === archived ? { ...one, archived_at: "2026-11-20T01:00:00Z" } : one);
  world.fault("/deployments", { each });
  expect(idsOf((await world.status("--all", "--json")).stdout)).toEqual([id]);
});

test("a name selects each live deployment of this name, together with ids, and each once", async () => {
  const [one, other, twin] = [world.create("daily"), world.create("other"), world.create("daily")];
  world.api.deployments.archive(world.create("old"));
  world.create("daily report");
  world.api.clearRequests();
  const { status, stdout, stderr } = await world.status("daily", other, "daily", one, "nightly", "old", "--json");
  expect(idsOf(stdout).sort()).toEqual([one, other, twin].sort());
  const unseen = "this token sees no live deployment of this name; check the name, the account and the workspace";
  const told = (name: string) => `Not known: ${name}\n  ${unseen}, or write --stack ${name} for a stack\n`;
  expect(stderr).toBe(`${told("nightly")}${told("old")}`);
  expect(status).toBe(2);
  expect(world.requests.filter((request) => /^GET \/deployments(\?|\/dep_\w+$)/.test(request)).sort()).toEqual(
    [`GET /deployments/${one}`, `GET /deployments/${other}`, "GET /deployments?limit=100"].sort(),
  );
});

test.each(["dep_nightly", "agent_report"])(
  "the name %s, which looks like an id, selects like another name",
  async (name) => {
    const [one, other, twin] = [world.create(name), world.create("other"), world.create(name)];
    const { status, stdout, stderr } = await world.status(name, other, one, "dep_none", "env_none", "--json");
    const found: { readonly id: string }[] = JSON.parse(stdout);
    expect(found.map(({ id }) => id).sort()).toEqual([one, other, twin].sort());
    expect(stderr).toMatch(
      /^Not known: dep_none\n {2}this .*; check the id.*\nNot known: env_none\n {2}this .* of this name;.*\n$/,
    );
    expect(status).toBe(2);
  },
);

test.each([
  ["alone", [], ["search", "both"]],
  ["with --all", ["--all"], ["search", "both"]],
  ["with --agent", ["--agent", "agent"], ["search"]],
  ["given twice", ["--label", "tier=gold"], ["both"]],
])("--label %s selects the deployments with each of the labels", async (_, args, names) => {
  const agent = world.api.agents.create().id;
  world.create("search", { agent, metadata: { team: "search" } });
  world.create("both", { metadata: { team: "search", tier: "gold" } });
  world.create("other", { agent, metadata: { team: "searches", tier: "gold" } });
  world.create("none", { agent });
  const given = args.map((arg) => (arg === "agent" ? agent : arg));
  const found = await world.json("--label", "team=search", ...given);
  expect(found.map(({ name }: { readonly name: string }) => name).sort()).toEqual([...names].sort());
});

test("--label without a match says which label no deployment has", async () => {
  world.create("daily", { metadata: { team: "search" } });
  expect(await world.status("--label", "team=toString", "--label", "toString=x")).toEqual({
    ...notAsked,
    stderr:
      "There is nothing to report: no live deployment with team=toString and toString=x was found. Check that the token belongs to the account and workspace (--workspace)\n",
  });
});

test("--label finds the deployments whose labels the list does not show", async () => {
  world.api.switches.listEntries = "without-metadata";
  const id = world.create("search", { metadata: { team: "search" } });
  world.create("other", { metadata: { team: "other" } });
  expect(idsOf((await world.status("--label", "team=search", "--json")).stdout)).toEqual([id]);
});

test("--workspace lists the deployments of that workspace", async () => {
  const [agent, environment_id] = [
    world.api.agents.create({}, "mine", "ws_1").id,
    world.api.environments.create({}, "mine", "ws_1").id,
  ];
  const initial_events = [{ type: "user.message", content: "hello" }];
  const body = { name: "daily", agent, environment_id, initial_events };
  const { id } = world.api.deployments.create(body, "mine", "ws_1");
  expect(idsOf((await world.status("--all", "--workspace", "ws_1", "--json")).stdout)).toEqual([id]);
});

test.each(["--all", "--agent"])(
  "without a live deployment, %s exits with 2 and says that there is nothing to report",
  async (option) => {
    world.api.deployments.archive(world.create("old"));
    const args = option === "--agent" ? [option, world.agent] : [option];
    const stderr =
      "There is nothing to report: no live deployment was found. Check that the token belongs to the account and workspace (--workspace)\n";
    expect(await world.status(...args)).toEqual({ ...notAsked, stderr });
    expect(await world.status(...args, "--json")).toEqual({ status: 2, stdout: "[]\n", stderr });
  },
);

test("the command sends only the requests that a line needs, and one for each agent and environment", async () => {
  const [never, failing, well] = [world.create("never"), world.create("failing"), world.create("well")];
  world.api.deployments.runBySchedule(failing, { type: "session_rate_limited_error", message: "Too many." });
  const { session_id: session } = world.api.deployments.runBySchedule(well);
  for (const [id, more] of [
    [never, []],
    [failing, []],
    [well, [`GET /sessions/${session}`]],
  ] as const) {
    world.api.clearRequests();
    await world.status(id);
    const needed = [`GET /agents/${world.agent}`, `GET /environments/${world.environmentId}`];
    const own = [`GET /deployments/${id}`, `GET /deployments/${id}/runs?limit=100`, ...more, ...needed];
    // A recorded request has only the last of its `statuses[]`.
    const open = "GET /sessions?limit=100&statuses%5B%5D=rescheduling&order=desc";
    expect(world.requests.sort()).toEqual([...own, open].sort());
  }
  world.api.clearRequests();
  await world.status(well, "--no-results");
  expect(world.requests.filter((request) => request.includes("/sessions"))).toEqual([]);
  world.api.clearRequests();
  await world.status("--all");
  const asked = world.requests.filter((request) => /^GET \/(agents|environments)/.test(request));
  expect(asked.sort()).toEqual([`GET /agents/${world.agent}`, `GET /environments/${world.environmentId}`]);
});
