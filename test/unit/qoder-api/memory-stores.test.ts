import { type Fields, invalid, missing, useLab } from "./lab";

describe("memory stores", () => {
  const lab = useLab();
  const create = async (fields: Fields = {}) =>
    String((await lab.post("/memory_stores", { name: "facts", ...fields })).body.id);

  test("the service answers the documented examples of Create, Update, Archive and Delete as printed", async () => {
    const body = {
      name: "project-alpha-memory",
      description: "Agent knowledge base for project Alpha",
      metadata: { team: "backend" },
    };
    const created = await lab.post("/memory_stores", body);
    expect(created).toMatchObject({ status: 200 });
    expect(created.body).toEqual({
      id: expect.stringMatching(/^memstore_[0-9a-f]{32}$/),
      type: "memory_store",
      ...body,
      status: "active",
      entry_count: 0,
      total_size: 0,
      archived_at: null,
      created_at: expect.stringMatching(/^2026-06-14T08:53:32/),
      updated_at: created.body["created_at"],
    });
    lab.set("2026-06-14T09:00:00.5Z");
    const path = `/memory_stores/${created.body.id}`;
    const change = { name: "project-alpha-memory-v2", metadata: { team: null, env: "production" } };
    const updated = await lab.post(path, change);
    const updated_at = expect.stringMatching(/^2026-06-14T09:00:00\.5/);
    const metadata = { env: "production" };
    expect(updated.body).toEqual({ ...created.body, name: change.name, metadata, updated_at });
    const { body: archived } = await lab.post(`${path}/archive`);
    expect(archived).toEqual({ ...updated.body, status: "archived", archived_at: archived.updated_at });
    expect((await lab.get(path)).body).toEqual(archived);
    expect((await lab.delete(path)).body).toEqual({ id: created.body.id, type: "memory_store_deleted" });
    expect(await lab.get(path)).toEqual(missing());
    expect(await lab.delete(path)).toEqual(missing());
  });

  test("an empty text clears a description, and so does null unless a switch refuses it", async () => {
    const id = await create({ description: "d", metadata: { a: "1" } });
    const described = async (description: unknown) =>
      (await lab.post(`/memory_stores/${id}`, { description })).body["description"];
    expect(await described("")).toBe("");
    expect([await described("d"), await described(null)]).toEqual(["d", ""]);
    lab.api.switches.memoryStoreDescriptionNull = "reject";
    expect(await lab.post(`/memory_stores/${id}`, { description: null })).toEqual(invalid({ param: "description" }));
    expect(lab.api.memoryStores.get(id).metadata).toEqual({ a: "1" });
  });

  test("a switch makes a create need an idempotency key", async () => {
    lab.api.switches.memoryStoreKey = "required";
    expect((await lab.send("memory_stores", {}, { headers: { "idempotency-key": "k" } })).status).toBe(200);
  });

  test("a list filters by name", async () => {
    const [facts, old] = [await create(), await create({ name: "old" })];
    const list = async (query: string) => (await lab.get(`/memory_stores?${query}`)).body.data?.map(({ id }) => id);
    expect(await list("")).toEqual([old, facts]);
    expect(await list("name=old")).toEqual([old]);
  });

  test("the console changes, archives and removes a store with the memories that agents wrote", async () => {
    const { memoryStores, memories } = lab.api;
    const { id } = memoryStores.create({ name: "facts" });
    memories.create(id, "a.md", "four");
    memories.create(id, "b.md", "é");
    expect(memoryStores.edit(id, { name: "n" })).toMatchObject({ name: "n", entry_count: 2, total_size: 6 });
    memoryStores.changeMember(id, ["description"], "by hand");
    expect((await lab.get(`/memory_stores/${id}`)).body).toMatchObject({ description: "by hand", entry_count: 2 });
    expect((await lab.post(`/memory_stores/${id}`, { description: "" })).body["description"]).toBe("");
    expect(memoryStores.archive(id).status).toBe("archived");
    memoryStores.remove(id);
    expect([memoryStores.all(), memories.all()]).toEqual([[], []]);
  });
});
