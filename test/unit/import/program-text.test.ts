import fc from "fast-check";
import type { Described } from "../../../command/import/import-kind";
import { importFileText, programText } from "../../../command/import/texts";
import { planned } from "../../../command/import/what-to-import";
import { declaredBy, expandedArguments } from "./declared-by";
import { inLine } from "./in-line";
import { agent, credential, deployment, environment, text } from "./objects";

const programOf = (...objects: Described[]) => programText(planned(objects).taken);
const lineOf = (...objects: Described[]) => inLine(programOf(...objects));
const declarationsIn = (program: string) => program.slice(program.indexOf("\nimport") + 1);
const argsOf = (program: string) => declaredBy(program)[0]?.args;

test.each([
  ["daily-report", "dailyReport", ""],
  ["Daily report 🚀", "dailyReport", '  name: "Daily report 🚀",\n'],
])(
  "the program uses short forms and omits defaults, and the name %j if it is the resource name",
  (name, constant, line) => {
    const program = programOf(
      deployment({
        name,
        schedule: { type: "cron", expression: "0 9 * * 1-5", timezone: "Asia/Shanghai", upcoming_runs_at: [] },
        metadata: { team: "platform", "cost-center": "42" },
      }),
    );
    const expected = `import { QoderDeployment } from "pulumi-qoder";

export const ${constant} = new QoderDeployment("daily-report", {
${line}  agent: { id: "agent_1", version: 3 },
  environmentId: "env_1",
  schedule: { expression: "0 9 * * 1-5", timezone: "Asia/Shanghai" },
  initialEvents: "Generate today's status report",
  metadata: { team: "platform", "cost-center": "42" },
});
`;
    expect(inLine(declarationsIn(program))).toBe(inLine(expected));
  },
);

test("a comment in a repository shows where to set its token, which the API does not give back", () => {
  const url = "https://github.com/acme/shop";
  const metadata = { type: "github_repository", url };
  const program = programOf(deployment({ metadata, resources: [{ ...metadata, mount_path: null }] }));
  const expected = `import * as pulumi from "@pulumi/pulumi";
import { QoderDeployment } from "pulumi-qoder";

export const config = new pulumi.Config();

export const daily = new QoderDeployment("daily", {
  agent: { id: "agent_1", version: 3 },
  environmentId: "env_1",
  initialEvents: "Generate today's status report",
  resources: [
    {
      type: "github_repository",
      url: "https://github.com/acme/shop",
      // The API does not give authorizationToken back. If it is needed here, set it as the first change after the import:
      // authorizationToken: config.requireSecret("authorizationToken"),
    },
  ],
  metadata: { type: "github_repository", url: "https://github.com/acme/shop" },
});
`;
  expect(inLine(declarationsIn(program))).toBe(inLine(expected));
});

test("a comment shows where to set networking only if the API shows none", () => {
  const config = (shown: object) => lineOf(environment({ config: { type: "cloud", ...shown } }));
  expect(config({ networking: null, packages: { apt: ["jq"] } })).toContain(
    'packages: { apt: ["jq"] }, // The API shows no networking here. If it is not limited, say so as the first change after the import: // networking: { type: "unrestricted" } }',
  );
  expect(config({ networking: { type: "limited" } })).toContain('{ config: { type: "cloud" } }');
  expect(config({ type: "self_hosted" })).toContain('{ config: { type: "self_hosted" } }');
});

const refresh = {
  token_endpoint_auth: { type: "client_secret_basic" },
  client_id: "client",
  token_endpoint: "https://auth.example.com/token",
};

