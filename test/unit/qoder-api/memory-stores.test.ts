import { type Fields, invalid, useLab } from "./lab";

describe("memory stores", () => {
  const lab = useLab();
  const create = async (fields: Fields = {}) =>
    String((await lab.post("/memory_stores", { name: "facts", ...fields })).body.id);

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
