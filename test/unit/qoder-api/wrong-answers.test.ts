import { refused, useLab } from "./lab";

describe("a service with wrong answers to writes", () => {
  const lab = useLab();
  const create = (name: string) => lab.post("/deployments", lab.body({ name }));
  const names = () => lab.api.deployments.all().map(({ name }) => name);

  test("creates the object, and answers with another object of the account", async () => {
    const other = lab.create({ name: "other" });
    lab.api.fault({
      ...{ kind: "another-object", method: "POST", path: "/deployments" },
      another: () => lab.api.deployments.get(other),
    });
    expect(await create("mine")).toMatchObject({ status: 200, body: { id: other, name: "other" } });
    expect(names()).toEqual(["other", "mine"]);
    expect((await create("next")).body.name).toBe("next");
  });

  test("answers each of two creates with the object of the other create", async () => {
    lab.api.fault({ kind: "crossed-answers", method: "POST", path: "/deployments" });
    const [one, two] = await Promise.all([create("one"), create("two")]);
    expect([one.status, two.status]).toEqual([200, 200]);
    expect([one.body.name, two.body.name]).toEqual(["two", "one"]);
    expect(names().sort()).toEqual(["one", "two"]);
    expect((await create("next")).body.name).toBe("next");
  });

  test("answers an update with 200, and does not change the object", async () => {
    const id = lab.create({ name: "old" });
    lab.api.fault({ kind: "ignored-write", method: "POST", path: `/deployments/${id}` });
    expect(await lab.post(`/deployments/${id}`, { name: "new" })).toMatchObject({ status: 200, body: { name: "old" } });
    expect((await lab.get(`/deployments/${id}`)).body.name).toBe("old");
    expect((await lab.post(`/deployments/${id}`, { name: "new" })).body.name).toBe("new");
  });

  test("stores a changed form of the values that were sent", async () => {
    const id = lab.create({ name: "old" });
    const rendition = (body: object) => ({ ...body, name: "trimmed" });
    lab.api.fault({ kind: "rendition", method: "POST", path: /^\/deployments/, times: 2, rendition });
    expect((await lab.post(`/deployments/${id}`, { name: " trimmed " })).body.name).toBe("trimmed");
    expect((await lab.get(`/deployments/${id}`)).body.name).toBe("trimmed");
    expect(await create("other")).toEqual(refused(409, "conflict_error"));
  });

  test.each([33, 5_000, 200_000])("refuses a body with %s levels, and answers the next request", async (levels) => {
    const text = `{"name":${"[".repeat(levels - 1)}${"]".repeat(levels - 1)}}`;
    const answer = await lab.call("POST", "/deployments", { text });
    expect(answer).toEqual(refused(400, "invalid_request_error", { message: "Request body is nested too deeply." }));
    expect((await create("next")).status).toBe(200);
  });

  test("reads a body with the largest number of levels", async () => {
    const text = `{"name":${"[".repeat(31)}${"]".repeat(31)}}`;
    const answer = await lab.call("POST", "/deployments", { text });
    expect(answer).toEqual(refused(400, "invalid_request_error", { param: expect.any(String) }));
  });
});

describe("a list", () => {
  const lab = useLab();
  const listed = async (path: string) => (await lab.get(path)).body.data?.map(({ id }) => id);

  test("of deployments filters by agent", async () => {
    const other = lab.api.agents.create().id;
    const [one, two] = [lab.create({ name: "one" }), lab.create({ name: "two", agent: other })];
    expect(await listed(`/deployments?agent_id=${lab.agent}`)).toEqual([one]);
    expect(await listed(`/deployments?agent_id=${other}`)).toEqual([two]);
    expect(await listed("/deployments?agent_id=agent_none")).toEqual([]);
  });

  test.each(["agents", "environments", "deployments"] as const)(
    "of %s filters by the time of creation",
    async (kind) => {
      lab.set("2026-06-15T00:00:00Z");
      const id = kind === "deployments" ? lab.create() : lab.api[kind].create().id;
      expect(await listed(`/${kind}?created_at[gte]=2026-06-15T00:00:00Z`)).toEqual([id]);
      expect(await listed(`/${kind}?created_at[gte]=2026-06-15T00:00:01Z`)).toEqual([]);
      expect(await listed(`/${kind}?created_at[lte]=2026-06-14T23:59:59Z`)).not.toContain(id);
    },
  );
});
