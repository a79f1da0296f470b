import { createHash } from "node:crypto";
import { conflict, type Fields, invalid, missing, refused, useLab } from "./lab";

const CONTENT = "# Architecture Decision\n\nChose microservices.";
const BODY = { path: "decisions/arch-choice.md", content: CONTENT };
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

describe("memories", () => {
  const lab = useLab();
  let store = "";
  beforeEach(() => {
    store = lab.api.memoryStores.create().id;
  });
  const path = (id?: string) => `/memory_stores/${store}/memories${id === undefined ? "" : `/${id}`}`;
  const made = async (fields: Fields = {}) => String((await lab.post(path(), { ...BODY, ...fields })).body.id);

  test("the service creates, reads, updates and deletes a memory, and lists it without its content", async () => {
    const created = await lab.post(path(), BODY);
    expect(created).toMatchObject({ status: 201 });
    const memory = {
      id: expect.stringMatching(/^mem_[0-9a-f]{32}$/),
      type: "memory",
      memory_store_id: store,
      ...BODY,
      content_size_bytes: 45,
      content_sha256: sha256(CONTENT),
      version: 1,
      metadata: {},
      created_at: expect.stringMatching(/^2026-06-14T08:53:32/),
      updated_at: created.body["created_at"],
    };
    expect(created.body).toEqual(memory);
    const id = String(created.body.id);
    expect((await lab.get(path(id))).body).toEqual(memory);
    const { content: _, ...listed } = memory;
    expect((await lab.get(path())).body.data).toEqual([listed]);
    const change = { content: "# Updated content", content_sha256: sha256(CONTENT), metadata: { by: "ops" } };
    const updated = await lab.post(path(id), change);
    expect(updated).toMatchObject({ status: 200, body: { version: 2, content_sha256: sha256(change.content) } });
    expect((await lab.get(`/memory_stores/${store}`)).body).toMatchObject({ entry_count: 1, total_size: 17 });
    expect((await lab.delete(path(id))).body).toEqual({ id, type: "memory_deleted" });
    expect((await lab.get(`/memory_stores/${store}`)).body).toMatchObject({ entry_count: 0, total_size: 0 });
  });

  test("a store refuses a second memory with the same path, and another store accepts the path", async () => {
    await made();
    const twice = refused(409, "invalid_request_error", { param: "path" });
    expect(await lab.post(path(), BODY)).toEqual(twice);
    store = lab.api.memoryStores.create().id;
    expect((await lab.post(path(), BODY)).status).toBe(201);
  });

  test("a write and a removal with a stale hash are refused", async () => {
    const id = await made();
    const stale = conflict();
    expect(await lab.post(path(id), { content: "n", content_sha256: sha256("x") })).toEqual(stale);
    expect(await lab.delete(`${path(id)}?expected_content_sha256=${sha256("x")}`)).toEqual(stale);
    expect((await lab.delete(`${path(id)}?expected_content_sha256=${sha256(CONTENT)}`)).status).toBe(200);
  });

  test("an update needs the content, and cannot change the path", async () => {
    const id = await made();
    expect(await lab.post(path(id), { metadata: { a: "1" } })).toEqual(invalid());
    expect(await lab.post(path(id), { path: "b.md" })).toEqual(invalid({ param: "path" }));
  });

  test("the service reads the memories of an archived store and refuses to change them", async () => {
    const id = await made();
    lab.api.memoryStores.archive(store);
    expect((await lab.get(path(id))).status).toBe(200);
    expect((await lab.get(path())).body.data).toHaveLength(1);
    const archived = conflict({ message: "Memory store is archived" });
    expect(await lab.post(path(), { ...BODY, path: "b.md" })).toEqual(archived);
    expect(await lab.post(path(id), { content: "n" })).toEqual(archived);
    expect(await lab.delete(path(id))).toEqual(archived);
    expect((await lab.delete(`/memory_stores/${store}`)).status).toBe(200);
    expect(lab.api.memories.all()).toEqual([]);
  });

  test("a list shows the memories of one store and filters by folder", async () => {
    const id = await made();
    const other = lab.api.memories.create(store, "notes/b.md", "b").id;
    lab.api.memories.create(lab.api.memoryStores.create().id, "notes/c.md", "c");
    const list = async (query: string) => (await lab.get(`${path()}?${query}`)).body.data?.map((one) => one.id);
    expect(await list("")).toEqual([other, id]);
    expect(await list("path_prefix=notes/")).toEqual([other]);
    expect(await lab.post(`${path(id)}/archive`)).toEqual(missing());
  });
});

describe("memory stores", () => {
  const lab = useLab();
  const create = async (fields: Fields = {}) =>
    String((await lab.post("/memory_stores", { name: "facts", ...fields })).body.id);

  test("an empty text clears a description, and so does null", async () => {
    const id = await create({ description: "d", metadata: { a: "1" } });
    const described = async (description: unknown) =>
      (await lab.post(`/memory_stores/${id}`, { description })).body["description"];
    expect(await described("")).toBe("");
    expect([await described("d"), await described(null)]).toEqual(["d", ""]);
    expect(lab.api.memoryStores.get(id).metadata).toEqual({ a: "1" });
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
