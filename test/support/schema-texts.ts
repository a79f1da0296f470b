import { z } from "zod";

type Schema = z.core.$ZodType;

/** A place of a schema that accepts text. */
export interface TextPlace {
  /** The path as in messages, with `[]` for an element and `{}` for the value of a map. */
  readonly path: string;
  /** The member that holds the text, directly or in a list or map. */
  readonly member: string;
  /** The value of `.meta({ secret: ... })` at this place or further out; undefined without one. */
  readonly marked: boolean | undefined;
}

const wrappers = [
  z.ZodOptional,
  z.ZodNullable,
  z.ZodDefault,
  z.ZodPrefault,
  z.ZodNonOptional,
  z.ZodCatch,
  z.ZodReadonly,
] as const;

/** The schema inside a wrapper; undefined for other schemas. Refinements of zod 4 are no wrappers. */
function wrapped(schema: Schema): Schema | undefined {
  const wrapper = wrappers.find((one) => schema instanceof one);
  return wrapper !== undefined && schema instanceof wrapper ? schema.unwrap() : undefined;
}

/** The schemas at the same place: those of a union, of an intersection, or of a pipe. */
function alternatives(schema: Schema): readonly Schema[] | undefined {
  if (schema instanceof z.ZodUnion) {
    return schema.options;
  }
  if (schema instanceof z.ZodIntersection) {
    return [schema.def.left, schema.def.right];
  }
  if (schema instanceof z.ZodPipe) {
    return [schema.def.in, schema.def.out].filter((end) => !(end instanceof z.ZodTransform));
  }
  const inner = wrapped(schema);
  return inner === undefined ? undefined : [inner];
}

/** True if the schema accepts text, as a schema for any value does. */
function isText(schema: Schema): boolean {
  return [z.ZodString, z.ZodStringFormat, z.ZodTemplateLiteral, z.ZodAny, z.ZodUnknown, z.ZodCustom].some(
    (one) => schema instanceof one,
  );
}

function constantOf(schema: Schema): unknown {
  if (schema instanceof z.ZodLiteral || schema instanceof z.ZodEnum) {
    return schema instanceof z.ZodLiteral ? [...schema.values][0] : schema.options[0];
  }
  if (schema instanceof z.ZodNumber) {
    return 1;
  }
  if (schema instanceof z.ZodBoolean) {
    return true;
  }
  // Add other kinds of schemas above, or this walk would overlook secrets inside them.
  throw new Error(`a schema of the kind ${schema._zod.def.type} is not known to this walk`);
}

/** All places of the schema that accept text. */
export function textPlaces(schema: Schema, member: string, path = member, outer?: boolean): TextPlace[] {
  const marked = markOf(schema) ?? outer;
  const same = alternatives(schema);
  if (same !== undefined) {
    return same.flatMap((one) => textPlaces(one, member, path, marked));
  }
  if (schema instanceof z.ZodObject) {
    const inner = Object.entries<Schema>(schema.shape);
    return inner.flatMap(([name, one]) => textPlaces(one, name, `${path}.${name}`, marked));
  }
  if (schema instanceof z.ZodArray) {
    return textPlaces(schema.element, member, `${path}[]`, marked);
  }
  if (schema instanceof z.ZodRecord) {
    return textPlaces(schema.valueType, member, `${path}{}`, marked);
  }
  if (isText(schema)) {
    return [{ path, member, marked }];
  }
  constantOf(schema);
  return [];
}

function markOf(schema: Schema): boolean | undefined {
  return z.object({ secret: z.boolean().optional() }).safeParse(z.globalRegistry.get(schema)).data?.secret;
}

/** Values of the shape of the schema that together have a text at every place for text: its path in angle brackets. */
export function filledIn(schema: Schema, path: string): unknown[] {
  const same = alternatives(schema);
  if (same !== undefined) {
    return same.flatMap((one) => filledIn(one, path));
  }
  if (schema instanceof z.ZodObject) {
    const inner = Object.entries<Schema>(schema.shape);
    const members = inner.map(([name, one]) => [name, filledIn(one, `${path}.${name}`)] as const);
    const count = Math.max(1, ...members.map(([, values]) => values.length));
    return Array.from({ length: count }, (_, index) =>
      Object.fromEntries(members.map(([name, values]) => [name, values[index % values.length]])),
    );
  }
  if (schema instanceof z.ZodArray) {
    return [filledIn(schema.element, `${path}[]`)];
  }
  if (schema instanceof z.ZodRecord) {
    return filledIn(schema.valueType, `${path}{}`).map((value) => ({ key: value }));
  }
  return [isText(schema) ? `<${path}>` : constantOf(schema)];
}

/** The value with the results of `change` in place of the texts of `filledIn`; undefined removes a text. */
export function withTexts(
  value: unknown,
  member: string,
  change: (text: string, member: string) => string | undefined,
): unknown {
  if (Array.isArray(value)) {
    return value.map((element) => withTexts(element, member, change)).filter((element) => element !== undefined);
  }
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value).map(([name, inner]) => [name, withTexts(inner, name, change)] as const);
    return Object.fromEntries(members.filter(([, inner]) => inner !== undefined));
  }
  return typeof value === "string" && value.startsWith("<") ? change(value, member) : value;
}
