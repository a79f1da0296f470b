import { token, useStatusWorld } from "./status-world";

const world = useStatusWorld();

const idsOf = (stdout: string) => [...stdout.matchAll(/dep_\w+/g)].map(([id]) => id);
const notAsked = { status: 2, stdout: "" };

test("each id has one line, even if archived: unhealthy deployments first, then in the order of the next runs", async () => {
  const schedule = (expression: string) => ({ schedule: { type: "cron", expression, timezone: "UTC" } });
  const [never, late, soon, old] = [
    world.create("never", { schedule: undefined }),
    world.create("late", schedule("0 20 * * *")),
    world.create("soon", schedule("0 3 * * *")),
    world.create("old"),
  ];
  world.api.deployments.archive(old);
  const { status, stdout } = await world.status(never, late, old, soon, late, "--wide");
  expect(idsOf(stdout)).toEqual([old, soon, late, never]);
  expect(status).toBe(1);
  expect(stdout).toContain("\n\n3 of 4 healthy; ! marks the others. Times are in Asia/Shanghai.\n");
  const asJson: { id: string }[] = JSON.parse((await world.status(never, late, old, soon, "--json")).stdout);
  expect(asJson.map(({ id }) => id)).toEqual([old, soon, late, never]);
});

test("--all lists the live deployments of several pages, newest first, and prints its progress", async () => {
  const ids = Array.from({ length: 201 }, (_, index) => world.create(`report-${index}`));
  world.api.deployments.archive(ids[3] ?? "");
  const { status, stdout, stderr } = await world.status("--all", "--wide");
  expect(idsOf(stdout)).toEqual(ids.filter((_, index) => index !== 3).reverse());
  expect(stderr).toBe("Read 100 deployments ...\nRead 200 deployments ...\n");
  expect(status).toBe(0);
  expect(world.requests.filter((request) => /^GET \/deployments\?/.test(request))).toHaveLength(2);
  expect(world.requests.filter((request) => /^GET \/deployments\/dep_\w+$/.test(request))).toEqual([]);
});

test("--agent lists the deployments of one agent", async () => {
  world.create("mine");
  const agent = world.api.agents.create().id;
  const id = world.create("theirs", { agent });
  expect(idsOf((await world.status("--agent", agent, "--wide")).stdout)).toEqual([id]);
});

test("--all leaves out archived deployments, even if the list shows them", async () => {
  const [id, archived] = [world.create("daily"), world.create("old")];
  const transform = ({ data, ...page }: Readonly<Record<string, unknown>>) => ({
    ...page,
    data: [data]
      .flat()
      .map((one) => (Object(one).id === archived ? { ...Object(one), archived_at: "2026-11-20" } : one)),
  });
  world.api.fault({ kind: "replace-body", path: "/deployments", transform });
  expect(idsOf((await world.status("--all", "--wide")).stdout)).toEqual([id]);
});

test("--workspace lists the deployments of that workspace", async () => {
  const [agent, environment_id] = [
    world.api.agents.create({}, "mine", "ws_1").id,
    world.api.environments.create({}, "mine", "ws_1").id,
  ];
  const initial_events = [{ type: "user.message", content: "hello" }];
  const body = { name: "daily", agent, environment_id, initial_events };
  const { id } = world.api.deployments.create(body, "mine", "ws_1");
  expect(idsOf((await world.status("--all", "--workspace", "ws_1", "--wide")).stdout)).toEqual([id]);
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
  const search = `GET /deployment_runs?limit=1&deployment_id=${well}&has_error=true`;
  for (const [id, more, ...options] of [
    [never, []],
    [failing, []],
    [well, [search, `GET /sessions/${session}`]],
    [well, [search], "--no-results"],
  ] as const) {
    world.api.clearRequests();
    await world.status(id, ...options);
    const needed = [`GET /agents/${world.agent}`, `GET /environments/${world.environmentId}`];
    expect(world.requests).toEqual([
      `GET /deployments/${id}`,
      `GET /deployments/${id}/runs?limit=1`,
      ...more,
      ...needed,
    ]);
  }
  world.api.clearRequests();
  await world.status("--all");
  const asked = world.requests.filter((request) => /^GET \/(agents|environments)/.test(request));
  expect(asked.sort()).toEqual([`GET /agents/${world.agent}`, `GET /environments/${world.environmentId}`]);
});

test("an id that the token cannot see is listed as not known, and the others are shown", async () => {
  const id = world.create("daily");
  const { status, stdout, stderr } = await world.status("dep_none", id, "--wide");
  expect(idsOf(stdout)).toEqual([id]);
  expect(stderr).toBe(
    "Not known: dep_none\n  this token sees no such deployment; check the id, the account and the workspace\n",
  );
  expect(status).toBe(2);
  expect(JSON.parse((await world.status("dep_none", id, "--json")).stdout)).toMatchObject([{ id }]);
});

test("a deployment whose runs cannot be read is listed as not known with the reason, and the others are shown", async () => {
  const [first, broken, last] = [world.create("first"), world.create("broken"), world.create("last")];
  const path = `/deployments/${broken}/runs`;
  world.api.fault({ kind: "status", status: 403, path, times: Number.POSITIVE_INFINITY });
  const { status, stdout, stderr } = await world.status("--all", "--wide");
  expect(idsOf(stdout)).toEqual([last, first]);
  expect(stderr).toMatch(
    new RegExp(`^Not known: ${broken} "broken"\n  GET ${path} was answered with 403 .*--workspace.*\n$`),
  );
  expect(status).toBe(2);
});

