import { z } from "zod";

export type Spec = Readonly<Record<string, unknown>>;
/** The types of a schema by their tokens. */
export type Types = Record<string, Spec>;

const any: Spec = { $ref: "pulumi.json#/Any" };
const word = z.object({ name: z.string(), value: z.string(), description: z.string().optional() });
const member = z.looseObject({
  $ref: z.string().optional(),
  const: z.string().optional(),
  description: z.string().optional(),
});
const objectType = z.looseObject({
  description: z.string().optional(),
  properties: z.record(z.string(), member).optional(),
  required: z.array(z.string()).optional(),
  enum: z.array(word).optional(),
});

/**
 * The fewest specs that take all values of these. Objects that differ by their member `type` become one type, which this function adds to
 * the types: an SDK for Go has no type for a choice, and one for .NET only for two. A text beside a list or an object stays a choice,
 * because the checker of Pulumi YAML compares a program with the schema, and a program may write either.
 */
export function fewest(options: readonly Spec[], name: string, types: Types, description?: string): Spec[] {
  const flat = options.flatMap((one) => (Array.isArray(one["oneOf"]) ? one["oneOf"] : [one]));
  const choices = unique(flat.filter((one) => variantsOf(one, types).length > 0));
  const variants = unique(choices.flatMap((one) => variantsOf(one, types)));
  const lists = flat.filter(isList);
  const others = flat.filter((one) => !isList(one) && variantsOf(one, types).length === 0);
  const isText = others.some(({ type }) => type === "string");
  if (lists.length > 0 && others.some(({ type }) => type === "object")) {
    return [any];
  }
  return unique([
    // A program may give a number for a text, in YAML too.
    ...others.filter(({ type }) => !(isText && type === "integer")),
    ...(choices.length > 1 ? [united(variants, name, types, description)] : choices),
    ...(lists.length > 1 ? [{ type: "array", items: shapeOf(lists.map(itemsOf), name, types) }] : lists),
  ]);
}

/** The spec for a value of any of these specs. */
export function shapeOf(options: readonly Spec[], name: string, types: Types): Spec {
  const [only = any, ...others] = fewest(options, name, types);
  return others.length === 0 ? only : { oneOf: [only, ...others] };
}

/** The types that `users` name, also through another type. */
export function usedTypes(users: unknown, types: Types): Types {
  const found = new Set<string>();
  const add = (user: unknown) => {
    for (const [, token = ""] of JSON.stringify(user).matchAll(/"#\/types\/([\w:]+)"/g)) {
      if (!found.has(token)) {
        found.add(token);
        add(types[token]);
      }
    }
  };
  add(users);
  return Object.fromEntries(Object.entries(types).filter(([token]) => found.has(token)));
}

/**
 * The specs with a text or a word of the set for each closed set: the SDKs of typed languages have an enum for a set, and a program may write
 * its words all the same. The state has texts.
 */
export function textOrWord<Specs>(specs: Specs, types: Types): Specs {
  return JSON.parse(JSON.stringify(specs), (_, value) => {
    const isWord = value?.$ref !== undefined && typeOf(value, types).enum !== undefined;
    const { $ref, ...rest } = isWord ? value : {};
    return isWord ? { oneOf: [{ type: "string" }, { $ref }], ...rest } : value;
  });
}

/**
 * The schema with any value where a list is one of several forms: the SDK of Python refuses each list there
 * (pulumi/runtime/rpc.py, `_get_list_element_type`).
 */
export function anyForListForms<Schema>(schema: Schema): Schema {
  return JSON.parse(JSON.stringify(schema), (_, value) => {
    const { oneOf, ...rest } = Object(value);
    return Array.isArray(oneOf) && oneOf.some(isList) ? { ...any, ...rest } : value;
  });
}

const isList = ({ type }: Spec) => type === "array";
const itemsOf = ({ items }: Spec): Spec => z.record(z.string(), z.unknown()).parse(items);

