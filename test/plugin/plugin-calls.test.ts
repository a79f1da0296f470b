import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { resolve } from "node:path";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { z } from "zod";
import { Empty } from "../../provider/plugin-server/sdk";
import { PluginCalls, secretOf, unknown, urnOf } from "../support/plugin-calls";
import { struct } from "../support/struct";

// The calls of the engine that no test of a resource makes.

const account = urnOf("pulumi:providers:qoder", "staging");
const usual = urnOf("pulumi:providers:qoder", "default_0_1_0");

let plugin: PluginCalls;
beforeEach(() => {
  plugin = new PluginCalls();
});
const answer = <Response>(name: string, request: object) => plugin.answer<Response>(name, request);

async function checkedConfig(urn: string, news: object) {
  const request = new messages.CheckRequest().setUrn(urn).setNews(struct(news));
  const response = await answer<messages.CheckResponse>("checkConfig", request);
  return {
    inputs: response.getInputs()?.toJavaScript(),
    failures: response.getFailuresList().map((failure) => failure.getReason()),
  };
}

test("the plugin accepts secrets, and returns its schema and its version", async () => {
  const shaken = await answer<messages.ProviderHandshakeResponse>("handshake", new messages.ProviderHandshakeRequest());
  const configured = await answer<messages.ConfigureResponse>("configure", new messages.ConfigureRequest());
  const schema = await answer<messages.GetSchemaResponse>("getSchema", new messages.GetSchemaRequest());
  const info = await answer<{ getVersion(): string }>("getPluginInfo", new Empty());
  expect([shaken.getAcceptSecrets(), configured.getAcceptsecrets(), configured.getSupportspreview()]).toEqual(
    Array(3).fill(true),
  );
  expect([schema.getSchema(), info.getVersion()]).toEqual(['{"name":"qoder"}', "1.2.3"]);
});

describe("CheckConfig", () => {
  test("returns the settings of a declared provider under the names of a QoderProvider, with the token as a secret", async () => {
    plugin = new PluginCalls({ "qoder:baseUrl": "https://api.example.com", "qoder:workspaceId": "wrk_of_the_stack" });
    const news = { pat: "pt-1", verify: true, workspaceId: unknown, version: "0.1.0" };
    expect(await checkedConfig(account, news)).toEqual({
      inputs: {
        "qoder:pat": secretOf("pt-1"),
        "qoder:verify": "true",
        "qoder:workspaceId": unknown,
        "qoder:baseUrl": "https://api.example.com",
        "qoder:account": "staging",
        version: "0.1.0",
      },
      failures: [],
    });
  });

  test.each([
    ["qoder:defaultMetadata", "qoder:protect"],
    ["defaultMetadata", "protect"],
  ])("joins the labels of %s with those of a declared provider, which inherits %s", async (labels, protect) => {
    plugin = new PluginCalls({ [labels]: '{"cost":42,"team":"platform"}', [protect]: "true" });
    const { inputs, failures } = await checkedConfig(account, { pat: "pt-1", defaultMetadata: { team: "data" } });
    expect(failures).toEqual([]);
    expect(inputs).toMatchObject({ "qoder:protect": "true" });
    expect(JSON.parse(String(Object(inputs)["qoder:defaultMetadata"]))).toEqual({ cost: 42, team: "data" });
  });

  test.each([account, usual])("refuses a secret among the labels of %s", async (urn) => {
    const { failures } = await checkedConfig(urn, { pat: "pt-1", defaultMetadata: { team: secretOf("data") } });
    expect(failures).toEqual([
      "qoder:defaultMetadata holds a secret, and labels are plain text at Qoder: set it without --secret",
    ]);
  });

  test("returns the token of the stack's configuration as a secret, even if it is plain text there", async () => {
    expect(await checkedConfig(usual, { pat: "pt-1", showRequests: "true" })).toEqual({
      inputs: { pat: secretOf("pt-1"), showRequests: "true" },
      failures: [],
    });
  });

  test("warns of a key of the stack's configuration that is no setting", async () => {
    plugin = new PluginCalls({ "qoder:verfy": "true", "qoder:verify": "true", "project:other": "a" });
    expect((await checkedConfig(usual, { verfy: "true", verify: "true" })).failures).toEqual([]);
    expect(plugin.told).toEqual([
      expect.stringContaining("qoder:verfy is not a setting of this package and has no effect"),
    ]);
  });

  test.each([
    [account, { saKey: " " }, 'QoderProvider "staging": saKey is empty; set the key of this service account'],
    [account, { token: "a" }, 'QoderProvider "staging": token is not an argument; the access token is called pat'],
    [usual, { verify: "yes" }, "qoder:verify is neither true nor false"],
    [usual, { diagnostics: "nightly" }, expect.stringMatching(/^qoder:diagnostics has "nightly"; it takes /)],
  ])("fails for %s with %j", async (urn, news, problem) => {
    expect((await checkedConfig(urn, news)).failures).toEqual([problem]);
  });
});

