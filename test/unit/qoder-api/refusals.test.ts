import { createBody } from "../../../provider/resource/compare/changes";
import { toWireCase } from "../../../provider/resource/kind/wire-case";
import { createdKinds } from "../../kinds";
import { type Fields, invalid, type Kind, times, useLab } from "./lab";

const toolset = { type: "agent_toolset_20260401" };
const mcp = { type: "mcp_toolset", mcp_server_name: "s" };
const server = { type: "url", name: "s", url: "https://mcp.example.com/mcp" };
const browser = { headers: { "x-qoder-beta": "browser-use-2026-07-14" } };

const kinds: readonly Kind[] = ["agents", "environments", "deployments", "vaults", "credentials", "memory_stores"];

/** What an update needs besides members of a create, of the kinds whose update takes the same members. */
const updates: Partial<Record<Kind, Fields>> = { agents: { version: 1 }, environments: {}, deployments: {} };

/** The mistakes that the check alone reports: the service takes what the request makes of them. */
const unseen = [
  ...["model.context_window: is not known", "tools[0].enabled_tools: is not known", "agent.type: is not known"],
  ...["schedule.cron: is not known", "resources[0].file_id: is not known", "budget.type: is not known"],
  ...["is not the id of", "content: is empty", 'write ["vault_', "names no setting", "reserved by Qoder; use"],
  ...["A=B: ", "A: is a boolean", "metadata: is an array"],
];

const mistakes = createdKinds.flatMap(({ kind, rows }) => {
  const collection = kinds.find((one) => kind.collection.endsWith(one));
  return Object.entries(rows).flatMap(([name, { sent, mistakes: given = [] }]) => {
    const [member] = Object.keys(sent);
    if (collection === undefined || member === undefined) return [];
    const named = given.map(([value, failures]) => ({ kind, collection, name, member, value, failure: `${failures}` }));
    return named.filter(({ failure }) => !unseen.some((words) => failure.includes(words)));
  });
});

function wireOf({ kind, name, member, value }: (typeof mistakes)[number]): unknown {
  try {
    return createBody(kind, { [name]: value })[member];
  } catch {
    return value === undefined ? undefined : toWireCase(value);
  }
}

describe("the service refuses a body", () => {
  const lab = useLab();

  test.each(mistakes)("of $collection with a mistake that the check knows: $failure", async (mistake) => {
    const { collection, member } = mistake;
    if (collection === "deployments") lab.create({ name: "other" });
    const path = lab.path(collection);
    const value = wireOf(mistake);
    const wrong = { ...lab.smallest(collection), [member]: value };
    const refusal = invalid({ param: expect.stringMatching(`^${member}\\b`) });
    const before = (await lab.get(path)).body;
    expect(await lab.post(path, wrong)).toEqual(refusal);
    const needed = updates[collection];
    if (needed !== undefined && value !== undefined) {
      expect(await lab.post(`${path}/${before.data?.[0]?.id}`, { ...needed, ...wrong })).toEqual(refusal);
    }
    expect((await lab.get(path)).body).toEqual(before);
  });

  test.each(kinds)("of %s with a member that it does not know, or without one that it needs", async (kind) => {
    expect(await lab.send(kind, { nonsense: [] })).toEqual(invalid({ message: 'json: unknown field "nonsense"' }));
    for (const param of Object.keys(lab.smallest(kind))) {
      const message = `Missing required field: ${param}`;
      expect(await lab.send(kind, { [param]: undefined })).toEqual(invalid({ message, param }));
    }
  });

  test.each([
    ...["0 9 * *", "0 0 9 * * *", "@daily", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * * 13 *", "* * * * 8"],
    ...["* * L * *", "* * 1W * *", "* * * * 5#2", "? * * * *", "5-1 * * * *", "*/0 * * * *", "5/15 * * * *"],
    ...["1,,2 * * * *", "MON * * * *", ""],
  ])("of a deployment with the schedule %j", async (expression) => {
    const schedule = { type: "cron", expression, timezone: "UTC" };
    expect(await lab.send("deployments", { schedule })).toEqual(invalid({ param: "schedule.expression" }));
  });

  test.each([
    ["broken JSON", "{"],
    ["no body", undefined],
    ["more than 4 MB", JSON.stringify({ description: "x".repeat(4 * 1024 * 1024) })],
  ])("that is no JSON: %s", async (_what, text) => {
    const answer = await lab.call("POST", `/deployments/${lab.create()}`, text === undefined ? {} : { text });
    expect(answer).toEqual(invalid({ message: "Request body must be valid JSON." }));
  });

  test.each([33, 200_000])("with %s levels, and answers the next request", async (levels) => {
    const text = `{"name":${"[".repeat(levels - 1)}${"]".repeat(levels - 1)}}`;
    const answer = await lab.call("POST", "/deployments", { text });
    expect(answer).toEqual(invalid({ message: "Request body is nested too deeply." }));
    expect((await lab.post("/deployments", lab.body())).status).toBe(200);
  });

  test("of an agent whose team or tool needs what an update takes away", async () => {
    const tools = [toolset, mcp];
    const multiagent = { type: "coordinator", agents: ["agent_1"] };
    const { id } = (await lab.send("agents", { tools, mcp_servers: [server], multiagent })).body;
    const update = (fields: Fields) => lab.post(`/agents/${id}`, { version: 1, ...fields });
    expect(await update({ mcp_servers: [] })).toEqual(invalid({ param: "tools.1.mcp_server_name" }));
    expect(await update({ tools: [] })).toEqual(invalid({ param: "multiagent" }));
    expect(await update({ tools: [], mcp_servers: [], multiagent: null })).toMatchObject({ status: 200 });
  });

  test("of an agent that names an unknown tool", async () => {
    const refusal = invalid({ message: "unknown tool name 'bash'", param: "tools.0" });
    for (const tool of [{ enabled_tools: ["Bash", "bash"] }, { configs: [{ name: "bash" }] }]) {
      expect(await lab.send("agents", { tools: [{ ...toolset, ...tool }] })).toEqual(refusal);
    }
  });

  test("of an agent with browser tools without their beta header", async () => {
    const tools = [{ type: "browser_toolset_20260714" }];
    const message =
      "tools containing browser_toolset_20260714 require the 'x-qoder-beta: browser-use-2026-07-14' header.";
    expect(await lab.send("agents", { tools })).toEqual(invalid({ message }));
    expect(await lab.post(`/agents/${lab.agent}`, { version: 1, tools })).toEqual(invalid({ message }));
    expect((await lab.send("agents", { tools }, browser)).body).toMatchObject({ tools });
  });

  test("of a deployment with more labels than the limit, which counts the labels that an update leaves", async () => {
    const metadata = Object.fromEntries(times(16, (index) => [`key${index}`, "v"]));
    const id = lab.create({ metadata });
    expect(await lab.post(`/deployments/${id}`, { metadata: { more: "v" } })).toEqual(invalid({ param: "metadata" }));
    const { body } = await lab.post(`/deployments/${id}`, { metadata: { more: "v", key0: null } });
    expect(Object.keys(body.metadata ?? {})).toHaveLength(16);
  });
});
