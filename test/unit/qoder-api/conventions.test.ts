import { type Call, conflict, invalid, missing, refused, useLab } from "./lab";

describe("every endpoint", () => {
  const lab = useLab({ tokens: { "pt-test": "default", "pt-other": "other" } });

  test.each<[string, Call]>([
    ["an unknown token", { token: "pt-wrong" }],
    ["a request with x-api-key alone", { headers: { authorization: "", "x-api-key": "pt-test" } }],
  ])("refuses %s before it looks at the path or the body", async (_what, call) => {
    for (const path of ["/deployments", "/deployments/search", "/nothing", "/deployments/%zz"]) {
      const answer = await lab.call("POST", path, { ...call, text: "{" });
      expect(answer).toEqual(refused(401, "authentication_error", { message: "Invalid API key or token." }));
    }
    lab.api.switches.unauthorized = "gateway";
    const { status, body, headers } = await lab.get("/deployments", call);
    expect([status, body, headers["x-request-id"]]).toEqual([
      401,
      { code: "TOKEN_INVALID", message: "invalid pt-token", timestamp: String(lab.now.getTime()) },
      undefined,
    ]);
    expect(lab.api.requests.map((request) => request.status)).toEqual([401, 401, 401, 401, 401]);
  });

  test("returns the client's request id in the header and the envelope, in generation 1 only in the header", async () => {
    const call = { headers: { "x-request-id": "mine" } };
    const answer = await lab.get("/nothing", call);
    expect(answer).toEqual(missing());
    expect([answer.headers["x-request-id"], answer.body.request_id]).toEqual(["mine", "mine"]);
    expect((await lab.get("/nothing")).body.request_id).toMatch(/^[0-9a-f-]{36}$/);
    lab.api.switches.generation = 1;
    const old = await lab.get("/nothing", call);
    expect([old.headers["x-request-id"], old.body.request_id]).toEqual(["mine", undefined]);
  });

  test("hides an agent and the name of a deployment from another account and another workspace", async () => {
    lab.create();
    const strangers: Call[] = [{ token: "pt-other" }, { headers: { "qoder-workspace-id": "ws_2" } }];
    for (const stranger of strangers) {
      expect(await lab.post("/deployments", lab.body(), stranger)).toEqual(missing());
    }
    const agent = lab.api.agents.create({}, "other").id;
    const environment_id = lab.api.environments.create({}, "other").id;
    expect(lab.api.deployments.create(lab.body({ agent, environment_id }), "other").name).toBe("report");
  });

  test("logs each request as the client sent it", async () => {
    const id = lab.create();
    await lab.call("POST", `/deployments/${id.replace("_", "%5F")}?a=b%20c`, { text: "{oops", token: "pt-other" });
    await lab.get(`/deployments/${id.replace("_", "%5F")}`, { headers: { "X-Test": "1" } });
    expect(lab.api.requests).toMatchObject([
      {
        method: "POST",
        path: `/deployments/${id.replace("_", "%5F")}`,
        query: { a: "b c" },
        body: "{oops",
        status: 404,
      },
      { method: "GET", token: "pt-test", body: undefined, headers: { "x-test": "1" }, at: lab.now, status: 200 },
    ]);
    lab.api.clearRequests();
    expect(lab.api.requests).toEqual([]);
  });

  test.each([
    "limit=0",
    "limit=101",
    "limit=1.5",
    "limit=x",
    "page=dep_none",
    "after_id=dep_a&before_id=dep_b",
    "status=archived",
    "include_archived=yes",
    "created_at[gte]=yesterday",
  ])("refuses a list with %s", async (query) => {
    expect(await lab.get(`/deployments?${query}`)).toEqual(invalid());
  });

  test("filters a list by status and agent, and allows a limit of 1000 in generation 1", async () => {
    const id = lab.create();
    const agent = lab.api.agents.create().id;
    const paused = lab.api.deployments.pause(lab.create({ name: "paused", agent })).id;
    const names = async (query: string) => (await lab.get(`/deployments?${query}`)).body.data?.map((item) => item.id);
    expect(await names("status=paused")).toEqual([paused]);
    expect(await names("status=active")).toEqual([id]);
    expect(await names(`agent_id=${agent}`)).toEqual([paused]);
    expect(await names("agent_id=agent_none")).toEqual([]);
    lab.api.switches.generation = 1;
    expect(await names("limit=1000")).toEqual([paused, id]);
  });

  test("searches by name and metadata, and refuses a search without its beta header", async () => {
    const id = lab.create({ name: "Daily Report", metadata: { team: "a" } });
    lab.create({ name: "other" });
    const beta = { headers: { "x-qoder-beta": "browser-use-2026-07-14, search-2026-08-31" } };
    const search = (body: unknown) => lab.post("/deployments/search", body, beta);
    expect(await lab.post("/deployments/search", {})).toEqual(refused(503, "feature_not_available"));
    expect((await search({ name: "REPORT", metadata: { team: "a" } })).body).toMatchObject({
      data: [{ id }],
      total: 1,
    });
    const first = await search({ limit: 1 });
    expect(first.body).toMatchObject({ has_more: true, total: 2 });
    const second = await search({ limit: 1, page: first.body.next_page });
    expect(second.body).toMatchObject({ data: [{ id }], total: null });
  });

  test("answers 429 to requests over the limit of a second, with the wait in the chosen style", async () => {
    lab.api.switches.writeLimitPerSecond = 1;
    expect((await lab.post("/deployments", lab.body())).status).toBe(200);
    const limited = await lab.post("/deployments", lab.body({ name: "b" }));
    expect(limited).toEqual(refused(429, "rate_limit_error"));
    expect(limited.headers["retry-after"]).toBe("1");
    lab.api.switches.retryAfter = "date";
    expect((await lab.post("/x")).headers["retry-after"]).toBe("Sun, 14 Jun 2026 08:53:33 GMT");
    lab.api.switches.retryAfter = "milliseconds";
    expect((await lab.post("/x")).headers["retry-after-ms"]).toBe("1000");
    expect((await lab.get("/deployments")).status).toBe(200);
    expect(lab.api.deployments.all()).toHaveLength(1);
  });
});

