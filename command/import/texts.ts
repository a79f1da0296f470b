import { Commented, Reference } from "../../provider/resource/kind/field";
import { mapMembers, type Properties, secretSignature, signature } from "../../provider/resource/kind/program-values";
import { secretPlaces, statePlaces } from "../../provider/resource/state/hidden-texts";
import { jsonText, printable } from "../words";
import { type Managed, originOf } from "./managed";
import { library } from "./names";
import { type ImportedObject, referencesIn } from "./what-to-import";
import type { Wired } from "./wired";
import { type AllWriteOnly, type PlainSecrets, Setting, type WrittenSecrets } from "./write-only";

/**
 * The program. Its constants are exported, so that other files can use them and no compiler reports an unused one. It names an
 * object that is `managed` already by its constant if that is `wired`, else by its id.
 */
export function programText(
  importedObjects: readonly ImportedObject[],
  head: string = importHead("import.json"),
  managed: readonly Managed[] = [],
  { wired = new Map(), suffix = "", isProtected = false }: Partial<Writing> = {},
): string {
  const own = importedObjects.map(({ object: { id }, names: { identifier } }) => [id, identifier] as const);
  const identifiers = new Map([...[...wired].map(([id, { identifier }]) => [id, identifier] as const), ...own]);
  const resources = new Map(
    managed
      .filter(({ id }) => !wired.has(id))
      .map(({ id, kind, resourceName, where }) => [id, `${kind.label} ${jsonText(resourceName)} of ${where}`]),
  );
  const labels = [...new Set(importedObjects.map(({ object: { kind } }) => kind.label))].sort();
  const secrets = secretsOf(importedObjects);
  const required = [...secrets.settings, ...secrets.plain];
  const used = new Set(importedObjects.flatMap((one) => referencesIn(one.written)));
  const modules = [...wired].filter(([id]) => used.has(id)).map(([, one]) => one);
  const imported = `${importText(required.length > 0 ? [...labels, library.check] : labels)}${modulesText(modules, suffix)}`;
  // `config` is there even if only comments use it, so that an uncommented line compiles.
  const isConfigured = required.length + secrets.optional.length + secrets.missing.length > 0;
  const { sdk, settings } = library;
  const configured = isConfigured
    ? `import * as ${sdk} from "@pulumi/pulumi";\n${imported}\n${checkText(required)}export const ${settings} = new ${sdk}.Config();\n`
    : imported;
  const declarations = importedObjects.map((imported) =>
    declarationText(imported, { identifiers, resources }, isProtected),
  );
  return [`${head}${configured}`, ...declarations].join("\n");
}

interface Writing {
  /** The managed objects whose constants other modules export, by their ids. */
  readonly wired: ReadonlyMap<string, Wired>;
  /** The end of the name of a module in an import: `.js` for ES modules. */
  readonly suffix: string;
  /** Each resource gets the option `protect`. */
  readonly isProtected: boolean;
}

/** The imports of constants from other modules of the program, one for each module. */
function modulesText(all: readonly Wired[], suffix: string): string {
  const modules = [...new Set(all.map(({ module }) => module))].sort();
  return modules
    .map((module) => {
      const names = all.flatMap((one) => (one.module === module ? one.identifier : [])).sort();
      return importText(names, `${module}${suffix}`);
    })
    .join("");
}

function importText(names: readonly string[], module = "pulumi-qoder"): string {
  return `import { ${names.join(", ")} } from "${module}";\n`;
}

/** One error for all settings that are missing, where `requireSecret` would report the first one only. */
function checkText(secret: readonly string[]): string {
  return secret.length === 0
    ? ""
    : `${library.check}({ secret: [${secret.map((name) => jsonText(name)).join(", ")}] });\n`;
}

export function importHead(importFile: string): string {
  return `// Written by \`npx pulumi-qoder import\`. All of this exists: run \`pulumi import\` with the file ${importFile} that was written
// beside this one before the first \`pulumi up\`, which would otherwise create each a second time.
`;
}

export const copyHead = `// Written by \`npx pulumi-qoder import --copy\`. \`pulumi up\` creates a copy of each object, in the account of the stack.
`;

