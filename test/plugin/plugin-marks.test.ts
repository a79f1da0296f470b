import * as pulumi from "@pulumi/pulumi";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import * as program from "../../provider";
import { servedKinds } from "../../provider/plugin-server/kinds";
import { type QoderApi, startQoderApi } from "../qoder-api";
import { isSecret, PluginCalls, secretOf, unknown, urnOf } from "../support/plugin-calls";
import { mockEngine, registration } from "../support/registrations";
import { struct } from "../support/struct";

// The marks of secrets in the calls of the engine.

let api: QoderApi;
let plugin: PluginCalls;
beforeEach(async () => {
  api = await startQoderApi({ tokens: { "pt-test": "default" } });
  plugin = new PluginCalls({ "qoder:baseUrl": api.url });
});
afterEach(() => api.close());
const answer = <Response>(name: string, request: object) => plugin.answer<Response>(name, request);

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
  const { id } = api.agents.create({ ...news, name: "daily" });
  const update = new messages.UpdateRequest()
    .setUrn(urn)
    .setId(id)
    .setOlds(struct({ ...recorded, version: 1 }));
  const updating = answer<messages.UpdateResponse>(
    "update",
    update.setNews(struct({ ...checked, system: "Be short." })),
  );
  const updated = await updating;
  expect(updated.getProperties()?.toJavaScript()).toMatchObject({ system: "Be short.", effectiveMetadata: metadata });
  expect(Object.values(updated.getProperties()?.toJavaScript() ?? {}).filter(isSecret)).toEqual([]);
});

test("a refresh keeps the mark of a recorded output, although the input with the same value has none", async () => {
  const inputs = { name: "daily", model: "ultimate", system: "Be brief." };
  const { id } = api.agents.create(inputs);
  const outputs = { ...inputs, system: secretOf("Be brief."), version: 1, __provider: "recorded" };
  const request = new messages.ReadRequest().setUrn(urnOf("qoder:index:Agent", "daily")).setId(id);
  request.setInputs(struct(inputs)).setProperties(struct(outputs));
  const read = await answer<messages.ReadResponse>("read", request);
  expect(read.getProperties()?.toJavaScript()).toMatchObject({ name: "daily", system: secretOf("Be brief.") });
});

test("a refresh keeps the mark of the remembered value, although no argument is a secret any more", async () => {
  const inputs = { name: "daily", model: "ultimate" };
  const { id } = api.agents.create(inputs);
  const remembered = { system: { sent: "Be brief.", shown: "Be brief." } };
  const outputs = { ...inputs, __shown: secretOf(JSON.stringify(remembered)), version: 1, __provider: "recorded" };
  const request = new messages.ReadRequest().setUrn(urnOf("qoder:index:Agent", "daily")).setId(id);
  request.setInputs(struct(inputs)).setProperties(struct(outputs));
  const read = await answer<messages.ReadResponse>("read", request);
  expect(read.getProperties()?.toJavaScript()).toMatchObject({
    __shown: secretOf(expect.stringContaining("Be brief.")),
  });
});

// Only an Output can be a secret.
test("the name that the service shows for a file is secret if the program's name is, through the class and the plugin", async () => {
  mockEngine();
  const registering = jest.spyOn(Object(pulumi.runtime.getMonitor()), "registerResource");
  await registration(new program.QoderFile("notes", { content: "text", name: pulumi.secret("hidden.md") }));
  expect(Object(registering.mock.calls[0]?.[0]).getAdditionalsecretoutputsList()).toContain("filename");
  const urn = urnOf("qoder:index:File", "notes");
  const news = struct({ content: "text", name: secretOf("hidden.md") });
  const checked = await answer<messages.CheckResponse>("check", new messages.CheckRequest().setUrn(urn).setNews(news));
  const create = new messages.CreateRequest().setUrn(urn).setProperties(checked.getInputs());
  const created = await answer<messages.CreateResponse>("create", create);
  expect(created.getProperties()?.toJavaScript()).toMatchObject({ filename: secretOf("hidden.md") });
});

// No message shows the values of these arguments.
test.each(Object.keys(servedKinds))("check of the kind %s records the secrets, as the class does", async (kind) => {
  const [name, value] = [kind === "DeploymentRun" ? "triggers" : "metadata", { key: "hidden" }];
  mockEngine();
  const constructed: unknown = Reflect.get(program, `Qoder${kind}`);
  const args = { content: "text", [name]: pulumi.secret(value) };
  const { inputs } = await registration(Reflect.construct(Object(constructed), ["daily", args]));
  const request = new messages.CheckRequest().setUrn(urnOf(`qoder:index:${kind}`, "daily"));
  const checked = await answer<messages.CheckResponse>("check", request.setNews(struct({ [name]: secretOf(value) })));
  expect(Object(inputs["__command"]).secretPlaces).toEqual([[name]]);
  expect(checked.getInputs()?.toJavaScript()["__secrets"]).toEqual([name]);
});

// The program may give `get` a few outputs, which the engine passes as inputs and as outputs.
test.each([
  ["an import", {}],
  ["`get` with an argument", { name: "nightly" }],
  ["`get` with an output", { status: "active" }],
])("a read for %s marks possible secrets everywhere, even in repeated values", async (_, state) => {
  const { id } = api.deployments.create({
    name: "nightly",
    agent: api.agents.create().id,
    environment_id: api.environments.create().id,
    initial_events: [{ type: "user.message", content: "go" }],
    environment_variables: "KEY=found and hidden",
  });
  const request = new messages.ReadRequest().setUrn(urnOf("qoder:index:Deployment", "nightly")).setId(id);
  request.setInputs(struct(state)).setProperties(struct(state));
  const response = await answer<messages.ReadResponse>("read", request);
  const unmarked = (_: string, value: unknown) => (isSecret(value) ? "a secret" : value);
  for (const answered of [response.getInputs(), response.getProperties()]) {
    const values = answered?.toJavaScript() ?? {};
    // `pulumi import` prints each of them as a secret of the program.
    expect(values).toMatchObject({ environmentVariables: { KEY: secretOf("found and hidden") } });
    expect(JSON.stringify(values, unmarked)).not.toContain("hidden");
  }
});

test("a look-up with a secret argument marks the whole result as secret", async () => {
  const settings = struct({ pat: secretOf("pt-test"), baseUrl: api.url });
  await answer("configure", new messages.ConfigureRequest().setArgs(settings));
  const { id, name } = api.agents.create();
  const request = new messages.InvokeRequest().setTok("qoder:index:getAgent").setArgs(struct({ name: secretOf(name) }));
  const found = await answer<messages.InvokeResponse>("invoke", request);
  const result = found.getReturn()?.toJavaScript() ?? {};
  expect([result["id"], result["name"], result["version"]]).toEqual([secretOf(id), secretOf(name), secretOf(1)]);
  expect(Object.values(result).filter((value) => !isSecret(value))).toEqual([]);
});
