import { invalid, missing, upload, useLab } from "./lab";

const TEXT = "one line\n";

describe("files", () => {
  const lab = useLab();
  const send = (files: Record<string, string | Buffer>, fields: Record<string, string>) =>
    lab.post("/files", undefined, { form: upload("file", files, fields) });

  test("the service uploads, reads, lists and deletes a file as documented", async () => {
    const created = await send({ "my-document.txt": TEXT }, { metadata: '{"project":"demo"}' });
    expect(created).toMatchObject({ status: 200 });
    expect(created.body).toEqual({
      id: expect.stringMatching(/^file_[0-9a-f]{32}$/),
      type: "file",
      filename: "my-document.txt",
      mime_type: "text/plain",
      size_bytes: TEXT.length,
      downloadable: false,
      scope: null,
      metadata: { project: "demo" },
      created_at: expect.stringMatching(/^2026-06-14T08:53:32/),
    });
    const path = `/files/${created.body.id}`;
    expect((await lab.get(path)).body).toEqual(created.body);
    expect((await lab.get("/files")).body.data).toEqual([created.body]);
    expect((await lab.post(path, {})).status).toBe(404);
    expect((await lab.delete(path)).body).toEqual({ id: created.body.id, type: "file_deleted" });
    for (const gone of [await lab.get(path), await lab.get(`${path}/content`), await lab.delete(path)]) {
      expect(gone).toEqual(missing());
    }
  });

  test.each([
    ["the last component of the part's name", { "a/b/c.txt": TEXT }, {}, "c.txt"],
    ["the name that is sent", { "c.txt": TEXT }, { name: "d.md" }, "d.md"],
    ["the name without its folders and its control characters", { "c.txt": TEXT }, { name: "../e\u0007.txt" }, "e.txt"],
  ])("a file gets %s", async (_what, files, fields, filename) => {
    expect((await send(files, fields)).body).toMatchObject({ filename });
  });

  test.each<[string, Record<string, string | Buffer>, Record<string, string>]>([
    ["file", {}, {}],
    ["file", { "a.txt": TEXT, "b.txt": TEXT }, {}],
    ["file", { "a.png": Buffer.from([0x89, 0x50, 0x4e, 0x47]) }, {}],
    ["file", { "a.bin": "a\0b" }, {}],
    ["file", { "a.txt": "x".repeat(5 * 1024 * 1024 + 1) }, {}],
    ["name", { "a.txt": TEXT }, { name: "" }],
    ["name", { "a.txt": TEXT }, { name: "é".repeat(128) }],
    ["metadata", { "a.txt": TEXT }, { metadata: "a=b" }],
    ["metadata", { "a.txt": TEXT }, { metadata: JSON.stringify({ a: "x".repeat(8 * 1024) }) }],
    ["expires_in_seconds", { "a.txt": TEXT }, { expires_in_seconds: "3599" }],
    ["expires_in_seconds", { "a.txt": TEXT }, { expires_in_seconds: "7776001" }],
    ["expires_in_seconds", { "a.txt": TEXT }, { expires_in_seconds: "soon" }],
  ])("an upload with a wrong %s is refused (%#)", async (param, files, fields) => {
    expect(await send(files, fields)).toEqual(invalid({ param }));
    expect(lab.api.files.all()).toEqual([]);
  });
});