describe("DiffConfig", () => {
  const { DIFF_NONE, DIFF_SOME } = messages.DiffResponse.DiffChanges;
  test.each([
    ["another token", { "qoder:pat": "pt-1" }, { "qoder:pat": "pt-2" }, DIFF_SOME],
    ["another version of the plugin", { "qoder:pat": "pt-1" }, { "qoder:pat": "pt-1", version: "0.2.0" }, DIFF_NONE],
    [
      "the same values under older names",
      { pat: "pt-1", baseUrl: "b" },
      { "qoder:baseUrl": "b", "qoder:pat": "pt-1" },
      DIFF_NONE,
    ],
  ])("compares %s, and replaces no resource", async (_, olds, news, changes) => {
    const request = new messages.DiffRequest().setUrn(account).setOldInputs(struct(olds)).setNews(struct(news));
    const response = await answer<messages.DiffResponse>("diffConfig", request);
    expect([response.getChanges(), response.getReplacesList()]).toEqual([changes, []]);
  });
});

test.each([
  ["a preview prints the requests of", true, [expect.stringMatching(/^QoderAgent "daily": POST \/agents /)]],
  ["an `up` prints no request of", false, []],
])("%s a resource that was checked before the first call told the two apart", async (_, isPreview, shown) => {
  plugin = new PluginCalls({ "qoder:showRequests": "true", "qoder:baseUrl": "http://127.0.0.1:9" });
  const urn = urnOf("qoder:index:Agent", "daily");
  const check = new messages.CheckRequest().setUrn(urn).setNews(struct({ model: "ultimate" }));
  await answer("check", check);
  expect(plugin.told).toEqual([]);
  const vault = new messages.CreateRequest().setUrn(urnOf("qoder:index:Vault", "other")).setPreview(isPreview);
  await answer("create", vault.setTimeout(0.01).setProperties(struct({}))).catch(() => undefined);
  expect(plugin.told.filter((text) => text.includes("POST /agents"))).toEqual(shown);
});

test("a cancelled command prints its remarks once", async () => {
  const schedule = { expression: "0 9 1 * 1", timezone: "UTC" };
  const news = { agent: "agent_1", environmentId: "env_1", initialEvents: "go", schedule };
  const urn = urnOf("qoder:index:Deployment", "daily");
  const checked = new messages.CheckRequest().setUrn(urn).setOlds(struct({})).setNews(struct(news));
  await answer("check", checked);
  expect(plugin.told).toEqual([]);
  await answer("cancel", new Empty());
  await answer("cancel", new Empty());
  // Only a preview shows the next runs, and no call was a preview.
  expect(plugin.told).toEqual([expect.stringContaining("[either-day]")]);
});

