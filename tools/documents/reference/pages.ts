import { z } from "zod";
import { type DeclaredKind, kinds } from "../../../provider/kinds/table";
import { describedSchema } from "../plugin-schema";
import { commandsPage } from "./commands";
import { exampleOf } from "./examples";
import { jsonPage } from "./json";
import { messagesPage } from "./messages";
import { requestsOf } from "./requests";

const spec = z.looseObject({
  type: z.string().optional(),
  $ref: z.string().optional(),
  const: z.string().optional(),
  oneOf: z.array(z.unknown()).optional(),
  items: z.unknown().optional(),
  additionalProperties: z.unknown().optional(),
  description: z.string().optional(),
  secret: z.boolean().optional(),
  replaceOnChanges: z.boolean().optional(),
});
const properties = z.record(z.string(), spec);
type Properties = z.infer<typeof properties>;
const schemaShape = z.looseObject({
  provider: z.looseObject({ inputProperties: properties }),
  types: z.record(
    z.string(),
    z.looseObject({
      description: z.string().optional(),
      properties: properties.optional(),
      required: z.array(z.string()).optional(),
      enum: z.array(z.object({ value: z.string(), description: z.string().optional() })).optional(),
    }),
  ),
  resources: z.record(
    z.string(),
    z.looseObject({
      description: z.string(),
      inputProperties: properties,
      requiredInputs: z.array(z.string()),
      properties,
    }),
  ),
  functions: z.record(z.string(), z.looseObject({ description: z.string() })),
});
type Schema = z.infer<typeof schemaShape>;

const token = "qoder:index:";
/** The arguments that no request carries: what the provider or the engine does with the object. */
const ofThisProvider = [
  "adopt",
  "acknowledge",
  "limits",
  "archiveInUse",
  "deleteOnDestroy",
  "secretVersion",
  "validate",
  "waitForResult",
  "source",
  "ignore",
];
/** The arguments of this provider that no state keeps. */
const withoutOutput = ["adopt", "acknowledge", "source", "ignore"];
const folderOf = (name: string) => name.replace(/(?<=[a-z])[A-Z]/g, (letter) => `-${letter}`).toLowerCase();

/** The pages of docs/reference/ by their names: the texts of the schema, so one text explains an argument everywhere. */
export function referencePages(): Readonly<Record<string, string>> {
  const schema = schemaShape.parse(describedSchema());
  const pages = Object.entries<DeclaredKind>(kinds).map(([name, kind]) => [
    `docs/reference/${folderOf(name)}.md`,
    pageOf(name, kind, schema),
  ]);
  return {
    ...Object.fromEntries(pages),
    "docs/reference/README.md": overview(schema),
    "docs/reference/commands.md": commandsPage(),
    "docs/reference/json.md": jsonPage(),
    "docs/reference/messages.md": messagesPage(),
  };
}

