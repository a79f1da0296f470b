import { z } from "zod";

/** The members that an object at this place of the schema may have; where it takes several kinds, the kind of `given`. */
export function memberNames(schema: z.core.$ZodType, path: readonly PropertyKey[], given: unknown): string[] {
  const objects = schemasAt(schema, path).filter((one) => one instanceof z.ZodObject);
  const meant = objects.filter(
    ({ shape }) => z.object("type" in shape ? { type: shape["type"] } : {}).safeParse(given).success,
  );
  return [...new Set(meant.flatMap(({ shape }) => Object.keys(shape)))];
}

function schemasAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): z.core.$ZodType[] {
  if (schema instanceof z.ZodUnion) {
    return schema.options.flatMap((option) => schemasAt(option, path));
  }
  if (schema instanceof z.ZodOptional) {
    return schemasAt(schema.unwrap(), path);
  }
  const [step, ...rest] = path;
  if (step === undefined) {
    return [schema];
  }
  if (schema instanceof z.ZodArray) {
    return schemasAt(schema.element, rest);
  }
  const member = schema instanceof z.ZodObject ? schema.shape[String(step)] : undefined;
  return member === undefined ? [] : schemasAt(member, rest);
}
