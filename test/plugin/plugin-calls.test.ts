import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { resolve } from "node:path";
import type { ServerUnaryCall, sendUnaryData } from "@grpc/grpc-js";
import * as pulumi from "@pulumi/pulumi";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { z } from "zod";
import * as program from "../../provider";
import { servedKinds } from "../../provider/plugin-server/kinds";
import { Empty } from "../../provider/plugin-server/sdk";
import { implementationOf } from "../../provider/plugin-server/server";
import { Session } from "../../provider/resource/session";
import { startQoderApi } from "../qoder-api";
import { mockEngine, registration } from "../support/registrations";
import { SkippingClock } from "../support/skipping-clock";
import { struct } from "../support/struct";

// The calls of the engine that no test of a resource makes, and their secrets.

const signature = "4dabf18193072939515e22adb298388d";
const secretOf = (value: unknown) => ({ [signature]: "1b47061264138c4ac30d75fd1eb44270", value });
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const urnOf = (type: string, name: string) => `urn:pulumi:dev::project::${type}::${name}`;
const account = urnOf("pulumi:providers:qoder", "staging");
const usual = urnOf("pulumi:providers:qoder", "default_0_1_0");

let told: string[];
let calls: Readonly<Record<string, (call: ServerUnaryCall<never, unknown>, done: sendUnaryData<unknown>) => void>>;
function begin(stack: Readonly<Record<string, string>> = {}): void {
  told = [];
  const environment = {
    PULUMI_CONFIG: JSON.stringify(stack),
    QODER_PAT: "pt-test",
    QODER_BASE_URL: stack["qoder:baseUrl"],
  };
  const tell = async ({ text }: { readonly text: string }) => void told.push(text);
  const session = new Session({ tell, clock: new SkippingClock(), environment });
  calls = implementationOf({ session, schema: () => '{"name":"qoder"}', version: "1.2.3", kinds: servedKinds });
}
beforeEach(() => begin());

function answer<Response>(name: string, request: object): Promise<Response> {
  return new Promise((resolve, reject) => {
    calls[name]?.(Object({ request }), (error, response) =>
      error === null ? resolve(Object(response)) : reject(error),
    );
  });
}

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
    begin({ "qoder:baseUrl": "https://api.example.com", "qoder:workspaceId": "wrk_of_the_stack" });
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

  test("returns the token of the stack's configuration as a secret, even if it is plain text there", async () => {
    expect(await checkedConfig(usual, { pat: "pt-1", showRequests: "true" })).toEqual({
      inputs: { pat: secretOf("pt-1"), showRequests: "true" },
      failures: [],
    });
  });

  test("warns of a key of the stack's configuration that is no setting", async () => {
    begin({ "qoder:verfy": "true", "qoder:verify": "true", "project:other": "a" });
    expect((await checkedConfig(usual, { verfy: "true", verify: "true" })).failures).toEqual([]);
    expect(told).toEqual([expect.stringContaining("qoder:verfy is not a setting of this package and has no effect")]);
  });

  test.each([
    [account, { saKey: " " }, 'QoderProvider "staging": saKey is empty; set the key of this service account'],
    [account, { token: "a" }, 'QoderProvider "staging": token is not an argument; the access token is called pat'],
    [usual, { verify: "yes" }, "qoder:verify is neither true nor false"],
    [usual, { remarks: "nightly" }, expect.stringMatching(/^qoder:remarks has "nightly"; it takes /)],
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
  begin({ "qoder:showRequests": "true", "qoder:baseUrl": "http://127.0.0.1:9" });
  const urn = urnOf("qoder:index:Agent", "daily");
  const check = new messages.CheckRequest().setUrn(urn).setNews(struct({ model: "ultimate" }));
  await answer("check", check);
  expect(told).toEqual([]);
  const vault = new messages.CreateRequest().setUrn(urnOf("qoder:index:Vault", "other")).setPreview(isPreview);
  await answer("create", vault.setTimeout(0.01).setProperties(struct({}))).catch(() => undefined);
  expect(told.filter((text) => text.includes("POST /agents"))).toEqual(shown);
});