function declarationText(
  { object: { kind, writeOnly, ignored }, names, written, secrets, plainSecrets }: ImportedObject,
  naming: Pick<Notes, "identifiers" | "resources">,
  isProtected: boolean,
): string {
  const isNameOfResource = ([argument, value]: [string, unknown]) =>
    argument === kind.nameArgument && value === names.resource;
  const declared = Object.fromEntries(Object.entries(written).filter((entry) => !isNameOfResource(entry)));
  const options = {
    ignoreChanges: ignored.size === 0 ? undefined : [...ignored.keys()],
    protect: isProtected ? true : undefined,
  };
  const notes = { writeOnly, secrets, plainSecrets, ...naming };
  const texts = [declared, options].map((value) => literal(value, "", notes));
  const given = texts.slice(0, texts.findLastIndex((text) => text !== "{}") + 1);
  return `export const ${names.identifier} = new ${kind.label}(${[jsonText(names.resource), ...given].join(", ")});\n`;
}

export interface ProgramSecrets {
  /** The stack settings without which the program fails. */
  readonly settings: readonly string[];
  /** The stack settings without which the program works too. */
  readonly optional: readonly string[];
  /** The stack settings in place of values that look like secrets. */
  readonly plain: readonly string[];
  /** The members that the program may need but does not contain, once for each place. */
  readonly missing: readonly string[];
}

export function secretsOf(importedObjects: readonly ImportedObject[]): ProgramSecrets {
  const written = importedObjects.flatMap(({ secrets }) => [...secrets.values()].flat());
  const all = written.flatMap(([, value]) => (value instanceof Setting ? [value] : []));
  const namesOf = (settings: readonly Setting[]) => settings.map(({ name }) => name);
  return {
    settings: namesOf(all.filter(({ isOptional }) => !isOptional)),
    optional: namesOf(all.filter(({ isOptional }) => isOptional)),
    plain: [...new Set(importedObjects.flatMap(({ plainSecrets }) => namesOf([...plainSecrets.values()])))],
    missing: importedObjects.flatMap(({ object: { writeOnly } }) =>
      [...writeOnly.values()].flatMap(({ optional }) => optional),
    ),
  };
}

/** The first CLI that reads the outputs of the file for `pulumi import`. */
export const leastPulumi = "3.254";

/**
 * The text for `pulumi import --file`. It contains the outputs, because the engine otherwise reads the resource without the
 * provider's code (pulumi/pulumi pkg/resource/deploy/step.go, `ImportStep`; since `leastPulumi`). Resources of different types
 * may have the same name in this file, because no entry refers to it (cmd/pulumi/operations/import.go, `parseImportFile`).
 */
export function importFileText(importedObjects: readonly ImportedObject[]): string {
  const resources = importedObjects.map(({ object: { kind, id, inputs, outputs }, names, plainSecrets }) => {
    const marked = asSecrets(inputs, plainSecrets);
    const places = statePlaces(secretPlaces(marked, []));
    const hidden = {
      // The object was never declared, but messages need its name, and two imports of one object must differ.
      __origin: `${originOf(id)}${names.resource}`,
      __provider: kind.source,
      ...(places.length > 0 && { __secrets: places }),
    };
    return {
      type: kind.type,
      name: names.resource,
      id,
      inputs: { ...marked, ...hidden },
      outputs: { ...asSecrets(outputs, plainSecrets), ...hidden },
    };
  });
  return `${jsonText({ resources }, 2)}\n`;
}

/**
 * The values with the mark of a secret on each that the program takes from a setting: the engine encrypts these in the state
 * (pulumi/pulumi pkg/resource/stack/deployment.go, `DeserializeProperties`), so that no preview shows them.
 */
function asSecrets(values: Properties, secrets: PlainSecrets): Properties {
  const marked = (value: unknown): unknown =>
    typeof value === "string" && secrets.has(value)
      ? { [signature]: secretSignature, plaintext: JSON.stringify(value) }
      : mapMembers(value, marked);
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, marked(value)]));
}