function pageOf(name: string, { label, idPrefix, within }: DeclaredKind, schema: Schema): string {
  const resource = schema.resources[`${token}${name}`];
  if (resource === undefined) {
    throw new Error(`the schema has no ${name}`);
  }
  const [first = "", ...notes] = withoutExamples(resource.description).split("\n\n");
  const example = exampleOf(folderOf(name));
  const { inputProperties, requiredInputs } = resource;
  const rows = (members: Properties, required: readonly string[] = []) => rowsOf(members, schema.types, required);
  const used = typesIn([inputProperties, resource.properties], schema.types).filter(
    (type) => schema.types[type]?.enum === undefined,
  );
  const isOwn = ([member]: [string, unknown]) => ofThisProvider.includes(member);
  const all = Object.entries(inputProperties);
  const own = all.filter(isOwn);
  const exceptions = withoutOutput.filter((member) => member in inputProperties && !(member in resource.properties));
  const outputs = Object.entries(resource.properties).filter(([member]) => !(member in inputProperties));
  const id = `${within === undefined ? "" : `${kinds.Vault.idPrefix}.../`}${idPrefix}...`;
  return `${[
    `# ${label}`,
    first,
    `In TypeScript \`${label}\`, in YAML \`qoder:${name}\`, in Python \`qoder.${name}\`.`,
    "## Example",
    ...fences(example),
    "## Arguments",
    rows(Object.fromEntries(all.filter((one) => !isOwn(one))), requiredInputs),
    ...(own.length === 0
      ? []
      : ["Arguments of this provider, which no request carries:", rows(Object.fromEntries(own), requiredInputs)]),
    "## Outputs",
    `Each argument is also an output${exceptionsIn(exceptions)}. The provider adds:`,
    rows(Object.fromEntries([["id", { type: "string", description: `The id at Qoder, \`${id}\`.` }], ...outputs])),
    ...(used.length === 0 ? [] : ["## Types"]),
    ...used.flatMap((type) => typeSection(type, schema.types)),
    "## Import",
    importOf(name, label, id),
    "## Life",
    ...notes,
    "## Requests",
    ...requestsOf(label),
  ].join("\n\n")}\n`;
}

function exceptionsIn(names: readonly string[]): string {
  const list = new Intl.ListFormat("en").format(names.map((name) => `\`${name}\``));
  return names.length === 0 ? "" : `, except ${list}`;
}

function fences({ typescript, yaml, python }: ReturnType<typeof exampleOf>): string[] {
  const blocks = { typescript, yaml, python };
  return Object.entries(blocks).map(([language, text]) => `\`\`\`${language}\n${text}\`\`\``);
}

function withoutExamples(description: string): string {
  return description.replace(/\{\{% examples %\}\}[\s\S]*\{\{% \/examples %\}\}/, "").trim();
}

function rowsOf(members: Properties, types: Schema["types"], required: readonly string[] = []): string {
  return Object.entries(members)
    .map(([name, one]) => {
      const marks = [
        typeOf(one, types),
        ...(required.includes(name) ? ["required"] : []),
        ...(one.secret ? ["secret"] : []),
        ...(one.replaceOnChanges ? ["a change replaces the object"] : []),
      ];
      const text = (one.description ?? "").replace(required.includes(name) ? / ?Required\.$/ : "", "");
      return `- \`${name}\` (${marks.join(", ")}). ${[text, ...wordsOf(one, types)].join(" ")}`.trimEnd();
    })
    .join("\n");
}

/** The words of a closed set that have texts of their own. */
function wordsOf({ oneOf = [] }: z.infer<typeof spec>, types: Schema["types"]): string[] {
  const words = oneOf.flatMap((one) => closedSet(one, types) ?? []);
  return words.flatMap(({ value, description }) => (description === undefined ? [] : [`\`${value}\`: ${description}`]));
}

function closedSet(given: unknown, types: Schema["types"]) {
  return types[String(spec.parse(given).$ref).replace("#/types/", "")]?.enum;
}

/** The type in words, with a link to a section of the page. */
function typeOf(given: unknown, types: Schema["types"]): string {
  const { type, $ref: reference, const: constant, oneOf, items, additionalProperties } = spec.parse(given);
  if (reference !== undefined) {
    return typeNamed(reference, types);
  }
  if (oneOf !== undefined) {
    // Of a closed set, its words: that each is a text is no news.
    const closed = oneOf.filter((one) => closedSet(one, types) !== undefined);
    return [...new Set((closed.length === 0 ? oneOf : closed).map((one) => typeOf(one, types)))].join(" or ");
  }
  switch (type) {
    case "array":
      return `list of ${typeOf(items, types)}`;
    case "object":
      return additionalProperties === undefined ? "map" : `map of ${typeOf(additionalProperties, types)}`;
    default:
      return constant === undefined ? (type ?? "any value") : `\`"${constant}"\``;
  }
}

