import { z } from "zod";
import packageFile from "../../../package.json";
import { deployments, resourceType } from "../../../provider/kinds/table";
import { type Served, servedKinds } from "../../../provider/plugin-server/kinds";
import { listInputs } from "../../../provider/plugin-server/lists";
import { registryExample } from "../reference/examples";
import { Declarations, type Member } from "./declarations";
import { anyForListForms, type Spec, textOrWord, upper, usedTypes } from "./shapes";
import { SchemaTypes } from "./types";
import { commandSettings } from "./words";

/** The file with the schema, which the plugin sends to the engine. */
export const schemaFile = "plugin/schema.json";

let described: ReturnType<typeof newSchema> | undefined;

/** The schema of the package with each form of a value, from the interfaces with their comments and from the rows of the kinds. */
export function describedSchema(): ReturnType<typeof newSchema> {
  described ??= newSchema();
  return described;
}

/** The text of the schema for SDKs and programs. */
export function pluginSchema(): string {
  // A line for each member shows a change, and spaces before it would be a kilobyte of the package.
  return `${JSON.stringify(anyForListForms(describedSchema()), null, 2).replaceAll(/^ +/gm, "")}\n`;
}

function newSchema() {
  const declarations = Declarations.read();
  const secretMembers = Object.values(servedKinds).flatMap(({ kind }) =>
    Object.values(kind.fields).flatMap(({ secretMembers: names = [] }) => names),
  );
  const types = new SchemaTypes(declarations, new Set(secretMembers));
  const resources = Object.fromEntries(
    Object.entries(servedKinds).map(([name, served]) => [
      `qoder:index:${name}`,
      resourceOf(name, served, declarations, types),
    ]),
  );
  const provider = providerSettings(declarations, types);
  const functions = functionsOf(resources, declarations, types);
  const used = usedTypes([provider, resources, functions], types.types);
  return {
    name: "qoder",
    namespace: "pulumi-qoder",
    displayName: "Qoder",
    version: packageFile.version,
    description:
      "Deployments of Qoder Cloud Agents, with the agents, environments, vaults, skills and files that they name.",
    license: "MIT",
    keywords: ["pulumi", "qoder", "agents", "category/infrastructure", "kind/native"],
    publisher: packageFile.author,
    ...addresses(packageFile),
    // Gives the SDKs that `pulumi package add` writes the version.
    meta: { supportPack: true },
    language: languages,
    config: { variables: { ...textOrWord(provider, used), ...commandSettings } },
    provider: {
      description: "An account to manage objects of Qoder with, where the stack's own configuration is not enough.",
      inputProperties: textOrWord(provider, used),
      aliases: [{ type: "pulumi:providers:pulumi-nodejs" }],
    },
    types: textOrWord(used, used),
    resources: textOrWord(resources, used),
    functions,
  };
}

/** The names of the SDKs that `pulumi package add` writes. None is published. */
const languages = {
  nodejs: { packageName: "@pulumi-qoder/qoder", respectSchemaVersion: true },
  python: { packageName: "pulumi_qoder", pyproject: { enabled: true }, respectSchemaVersion: true },
  go: { importBasePath: "github.com/pulumi-qoder/pulumi-qoder/sdk/go/qoder", respectSchemaVersion: true },
  csharp: { rootNamespace: "PulumiQoder", respectSchemaVersion: true },
  java: { basePackage: "io.github.pulumiqoder" },
};

/**
 * What the Pulumi Registry and the engine find at the repository that package.json names: the archives are at its releases, in the
 * form of Pulumi. Empty until the owner of the package names a repository there.
 */
export function addresses(packageFile: object): Readonly<Record<string, string>> {
  const { repository } = z.looseObject({ repository: repositorySchema.optional() }).parse(packageFile);
  const [, path] = /\bgithub(?:\.com[/:]|:)([\w.-]+\/[\w.-]+?)(?:\.git)?$/.exec(repository ?? "") ?? [];
  return path === undefined
    ? {}
    : {
        homepage: `https://github.com/${path}`,
        repository: `https://github.com/${path}`,
        logoUrl: `https://raw.githubusercontent.com/${path}/main/docs/pictures/logo.svg`,
        pluginDownloadURL: `github://api.github.com/${path}`,
      };
}

const repositorySchema = z.union([z.string(), z.looseObject({ url: z.string() }).transform(({ url }) => url)]);

/** The members of an interface that the package exports. */
function membersOf(declarations: Declarations, name: string): Member[] {
  return declarations.members(declarations.checker.getDeclaredTypeOfSymbol(declarations.exported(name)));
}

