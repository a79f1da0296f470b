import * as pulumi from "@pulumi/pulumi";
import {
  getAgent,
  getAgentOutput,
  getDeployment,
  getDeploymentOutput,
  getEnvironmentOutput,
  QoderAgent,
  QoderDeployment,
  QoderProvider,
} from "../../provider";
import { type QoderApi, startQoderApi } from "../qoder-api";
import { mockEngine, registration } from "../support/registrations";

const [own, other, foreign] = ["pt-own-51c7", "pt-other-9e02", "pt-foreign-30ab"];

let api: QoderApi;
let agent: string;
beforeAll(async () => {
  api = await startQoderApi({ tokens: { [own]: "own", [other]: "other" } });
  agent = api.agents.create({ name: "reporter" }).id;
  api.agents.create({ name: "theirs" }, "other");
});
afterAll(() => api.close());

function begin(isPreview = false): void {
  api.clearRequests();
  api.clearFaults();
  mockEngine(isPreview);
  pulumi.runtime.setAllConfig({ "qoder:baseUrl": api.url, "qoder:pat": own }, ["qoder:pat"]);
}
beforeEach(() => begin());
afterEach(() => {
  jest.restoreAllMocks();
  delete process.env["QODER_PAT"];
});

class OtherProvider extends pulumi.ProviderResource {}

const tokens = () => api.requests.map(({ token }) => token);

/** The value in the form for the engine: secrets are marked, and an unknown value is a sentinel. */
async function sent(value: unknown): Promise<unknown> {
  return (await pulumi.runtime.serializeProperties("test", { value }))["value"];
}
const secret = (value: unknown) => ({ [pulumi.runtime.specialSigKey]: pulumi.runtime.specialSecretSig, value });

