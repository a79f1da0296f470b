import { readStack } from "../../../command/stack";
import { systemClock } from "../../../provider/api/clock";
import { deployment, ofPlugin, provider, secret, useToldPulumi } from "./told-stack";

const told = useToldPulumi();
const world = "https://api.qoder.com/api/v1/cloud";
const china = "https://api.qoder.com.cn/api/v1/cloud";

function read(
  environment: Readonly<Record<string, string>> = ofEnvironment,
  name?: string,
  secrets = new Set<string>(),
) {
  return readStack(name, { ...told.pulumi.environment, ...environment }, { clock: systemClock }, { secrets });
}

/** The account of the deployment "daily": the URL and the credential of its requests. */
async function accountOfDaily(environment: Readonly<Record<string, string>> = {}) {
  const { accounts } = await read(environment);
  const found = accounts.find(({ deployments }) => deployments.some(({ resourceName }) => resourceName === "daily"));
  if (found === undefined || !("account" in found)) {
    return { problem: found?.problem.message };
  }
  const { baseUrl, workspaceId, writesPerSecond, caller, ...credential } = found.account;
  return { baseUrl, workspaceId, writesPerSecond, source: caller?.tokenSource, ...credential };
}

/** These keys of the configuration or of the inputs of a provider. */
const qoder = <Value>(values: Readonly<Record<string, Value>>): Record<string, Value> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [`qoder:${key}`, value]));
const own = (name: string, inputs: Readonly<Record<string, unknown>>) =>
  provider(name, qoder({ account: name, ...inputs }));
const staging = (inputs: Readonly<Record<string, unknown>>) => own("staging", inputs);
const daily = (of = "default") => deployment("daily", "dep_1", of);
const ofEnvironment = { QODER_PAT: "pt-environment", QODER_BASE_URL: "https://elsewhere.example/api" };

const ofStaging = (inputs: Readonly<Record<string, unknown>>) => ({ providers: [staging(inputs)], of: "staging" });
const place = { baseUrl: china, workspaceId: "ws_1" };
const every = { pat: "pt-stack", writesPerSecond: "5", ...place };
const older = provider("default", qoder({ pat: secret("pt-old"), baseUrl: china }));

// The environment has a token and a base URL, too.
test.each<[string, Stack, object]>([
  [
    "a default provider takes the stack's configuration",
    { config: every },
    {
      ...place,
      token: "pt-stack",
      writesPerSecond: 5,
      source: "qoder:pat of the stack's configuration",
    },
  ],
  [
    "a default provider takes the present configuration, not the configuration of the last `up`",
    { config: { pat: "pt-stack" }, providers: [older] },
    { token: "pt-stack", baseUrl: ofEnvironment.QODER_BASE_URL },
  ],
  [
    "a default provider without configuration takes the environment",
    {},
    { token: "pt-environment", baseUrl: ofEnvironment.QODER_BASE_URL, source: "QODER_PAT" },
  ],
  [
    "a token of the environment is sent to the base URL of the stack",
    { config: { baseUrl: china } },
    { token: "pt-environment", baseUrl: china },
  ],
  [
    "a QoderProvider keeps its own token and base URL, and takes no workspace of the stack",
    { config: { ...every, baseUrl: world }, ...ofStaging({ pat: secret("pt-staging"), baseUrl: china }) },
    { token: "pt-staging", baseUrl: china, workspaceId: undefined, source: 'the QoderProvider "staging"' },
  ],
  [
    "a QoderProvider without a base URL and a number of writes takes those of the stack",
    { config: { baseUrl: china, writesPerSecond: "5" }, ...ofStaging({ pat: secret("pt-staging") }) },
    { token: "pt-staging", baseUrl: china, writesPerSecond: 5 },
  ],
  [
    "a QoderProvider whose name begins with default is no default provider",
    {
      config: { pat: "pt-stack" },
      providers: [own("default-account", { pat: secret("pt-own") })],
      of: "default-account",
    },
    { token: "pt-own", baseUrl: ofEnvironment.QODER_BASE_URL },
  ],
  [
    "a provider that is no QoderProvider takes no configuration of the stack",
    { config: every, providers: [provider("plain", qoder({ pat: "pt-plain" }))], of: "plain" },
    { token: "pt-plain", baseUrl: ofEnvironment.QODER_BASE_URL },
  ],
  [
    "the key of a service account is exchanged at the host of the base URL",
    ofStaging({ saKey: secret("sa-key"), baseUrl: china }),
    { saKey: "sa-key", baseUrl: china, exchangeUrl: "https://openapi.qoder.com.cn/api/v1" },
  ],
])("%s, in a stack of the classes and in a stack of the plugin", async (_, stack, account) => {
  told.pulumi.config(qoder(stack.config ?? {}));
  const resources = [...(stack.providers ?? [provider("default")]), daily(stack.of)];
  for (const stored of [resources, resources.map(ofPlugin)]) {
    told.pulumi.export(...stored);
    expect(await accountOfDaily(ofEnvironment)).toMatchObject(account);
  }
});