interface Notes {
  readonly writeOnly: AllWriteOnly;
  readonly secrets: WrittenSecrets;
  readonly plainSecrets: PlainSecrets;
  /** The names of the program's constants, by the ids of their objects. */
  readonly identifiers: ReadonlyMap<string, string>;
  /** The resources that manage other objects, in words, by the ids of these objects. */
  readonly resources: ReadonlyMap<string, string>;
}

/** A value as TypeScript, with one member a line. */
function literal(given: unknown, indent: string, notes: Notes): string {
  const value = given instanceof Commented ? given.value : withSetting(given, notes);
  if (isExpression(value)) {
    return expressionText(value, notes);
  }
  if (typeof value === "object" && value !== null) {
    return objectLiteral(value, indent, notes);
  }
  return typeof value === "string" && isReadInLines(value) ? textInLines(value) : jsonText(value);
}

function withSetting(value: unknown, { plainSecrets }: Notes): unknown {
  return typeof value === "string" ? (plainSecrets.get(value) ?? value) : value;
}

/** The line above a value that has a comment; empty for another value. */
function commentOf(value: unknown, indent: string, { identifiers, resources }: Notes): string {
  const text =
    value instanceof Commented
      ? value.comment((id) => identifiers.get(id) ?? id)
      : value instanceof Reference
        ? resources.get(value.id)
        : undefined;
  return text === undefined ? "" : commentLine(text, indent);
}

/** A comment may quote the service or the state: it is one line whatever these contain. */
const commentLine = (text: string, indent: string) => `${indent}// ${printable(text)}\n`;

/** A longer text with line breaks is written on several lines. */
const longestInOneLine = 40;

function isReadInLines(text: string): boolean {
  return text.length > longestInOneLine && text.includes("\n");
}

function textInLines(text: string): string {
  const lines = jsonText(text)
    .slice(1, -1)
    // Of the escapes of JSON these two are none in a template.
    .replace(/\\(.)/g, (pair, letter: string) => ({ n: "\n", '"': '"' })[letter] ?? pair)
    .replace(/`|\$\{/g, "\\$&");
  return `\`${lines}\``;
}

export function objectLiteral(value: object, indent: string, notes: Notes): string {
  const inner = `${indent}  `;
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  const parts = partsOf(value, notes).map(
    ([key, part]) => `${commentOf(part, inner, notes)}${inner}${key}${literal(part, inner, notes)},\n`,
  );
  const remarks = (notes.writeOnly.get(value)?.lines ?? []).map((line) => commentLine(line, inner));
  const members = [...parts, ...remarks].join("");
  return members === "" ? `${open}${close}` : `${open}\n${members}${indent}${close}`;
}

/** The elements of a list, or the members of an object with the beginnings of their lines. */
function partsOf(value: object, notes: Notes): (readonly [key: string, part: unknown])[] {
  return Array.isArray(value)
    ? value.map((element) => ["", element])
    : membersOf(value, notes).map(([name, member]) => [`${keyText(name)}: `, member]);
}

function expressionText(value: Reference | Setting, { identifiers, resources }: Notes): string {
  if (value instanceof Setting) {
    return `${library.settings}.${value.isOptional ? "get" : "require"}Secret(${jsonText(value.name)})`;
  }
  const { id, output } = value;
  const identifier = identifiers.get(id);
  if (resources.has(id)) {
    return jsonText(id);
  }
  if (identifier === undefined) {
    throw new Error(`the program refers to ${id} and does not declare it`);
  }
  return output === undefined ? identifier : `${identifier}.${output}`;
}

function isExpression(value: unknown): value is Reference | Setting {
  return value instanceof Reference || value instanceof Setting;
}

/** The members in the order of a person: the type first. */
function membersOf(value: object, { writeOnly, secrets }: Notes): (readonly [string, unknown])[] {
  const own = Object.entries(value).filter(([, member]) => member !== undefined);
  const order = [...(writeOnly.get(value)?.members ?? []), "type"];
  const place = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length);
  return [...own, ...(secrets.get(value) ?? [])].sort(([one], [other]) => place(one) - place(other));
}

function keyText(name: string): string {
  if (name === "__proto__") {
    // Only in brackets is `__proto__` a member and not the prototype (ECMAScript B.3.1).
    return '["__proto__"]';
  }
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : jsonText(name);
}