test("the program writes `type` first and secrets in their places, whatever the order in the reply", () => {
  const program = programOf(
    environment({ config: { networking: { type: "unrestricted" }, type: "cloud" } }),
    credential({
      secret_name: "TOKEN",
      type: "environment_variable",
      networking: { type: "limited", allowed_hosts: [] },
    }),
    credential({ refresh, mcp_server_url: "https://mcp.example.com", type: "mcp_oauth" }, { id: "vcred_2" }),
  );
  const members = [...inLine(program).matchAll(/[{,] (\w+):/g)].map(([, member]) => member);
  expect(members).toEqual([
    // The settings that the program requires.
    "secret",
    ...["config", "type", "networking", "type"],
    ...["vaultId", "auth", "type", "secretName", "secretValue", "networking", "type", "allowedHosts"],
    ...["vaultId", "auth", "type", "mcpServerUrl", "accessToken"],
    ...["refresh", "clientId", "refreshToken", "tokenEndpoint", "tokenEndpointAuth", "type", "clientSecret"],
    "ignoreChanges",
  ]);
});

test("a long text of several lines becomes a template literal", () => {
  const system = `You write \`reports\`.\n\nIn "\${language}" or C:\\new, ${"at length, ".repeat(9)}\r\nevery day.\n`;
  const program = programOf(agent({ system, description: "two\nlines" }));
  expect(program).toContain(`  system: \`You write \\\`reports\\\`.

In "\\\${language}" or C:\\\\new, ${"at length, ".repeat(9)}\\r
every day.
\`,
  description: "two\\nlines",
`);
  expect(argsOf(program)).toMatchObject({ system, description: "two\nlines" });
});

test("first messages that are texts become strings, and a single text needs no list", () => {
  const outcome = { type: "user.define_outcome", description: "Done", rubric: { type: "text", content: "Good" } };
  const program = (...events: object[]) => lineOf(deployment({ initial_events: events }));
  expect(program(text("Go"))).toContain(' initialEvents: "Go" }');
  expect(program(text("Go"), text("On"))).toContain(' initialEvents: ["Go", "On"] }');
  expect(program(text("Go"), outcome)).toContain(
    'initialEvents: ["Go", { type: "user.define_outcome", description: "Done", rubric: { type: "text", content: "Good" } }] }',
  );
  const long = `# Report\n\n${"Read the log. ".repeat(9)}\n`;
  expect(programOf(deployment({ initial_events: [text(long)] }))).toContain(`\n  initialEvents: \`${long}\`,\n`);
  const image = { type: "user.message", content: [{ type: "image", source: { type: "file", file_id: "file_1" } }] };
  expect(program(image)).toContain('initialEvents: [{ type: "user.message", content: [{ type: "image",');
});

const nasty = [
  "`",
  "$",
  "{x}",
  "\\",
  "\n",
  "\r\n",
  '"',
  "*/ //",
  "\u2028",
  "\ud83d",
  "\ude80",
  "<{%reset%}>",
  "\\u0041",
  "word ".repeat(9),
];
const anyText = fc.oneof(
  fc.string({ unit: "binary", minLength: 1, maxLength: 200 }),
  fc.array(fc.constantFrom(...nasty), { minLength: 1, maxLength: 30 }).map((parts) => parts.join("")),
);
const anyKey = fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 }).filter((key) => key !== "cas_config");
const name = fc.string({ unit: "grapheme", minLength: 1, maxLength: 80 });
const metadata = fc.dictionary(anyKey, anyText, { maxKeys: 5 });
const gitRepository = { type: fc.constant("git_repository"), checkout: fc.constant({ type: "branch", name: "x" }) };
const anyDeployment = fc.record({
  ...{ name, description: anyText, metadata },
  initial_events: fc.array(anyText.map(text), { minLength: 1, maxLength: 3 }),
  resources: fc.array(fc.record({ ...gitRepository, url: anyText }), { maxLength: 2 }),
});
const anyJson = fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)));
const custom = { type: fc.constant("custom"), name: fc.constant("ask") };
const anyAgent = fc.record({
  ...{ name, system: anyText, description: anyText, metadata },
  tools: fc.array(fc.record({ ...custom, description: anyText, input_schema: fc.dictionary(anyKey, anyJson) }), {
    maxLength: 2,
  }),
});
const anyEnvironment = fc.record({
  ...{ name, description: anyText, metadata },
  config: fc.record({
    type: fc.constant("cloud"),
    packages: fc.record({ apt: fc.array(anyText, { maxLength: 3 }) }),
    setup_script: anyText,
  }),
});

test("for any texts, the program declares exactly the inputs of the import file", () => {
  const several = <Value>(one: fc.Arbitrary<Value>) => fc.array(one, { maxLength: 2 });
  fc.assert(
    fc.property(
      several(anyDeployment),
      several(anyAgent),
      several(anyEnvironment),
      (deployments, agents, environments) => {
        const objects = [
          ...environments.map((more, index) => environment({ ...more, id: `env_x${index}` })),
          ...agents.map((more, index) => agent({ ...more, id: `agent_x${index}` })),
          ...deployments.map((more, index) => deployment({ ...more, id: `dep_${index}` })),
        ];
        const { taken } = planned(objects);
        expect(taken).toHaveLength(objects.length);
        const throughFile = (content: string) => Buffer.from(content, "utf8").toString("utf8");
        const declared = declaredBy(throughFile(programText(taken))).map(({ name, args }) => [
          name,
          { name, ...expandedArguments(args) },
        ]);
        expect(declared).toEqual(taken.map(({ names, object }) => [names.resource, object.inputs]));
        const { resources } = JSON.parse(throughFile(importFileText(taken)));
        expect(resources).toMatchObject(taken.map(({ object }) => ({ inputs: object.inputs })));
      },
    ),
  );
});

test("an environment variable named __proto__ is declared as a variable", () => {
  const args = argsOf(programOf(deployment({ environment_variables: "__proto__=1;B=2" })));
  expect(JSON.stringify(args)).toContain('"environmentVariables":{"__proto__":"1","B":"2"}');
});

test("two deployments with one key take it from one setting, and the import file marks the key wherever the state keeps it", () => {
  const key = "sk-live-8d1f2c7b9a3e4d5f6a7b8c9d0e1f2a3b";
  const sealed = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", plaintext: `"${key}"` };
  const keyed = (id: string) =>
    deployment({
      id,
      name: id,
      environment_variables: `OPENAI_API_KEY=${key}\nLEVEL=debug`,
      initial_events: [text(`Use ${key}`), text("hello")],
      metadata: { key },
    });
  const { taken } = planned([keyed("dep_1"), keyed("dep_2")]);
  const program = programText(taken);
  expect(program).not.toContain("sk-live");
  expect(program.match(/(?:OPENAI_API_KEY|key): config\.requireSecret\("dep1\w+"\)/g)).toHaveLength(4);
  expect(program.match(/config\.requireSecret\("dep1InitialEvents"\)/g)).toHaveLength(2);
  const { resources } = JSON.parse(importFileText(taken));
  for (const { inputs, outputs } of resources) {
    for (const side of [inputs, outputs]) {
      expect(side.environmentVariables).toEqual({ OPENAI_API_KEY: sealed, LEVEL: "debug" });
      expect(side.initialEvents[0].content).toEqual({ ...sealed, plaintext: JSON.stringify(`Use ${key}`) });
      expect(side.__secrets).toEqual(["environmentVariables.OPENAI_API_KEY", "initialEvents", "metadata.key"]);
    }
    expect(outputs.effectiveMetadata).toEqual({ key: sealed });
  }
});
