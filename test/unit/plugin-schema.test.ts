import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";
import { servedKinds } from "../../provider/plugin-server/kinds";
import { diagnosticKinds } from "../../provider/resource/kind/diagnostics";
import { outputNamesFile, outputNamesText } from "../../tools/documents/output-names";
import { addresses, pluginSchema, schemaFile } from "../../tools/documents/plugin-schema";

const repository = resolve(__dirname, "..", "..");
const text = pluginSchema();
const described = z.looseObject({ description: z.string().optional() });
const properties = z.record(z.string(), described);
const object = z.looseObject({
  description: z.string().optional(),
  properties,
  required: z.array(z.string()).optional(),
});
const spec = z.looseObject({ type: z.string().optional() });
const words = z.object({ type: z.literal("string"), enum: z.array(z.object({ name: z.string(), value: z.string() })) });
const schema = z
  .looseObject({
    config: z.object({ variables: properties }),
    provider: z.looseObject({ inputProperties: properties }),
    types: z.record(z.string(), z.union([object, words])),
    resources: z.record(z.string(), object.extend({ inputProperties: properties, aliases: z.array(z.unknown()) })),
    functions: z.record(z.string(), z.looseObject({ inputs: object, outputs: object })),
  })
  .parse(JSON.parse(text));

test("the file with the names of outputs agrees with the rows of the kinds; `npm run documents` writes the file", () => {
  expect(readFileSync(join(repository, outputNamesFile), "utf8")).toBe(outputNamesText());
});

test("the file with the schema of the plugin agrees with the code; `npm run documents` writes the file", () => {
  expect(readFileSync(join(repository, schemaFile), "utf8")).toBe(text);
});

