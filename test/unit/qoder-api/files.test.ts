import { request } from "undici";
import { type Call, invalid, missing, refused, times, upload, useLab } from "./lab";

const TEXT = "one line\n";

describe("files", () => {
  const lab = useLab({ tokens: { "pt-test": "default", "pt-other": "other" } });
  const send = (
    files: Record<string, string | Buffer> = { "notes.txt": TEXT },
    fields: Record<string, string> = {},
    call?: Call,
  ) => lab.post("/files", undefined, { form: upload("file", files, fields), ...call });
  const made = async (name = "notes.txt") => String((await send({ [name]: TEXT })).body.id);

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

  test.each([
    ["notes.md", undefined, "text/markdown"],
    ["notes", undefined, "text/plain"],
    ["notes.txt", "text/csv", "text/csv"],
  ])("the file %s, uploaded with the type %s, gets the type %s", async (name, type, mime_type) => {
    const form = upload("other", {});
    form.append("file", new File([TEXT], name, { type: type ?? "" }), name);
    expect((await lab.post("/files", undefined, { form })).body).toMatchObject({ mime_type });
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

  test("the content comes from a link that expires and refuses an authorization header", async () => {
    const id = await made();
    const link = (await lab.get(`/files/${id}/content`)).body;
    const url = String(link["url"]);
    expect(url).not.toContain(lab.api.url);
    const answered = async (headers: Record<string, string> = {}) => {
      const answer = await request(url, { headers });
      return [answer.statusCode, await answer.body.text()];
    };
    expect(await answered()).toEqual([200, TEXT]);
    expect(await answered({ authorization: "Bearer pt-test" })).toEqual([400, expect.any(String)]);
    lab.now = new Date(String(link["expires_at"]));
    expect(await answered()).toEqual([403, expect.any(String)]);
    lab.api.switches.fileContentOfUploads = 403;
    expect(await lab.get(`/files/${id}/content`)).toEqual(refused(403, "permission_error"));
    lab.api.files.overwrite(id, { downloadable: true, scope: { id: "sess_1", type: "session" } });
    expect((await lab.get(`/files/${id}/content`)).status).toBe(200);
  });

  test("a file no longer exists after its expiry", async () => {
    const { body } = await send(undefined, { expires_in_seconds: "3600" });
    expect(body["expires_at"]).toMatch(/^2026-06-14T09:53:32/);
    lab.set("2026-06-14T09:53:31Z");
    expect((await lab.get(`/files/${body.id}`)).status).toBe(200);
    lab.set("2026-06-14T09:53:34Z");
    expect(await lab.get(`/files/${body.id}`)).toEqual(missing());
    expect((await lab.get("/files")).body.data).toEqual([]);
    const deployment = lab.create({ resources: [{ type: "file", file_id: body.id }] });
    expect(lab.api.deployments.run(deployment).error).toMatchObject({ type: "file_not_found_error" });
  });

  test("a list filters by name, session and ids", async () => {
    const [one, two, three] = [await made("a.txt"), await made("b.txt"), await made("c.txt")];
    lab.api.files.overwrite(three, { scope: { id: "sess_1", type: "session" } });
    const list = async (query: string) => (await lab.get(`/files?${query}`)).body.data?.map(({ id }) => id);
    expect(await list("name=b.txt")).toEqual([two]);
    expect(await list("scope_id=sess_1")).toEqual([three]);
    expect(await list(`ids[]=${one}&ids[]=file_none&ids[]=${three}`)).toEqual([three, one]);
    expect((await lab.get(`/files?ids[]=${one}`, { token: "pt-other" })).body.data).toEqual([]);
    const many = times(101, (index) => `ids[]=file_${index}`).join("&");
    for (const query of [`ids[]=${one}&limit=1`, `ids[]=${one}&page=${two}`, many]) {
      expect(await lab.get(`/files?${query}`)).toEqual(invalid({ param: "ids[]" }));
    }
  });

  test("a list by ids shows all of them in one page", async () => {
    const all = times(25, () => lab.api.files.create().id);
    const { body } = await lab.get(`/files?${all.map((id) => `ids[]=${id}`).join("&")}`);
    expect(body).toMatchObject({ data: { length: 25 }, has_more: false });
  });

  test("the console makes files, reads their content, changes their members and removes them", async () => {
    const { files } = lab.api;
    const { id } = files.create({ filename: "a.txt", content: "é" });
    expect(files.get(id)).toMatchObject({ filename: "a.txt", size_bytes: 2 });
    expect(files.content(id).toString()).toBe("é");
    files.changeMember(id, ["mime_type"], "text/html");
    expect((await lab.get(`/files/${id}`)).body["mime_type"]).toBe("text/html");
    files.remove(id);
    expect(await lab.get(`/files/${id}`)).toEqual(missing());
  });
});