describe("an idempotency key", () => {
  const lab = useLab({ tokens: { "pt-test": "default", "pt-other": "other" } });
  const key = { headers: { "idempotency-key": "k" } };

  test("repeats the first answer for 24 hours, with the present date", async () => {
    const first = await lab.post("/deployments", lab.body(), key);
    lab.api.deployments.archive(String(first.body.id));
    lab.set("2026-06-15T08:53:31Z");
    const replayed = await lab.post("/deployments", lab.body(), key);
    expect(replayed.body).toEqual(first.body);
    expect(replayed.headers["date"]).toBe("Mon, 15 Jun 2026 08:53:31 GMT");
    lab.set("2026-06-15T08:53:32Z");
    expect((await lab.post("/deployments", lab.body(), key)).body.id).not.toBe(first.body.id);
  });

  test("is refused with another body, and is not shared between accounts", async () => {
    await lab.post("/deployments", lab.body(), key);
    const message = "Idempotency key reused with a different request body.";
    expect(await lab.post("/deployments", lab.body({ name: "b" }), key)).toEqual(conflict({ message }));
    const stranger = await lab.post("/deployments", lab.body({ name: "b" }), { ...key, token: "pt-other" });
    expect(stranger.status).toBe(404);
  });

  test("makes one deployment of concurrent duplicates, even if one is delayed or an answer is lost", async () => {
    lab.api.fault({ kind: "delay", delayMs: 30 });
    lab.api.fault({ kind: "reset-after" });
    const send = () => lab.post("/deployments", lab.body(), key);
    const outcomes = await Promise.allSettled([send(), send(), send(), send()]);
    const ids = outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value.body.id] : []));
    expect(ids).toHaveLength(3);
    expect(new Set(ids).size).toBe(1);
    expect(lab.api.deployments.all()).toHaveLength(1);
  });
});
