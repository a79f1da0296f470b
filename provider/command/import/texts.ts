import { Commented } from "../../resource/fields/commented";
import { Reference } from "../../resource/fields/field";
import { jsonText } from "../terminal";
import type { Takeover } from "./takeover";
import { type AllUntold, Setting, type WrittenSecrets } from "./untold";

/** Constants are exported, so that other files of the program can use them, and no compiler complains of one that nothing uses. */
export function programText(takeovers: readonly Takeover[]): string {
  const identifiers = new Map(takeovers.map(({ object: { id }, names: { identifier } }) => [id, identifier]));
  const labels = [...new Set(takeovers.map(({ object: { kind } }) => kind.label))].sort();
  const declarations = takeovers.map((takeover) => declarationText(takeover, identifiers));
  const ours = `${importText(labels)}\n`;
  return [`${header}${headText(takeovers, ours)}`, ...declarations].join("\n");
}

function importText(labels: readonly string[]): string {
  const short = `import { ${labels.join(", ")} } from "pulumi-qoder";`;
  const lines = labels.map((label) => `  ${label},\n`);
  return short.length <= lineWidth ? short : `import {\n${lines.join("")}} from "pulumi-qoder";`;
}

/** What stands before the declarations: also where only comments speak of `config`, so that a line that stops to be a comment compiles. */
function headText(takeovers: readonly Takeover[], ours: string): string {
  return settingNames(takeovers).length + optionalSecrets(takeovers).length === 0
    ? ours
    : `import * as pulumi from "@pulumi/pulumi";\n${ours}\nexport const config = new pulumi.Config();\n`;
}

const header = `// Written by \`npx pulumi-qoder import\`. All of this exists: run \`pulumi import\` with the file import.json that was written
// beside this one before the first \`pulumi up\`, which would otherwise create each a second time.
`;

function declarationText(
  { object: { kind, untold, ignored }, names, written, secrets }: Takeover,
  identifiers: ReadonlyMap<string, string>,
): string {
  const isNameOfResource = ([argument, value]: [string, unknown]) =>
    argument === kind.nameArgument && value === names.resource;
  const declared = Object.fromEntries(Object.entries(written).filter((entry) => !isNameOfResource(entry)));
  const notes = { untold, secrets, identifiers };
  const resource = jsonText(names.resource);
  const start = `export const ${names.identifier} = new ${kind.label}(`;
  if (membersOf(declared, notes).length === 0) {
    return `${start}${resource});\n`;
  }
  if (ignored.size === 0 && `${start}${resource}, {`.length <= lineWidth) {
    return `${start}${resource}, ${objectLiteral(declared, "", notes)});\n`;
  }
  const options = ignored.size === 0 ? [] : [`{ ignoreChanges: ${jsonText([...ignored.keys()])} }`];
  const lines = [resource, objectLiteral(declared, "  ", notes), ...options].map((argument) => `  ${argument},\n`);
  return `${start}\n${lines.join("")});\n`;
}

/** The settings of the stack that the program needs. */
export function settingNames(takeovers: readonly Takeover[]): string[] {
  const written = takeovers.flatMap(({ secrets }) => [...secrets.values()].flat());
  return written.flatMap(([, value]) => (value instanceof Setting ? [value.name] : []));
}

/** The names of the secrets that the program may need and does not hold, each as often as it does. */
export function optionalSecrets(takeovers: readonly Takeover[]): string[] {
  return takeovers.flatMap(({ object: { untold } }) => [...untold.values()].flatMap(({ optional }) => optional));
}

/**
 * The text for `pulumi import --file`. Outputs are given as well: only then does the engine skip the read that it would
 * do without the provider's code (pulumi/pulumi pkg/resource/deploy/step.go, `ImportStep`; since CLI 3.254). Two resources of
 * different types may have one name there, as nothing refers to it (cmd/pulumi/operations/import.go, `parseImportFile`).
 */
export function importFileText(takeovers: readonly Takeover[]): string {
  const resources = takeovers.map(({ object: { kind, id, inputs, outputs }, names }) => {
    // It was never declared, but messages need its name, and two imports of one object must differ.
    const hidden = { __origin: `imported::${id}::${names.resource}`, __provider: kind.source };
    return {
      type: kind.type,
      name: names.resource,
      id,
      inputs: { ...inputs, ...hidden },
      outputs: { ...outputs, ...hidden },
    };
  });
  return `${jsonText({ resources }, 2)}\n`;
}

const lineWidth = 120;
/** A key this short leaves a text on its line however long it is: moving it would win nothing. */
const shortKey = 2;

/** What a value needs beside it to be written. */
export interface Notes {
  /** What stands at the end of an object of the value. */
  readonly untold: AllUntold;
  /** What stands in an object of the value beside its members. */
  readonly secrets: WrittenSecrets;
  /** The constants of the program, by the ids of their objects. */
  readonly identifiers: ReadonlyMap<string, string>;
}

/**
 * A value as TypeScript, in the layout of the common formatters: two spaces, on one line where it fits.
 * `column` is where the value starts, `indent` the indentation of its line.
 */
