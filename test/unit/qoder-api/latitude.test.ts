import { type Freedom, freedoms, optionalMembers, unknownMembers, unorderedLists } from "../../qoder-api/freedoms";
import { isObject } from "../../qoder-api/parse";
import { type Fields, type Kind, Lab, times, upload } from "./lab";

const kinds: readonly Kind[] = ["agents", "environments", "deployments", "vaults", "credentials", "memory_stores"];
const hour = 3_600_000;
const limited = { type: "limited", allowed_hosts: ["a.example.com", "b.example.com", "c.example.com"] };

/** More than the smallest body: what the service may show in another order, or in another form. */
const bodies: Partial<Record<Kind, Fields>> = {
  agents: { tools: [{ type: "agent_toolset_20260401", enabled_tools: ["Bash", "Read", "Grep"] }] },
  environments: { config: { type: "cloud", networking: limited, packages: { apt: ["jq", "nmap", "curl"] } } },
  deployments: {
    schedule: { type: "cron", expression: "0 9 * * *", timezone: "Europe/Berlin" },
  },
  credentials: {
    auth: {
      ...{ type: "mcp_oauth", mcp_server_url: "https://example.com/mcp", access_token: "token" },
      refresh: {
        ...{ client_id: "client", refresh_token: "once", token_endpoint: "https://example.com/token" },
        token_endpoint_auth: { type: "none" },
      },
    },
  },
};
const changes: Partial<Record<Kind, Fields>> = {
  agents: { version: 1, system: "Be brief." },
  environments: { description: "for tests" },
  deployments: { name: "other" },
  credentials: { metadata: { team: "docs" } },
  memory_stores: { description: "facts" },
};

const skillFile = (text: string) =>
  upload("files", { "daily/SKILL.md": `---\nname: daily\ndescription: ${text}\n---\n` });

/** The replies to requests about objects of each kind, of which each has its time. */
async function story(seed: number | undefined): Promise<{ lab: Lab; replies: unknown[] }> {
  const lab = new Lab();
  await lab.start({ latitude: seed });
  const replies: unknown[] = [];
  const told = async (answer: ReturnType<Lab["get"]>) => {
    const { body } = await answer;
    replies.push(body);
    lab.set(new Date(lab.now.getTime() + hour).toISOString());
    return body;
  };
  for (const kind of kinds) {
    const path = lab.path(kind);
    const vault_ids = kind === "deployments" ? times(3, () => lab.api.vaults.create().id) : undefined;
    const { id } = await told(lab.post(path, { ...lab.smallest(kind), ...bodies[kind], vault_ids }));
    await told(lab.get(`${path}/${id}`));
    if (changes[kind] !== undefined) await told(lab.post(`${path}/${id}`, changes[kind]));
    await told(lab.get(path));
    if (kind === "deployments") {
      const { session_id: session } = await told(lab.post(`${path}/${id}/run`));
      await told(lab.get(`${path}/${id}`));
      await told(lab.get(`/sessions/${session}`));
      await told(lab.get(`/sessions/${session}/events`));
    }
    if (kind === "credentials") await told(lab.send(kind));
    if (kind === "credentials") lab.api.credentials.renew(String(id), lab.now.toISOString());
    await told(lab.post(`${path}/${id}/archive`));
  }
  const { id: skill } = await told(lab.call("POST", "/skills", { form: skillFile("one") }));
  await told(lab.call("POST", `/skills/${skill}/versions`, { form: skillFile("two") }));
  for (const path of [`/skills/${skill}`, `/skills/${skill}/versions`]) await told(lab.get(path));
  await told(lab.call("POST", "/files", { form: upload("file", { "a.txt": "text" }) }));
  await told(lab.get("/files"));
  await told(lab.get("/vaults/vault_none"));
  await lab.api.close();
  return { lab, replies };
}

const free = new Set(optionalMembers.map(({ path }) => path.at(-1) ?? ""));
const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{0,5}[1-9])?Z$/;