test("the process of the plugin ends when the engine has ended", async () => {
  const engine = createServer();
  await once(engine.listen(0, "127.0.0.1"), "listening");
  const { port } = z.object({ port: z.number() }).parse(engine.address());
  const seen = once(engine, "connection");
  const main = resolve(__dirname, "..", "..", "plugin", "main.js");
  const child = spawn(process.execPath, [main, `127.0.0.1:${port}`], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(child, "exit");
  await Promise.all([seen, once(child.stdout, "data")]);
  engine.close();
  expect(await ended).toEqual([1, null]);
});

test.each(["File", "Skill"])("check for the kind %s refuses an unknown path, as the class does", async (kind) => {
  const request = new messages.CheckRequest().setUrn(urnOf(`qoder:index:${kind}`, "daily"));
  const checked = await answer<messages.CheckResponse>("check", request.setNews(struct({ source: unknown })));
  const reasons = checked.getFailuresList().map((failure) => failure.getReason());
  expect(reasons).toEqual([expect.stringMatching(/^source: is not a text/)]);
});

test("a preview of an update announces null for an argument that the program no longer has, as the update returns it", async () => {
  const [recorded, inputs] = [{ model: "ultimate", system: "Be brief.", version: 1 }, { model: "ultimate" }];
  const preview = new messages.UpdateRequest().setUrn(urnOf("qoder:index:Agent", "daily")).setId("agent_1");
  preview.setPreview(true).setOlds(struct(recorded)).setNews(struct(inputs));
  const updated = await answer<messages.UpdateResponse>("update", preview);
  const announced = { model: "ultimate", system: null, description: null, version: unknown };
  expect(updated.getProperties()?.toJavaScript()).toMatchObject(announced);
});

test("an unknown type and an unknown function are errors that name them", async () => {
  const urn = urnOf("qoder:index:Webhook", "daily");
  await expect(answer("check", new messages.CheckRequest().setUrn(urn))).rejects.toMatchObject({
    details: "there is no resource type qoder:index:Webhook",
  });
  await expect(answer("invoke", new messages.InvokeRequest().setTok("qoder:index:getRun"))).rejects.toMatchObject({
    details: "there is no function qoder:index:getRun",
  });
});

describe("autonaming", () => {
  const { PROPOSE, DISABLE } = messages.CheckRequest.AutonamingOptions.Mode;
  const proposal = (proposedName: string, mode: 0 | 1 | 2 = PROPOSE) =>
    new messages.CheckRequest.AutonamingOptions().setProposedName(proposedName).setMode(mode);

  test("the plugin takes the names that the engine proposes", async () => {
    const configured = await answer<messages.ConfigureResponse>("configure", new messages.ConfigureRequest());
    const shaken = await answer<messages.ProviderHandshakeResponse>("handshake", new Empty());
    expect([configured, shaken].map((one) => one.getSupportsAutonamingConfiguration())).toEqual([true, true]);
  });

  test.each([
    ["no setting of autonaming", undefined, {}, {}, "daily"],
    ["a proposed name", proposal("daily-1f"), {}, {}, "daily-1f"],
    ["a name in the program", proposal("daily-1f"), {}, { name: "mine" }, "mine"],
    ["another proposal for an existing object", proposal("daily-2e"), { name: "daily-1f" }, {}, "daily-1f"],
    ["a setting that is new to an existing object", proposal("daily-2e"), { name: "daily" }, {}, "daily"],
    ["a setting that is no longer there", undefined, { name: "daily-1f" }, {}, "daily-1f"],
  ])("with %s the agent has that name", async (_, autonaming, olds, news, name) => {
    const check = new messages.CheckRequest().setUrn(urnOf("qoder:index:Agent", "daily"));
    check
      .setOlds(struct(olds))
      .setNews(struct({ model: "ultimate", ...news }))
      .setAutonaming(autonaming);
    const checked = await answer<messages.CheckResponse>("check", check);
    expect(checked.getInputs()?.toJavaScript()["name"]).toBe(name);
  });

  test.each(["Agent", "Vault"])("a stack without autonaming fails for an unnamed object: %s", async (kind) => {
    const argument = kind === "Vault" ? "displayName" : "name";
    const model = kind === "Vault" ? {} : { model: "ultimate" };
    const check = new messages.CheckRequest().setUrn(urnOf(`qoder:index:${kind}`, "daily"));
    check.setNews(struct(model)).setAutonaming(proposal("", DISABLE));
    const reasons = async () =>
      (await answer<messages.CheckResponse>("check", check)).getFailuresList().map((failure) => failure.getReason());
    expect(await reasons()).toEqual([expect.stringContaining(`${argument}: is missing`)]);
    check.setNews(struct({ ...model, [argument]: "mine" }));
    expect(await reasons()).toEqual([]);
  });
});

describe("without a stack", () => {
  // `pulumi do --stateless` names every resource of a type by this URN.
  const urn = "urn:pulumi:dev::default::qoder:index:Vault::Vault";
  const vault = { displayName: "tracker" };
  const originOf = async (request: messages.CheckRequest) => {
    const checked = await answer<messages.CheckResponse>("check", request.setNews(struct(vault)));
    return checked.getInputs()?.toJavaScript()["__origin"];
  };

  test("each create has an origin of its own, so that none continues another", async () => {
    const [first, second] = [
      await originOf(new messages.CheckRequest().setUrn(urn)),
      await originOf(new messages.CheckRequest().setUrn(urn)),
    ];
    expect(first).toMatch(/^urn:pulumi:dev-[-0-9a-f]{36}::default::qoder:index:Vault::Vault$/);
    expect(second).not.toBe(first);
    // The engine gives each create of a stack a random seed.
    expect(await originOf(new messages.CheckRequest().setUrn(urn).setRandomseed("AAAA"))).toBe(urn);
  });

  test("an existing object keeps its name if the arguments have none, as in `pulumi do ... upsert`", async () => {
    const check = new messages.CheckRequest().setUrn(urn).setOlds(struct(vault)).setNews(struct({}));
    const checked = await answer<messages.CheckResponse>("check", check);
    expect(checked.getInputs()?.toJavaScript()).toMatchObject(vault);
  });

  test("a change that needs another object is refused and sends nothing", async () => {
    const update = new messages.UpdateRequest().setUrn(urn).setId("vault_1");
    update.setOlds(struct(vault)).setNews(struct({ displayName: "other" }));
    await expect(answer("update", update)).rejects.toMatchObject({
      details:
        "QoderVault vault_1 was not changed: displayName: the API changes no vault. Create another vault and delete this one",
    });
  });
});
