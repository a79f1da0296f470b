import { useLab } from "./lab";

const lab = useLab({ tokens: { "pt-test": "default", "pt-other": "other" } });

test.each([
  ["vaults", "/vaults", { type: "vault", display_name: "vault", archived_at: null }],
  ["memoryStores", "/memory_stores", { type: "memory_store", status: "active", entry_count: 0, archived_at: null }],
  ["files", "/files", { type: "file", downloadable: false, scope: null }],
] as const)("%s that the console made are shown to their account alone", async (name, path, members) => {
  const id = String(lab.api[name].create()["id"]);
  const shown = await lab.call("GET", `${path}/${id}`);
  expect([shown.status, shown.body]).toEqual([200, expect.objectContaining({ id, ...members })]);
  expect(await lab.call("GET", `${path}/${id}`, { token: "pt-other" })).toMatchObject({ status: 404 });
  lab.api[name].remove(id);
  expect(await lab.call("GET", `${path}/${id}`)).toMatchObject({ status: 404 });
});

test.each([
  ["vaults", "/vaults", { archived_at: expect.any(String) }],
  ["memoryStores", "/memory_stores", { archived_at: expect.any(String), status: "archived" }],
] as const)("archived %s can be read", async (name, path, members) => {
  const id = String(lab.api[name].create()["id"]);
  lab.api[name].archive(id);
  expect((await lab.call("GET", `${path}/${id}`)).body).toMatchObject(members);
});
