import * as pulumi from "@pulumi/pulumi";
import { QoderDeployment, type QoderDeploymentArgs } from "../../../provider";
import { leastDeployment, mockEngine, registration } from "../../support/registrations";

// An import of Jest is a copy, whose members a spy cannot replace.
const settings = jest.requireActual<typeof import("@pulumi/pulumi/runtime/settings")>(
  "@pulumi/pulumi/runtime/settings",
);
const runningStack = jest.requireActual<typeof import("@pulumi/pulumi/runtime/stack")>("@pulumi/pulumi/runtime/stack");

beforeEach(mockEngine);

describe("the preview settings of the stack's configuration", () => {
  afterEach(() => pulumi.runtime.setAllConfig({}));

  test("reach the provider with each resource", async () => {
    pulumi.runtime.setAllConfig({ "qoder:diagnostics": "none", "qoder:showRequests": "true", "qoder:verify": "false" });
    const { inputs } = await registration(new QoderDeployment("daily", leastDeployment));
    expect(inputs["__command"]).toMatchObject({
      isPreview: false,
      diagnostics: "none",
      showRequests: true,
      verify: false,
    });
  });

  test.each(["showRequests", "verify"])("the program fails if qoder:%s is neither true nor false", (setting) => {
    pulumi.runtime.setAllConfig({ [`qoder:${setting}`]: "yes" });
    expect(() => new QoderDeployment("daily", leastDeployment)).toThrow(
      `Configuration 'qoder:${setting}' value 'yes' is not`,
    );
  });
});

const warnings: string[] = [];
beforeEach(() => {
  warnings.length = 0;
  jest.spyOn(pulumi.log, "warn").mockImplementation(async (message) => {
    warnings.push(message);
  });
});
afterEach(() => jest.restoreAllMocks());

test.each([
  ["a misspelt setting causes one warning in a program", "project", ["qoder:verfy is not a setting of this package"]],
  ["the own settings of a project with the name qoder cause no warning", "qoder", []],
])("%s", (_, project, told) => {
  pulumi.runtime.setAllConfig({ "qoder:verfy": "true", "qoder:verify": "true", "project:other": "a" }, []);
  jest.spyOn(settings, "getProject").mockReturnValue(project);
  new QoderDeployment("one", leastDeployment);
  new QoderDeployment("two", leastDeployment);
  expect(warnings).toEqual(told.map((text) => expect.stringContaining(text)));
  pulumi.runtime.setAllConfig({});
});

describe("an access token in plain configuration", () => {
  test.each([
    ["is encrypted", { "qoder:pat": "pt-1" }, ["qoder:pat"]],
    ["is not set", { "qoder:baseUrl": "https://api.example" }, []],
    ["is empty", { "qoder:pat": "" }, []],
  ])("causes no warning if the token %s", (_, config, secretKeys) => {
    pulumi.runtime.setAllConfig(config, secretKeys);
    new QoderDeployment("one", leastDeployment);
    expect(warnings).toEqual([]);
  });

  test.each([
    ["token", "qoder:pat"],
    ["key", "qoder:saKey"],
  ])("causes one warning in a program: the %s in %s", (what, setting) => {
    pulumi.runtime.setAllConfig({ [setting]: "secret-1" }, []);
    new QoderDeployment("one", leastDeployment);
    new QoderDeployment("two", leastDeployment);
    const remedy = `run \`pulumi config set --secret ${setting}\`, and revoke the ${what} if anybody else can read the file`;
    expect(warnings).toEqual([`${setting} is in plain text in the configuration of the stack: ${remedy}`]);
  });

  test("causes a warning in each of two programs of one process", async () => {
    pulumi.runtime.setAllConfig({ "qoder:saKey": "sa-1" }, []);
    const stacks = ["dev", "prod"].map((name) => new pulumi.ComponentResource("test:index:Stack", name));
    const running = jest.spyOn(runningStack, "getStackResource");
    for (const [index, stack] of [...stacks, ...stacks].entries()) {
      running.mockReturnValue(Object(stack));
      new QoderDeployment(`daily-${index}`, leastDeployment);
    }
    expect(warnings).toHaveLength(2);
    // The registrations end before the mocks of another test begin.
    await pulumi.runtime.disconnect();
  });
});

const repository = { type: "github_repository" as const, url: "https://github.com/acme/shop" };

type Declared = (secret: pulumi.Output<string>) => Partial<QoderDeploymentArgs>;
const withToken = (authorizationToken: pulumi.Output<string>) => [{ ...repository, authorizationToken }];

test.each<[string, Declared, (string | number)[][] | undefined]>([
  ["a label", (label) => ({ metadata: { label, team: "b" } }), [["metadata", "label"]]],
  ["a token", (token) => ({ resources: withToken(token) }), undefined],
  ["an address", (url) => ({ resources: [{ ...repository, url }] }), [["resources", 0, "url"]]],
  ["a token in a secret list", (token) => ({ resources: pulumi.secret(withToken(token)) }), [["resources"]]],
])(
  "a program tells the provider which argument of a deployment has %s as a secret, unless the member is always a secret",
  async (_, declared, secretPlaces) => {
    const { inputs } = await registration(
      new QoderDeployment("daily", { ...leastDeployment, ...declared(pulumi.secret("a")) }),
    );
    const usual = { isPreview: false, defaultName: "name", uses: [] };
    expect(inputs["__command"]).toEqual({ ...usual, ...(secretPlaces && { secretPlaces }) });
  },
);