function literal(value: unknown, column: number, indent: string, notes: Notes): string {
  const short = oneLine(value, notes);
  // One more for the comma behind it.
  if (short !== undefined && (isExpression(value) || column + short.length + 1 <= lineWidth)) {
    return short;
  }
  const inner = `${indent}  `;
  if (value instanceof Commented) {
    return literal(value.value, column, indent, notes);
  }
  if (Array.isArray(value)) {
    const lines = value.map(
      (element) => `${commentOf(element, inner, notes)}${inner}${literal(element, inner.length, inner, notes)},`,
    );
    return ["[", ...lines, `${indent}]`].join("\n");
  }
  if (typeof value === "object" && value !== null) {
    return objectLiteral(value, indent, notes);
  }
  return typeof value === "string" && value.includes("\n") ? textInLines(value) : jsonText(value);
}

/** The lines above a value that has a comment. */
function commentOf(value: unknown, indent: string, { identifiers }: Notes): string {
  return value instanceof Commented ? `${indent}// ${value.comment((id) => identifiers.get(id) ?? id)}\n` : "";
}

/** From this length on, a text with line breaks reads better with them. */
const longestInOneLine = 40;

function isReadInLines(value: unknown): boolean {
  return typeof value === "string" && value.length > longestInOneLine && value.includes("\n");
}

/** A text of several lines, as it reads. */
function textInLines(text: string): string {
  const lines = jsonText(text)
    .slice(1, -1)
    // Of the escapes of JSON these two are none in a template.
    .replace(/\\(.)/g, (pair, letter: string) => ({ n: "\n", '"': '"' })[letter] ?? pair)
    .replace(/`|\$\{/g, "\\$&");
  return `\`${lines}\``;
}

/** The object with each member on a line of its own. */
export function objectLiteral(value: object, indent: string, notes: Notes): string {
  const inner = `${indent}  `;
  const members = membersOf(value, notes).map(([name, member]) => {
    const key = keyText(name);
    const text = literal(member, inner.length + key.length + 2, inner, notes);
    const fits = text.startsWith("`") || inner.length + key.length + 2 + text.length + 1 <= lineWidth;
    const onItsOwnLine = typeof member === "string" && !fits && key.length > shortKey;
    return `${commentOf(member, inner, notes)}${inner}${key}:${onItsOwnLine ? `\n${inner}  ` : " "}${text},`;
  });
  const remarks = (notes.untold.get(value)?.lines ?? []).map((line) => `${inner}// ${line}`);
  return ["{", ...members, ...remarks, `${indent}}`].join("\n");
}

/** Undefined where the value needs several lines however short it is. */
function oneLine(value: unknown, notes: Notes): string | undefined {
  if (typeof value !== "object" || value === null) {
    return isReadInLines(value) ? undefined : jsonText(value);
  }
  if (value instanceof Commented) {
    return undefined;
  }
  if (value instanceof Reference) {
    return referenceText(value, notes);
  }
  if (value instanceof Setting) {
    return `config.requireSecret(${jsonText(value.name)})`;
  }
  if ((notes.untold.get(value)?.lines ?? []).length > 0 || isListOfObjects(value, notes)) {
    return undefined;
  }
  const parts = Array.isArray(value)
    ? value.map((element) => oneLine(element, notes))
    : membersOf(value, notes).map(([name, member]) => {
        const text = oneLine(member, notes);
        return text === undefined ? undefined : `${keyText(name)}: ${text}`;
      });
  if (parts.includes(undefined)) {
    return undefined;
  }
  const list = parts.join(", ");
  return Array.isArray(value) ? `[${list}]` : list === "" ? "{}" : `{ ${list} }`;
}

function referenceText({ id, output }: Reference, { identifiers }: Notes): string {
  const identifier = identifiers.get(id);
  if (identifier === undefined) {
    throw new Error(`the program refers to ${id} and does not declare it`);
  }
  return output === undefined ? identifier : `${identifier}.${output}`;
}

function isListOfObjects(value: object, notes: Notes): boolean {
  const holdsSeveral = (element: unknown) =>
    typeof element === "object" && element !== null && !isExpression(element) && membersOf(element, notes).length > 1;
  return Array.isArray(value) && value.length > 1 && value.every(holdsSeveral);
}

function isExpression(value: unknown): boolean {
  return value instanceof Reference || value instanceof Setting;
}

/** In the order in which a person writes them: first what tells of what kind the object is. */
function membersOf(value: object, { untold, secrets }: Notes): (readonly [string, unknown])[] {
  const own = Object.entries(value).filter(([, member]) => member !== undefined);
  const order = [...(untold.get(value)?.members ?? []), "type"];
  const place = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length);
  return [...own, ...(secrets.get(value) ?? [])].sort(([one], [other]) => place(one) - place(other));
}

function keyText(name: string): string {
  if (name === "__proto__") {
    // Only in brackets it is a member and not the prototype (ECMAScript B.3.1).
    return '["__proto__"]';
  }
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : jsonText(name);
}
