import type { JsonObject } from "../qoder-api/wire";
import { agent, deployment, environment } from "../support/kinds";
import { PluginWorld } from "../support/plugin-world";
import type { Properties } from "../support/provider";

let world: PluginWorld;
beforeAll(async () => {
  world = await PluginWorld.start();
});
afterAll(() => world.stop());
beforeEach(() => world.resetAll());

const toolset = { type: "agent_toolset_20260401" };
const open = { type: "cloud", networking: { type: "unrestricted" } };
const least = { model: "ultimate" };
const answered = "with success but still shows the old value";

test.each<[string, typeof agent, Properties, Properties, string]>([
  ["a description", agent, { ...least, description: "a" }, { ...least, description: "b" }, "description"],
  ["a removed description", agent, { ...least, description: "a" }, least, "description"],
  ["tools", agent, { ...least, tools: [toolset] }, { ...least, tools: [] }, "tools"],
  [
    "a setting of a tool that leaves the program",
    agent,
    { ...least, tools: [{ ...toolset, defaultConfig: { permissionPolicy: { type: "always_ask" } } }] },
    { ...least, tools: [toolset] },
    "tools",
  ],
  ["a model", agent, least, { model: "auto" }, "model"],
  ["a label that is set", agent, least, { ...least, metadata: { a: "1" } }, "metadata"],
  ["a label that changes", agent, { ...least, metadata: { a: "1" } }, { ...least, metadata: { a: "2" } }, "metadata"],
  ["a label that goes", agent, { ...least, metadata: { a: "1" } }, least, "metadata"],
  ["a configuration", environment, { config: open }, { config: { ...open, packages: { apt: ["jq"] } } }, "config"],
])(
  "an update of %s that the service answers and does not apply is an error, and the next up sends it",
  async (...row) => {
    const [, kind, before, after, member] = row;
    const { stack, id, path } = await world.existing(kind, before);
    const shown = JSON.stringify(stack.state?.outputs);
    world.api.fault({ kind: "ignored-write", method: "POST", path });
    await expect(stack.up(after)).rejects.toThrow(`the API answered the change of ${member} ${answered}`);
    const body = expect.anything();
    expect(world.sent()).toEqual([
      ["POST", path, body],
      ["GET", path],
    ]);
    const { __inputs: _, ...outputs } = stack.state?.outputs ?? {};
    expect(outputs).toEqual(JSON.parse(shown));
    expect(await stack.preview(after)).toBe("update");
    await stack.up(after);
    expect(world.sent()).toEqual([["POST", path, body]]);
    expect(stack.state?.id).toBe(id);
    expect(await stack.refresh()).toBe("same");
    expect(await stack.preview(after)).toBe("same");
  },
);

test("an answer with the old value, after which a look shows the new one, is no error", async () => {
  const { stack, path } = await world.existing(agent, { ...least, description: "a" });
  const transform = (reply: object) => ({ ...reply, description: "a" });
  world.api.fault({ kind: "replace-body", method: "POST", path, transform });
  await stack.up({ ...least, description: "b" });
  expect(world.sent()).toEqual([
    ["POST", path, { description: "b", version: 1 }],
    ["GET", path],
  ]);
  expect(await stack.refresh()).toBe("same");
});

test("another value than the old and the new one is what the service made of it, and no difference from then on", async () => {
  const { stack, path } = await world.existing(agent, { ...least, description: "a" });
  const rendition = (body: JsonObject) => ("description" in body ? { ...body, description: "b, trimmed" } : body);
  world.api.fault({ kind: "rendition", method: "POST", path, rendition, times: Number.POSITIVE_INFINITY });
  const after = { ...least, description: "b, trimmed   " };
  await stack.up(after);
  expect(world.sent()).toHaveLength(1);
  expect(await stack.refresh()).toBe("same");
  expect(await stack.preview(after)).toBe("same");
});

test("a new token alone is believed, as no reply shows a token", async () => {
  const repository = { type: "github_repository", url: "https://github.com/acme/shop" };
  const args = (authorizationToken: string) => world.args({ resources: [{ ...repository, authorizationToken }] });
  const { stack, path } = await world.existing(deployment, args("one"));
  await stack.up(args("two"));
  expect(world.sent()).toEqual([["POST", path, { resources: [{ ...repository, authorization_token: "two" }] }]]);
});