test("a cancelled command prints its remarks once", async () => {
  const schedule = { expression: "0 9 1 * 1", timezone: "UTC" };
  const news = { agent: "agent_1", environmentId: "env_1", initialEvents: "go", schedule };
  const urn = urnOf("qoder:index:Deployment", "daily");
  const checked = new messages.CheckRequest().setUrn(urn).setOlds(struct({})).setNews(struct(news));
  await answer("check", checked);
  expect(told).toEqual([]);
  await answer("cancel", new Empty());
  await answer("cancel", new Empty());
  // Only a preview shows the next runs, and no call was a preview.
  expect(told).toEqual([expect.stringContaining("[either-day]")]);
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

test("check and a preview return marked secrets with their marks, at any depth", async () => {
  const urn = urnOf("qoder:index:Deployment", "daily");
  const news = {
    ...{ agent: "agent_1", environmentId: "env_1", initialEvents: secretOf("tell nobody") },
    metadata: { team: "a", label: secretOf("hidden") },
    resources: [{ type: "git_repository", url: "https://git.example/b", password: "always hidden" }],
  };
  const request = new messages.CheckRequest().setUrn(urn).setOlds(struct({})).setNews(struct(news));
  const inputs = (await answer<messages.CheckResponse>("check", request)).getInputs();
  const marked = {
    initialEvents: secretOf([{ type: "user.message", content: "tell nobody" }]),
    metadata: { team: "a", label: secretOf("hidden") },
    resources: [{ password: secretOf("always hidden") }],
  };
  expect(inputs?.toJavaScript()).toMatchObject(marked);
  const preview = new messages.CreateRequest().setUrn(urn).setPreview(true).setProperties(inputs);
  const created = await answer<messages.CreateResponse>("create", preview);
  expect(created.getProperties()?.toJavaScript()).toMatchObject({ ...marked, status: unknown });
});

test("a value that the program no longer marks is plain again, and so are the outputs that repeat it", async () => {
  const urn = urnOf("qoder:index:Agent", "daily");
  const [value, metadata] = ["Be brief.", { team: "a" }];
  const olds = { model: "ultimate", system: secretOf(value), metadata: secretOf(metadata) };
  const news = { model: "ultimate", system: value, metadata };
  const request = new messages.CheckRequest().setUrn(urn).setOlds(struct(olds)).setNews(struct(news));
  const checked = (await answer<messages.CheckResponse>("check", request)).getInputs()?.toJavaScript() ?? {};
  expect(checked).toMatchObject(news);
  const recorded = { ...news, effectiveMetadata: secretOf(metadata), __shown: secretOf({ system: value }) };
  const api = await startQoderApi({ tokens: { "pt-test": "default" } });
  await answer("configure", new messages.ConfigureRequest().setArgs(struct({ pat: "pt-test", baseUrl: api.url })));
  const { id } = api.agents.create({ ...news, name: "daily" });
  const update = new messages.UpdateRequest()
    .setUrn(urn)
    .setId(id)
    .setOlds(struct({ ...recorded, version: 1 }));
  const updating = answer<messages.UpdateResponse>(
    "update",
    update.setNews(struct({ ...checked, system: "Be short." })),
  );
  const updated = await updating.finally(() => api.close());
  expect(updated.getProperties()?.toJavaScript()).toMatchObject({ system: "Be short.", effectiveMetadata: metadata });
  expect(JSON.stringify(updated.getProperties()?.toJavaScript())).not.toContain(signature);
});

// Only an Output can be a secret.
test("the name that the service shows for a file is secret if the program's name is, through the class and the plugin", async () => {
  mockEngine();
  const registering = jest.spyOn(Object(pulumi.runtime.getMonitor()), "registerResource");
  await registration(new program.QoderFile("notes", { content: "text", name: pulumi.secret("hidden.md") }));
  expect(Object(registering.mock.calls[0]?.[0]).getAdditionalsecretoutputsList()).toContain("filename");
  const api = await startQoderApi({ tokens: { "pt-test": "default" } });
  await answer("configure", new messages.ConfigureRequest().setArgs(struct({ pat: "pt-test", baseUrl: api.url })));
  const urn = urnOf("qoder:index:File", "notes");
  const news = struct({ content: "text", name: secretOf("hidden.md") });
  const checked = await answer<messages.CheckResponse>("check", new messages.CheckRequest().setUrn(urn).setNews(news));
  const create = new messages.CreateRequest().setUrn(urn).setProperties(checked.getInputs());
  const created = await answer<messages.CreateResponse>("create", create).finally(() => api.close());
  expect(created.getProperties()?.toJavaScript()).toMatchObject({ filename: secretOf("hidden.md") });
});

// No message shows the values of these arguments.
test.each(Object.keys(servedKinds))(
  "check for the kind %s names the arguments that are secret, as the class does",
  async (kind) => {
    const [name, value] = [kind === "DeploymentRun" ? "triggers" : "metadata", { key: "hidden" }];
    mockEngine();
    const constructed: unknown = Reflect.get(program, `Qoder${kind}`);
    const args = { content: "text", [name]: pulumi.secret(value) };
    const { inputs } = await registration(Reflect.construct(Object(constructed), ["daily", args]));
    const request = new messages.CheckRequest().setUrn(urnOf(`qoder:index:${kind}`, "daily"));
    const checked = await answer<messages.CheckResponse>("check", request.setNews(struct({ [name]: secretOf(value) })));
    expect(checked.getInputs()?.toJavaScript()["__secrets"]).toEqual(inputs["__secrets"]);
  },
);

test.each(["File", "Skill"])(
  "check for the kind %s refuses a path that is not known yet, as the class does",
  async (kind) => {
    const request = new messages.CheckRequest().setUrn(urnOf(`qoder:index:${kind}`, "daily"));
    const checked = await answer<messages.CheckResponse>("check", request.setNews(struct({ source: unknown })));
    const reasons = checked.getFailuresList().map((failure) => failure.getReason());
    expect(reasons).toEqual([expect.stringMatching(/^source: is not a text/)]);
  },
);

test("a preview of an update announces null for an argument that the program no longer has, as the update returns it", async () => {
  const [recorded, inputs] = [{ model: "ultimate", system: "Be brief.", version: 1 }, { model: "ultimate" }];
  const preview = new messages.UpdateRequest().setUrn(urnOf("qoder:index:Agent", "daily")).setId("agent_1");
  preview.setPreview(true).setOlds(struct(recorded)).setNews(struct(inputs));
  const updated = await answer<messages.UpdateResponse>("update", preview);
  const announced = { model: "ultimate", system: null, description: null, version: unknown };
  expect(updated.getProperties()?.toJavaScript()).toMatchObject(announced);
});

// The program may give `get` a few outputs, which the engine passes as inputs and as outputs.
test.each([
  ["an import", {}],
  ["`get` with an argument", { name: "nightly" }],
  ["`get` with an output", { status: "active" }],
])("a read for %s marks possible secrets everywhere, even in repeated values", async (_, state) => {
  const api = await startQoderApi({ tokens: { "pt-test": "default" } });
  begin({ "qoder:baseUrl": api.url });
  const { id } = api.deployments.create({
    name: "nightly",
    agent: api.agents.create().id,
    environment_id: api.environments.create().id,
    initial_events: [{ type: "user.message", content: "go" }],
    environment_variables: "KEY=found and hidden",
  });
  const request = new messages.ReadRequest().setUrn(urnOf("qoder:index:Deployment", "nightly")).setId(id);
  request.setInputs(struct(state)).setProperties(struct(state));
  const response = await answer<messages.ReadResponse>("read", request).finally(() => api.close());
  const unmarked = (_: string, value: unknown) => (Object(value)[signature] === undefined ? value : "a secret");
  for (const answered of [response.getInputs(), response.getProperties()]) {
    const values = answered?.toJavaScript() ?? {};
    // `pulumi import` prints each of them as a secret of the program.
    expect(values).toMatchObject({ environmentVariables: { KEY: secretOf("found and hidden") } });
    expect(JSON.stringify(values, unmarked)).not.toContain("hidden");
  }
});

test("a look-up with a secret argument marks the whole result as secret", async () => {
  const api = await startQoderApi({ tokens: { "pt-test": "default" } });
  const settings = struct({ pat: secretOf("pt-test"), baseUrl: api.url });
  await answer("configure", new messages.ConfigureRequest().setArgs(settings));
  const { id, name } = api.agents.create();
  const request = new messages.InvokeRequest().setTok("qoder:index:getAgent").setArgs(struct({ name: secretOf(name) }));
  const found = await answer<messages.InvokeResponse>("invoke", request).finally(() => api.close());
  const result = found.getReturn()?.toJavaScript() ?? {};
  expect([result["id"], result["name"], result["version"]]).toEqual([secretOf(id), secretOf(name), secretOf(1)]);
  expect(Object.values(result).filter((value) => Object(value)[signature] === undefined)).toEqual([]);
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
