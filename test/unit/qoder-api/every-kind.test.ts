import type { Answer, Call, Lab } from "./lab";
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
    ["a file", () => `/files/${lab.api.files.create().id}`, ["GET /content", "DELETE"]],
    ["a skill", () => `/skills/${lab.api.skills.create().id}`, ["GET /versions", "DELETE"]],
    ["a session", () => session(), ["GET /events", "POST /cancel"]],
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
  const session = () => `/sessions/${lab.api.deployments.run(lab.create()).session_id}`;
});

/** A create of each kind, with a name that makes its body another one. */
const creates: [string, (lab: Lab, name: string, call?: Call) => Promise<Answer>][] = [
  ["agents", (lab, name, call) => lab.post("/agents", { name, model: "ultimate" }, call)],
  ["environments", (lab, name, call) => lab.post("/environments", { name, config: { type: "cloud" } }, call)],
  ["deployments", (lab, name, call) => lab.post("/deployments", lab.body({ name }), call)],
  ["vaults", (lab, name, call) => lab.post("/vaults", { display_name: name }, call)],
  ["memory_stores", (lab, name, call) => lab.post("/memory_stores", { name }, call)],
  ["files", (lab, name, call) => lab.post("/files", undefined, { form: upload("file", { [name]: "x" }), ...call })],
  [
    "skills",
    (lab, name, call) => {
      const form = upload("files", { "my-skill/SKILL.md": SKILL }, { display_title: name });
      return lab.post("/skills", undefined, { form, ...call });
    },
  ],
];

describe.each(creates)("the endpoints of %s", (collection, create) => {
  const lab = useLab({ tokens });
  const key = { headers: { "idempotency-key": "k" } };
  const made = async (name = "one") => String((await create(lab, name)).body.id);
  const listed = async (query = "") => (await lab.get(`/${collection}?${query}`)).body.data?.map(({ id }) => id);

  test("make one object of two creates with the same idempotency key, and refuse another body with the key", async () => {
    const first = await create(lab, "one", key);
    expect((await create(lab, "one", key)).body).toEqual(first.body);
    expect(await create(lab, "other", key)).toEqual(conflict());
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
});
