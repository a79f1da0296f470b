import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { kinds } from "../../provider/kinds/table";
import { servedKinds } from "../../provider/plugin-server/kinds";
import { exampleOf, exampleProgram } from "../../tools/documents/reference/examples";
import { compilerSaysOf } from "../support/document-programs";

const folders = readdirSync(resolve(__dirname, "../../tools/documents/reference/examples")).map((name) =>
  name.replace(".yaml", ""),
);

test("each kind has an example, and the example declares it", () => {
  const types = folders.map((folder) => Object.values(exampleProgram(folder).resources).map(({ type }) => type));
  expect(folders).toHaveLength(Object.keys(kinds).length);
  expect(Object.keys(kinds).filter((name) => !types.some((own) => own.includes(`qoder:${name}`)))).toEqual([]);
});

/** The value with a valid id, version or secret in place of each `${...}`. */
function resolved(value: unknown, types: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) {
    return value.map((one) => resolved(one, types));
  }
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, resolved(one, types)]));
  }
  const [, resource, output] = /^\$\{([\w-]+)(?:\.(\w+))?\}$/.exec(String(value)) ?? [];
  if (resource === undefined) {
    return value;
  }
  const prefix = servedKinds[types.get(resource) ?? ""]?.idPrefix;
  const outputs = new Map<string, unknown>([
    ["id", `${prefix}1`],
    ["version", 1],
    ["latestVersion", "1"],
  ]);
  return output === undefined ? "a secret" : outputs.get(output);
}

test.each(folders)("the provider accepts each argument in the example of %s", (folder) => {
  const resources = Object.entries(exampleProgram(folder).resources);
  const types = new Map(resources.map(([name, { type }]) => [name, type.replace("qoder:", "")]));
  const wrong = resources.flatMap(([name, { properties }]) => {
    const served = servedKinds[types.get(name) ?? ""];
    const given = Object.entries(properties).filter(([argument]) => !["source", "ignore"].includes(argument));
    const args = Object.fromEntries(given.map(([argument, value]) => [argument, resolved(value, types)]));
    const expanded = served?.expanded?.(args, (value, then) => then(value)) ?? args;
    return Object.entries(expanded).filter(
      ([argument, value]) =>
        value !== undefined && served?.kind.fields[argument]?.schema.safeParse(value).success !== true,
    );
  });
  expect(wrong).toEqual([]);
});

test("the TypeScript of each example compiles against the types of the package", () => {
  const programs = folders.map((folder) => ({
    file: join("tools/documents/reference/examples", `${folder}.yaml`),
    line: 1,
    text: exampleOf(folder).typescript,
  }));
  expect(compilerSaysOf(programs)).toEqual([]);
});