test("a member of a reply in a new form does not hide the status", async () => {
  const id = world.create("daily");
  const transform = (reply: object) => ({ ...reply, vault_ids: "vault_a", initial_events: null });
  world.api.fault({ kind: "replace-body", path: `/deployments/${id}`, transform });
  expect(await world.status(id)).toMatchObject({
    status: 0,
    stdout: expect.stringContaining("Nov 21 09:00"),
    stderr: "",
  });
});

test.each([
  [{ status: undefined }, "the service does not show its status"],
  [{ status: 7 }, "status is not what the API promises: Invalid input: expected string, received number"],
  [{ id: "dep_2" }, "the service answered with another deployment, dep_2"],
])("a deployment whose reply has %j is listed as not known", async (members, reason) => {
  const id = world.create("daily");
  const transform = (reply: object) => ({ ...reply, ...members });
  world.api.fault({ kind: "replace-body", path: `/deployments/${id}`, transform });
  expect(await world.status(id)).toEqual({ ...notAsked, stderr: `Not known: ${id}\n  ${reason}\n` });
});

test("a list without an end is reported, and the deployments that were read are shown", async () => {
  const id = world.create("daily");
  const transform = (page: object) => ({ ...page, has_more: true });
  world.api.fault({ kind: "replace-body", path: "/deployments", times: 40, transform });
  const { status, stdout, stderr } = await world.status("--all", "--wide");
  expect(idsOf(stdout)).toEqual([id]);
  expect(stderr).toMatch(
    /^Not all deployments were read: GET \/deployments says .*\. Give the others by their ids \(dep_\.\.\.\)\n$/,
  );
  expect(status).toBe(2);
});

test("without a token or with a wrong token, one line names the variables to set and hides the token", async () => {
  const ids = [world.create("first"), world.create("second")];
  for (const environment of [{}, { QODER_PAT: " ", QODER_ACCESS_TOKEN: "" }]) {
    const none = await world.statusWith(environment, ...ids);
    expect(none).toMatchObject(notAsked);
    expect(none.stderr).toMatch(/^pulumi-qoder status failed: no Qoder access token: .*\n$/);
  }
  expect(world.requests).toEqual([]);
  for (const selected of [ids, ["--all"], [...ids, "--json"]]) {
    const wrong = await world.statusWith({ QODER_PAT: "pt-expired", QODER_BASE_URL: world.api.url }, ...selected);
    expect(wrong).toMatchObject(notAsked);
    expect(wrong.stderr).toMatch(
      /^pulumi-qoder status failed: GET \/deployments.* was answered with 401 .* Set a valid token in QODER_ACCESS_TOKEN or QODER_PAT\n$/,
    );
    expect(wrong.stderr).not.toContain("pt-expired");
  }
});

test("with the key of a service account the command makes one exchange, and reports a refused key in one line", async () => {
  const { id: serviceAccount, key } = world.api.serviceAccounts.create();
  const ids = [world.create("first"), world.create("second")];
  const environment = { QODER_SA_KEY: key, QODER_BASE_URL: world.api.url };
  expect(await world.statusWith(environment, ...ids)).toMatchObject({ status: 0, stderr: "" });
  const exchanges = () => world.requests.filter((line) => line.startsWith("POST"));
  expect(exchanges()).toEqual(["POST /api/v1/serviceToken/exchange"]);
  world.api.serviceAccounts.revoke(serviceAccount);
  const refused = await world.statusWith(environment, ...ids);
  expect(refused).toMatchObject(notAsked);
  expect(refused.stderr).toMatch(
    /^pulumi-qoder status failed: http\S+ gave no token for the service account key from QODER_SA_KEY: .*\n$/,
  );
  expect(refused.stderr).not.toContain(key);
  expect(exchanges()).toHaveLength(2);
});

test("after a refused token the command stops sending requests", async () => {
  const ids = Array.from({ length: 100 }, (_, index) => world.create(`report-${index}`));
  await world.statusWith({ QODER_PAT: "pt-expired", QODER_BASE_URL: world.api.url }, ...ids);
  expect(world.requests.length).toBeLessThanOrEqual(16);
});

test("if no server answers, one line says so", async () => {
  const environment = { QODER_PAT: token, QODER_BASE_URL: "http://127.0.0.1:1" };
  const { stderr, ...rest } = await world.statusWith(environment, "dep_1", "dep_2", "dep_3");
  expect(rest).toEqual(notAsked);
  expect(stderr).toMatch(
    /^pulumi-qoder status failed: GET \/deployments\/dep_\d got no answer: .*\. Check the network and QODER_BASE_URL, then run the same command again\n$/,
  );
});

test("if the server stops answering, the command stops and prints the deployments it has read", async () => {
  const ids = Array.from({ length: 40 }, (_, index) => world.create(`report-${index}`));
  world.api.fault({ kind: "reset-before", path: /^\/deployments\/dep_/, skip: 20, times: Number.POSITIVE_INFINITY });
  const { status, stdout, stderr } = await world.status(...ids, "--wide");
  const told = idsOf(stdout);
  expect(ids).toEqual(expect.arrayContaining(told));
  expect(stderr).toMatch(/^pulumi-qoder status failed: GET .*\nNot read after that: \d+ of the deployments\n$/);
  expect(stderr).toContain(`: ${ids.length - told.length} of`);
  expect(status).toBe(2);
});