function resourceOf(name: string, { kind }: Served, declarations: Declarations, types: SchemaTypes) {
  const args = membersOf(declarations, `${kind.label}Args`);
  const outputs = membersOf(declarations, `${name}Outputs`);
  const row = (member: string): { replaces?: boolean; leftOut?: string } => kind.fields[member] ?? {};
  const replacing = (properties: Record<string, Spec>) =>
    Object.fromEntries(
      Object.entries(properties).map(([member, spec]) => [
        member,
        row(member).replaces ? { ...spec, replaceOnChanges: true } : spec,
      ]),
    );
  const held = Object.keys(kind.fields).filter((member) => row(member).leftOut !== "ignored");
  const members = [...new Set([...held, ...Object.keys(kind.outputs)])].flatMap((member) => {
    const output = outputs.find((one) => one.name === member);
    const argument = args.find((one) => one.name === member);
    const one = output ?? argument;
    // The comment of the argument says more than a reference to the argument.
    const description = output?.description ?? argument?.description;
    return one === undefined ? [] : [{ ...one, description }];
  });
  const isAlways = (member: string) => {
    const type = outputs.find((one) => one.name === member)?.type.getText() ?? "undefined";
    return !/\bundefined\b/.test(type);
  };
  return {
    description: `${declarations.descriptionOf(declarations.exported(kind.label))}\n\n${registryExample(Declarations.folderOf(declarations.exported(kind.label)))}`,
    inputProperties: replacing(types.properties(args, name)),
    requiredInputs: args.filter(({ isOptional }) => !isOptional).map((one) => one.name),
    properties: types.properties(members, name),
    required: members.map((one) => one.name).filter(isAlways),
    listInputs: listInputsOf(name),
    aliases: [{ type: resourceType(name) }],
  };
}

/** The inputs of `pulumi do ... list`; see `plugin-server/lists.ts`. */
function listInputsOf(kind: string) {
  const inputs = new Map(Object.entries(listInputs)).get(kind) ?? {};
  const told = Object.entries(inputs).map(([name, { type, description }]) => [name, { type, description }]);
  return { type: "object", properties: Object.fromEntries(told) };
}

function providerSettings(declarations: Declarations, types: SchemaTypes): Record<string, Spec> {
  const settings = types.properties(membersOf(declarations, "QoderProviderArgs"), "Provider");
  const secrets = ["pat", "saKey"];
  return Object.fromEntries(
    Object.entries(settings).map(([name, spec]) => [name, secrets.includes(name) ? { ...spec, secret: true } : spec]),
  );
}

interface ResourceSpec {
  readonly properties: Record<string, Spec>;
  readonly required: readonly string[];
}

function functionsOf(
  resources: Readonly<Record<string, ResourceSpec>>,
  declarations: Declarations,
  types: SchemaTypes,
) {
  const objects = ["Agent", "Deployment", "Environment"].map((name) => {
    const { properties: all, required } = resources[`qoder:index:${name}`] ?? { properties: {}, required: [] };
    const known = membersOf(declarations, `Get${name}Result`).map((one) => one.name);
    const properties = Object.fromEntries(Object.entries(all).filter(([member]) => known.includes(member)));
    return [`get${name}`, lookUp(name, properties, required, declarations)] as const;
  });
  const skill = {
    description: declarations.descriptionOf(declarations.exported("getSkill")),
    inputs: objectOf("GetSkillArgs", declarations, types),
    outputs: objectOf("GetSkillResult", declarations, types),
  };
  const runs = {
    description: declarations.descriptionOf(declarations.exported("getDeploymentRuns")),
    inputs: objectOf("GetDeploymentRunsArgs", declarations, types),
    outputs: {
      type: "object",
      properties: {
        runs: { type: "array", items: types.named("DeploymentRunSummary"), description: "The newest first." },
      },
      required: ["runs"],
    },
  };
  const all = [...objects, ["getSkill", skill], ["getDeploymentRuns", runs]] as const;
  return Object.fromEntries(all.map(([name, spec]) => [`qoder:index:${name}`, spec]));
}

/**
 * An SDK treats the result of a function as an object if it may have several types. The plugin therefore answers with the long
 * form of values that may be an id alone; see `plugin-server/look-ups.ts`.
 */
function answered(spec: Spec): Spec {
  const { type, oneOf, description } = spec;
  if (type === "array" && JSON.stringify(spec).includes('"oneOf"')) {
    return { ...spec, items: { $ref: "pulumi.json#/Any" } };
  }
  const options = z.array(z.looseObject({ $ref: z.string().optional() })).safeParse(oneOf).data ?? [];
  const objects = options.filter(({ $ref: reference }) => reference !== undefined);
  if (objects.length === 1) {
    return { ...objects[0], description };
  }
  return objects.length === 0 ? spec : { $ref: "pulumi.json#/Any", description };
}

function lookUp(
  name: string,
  properties: Record<string, Spec>,
  required: readonly string[],
  declarations: Declarations,
) {
  const outputs = Object.entries(properties).map(([member, spec]): [string, Spec] => {
    const isSecret = name === "Deployment" && deployments.secretOutputs.some((one) => one === member);
    return [member, isSecret ? { ...answered(spec), secret: true } : answered(spec)];
  });
  return {
    description: declarations.descriptionOf(declarations.exported(`get${upper(name)}`)),
    inputs: {
      type: "object",
      properties: {
        id: { type: "string", description: "Costs one GET. An archived object is an error. Give this or `name`." },
        name: {
          type: "string",
          description:
            "The whole object as the service shows it. The look-up reads all pages of the list and ignores archived objects.",
        },
      },
    },
    outputs: {
      type: "object",
      properties: { id: { type: "string", description: "The id at Qoder." }, ...Object.fromEntries(outputs) },
      required: ["id", ...required],
    },
  };
}

function objectOf(name: string, declarations: Declarations, types: SchemaTypes) {
  const members = membersOf(declarations, name);
  return {
    type: "object",
    properties: types.properties(members, name),
    required: members.filter(({ isOptional }) => !isOptional).map((one) => one.name),
  };
}