/** An object that its member `type` tells from others, with the words that this member may have. */
interface Variant {
  readonly spec: Spec;
  readonly words: readonly z.infer<typeof word>[];
  readonly members: z.infer<typeof objectType>["properties"] & object;
  readonly required: readonly string[];
}

/** The variants of each type that `united` has made: a union of such a type takes these, whose texts do not begin with kinds yet. */
const unions = new WeakMap<Spec, readonly Variant[]>();

function variantsOf(spec: Spec, types: Types): readonly Variant[] {
  return unions.get(types[tokenOf(spec)] ?? {}) ?? [variantOf(spec, types) ?? []].flat();
}

function variantOf(spec: Spec, types: Types): Variant | undefined {
  const { properties: { type, ...members } = {}, required = [], description } = typeOf(spec, types);
  const text = description ?? type?.description;
  const told = text === undefined ? {} : { description: text };
  const single = type?.const === undefined ? [] : [{ name: enumName(type.const), value: type.const, ...told }];
  const words = (type && typeOf(type, types).enum?.map((one) => ({ ...told, ...one }))) ?? single;
  return words.length === 0 ? undefined : { spec, words, members, required };
}

function typeOf(spec: Spec, types: Types): z.infer<typeof objectType> {
  return objectType.parse(types[tokenOf(spec)] ?? {});
}

function tokenOf(spec: Spec): string {
  return String(spec["$ref"]).replace("#/types/", "");
}

/** One type with the members of all variants. The text of a member says which of them have the member. */
function united(variants: readonly Variant[], name: string, types: Types, description: string | undefined): Spec {
  const words = variants.flatMap((one) => one.words);
  const known = words.filter(({ value }, at) => words.findIndex((other) => other.value === value) === at);
  const ofType = `qoder:index:${name}Type`;
  types[ofType] = { type: "string", enum: known };
  const names = new Set(variants.flatMap(({ members }) => Object.keys(members)));
  const properties = Object.fromEntries([...names].map((one) => [one, memberOf(one, variants, name, types)]));
  const required = ["type", ...names].filter((one) => variants.every((variant) => variant.required.includes(one)));
  const type = {
    ...(description === undefined ? {} : { description }),
    type: "object",
    properties: {
      type: {
        $ref: `#/types/${ofType}`,
        description: "The variant. Other members name the variants that have them, unless all do.",
      },
      ...properties,
    },
    required,
  };
  unions.set(type, variants);
  types[`qoder:index:${name}`] = type;
  return { $ref: `#/types/qoder:index:${name}` };
}

function memberOf(one: string, variants: readonly Variant[], owner: string, types: Types): Spec {
  const owners = variants.flatMap(({ members, words, required }) => {
    const { description = "", secret, ...spec } = members[one] ?? {};
    const text = description.replace(/ ?Required\.$/, "") + (required.includes(one) ? " Required." : "");
    return one in members ? [{ spec, secret, words: words.map(({ value }) => `\`${value}\``), text }] : [];
  });
  const texts = [...new Set(owners.map(({ text }) => text))].map((text) => {
    const those = owners.filter((each) => each.text === text);
    return those.length === variants.length ? text : `${those.flatMap((each) => each.words).join(", ")}: ${text}`;
  });
  const spec = shapeOf(
    owners.map((each) => each.spec),
    `${owner}${upper(one)}`,
    types,
  );
  return {
    ...spec,
    description: texts.join(" "),
    ...(owners.some(({ secret }) => secret) ? { secret: true } : {}),
  };
}

export function unique<Option>(options: readonly Option[]): Option[] {
  return options.filter(
    (one, at) => options.findIndex((other) => JSON.stringify(other) === JSON.stringify(one)) === at,
  );
}

export function enumName(value: string): string {
  return value
    .split(/[^A-Za-z0-9]+/)
    .map(upper)
    .join("");
}

export function upper(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