test("every resource, function, setting and member of the schema has a description, which names its kinds once", () => {
  const groups = [
    ...Object.entries(schema.resources).flatMap(([name, one]) => [
      [name, one.properties] as const,
      [name, one.inputProperties] as const,
    ]),
    ...Object.entries(schema.types).flatMap(([name, one]) => ("enum" in one ? [] : [[name, one.properties] as const])),
    ...Object.entries(schema.functions).flatMap(([name, one]) => [
      [name, one.inputs.properties] as const,
      [name, one.outputs.properties] as const,
    ]),
    ["config", schema.config.variables] as const,
    ["all", { ...schema.resources, ...schema.functions }] as const,
  ];
  const bare = groups.flatMap(([name, members]) =>
    Object.entries(members).flatMap(([member, { description = "" }]) =>
      description === "" || /^(`\w+`(, )?)+: `\w+`(:|, `)/.test(description) ? [`${name}.${member}`] : [],
    ),
  );
  expect(bare).toEqual([]);
});

test("the schema requires no member of a listed run that a run may lack", () => {
  expect(schema.types["qoder:index:DeploymentRunSummary"]).toMatchObject({ required: ["id", "deploymentId"] });
});

test("no type of the schema has the name of a resource, and SDKs have names of our own", () => {
  expect(Object.keys(schema.types).filter((name) => name in schema.resources)).toEqual([]);
  expect(JSON.parse(text)).toMatchObject({
    namespace: "pulumi-qoder",
    language: {
      nodejs: { packageName: "@pulumi-qoder/qoder" },
      python: { packageName: "pulumi_qoder" },
      go: { importBasePath: "github.com/pulumi-qoder/pulumi-qoder/sdk/go/qoder" },
      csharp: { rootNamespace: "PulumiQoder" },
      java: { basePackage: "io.github.pulumiqoder" },
    },
  });
});

test.each([
  ["AgentPermissionPolicyType", ["always_allow", "always_ask", "always_deny"]],
  ["AgentSkillType", ["custom", "qoder"]],
  ["DeploymentMemoryStoreMountAccess", ["read_write", "read_only"]],
  ["ProviderRefresh", ["lists", "exact"]],
  ["DiagnosticKind", diagnosticKinds.toSorted()],
])("the closed set %s is an enum of the schema", (name, values) => {
  const { data } = words.safeParse(schema.types[`qoder:index:${name}`]);
  expect(data?.enum.map(({ value }) => value)).toEqual(values);
});

test("the schema has one type where objects differ by their `type`, and a choice only between a text or a yes and one object, because the SDK of Python takes no list of a choice", () => {
  const choices: unknown[] = [];
  JSON.parse(text, (key, value) => {
    if (key === "oneOf") choices.push(value);
    return value;
  });
  const isPlain = ({ type }: z.infer<typeof spec>) => type === "string" || type === "boolean";
  const formOf = (one: z.infer<typeof spec>) => (isPlain(one) ? "plain" : (one.type ?? "object"));
  const forms = z
    .array(z.array(spec))
    .parse(choices)
    .map((choice) => choice.map(formOf).join(" or "));
  expect(new Set(forms)).toEqual(new Set(["plain or object"]));
  const tool = object.parse(schema.types["qoder:index:AgentTool"]);
  expect(tool.required).toEqual(["type"]);
  expect(tool.properties["enabledTools"]?.description).toMatch(/^`agent_toolset_20260401`: The only tools/);
  expect(tool.properties["mcpServerName"]?.description).toMatch(/^`mcp_toolset`: .* Required\.$/);
  const { data } = words.safeParse(schema.types["qoder:index:AgentToolType"]);
  const types = ["browser_toolset_20260714", "custom", "mcp_toolset", "agent_toolset_20260401"];
  expect(data?.enum.map(({ value }) => value)).toEqual(types);
});

test("a look-up returns no argument that only the program of the object knows", () => {
  const shown = Object.values(schema.functions).flatMap(({ outputs }) => Object.keys(outputs.properties));
  const ofProgram = ["limits", "archiveInUse", "adopt", "acknowledge", "secretVersion"];
  expect(shown.filter((name) => ofProgram.includes(name))).toEqual([]);
});

test("the texts of the schema are true in every language: no class, no syntax of TypeScript, no file of the repository", () => {
  const texts = text.replaceAll(/\{\{% examples %\}\}.*?\{\{% \/examples %\}\}/g, "");
  const foreign =
    /Qoder[A-Z]\w*|@link|\bundefined\b|pulumi\.Input|npx pulumi-qoder|agent: reporter|skills: \[|docs\/\w+\.md|TypeScript/g;
  expect(texts.match(foreign) ?? []).toEqual([]);
});

test("the schema has a resource for each kind, with an alias of the dynamic provider's type and the same arguments", () => {
  for (const [name, { kind }] of Object.entries(servedKinds)) {
    const resource = schema.resources[`qoder:index:${name}`];
    expect(resource?.aliases).toEqual([{ type: `pulumi-nodejs:dynamic/qoder:${name}` }]);
    const arguments_ = Object.keys(kind.fields).filter((argument) => !["files", "digest"].includes(argument));
    const read = name === "Skill" ? ["source", "ignore"] : name === "File" ? ["source"] : [];
    const inputs = Object.keys(resource?.inputProperties ?? {}).sort();
    expect(inputs).toEqual([...arguments_.filter((one) => name !== "Skill" || one !== "name"), ...read].sort());
  }
});

test.each([
  "github:acme/qoder",
  { type: "git", url: "git+https://github.com/acme/qoder.git" },
  "git@github.com:acme/qoder.git",
])("with the repository %j in package.json, the schema has the addresses that the Registry asks for", (repository) => {
  expect(addresses({ repository })).toEqual({
    homepage: "https://github.com/acme/qoder",
    repository: "https://github.com/acme/qoder",
    logoUrl: "https://raw.githubusercontent.com/acme/qoder/main/docs/pictures/logo.svg",
    pluginDownloadURL: "github://api.github.com/acme/qoder",
  });
  expect(addresses({})).toEqual({});
});