describe("the account is", () => {
  const provider = (pat: pulumi.Input<string>) => new QoderProvider("theirs", { pat });

  test("the one of the stack's configuration, or else the one of the environment", async () => {
    process.env["QODER_PAT"] = foreign;
    expect(await getAgent({ name: "reporter" })).toMatchObject({ id: agent });
    pulumi.runtime.setAllConfig({ "qoder:baseUrl": api.url }, []);
    process.env["QODER_PAT"] = own;
    expect(await getAgent({ id: agent })).toMatchObject({ name: "reporter" });
    expect(tokens()).toEqual([own, own]);
  });

  test("the one of the provider option, in both forms, and the result is no secret although the token is", async () => {
    const options = { provider: provider(pulumi.secret(other)) };
    expect(await getAgent({ name: "theirs" }, options)).toMatchObject({ name: "theirs" });
    expect(await sent(getAgentOutput({ name: "theirs" }, options).name)).toBe("theirs");
    expect(tokens()).toEqual([other, other]);
  });

  test("the one of the parent's provider, with its workspace and its base URL", async () => {
    const workspaceId = "ws_1";
    api.agents.create({ name: "in a workspace" }, "other", workspaceId);
    pulumi.runtime.setAllConfig({ "qoder:pat": own, "qoder:workspaceId": "ws_2" }, []);
    const account = new QoderProvider("theirs", { pat: other, workspaceId, baseUrl: api.url });
    const parent = new pulumi.ComponentResource("test:index:Team", "team", {}, { providers: [account] });
    expect(await getAgent({ name: "in a workspace" }, { parent })).toMatchObject({ name: "in a workspace" });
    expect(await sent(getAgentOutput({ name: "in a workspace" }, { parent }).name)).toBe("in a workspace");
    expect(tokens()).toEqual([other, other]);
  });

  test("named in the error, which is a RunError, so the CLI shows no stack trace", async () => {
    const failure = await getAgent({ id: agent }, { provider: provider(other) }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(pulumi.RunError);
    expect(String(failure)).toContain(`getAgent({ id: "${agent}" }): GET /agents/${agent} was answered with 404`);
    expect(String(failure)).toContain('Token from the QoderProvider "theirs".');
  });

  test("missing without a token, and the error says how to set one", async () => {
    pulumi.runtime.setAllConfig({ "qoder:baseUrl": api.url }, []);
    await expect(getAgent({ name: "reporter" })).rejects.toThrow(
      'getAgent({ name: "reporter" }): no Qoder access token.\nRun `pulumi config set --secret qoder:pat`',
    );
  });

  test("the same for a secret argument, and the error has a word in its place", async () => {
    const found = getAgentOutput({ name: pulumi.secret("hidden-name") });
    // Each promise of the output fails alike.
    const promises = ["promise", "isKnown", "isSecret", "allResources"].map((name) => Reflect.get(found, name));
    const ends = await Promise.allSettled(promises.map((one) => (typeof one === "function" ? one.call(found) : one)));
    const failures = ends.flatMap((end) => (end.status === "rejected" ? String(end.reason) : []));
    expect(failures.join()).toContain('getAgentOutput({ name: "[secret]" }): none of the agents that this token sees');
    expect(failures.join()).not.toContain("hidden-name");
  });

  test("never the one of another package's provider, which is an error", async () => {
    const provider = new OtherProvider("aws", "aws", {});
    await expect(getAgent({ name: "reporter" }, { provider })).rejects.toThrow(
      "getAgent: the provider is not a QoderProvider",
    );
    expect(() => getAgentOutput({ name: "reporter" }, { provider })).toThrow(
      "getAgentOutput: the provider is not a QoderProvider",
    );
    expect(api.requests).toEqual([]);
  });
});

test("a look-up with an unknown token sends no request in a preview, and its result is unknown", async () => {
  begin(true);
  const { createdAt } = new QoderAgent("reporter", { model: "ultimate" });
  const provider = new QoderProvider("theirs", { pat: createdAt });
  expect(await sent(getAgentOutput({ name: "theirs" }, { provider }))).toBe(pulumi.runtime.unknownValue);
  await expect(getAgent({ name: "theirs" }, { provider })).rejects.toThrow(
    "getAgent: the account of its provider is not known yet in this preview; use getAgentOutput, which waits for it",
  );
  expect(api.requests).toEqual([]);
});

test("the result of a look-up can be an argument: an agent with its version, an environment, secret variables", async () => {
  const environmentId = api.environments.create({ name: "cloud" }).id;
  const initialEvents = [{ type: "user.message" as const, content: "hello" }];
  const body = { environment_id: environmentId, initial_events: initialEvents, environment_variables: "KEY=four" };
  api.deployments.create({ name: "nightly", agent, ...body });
  const model = await getDeployment({ name: "nightly" });
  const found = await getAgent({ name: "reporter" });
  const variables = { environmentVariables: model.environmentVariables };
  const common = { environmentId: getEnvironmentOutput({ name: "cloud" }).id, initialEvents, ...variables };
  for (const reporter of [found, getAgentOutput({ name: "reporter" })]) {
    const deployment = new QoderDeployment("daily", { agent: reporter, ...common });
    const { inputs } = await registration(deployment);
    expect(inputs["agent"]).toEqual({ id: agent, version: found.version });
    expect(inputs).toMatchObject({ environmentId, environmentVariables: secret({ KEY: "four" }) });
  }
  const { status, environmentVariables } = getDeploymentOutput({ id: model.id });
  expect(await sent([status, environmentVariables])).toEqual(["active", secret({ KEY: "four" })]);
});

test("a warning of a look-up is logged with the name and the argument of the look-up", async () => {
  const warned = jest.spyOn(pulumi.log, "warn").mockImplementation(async () => {});
  api.fault({ kind: "replace-body", method: "GET", transform: (reply) => ({ ...reply, system: 5 }) });
  expect(await getAgent({ id: agent })).toMatchObject({ name: "reporter" });
  expect(warned.mock.calls).toEqual([
    [
      expect.stringMatching(
        /^getAgent\({ id: "agent_\w+" }\): in the response to GET .*, system is not .*; the value counts as empty/,
      ),
    ],
  ]);
});