/** What the pages fix in a reply: without the members that they leave out or open, and without the digits of ids and times. */
function fixed(value: unknown, name = ""): unknown {
  if (Array.isArray(value)) {
    const elements = value.map((element) => fixed(element));
    return unorderedLists.includes(name) ? elements.sort() : elements;
  }
  if (isObject(value)) {
    const members = Object.entries(value).filter(([member]) => !free.has(member) && !(member in unknownMembers));
    return Object.fromEntries(members.map(([member, inner]) => [member, fixed(inner, member)]));
  }
  if (name === "version" || name === "latest_version" || name === "request_id") return typeof value;
  if (typeof value !== "string") return value;
  return time.test(value) ? "a time" : value.replace(/\b([a-z]+_)[0-9A-Za-z]{12,}/g, "$1");
}

const seeds = times(30, (index) => index + 1);

test("the same seed makes the same replies, whatever ran before, and another seed makes others", async () => {
  const [one, again, other] = [await story(4), await story(4), await story(5)];
  const texts = [one, again, other].map(({ replies }) => JSON.stringify(withoutRequestIds(replies)));
  expect(texts[1]).toBe(texts[0]);
  expect(texts[2]).not.toBe(texts[0]);
});

function withoutRequestIds(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (name, inner: unknown) => (name === "request_id" ? undefined : inner)));
}

test("under each seed, the replies have all that the pages fix, and each freedom and each form of a member occurs under some seed", async () => {
  const exact = fixed((await story(undefined)).replies);
  const used = new Set<string>();
  for (const seed of seeds) {
    const { lab, replies } = await story(seed);
    expect({ seed, replies: fixed(replies) }).toEqual({ seed, replies: exact });
    for (const line of lab.api.latitude.report()?.split("\n").slice(1) ?? []) {
      const [, freedom = "", what = ""] = /^ {2}(\w+) .*?\): (.*)$/.exec(line) ?? [];
      for (const one of [freedom, ...what.split(", ").map((each) => `${freedom} ${each}`)]) used.add(one);
    }
  }
  expect(Object.keys(freedoms).filter((freedom) => !used.has(freedom))).toEqual([]);
  const forms = optionalMembers.flatMap(({ kind, path, forms: all }) =>
    all.map((form) => `unset ${kind}.${path.join(".")} ${form}`),
  );
  expect(forms.filter((form) => !used.has(form))).toEqual([]);
});

test("a read shows a write of a client at once, or up to a second late, and never after that", async () => {
  const lab = new Lab();
  const seen = new Set<string>();
  for (const seed of seeds) {
    await lab.start({ latitude: seed });
    const { id } = (await lab.send("memory_stores")).body;
    const name = async () => {
      const { status, body } = await lab.get(`/memory_stores/${id}`);
      const listed = (await lab.get("/memory_stores")).body.data?.length;
      return [status === 200 ? body.name : status, listed === 1 ? "listed" : "not listed"];
    };
    for (const one of await name()) seen.add(`after a create: ${one}`);
    lab.set(new Date(lab.now.getTime() + 1000).toISOString());
    expect(await name()).toEqual(["facts", "listed"]);
    await lab.post(`/memory_stores/${id}`, { name: "other" });
    seen.add(`after an update: ${(await name())[0]}`);
    lab.set(new Date(lab.now.getTime() + 1000).toISOString());
    expect(await name()).toEqual(["other", "listed"]);
    await lab.delete(`/memory_stores/${id}`);
    seen.add(`after a removal: ${(await name())[0]}`);
    lab.set(new Date(lab.now.getTime() + 1000).toISOString());
    expect(await name()).toEqual([404, "not listed"]);
    await lab.api.close();
  }
  expect([...seen].sort()).toEqual([
    ...["after a create: 404", "after a create: facts", "after a create: listed", "after a create: not listed"],
    ...["after a removal: 404", "after a removal: other", "after an update: facts", "after an update: other"],
  ]);
});

test("a pinned freedom is not used, and the report names it with its reason", async () => {
  const { lab } = await story(4);
  const { latitude } = lab.api;
  latitude.begin(4);
  for (const freedom of Object.keys(freedoms) as Freedom[]) latitude.pin(freedom, "the test says so");
  const reply = { type: "deployment", description: "", vault_ids: ["a", "b", "c"], schedule: { type: "cron" } };
  expect(JSON.stringify(latitude.answer("GET /", reply))).toBe(JSON.stringify(reply));
  expect(latitude.report()).toContain("QODER_API_LATITUDE=4 repeats it");
  expect(latitude.report()).toContain("  late is pinned: the test says so");
});
