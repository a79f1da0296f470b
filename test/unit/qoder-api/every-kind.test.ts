import type { Answer, Call, Fields, Lab } from "./lab";
import { conflict, invalid, missing, upload, useLab } from "./lab";

const tokens = { "pt-test": "default", "pt-other": "other" };
const strangers: Call[] = [{ token: "pt-other" }, { headers: { "qoder-workspace-id": "ws_2" } }];
const SKILL = "---\nname: my-skill\ndescription: d\n---\n";

describe("another account and another workspace neither see nor change", () => {
  const lab = useLab({ tokens });

  /** The path of an object of the kind, and its other endpoints: a method, and the rest of the path. */
  test.each<[string, () => string, string[]]>([
    ["an agent", () => `/agents/${lab.agent}`, ["GET /versions", "POST", "POST /archive"]],
    ["an environment", () => `/environments/${lab.environment}`, ["POST", "POST /archive", "DELETE"]],
    ["a deployment", () => `/deployments/${lab.create()}`, ["GET /runs", "POST", "POST /archive", "POST /run"]],
    ["a vault", () => `/vaults/${lab.api.vaults.create().id}`, ["POST /archive", "DELETE", "POST /credentials"]],
    ["a credential", () => credential(), ["POST", "POST /archive", "DELETE"]],
    ["a memory store", () => `/memory_stores/${lab.api.memoryStores.create().id}`, ["POST", "DELETE"]],
    ["a memory", () => memory(), ["POST", "DELETE"]],
    ["a file", () => `/files/${lab.api.files.create().id}`, ["GET /content", "DELETE"]],
    ["a skill", () => `/skills/${lab.api.skills.create().id}`, ["GET /versions", "DELETE"]],
    ["a session", () => session(), ["GET /events", "POST /cancel", "POST /archive", "DELETE"]],
  ])("%s", async (_what, make, endpoints) => {
    const path = make();
    expect((await lab.get(path)).status).toBe(200);
    for (const stranger of strangers) {
      expect(await lab.get(path.slice(0, path.lastIndexOf("/")), stranger)).toEqual(nothing(path));
      for (const endpoint of ["GET", ...endpoints]) {
        expect([endpoint, await sent(endpoint, path, stranger)]).toEqual([endpoint, missing()]);
      }
    }
  });

  /** The list inside of a hidden object is hidden, and every other list is empty. */
  const nothing = (path: string) =>
    path.split("/").length > 3 ? missing() : expect.objectContaining({ body: expect.objectContaining({ data: [] }) });
  const sent = (endpoint: string, path: string, stranger: Call) => {
    const [method, rest = ""] = endpoint.split(" ");
    if (method !== "POST") return lab.call(method === "GET" ? "GET" : "DELETE", path + rest, stranger);
    return lab.post(path + rest, ["", "/credentials"].includes(rest) ? { version: 1, name: "n" } : undefined, stranger);
  };
  const credential = () => {
    const vault = lab.api.vaults.create().id;
    return `/vaults/${vault}/credentials/${lab.api.credentials.create(vault).id}`;
  };
  const memory = () => {
    const store = lab.api.memoryStores.create().id;
    return `/memory_stores/${store}/memories/${lab.api.memories.create(store, "a.md", "text").id}`;
  };
  const session = () => `/sessions/${lab.api.deployments.run(lab.create()).session_id}`;
});

/** A create of each kind, with a name that makes its body another one. */
const creates: [string, string, (lab: Lab, name: string, call?: Call) => Promise<Answer>][] = [
  ["agents", "An agent", (lab, name, call) => lab.post("/agents", { name, model: "ultimate" }, call)],
  [
    "environments",
    "An environment",
    (lab, name, call) => lab.post("/environments", { name, config: { type: "cloud" } }, call),
  ],
  ["deployments", "A deployment", (lab, name, call) => lab.post("/deployments", lab.body({ name }), call)],
  ["vaults", "A vault", (lab, name, call) => lab.post("/vaults", { display_name: name }, call)],
  ["memory_stores", "A memory store", (lab, name, call) => lab.post("/memory_stores", { name }, call)],
  [
    "files",
    "A file",
    (lab, name, call) => lab.post("/files", undefined, { form: upload("file", { [name]: "x" }), ...call }),
  ],
  [
    "skills",
    "A skill",
    (lab, name, call) => {
      const form = upload("files", { "my-skill/SKILL.md": SKILL }, { display_title: name });
      return lab.post("/skills", undefined, { form, ...call });
    },
  ],
];

