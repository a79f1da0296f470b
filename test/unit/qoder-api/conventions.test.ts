import { type Call, invalid, missing, refused, useLab } from "./lab";

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

  test("a new object gets an id that contains the time of creation and is the same for the same seed", async () => {
    const { body: created } = await lab.post("/deployments", lab.body());
    expect(created.id).toMatch(/^dep_[0-9a-f]{12}7[0-9a-f]{3}[89ab][0-9a-f]{15}$/);
    expect(Number.parseInt(String(created.id).slice(4, 16), 16)).toBe(lab.now.getTime());
    await lab.api.close();
    await lab.start({});
    expect((await lab.post("/deployments", lab.body())).body.id).toBe(created.id);
  });
});
