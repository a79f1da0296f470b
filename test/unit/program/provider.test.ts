import * as pulumi from "@pulumi/pulumi";
import { getAgent, QoderDeployment, QoderProvider, type QoderProviderArgs } from "../../../provider";
import { leastDeployment, mockEngine, registration } from "../../support/registrations";

beforeEach(mockEngine);

test.each([
  ["pat", { pat: "pt-1" }, "pt-1"],
  ["saKey", { saKey: pulumi.output("sa-1") }, "sa-1"],
])(
  "a QoderProvider registers %s as a secret, and the base URL of the stack if it has none",
  async (name, args: QoderProviderArgs, secret) => {
    pulumi.runtime.setConfig("qoder:baseUrl", "https://api.example/cloud");
    const { inputs } = await registration(new QoderProvider("account", args));
    const { [`qoder:${name}`]: registered, ...others } = inputs;
    expect(others).toEqual({ "qoder:baseUrl": "https://api.example/cloud", "qoder:account": "account" });
    expect(JSON.stringify(registered)).toContain(secret);
    expect(registered).not.toBe(secret);
  },
);

test.each([true, false])("a QoderProvider registers verify: %s", async (verify) => {
  const { inputs } = await registration(new QoderProvider("account", { pat: "pt-1", verify: pulumi.output(verify) }));
  expect(inputs).toMatchObject({ "qoder:verify": String(verify) });
});

describe("the default metadata", () => {
  afterEach(() => pulumi.runtime.setAllConfig({}));
  const ofStack = { "qoder:defaultMetadata": '{"cost":42,"team":"platform"}', "qoder:protect": "true" };
  const labelsOf = async (args: Partial<QoderProviderArgs>, config: Record<string, string>) => {
    pulumi.runtime.setAllConfig(config);
    const { inputs } = await registration(new QoderProvider("account", { pat: "pt-1", ...args }));
    const text = inputs["qoder:defaultMetadata"];
    return { labels: typeof text === "string" ? JSON.parse(text) : undefined, protect: inputs["qoder:protect"] };
  };

  test.each<[Partial<QoderProviderArgs>, Record<string, string>, object | undefined]>([
    [{}, {}, undefined],
    [{}, ofStack, { cost: 42, team: "platform" }],
    [{ defaultMetadata: { team: "data" } }, {}, { team: "data" }],
    [{ defaultMetadata: { team: pulumi.output("data") } }, ofStack, { cost: 42, team: "data" }],
  ])(
    "of a QoderProvider with %j and the stack's own are joined key by key; the stack protects, too",
    async (args, config, labels) => {
      expect(await labelsOf(args, config)).toEqual({ labels, protect: config["qoder:protect"] });
    },
  );

  test("of a stack is refused if it holds a secret", () => {
    pulumi.runtime.setAllConfig(ofStack, ["qoder:defaultMetadata"]);
    expect(() => new QoderDeployment("daily", leastDeployment)).toThrow(
      "qoder:defaultMetadata holds a secret, and labels are plain text at Qoder: set it without --secret",
    );
  });
});

const missing = "pat is missing: the access token of this account; a service account has saKey instead";
const known = "pat, saKey, baseUrl, workspaceId, verify, writesPerSecond, refresh, defaultMetadata";

test.each([
  [{ pat: "" }, "pat is empty; set the access token of this account"],
  [{ saKey: " " }, "saKey is empty; set the key of this service account"],
  [{ pat: "pt-1", saKey: "sa-1" }, "pat and saKey are both given: a token or a key, one of them"],
  [{ token: "pt-1" }, "token is not an argument; the access token is called pat"],
  [{ apiKey: "pt-1", workspaceId: "ws_1" }, "apiKey is not an argument; the access token is called pat"],
  [{ pat: "pt-1", workspace: "ws_1" }, `workspace is not an argument; the arguments are ${known}`],
  [{}, missing],
])("a QoderProvider of a plain JavaScript program with the arguments %j is refused: %s", (args, problem) => {
  const given = JSON.parse(JSON.stringify(args ?? null));
  expect(() => new QoderProvider("staging", given)).toThrow(new Error(`QoderProvider "staging": ${problem}`));
});

test.each([
  ["a map", (account: QoderProvider) => ({ qoder: account })],
  ["a list", (account: QoderProvider) => [account]],
])("%s of providers for a resource or a look-up is an error that says what to write in its place", async (_, given) => {
  // A program in JavaScript, which no compiler checks.
  const options: object = { providers: given(new QoderProvider("account", { pat: "pt-1" })) };
  const remedy = "providers is an option of components; write provider: account in its place";
  expect(() => new QoderDeployment("daily", leastDeployment, options)).toThrow(`QoderDeployment "daily": ${remedy}`);
  await expect(getAgent({ name: "reporter" }, options)).rejects.toThrow(`getAgent: ${remedy}`);
});

describe("a component with a QoderProvider under a key that is not its package", () => {
  const misplaced =
    "its parent has a QoderProvider under the key qoder of providers, where no resource finds it; write provider: account in its place";
  beforeEach(() => jest.spyOn(pulumi.log, "warn").mockResolvedValue());
  afterEach(async () => {
    // The registrations end before the mocks of another test begin.
    await pulumi.runtime.disconnect();
    jest.restoreAllMocks();
  });

  test("refuses its resources and look-ups, which would use another account, unless they name a provider or the package has it, too", async () => {
    const account = new QoderProvider("account", { pat: "pt-1" });
    const team = new pulumi.ComponentResource("test:index:Team", "team", {}, { providers: { qoder: account } });
    const parent = new pulumi.ComponentResource("test:index:Part", "part", {}, { parent: team });
    expect(() => new QoderDeployment("daily", leastDeployment, { parent })).toThrow(
      `QoderDeployment "daily": ${misplaced}`,
    );
    await expect(getAgent({ name: "reporter" }, { parent })).rejects.toThrow(`getAgent: ${misplaced}`);
    expect(() => new QoderDeployment("daily", leastDeployment, { parent, provider: account })).not.toThrow();
    const mended = new pulumi.ComponentResource("test:index:Team", "mended", {}, { provider: account });
    const daily = new QoderDeployment("mended", leastDeployment, { parent: mended });
    expect(daily.getProvider("pulumi-nodejs::")).toBe(account);
    const providers = { qoder: account, "pulumi-nodejs": account };
    const both = new pulumi.ComponentResource("test:index:Team", "both", {}, { providers });
    expect(() => new QoderDeployment("both", leastDeployment, { parent: both })).not.toThrow();
  });
});