function typeNamed(reference: string, types: Schema["types"]): string {
  const name = reference.replace(`#/types/${token}`, "");
  const { enum: words } = types[`${token}${name}`] ?? {};
  if (words !== undefined) {
    return name === "DiagnosticKind" ? "[kind](messages.md)" : words.map(({ value }) => `\`"${value}"\``).join(" or ");
  }
  return reference.startsWith("#/types/") ? `[${name}](#${name.toLowerCase()})` : "any value";
}

/** The types that these members use, each once, in the order of their first use. */
function typesIn(given: unknown, types: Schema["types"], found: string[] = []): readonly string[] {
  const used = [...JSON.stringify(given).matchAll(/"#\/types\/([\w:]+)"/g)].map(([, name = ""]) => name);
  for (const name of used.filter((one) => !found.includes(one))) {
    if (!found.includes(name)) {
      found.push(name);
      typesIn(types[name], types, found);
    }
  }
  return found;
}

function typeSection(name: string, types: Schema["types"]): string[] {
  const { description = "", properties: members = {}, required = [] } = types[name] ?? {};
  return [
    `### ${name.replace(token, "")}`,
    ...(description === "" ? [] : [description]),
    rowsOf(members, types, required),
  ];
}

function importOf(name: string, label: string, id: string): string {
  const adopted = `In TypeScript, use \`npx pulumi-qoder import\` or the argument \`adopt\`: [Import](../import.md).`;
  if (name === "DeploymentRun") {
    return `A run cannot be imported. \`${label}.get(name, "${id}")\` reads one.`;
  }
  if (name === "Skill" || name === "File") {
    return `${adopted} In other languages, use \`adopt\`: \`pulumi import\` cannot read the contents.`;
  }
  return `${adopted} In other languages, \`pulumi import\` works too:\n\n\`\`\`sh\npulumi import ${token}${name} NAME ${id}\n\`\`\``;
}

/** The names of the kinds in a sentence. */
export function resourceList(): string {
  return `${new Intl.ListFormat("en").format(Object.keys(kinds).map((name) => `\`${name}\``))}.`;
}

function firstSentence(resource: Schema["resources"][string] | undefined): string {
  const [first = ""] = (resource?.description ?? "").split(/(?<=\.)\s/);
  return first;
}

function overview(schema: Schema): string {
  const rows = Object.entries<DeclaredKind>(kinds).map(([name, { label }]) => {
    const first = firstSentence(schema.resources[`${token}${name}`]);
    return `| [${label}](${folderOf(name)}.md) | \`qoder:${name}\` | ${first} |`;
  });
  const functions = Object.entries(schema.functions).map(
    ([name, { description }]) => `- \`${name.replace(token, "")}\`: ${description.split("\n\n")[0]}`,
  );
  return `${[
    "# Reference",
    "The editor shows the same texts.",
    ["| TypeScript | other languages | |", "|---|---|---|", ...rows].join("\n"),
    "- An argument changes in place, and an update sends only what changed, unless its text says otherwise.\n- *Left out* is what applies if the program has never set the argument; *removed* is what an update does when the program no longer sets it.\n- In TypeScript, an argument that takes an id also takes the resource, or the result of a function such as `getAgent`: `environmentId: cloud`, `agent: reporter`, `vaultIds: [vault]`. Other languages write ids, as the examples show.",
    "[Messages](messages.md) has what a preview prints below the plan, and the reasons for which a run does not start. [Commands](commands.md) has their options, [JSON and exit statuses](json.md) what scripts read.",
    "## Provider",
    "The arguments of `QoderProvider`, in other languages `pulumi:providers:qoder`. [Settings](../settings.md) explains the settings of a stack.",
    rowsOf(schema.provider.inputProperties, schema.types),
    "## Functions",
    functions.join("\n"),
    "[Use objects of another program](../concepts.md#read-an-object-of-another-program) has a program.",
  ].join("\n\n")}\n`;
}
