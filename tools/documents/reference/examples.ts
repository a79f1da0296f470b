import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";

/** An example of a kind in the form of Pulumi YAML, from which the other languages follow. */
export interface Example {
  readonly yaml: string;
  readonly typescript: string;
  readonly python: string;
}

const program = z.object({
  config: z.record(z.string(), z.unknown()).default({}),
  resources: z.record(
    z.string(),
    z.object({ type: z.string(), properties: z.record(z.string(), z.unknown()).default({}) }),
  ),
});
export type ExampleProgram = z.infer<typeof program>;

const textOf = (folder: string) => readFileSync(join(__dirname, "examples", `${folder}.yaml`), "utf8");

export function exampleProgram(folder: string): ExampleProgram {
  return program.parse(parse(textOf(folder)));
}

/** The example of the kind in this folder of `provider/`. */
export function exampleOf(folder: string): Example {
  const read = exampleProgram(folder);
  return { yaml: textOf(folder), typescript: typescriptOf(read), python: pythonOf(read) };
}

/** The maps whose keys belong to the user. */
const maps = ["metadata", "environmentVariables", "triggers"];
const width = 78;

interface Language {
  key(name: string, isOfUser: boolean): string;
  constant(value: boolean): string;
  /** The expression for `${...}` of Pulumi YAML. */
  reference(path: string): string;
  /** The expression for an object that only repeats outputs of one resource; undefined if the language has none. */
  whole?(resource: string): string;
  /** What is inside of the braces of an object on one line. */
  readonly pad: string;
  readonly step: string;
}

function printed(value: unknown, indent: string, language: Language, isOfUser = false): string {
  const inner = `${indent}${language.step}`;
  if (typeof value === "string") {
    const [, path] = /^\$\{(.*)\}$/.exec(value) ?? [];
    return path === undefined ? JSON.stringify(value) : language.reference(path);
  }
  if (typeof value === "boolean") {
    return language.constant(value);
  }
  if (Array.isArray(value)) {
    const elements = value.map((one) => printed(one, inner, language));
    return block(["[", "]"], elements, indent, { ...language, pad: "" });
  }
  if (typeof value === "object" && value !== null) {
    const whole = isOfUser ? undefined : repeated(value);
    if (whole !== undefined && language.whole !== undefined) {
      return language.whole(whole);
    }
    const members = Object.entries(value).map(
      ([name, member]) => `${language.key(name, isOfUser)}: ${printed(member, inner, language, maps.includes(name))}`,
    );
    return block(["{", "}"], members, indent, language);
  }
  return String(value);
}

function block(
  [open, close]: readonly [string, string],
  parts: readonly string[],
  indent: string,
  { pad, step }: Pick<Language, "pad" | "step">,
): string {
  const line = `${open}${pad}${parts.join(", ")}${pad}${close}`;
  return indent.length + line.length < width && !line.includes("\n")
    ? line
    : [open, ...parts.map((part) => `${indent}${step}${part},`), `${indent}${close}`].join("\n");
}

/** The resource, if all members but `type` are outputs of this one. */
function repeated(value: object): string | undefined {
  const members = Object.entries(value).filter(([name]) => name !== "type");
  const names = members.map(([, member]) => /^\$\{([\w-]+)\.\w+\}$/.exec(String(member))?.[1]);
  return names.length > 1 && names.every((name) => name !== undefined && name === names[0]) ? names[0] : undefined;
}

const camel = (name: string) => name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
const snake = (name: string) => name.replace(/-/g, "_").replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const className = (type: string) => type.replace(/^qoder:/, "");
const isUsed = (read: ExampleProgram, name: string) => JSON.stringify(read.resources).includes(`\${${name}.`);

const typescript: Language = {
  key: (name) => name,
  constant: String,
  reference: (path) => (path.includes(".") ? camel(path) : `config.requireSecret("${path}")`),
  whole: camel,
  pad: " ",
  step: "  ",
};

function typescriptOf(read: ExampleProgram): string {
  const resources = Object.entries(read.resources);
  const classes = [...new Set(resources.map(([, { type }]) => `Qoder${className(type)}`))].sort();
  const settings = Object.keys(read.config).length > 0;
  return [
    ...(settings ? ['import * as pulumi from "@pulumi/pulumi";'] : []),
    `import { ${classes.join(", ")} } from "pulumi-qoder";`,
    "",
    ...(settings ? ["const config = new pulumi.Config();"] : []),
    ...resources.map(([name, { type, properties }]) => {
      const args = Object.keys(properties).length === 0 ? "" : `, ${printed(properties, "", typescript)}`;
      return `${isUsed(read, name) ? `const ${camel(name)} = ` : ""}new Qoder${className(type)}("${name}"${args});`;
    }),
    "",
  ].join("\n");
}

const python: Language = {
  key: (name, isOfUser) => `"${isOfUser ? name : snake(name)}"`,
  constant: (value) => (value ? "True" : "False"),
  reference: (path) => (path.includes(".") ? snake(path) : `config.require_secret("${path}")`),
  pad: "",
  step: "    ",
};

function pythonOf(read: ExampleProgram): string {
  const settings = Object.keys(read.config).length > 0;
  return [
    ...(settings ? ["import pulumi"] : []),
    "import pulumi_qoder as qoder",
    "",
    ...(settings ? ["config = pulumi.Config()"] : []),
    ...Object.entries(read.resources).map(([name, { type, properties }]) => {
      const args = Object.entries(properties).map(
        ([argument, value]) => `${snake(argument)}=${printed(value, python.step, python, maps.includes(argument))}`,
      );
      const call = block([`qoder.${className(type)}(`, ")"], [`"${name}"`, ...args], "", python);
      return isUsed(read, name) ? `${snake(name)} = ${call}` : call;
    }),
    "",
  ].join("\n");
}

/** The example as the Pulumi Registry shows it: one tab for each language. */
export function registryExample(folder: string): string {
  const { yaml, typescript: nodejs, python: snippet } = exampleOf(folder);
  const blocks = [
    ["typescript", nodejs],
    ["python", snippet],
    ["yaml", yaml],
  ].map(([language, text]) => `\`\`\`${language}\n${text}\`\`\``);
  return `{{% examples %}}\n## Example Usage\n{{% example %}}\n\n${blocks.join("\n\n")}\n\n{{% /example %}}\n{{% /examples %}}`;
}

/** The example as a page of the Pulumi Registry shows it: a program for each language that the reader may choose. */
export function registryChooser(folder: string): string {
  const { yaml, typescript: nodejs } = exampleOf(folder);
  const programs = Object.entries({ typescript: nodejs, yaml }).map(
    ([language, text]) =>
      `{{% choosable language ${language} %}}\n\n\`\`\`${language}\n${text}\`\`\`\n\n{{% /choosable %}}`,
  );
  return `{{< chooser language "typescript,yaml" >}}\n\n${programs.join("\n\n")}\n\n{{< /chooser >}}`;
}