interface Stack {
  /** Without the namespace. */
  readonly config?: Readonly<Record<string, string>>;
  readonly providers?: readonly object[];
  readonly of?: string;
}

test("reading a stack groups the deployments by their accounts", async () => {
  told.pulumi.export(
    provider("default"),
    staging({ pat: secret("pt-staging") }),
    daily(),
    deployment("nightly", "dep_2", "staging"),
    deployment("weekly::all", "dep_3"),
  );
  const { name, accounts } = await read();
  expect(name).toBe("dev");
  const found = (id: string, resourceName: string) => ({ id, resourceName, isPaused: false });
  expect(accounts.map(({ deployments }) => deployments)).toEqual([
    [found("dep_1", "daily"), found("dep_3", "weekly::all")],
    [found("dep_2", "nightly")],
  ]);
});

test("reading a stack leaves out deployments that wait for their removal or create, deployments that are only read, and agents", async () => {
  told.pulumi.export(
    provider("default"),
    deployment("removed", "dep_1", "default", { delete: true }),
    deployment("replaced", "dep_2", "default", { pendingReplacement: true }),
    deployment("read", "dep_3", "default", { external: true }),
    deployment("unmade", undefined),
    { ...deployment("agent", "agent_1"), type: "pulumi-nodejs:dynamic/qoder:Agent" },
    { ...daily(), delete: false },
  );
  const { accounts } = await read();
  expect(accounts.flatMap(({ deployments }) => deployments)).toMatchObject([{ id: "dep_1", resourceName: "daily" }]);
});

test("reading a stack gives a problem for a deployment without a token or a provider, and accounts for the others", async () => {
  told.pulumi.export(
    provider("default"),
    staging({ pat: secret("pt-staging") }),
    daily(),
    deployment("nightly", "dep_2", "staging"),
    deployment("lost", "dep_3", "gone"),
  );
  const { accounts } = await read({});
  expect(accounts).toMatchObject([
    { deployments: [{ id: "dep_1" }], problem: { message: expect.stringMatching(/^no Qoder access token\./) } },
    { deployments: [{ id: "dep_2" }], account: { token: "pt-staging" } },
    { deployments: [{ id: "dep_3" }], problem: { message: expect.stringMatching(/does not hold its provider/) } },
  ]);
});

test.each([{ deployment: {} }, { deployment: { resources: [] } }])(
  "reading a stack with %j gives no deployments and does not read the configuration",
  async (state) => {
    told.pulumi.says("stack", { stdout: JSON.stringify(state) });
    const secrets = new Set<string>();
    const stack = await read({}, "org/fleet/dev", secrets);
    expect({ ...stack, secrets }).toMatchObject({ name: undefined, accounts: [], secrets: new Set() });
    expect(told.pulumi.asked()).toEqual([
      ["stack", "export", "--stack=org/fleet/dev", "--non-interactive", "--color=never"],
    ]);
  },
);

test("any name of a stack is passed to pulumi as one argument", async () => {
  told.pulumi.export(provider("default"), daily());
  await read(ofEnvironment, "dev; touch /tmp/x $(id)");
  const common = ["--stack=dev; touch /tmp/x $(id)", "--non-interactive", "--color=never"];
  expect(told.pulumi.asked()).toEqual([
    ["stack", "export", ...common],
    ["config", "--json", "--open", ...common],
  ]);
});