describe.each(creates)("the endpoints of %s", (collection, one, create) => {
  const lab = useLab({ tokens });
  const key = { headers: { "idempotency-key": "k" } };
  /** A message that begins with the kind, such as "Memory store is archived". */
  const told = (rest: string) => `${one.replace(/^An? (.)/, (_, first: string) => first.toUpperCase())} ${rest}`;
  const isUpload = ["files", "skills"].includes(collection);
  const made = async (name = "one") => String((await create(lab, name)).body.id);
  const listed = async (query = "") => (await lab.get(`/${collection}?${query}`)).body.data?.map(({ id }) => id);

  test("make one object of two creates with the same idempotency key, and refuse another body with the key", async () => {
    const first = await create(lab, "one", key);
    expect((await create(lab, "one", key)).body).toEqual(first.body);
    expect(await create(lab, "other", key)).toEqual(conflict());
  });

  test("answer 404 to a GET of a new object that is still hidden", async () => {
    lab.api.switches.hiddenForMs = 1_000;
    const path = `/${collection}/${await made()}`;
    expect(await lab.get(path)).toEqual(missing());
    if (!isUpload && collection !== "vaults") {
      expect(await lab.post(path, { version: 1, name: "n" })).toEqual(missing());
    }
    lab.set("2026-06-14T08:53:33Z");
    expect((await lab.get(path)).status).toBe(200);
  });

  test("show lists in pages, forwards and backwards, and refuse a limit above 100", async () => {
    const [first, second] = [await made("one"), await made("two")];
    const { body } = await lab.get(`/${collection}?limit=1`);
    expect(body).toMatchObject({
      data: [{ id: second }],
      first_id: second,
      last_id: second,
      has_more: true,
      next_page: second,
    });
    expect((await listed(`limit=1&page=${second}`))?.[0]).toBe(first);
    expect((await listed(`limit=1&after_id=${second}`))?.[0]).toBe(first);
    expect(await listed(`before_id=${first}`)).toEqual([second]);
    expect(await lab.get(`/${collection}?limit=101`)).toEqual(invalid());
  });

  test("meet faults", async () => {
    lab.api.fault({ kind: "status", status: 503, path: `/${collection}`, method: "POST" });
    expect((await create(lab, "one")).status).toBe(503);
  });

  if (isUpload) return;

  test("leave an archived object out of lists, answer a GET of it and refuse to archive it again", async () => {
    const id = await made();
    const path = `/${collection}/${id}`;
    lab.set("2026-06-14T09:00:00.5Z");
    const { body } = await lab.post(`${path}/archive`);
    expect(body).toMatchObject({ id, archived_at: body.updated_at });
    expect(body.updated_at).toMatch(/^2026-06-14T09:00:00/);
    expect((await lab.get(path)).body).toEqual(body);
    expect(await listed()).not.toContain(id);
    expect((await lab.get(`/${collection}?include_archived=true&limit=1`)).body.data).toEqual([body]);
    expect(await lab.post(`${path}/archive`)).toEqual(conflict({ message: told("is already archived") }));
    Object.assign(lab.api.switches, { archiveElsewhereTwice: 200, archiveAgentTwice: 200 });
    const again = await lab.post(`${path}/archive`);
    if (["environments", "deployments"].includes(collection)) expect(again).toEqual(conflict());
    else expect(again).toMatchObject({ status: 200, body });
  });

  if (collection === "vaults") return;

  test("let an empty update change nothing, not even updated_at", async () => {
    if (collection === "agents") return;
    const path = `/${collection}/${await made()}`;
    const before = (await lab.get(path)).body;
    lab.set("2026-06-14T09:00:00Z");
    expect((await lab.post(path, {})).body).toEqual(before);
  });

  test("refuse an update of an archived object", async () => {
    const id = await made();
    await lab.post(`/${collection}/${id}/archive`);
    const body: Fields = { name: "n", ...(collection === "agents" ? { version: 1 } : {}) };
    expect(await lab.post(`/${collection}/${id}`, body)).toEqual(conflict({ message: told("is archived") }));
  });
});
