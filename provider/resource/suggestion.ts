import { closest, distance } from "fastest-levenshtein";
import { z } from "zod";

/** `; did you mean X?` where a known name is near; else nothing. */
export function suggestion(name: string, known: readonly string[]): string {
  const meant = nearest(name, known);
  return meant === undefined ? "" : `; did you mean ${meant}?`;
}

/** The known name that was meant, whatever the case and with the API's underscores; undefined where none is near. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const near = known.length === 0 ? "" : closest(plain(name), known.map(plain));
  const mostTypingErrors = Math.min(3, Math.ceil(near.length / 3));
  return distance(plain(name), near) <= mostTypingErrors ? known.find((one) => plain(one) === near) : undefined;
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll("_", "");
}

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
