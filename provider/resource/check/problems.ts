import { z } from "zod";
import type { Problem } from "../kind/kind";
import { membersOf, signature } from "../kind/program-values";
import { suggestion } from "./suggestion";

type Issue = z.core.$ZodIssue;

/**
 * The mistakes behind an issue of zod, in words for the person who wrote the program. No text repeats a value that may be
 * secret. `schema` is the schema of the argument, whose name is the first part of each path.
 */
export function problemsOf(issue: Issue, prefix: readonly PropertyKey[], schema: z.ZodType): Problem[] {
  const path = [...prefix, ...issue.path];
  switch (issue.code) {
    case "invalid_type":
      return [{ path, reason: issue.input === undefined ? "is missing" : kindProblem(issue) }];
    case "unrecognized_keys":
      return issue.keys.map((key) => {
        const allowed = memberNames(schema, path.slice(1), issue.input);
        return {
          path: [...path, key],
          reason: `is not known here${suggestion(key, allowed) || `; known are ${allowed.join(", ")}`}`,
        };
      });
    case "invalid_key":
      return issue.issues.flatMap((inner) => problemsOf(inner, path, schema)).map(asKeyProblem);
    case "invalid_union":
      return unionProblems(issue, path, schema);
    case "too_big":
      return [
        {
          path,
          reason: `${isSized(issue.origin) ? "has more than" : "is above"} ${issue.maximum}${unit(issue.origin)}`,
        },
      ];
    case "too_small":
      return [{ path, reason: isSized(issue.origin) ? "is empty" : `is below ${issue.minimum}` }];
    case "invalid_value":
      return [{ path, reason: `is not one of ${issue.values.join(", ")}` }];
    default:
      return [{ path, reason: issue.message }];
  }
}

/** The message of the schema, if it has one, says how to write the value; `check` empties zod's own messages. */
function kindProblem({ expected, input, message }: Extract<Issue, { code: "invalid_type" }>): string {
  const remedy = message === "" ? remedyFor(expected, input) : message;
  return remedy === undefined ? `is not ${article(expected)}` : `is ${kindOf(input)}; ${remedy}`;
}

function remedyFor(expected: string, input: unknown): string | undefined {
  const isScalar = ["string", "number", "boolean"].includes(typeof input);
  if (isScalar && (expected === "string" || expected === "number")) {
    return `write it as a ${expected}`;
  }
  return isScalar && expected === "boolean" ? "write true or false" : undefined;
}

function kindOf(input: unknown): string {
  return input === null ? "null" : article(Array.isArray(input) ? "array" : typeof input);
}

function unionProblems(
  issue: Extract<Issue, { code: "invalid_union" }>,
  path: readonly PropertyKey[],
  schema: z.ZodType,
): Problem[] {
  if (issue.input === undefined) {
    return [{ path, reason: "is missing" }];
  }
  if (issue.discriminator !== undefined) {
    const allowed =
      "options" in issue && Array.isArray(issue.options) ? ` one of ${issue.options.join(", ")}` : " known";
    return [{ path, reason: `is not${allowed}` }];
  }
  // The person meant the branch that accepts the type of the value.
  const meant = issue.errors.find(
    (errors) => !errors.some((error) => error.code === "invalid_type" && error.path.length === 0),
  );
  if (meant !== undefined) {
    return meant.flatMap((error) => problemsOf(error, path, schema));
  }
  const kinds = issue.errors.flatMap((errors) =>
    errors.map((e) => (e.code === "invalid_type" ? article(e.expected) : "")),
  );
  return [{ path, reason: `is not ${kinds.filter((kind) => kind !== "").join(" or ")}` }];
}

function article(expected: string): string {
  switch (expected) {
    case "int":
      return "a whole number";
    case "record":
      return "an object";
    case "object":
    case "array":
      return `an ${expected}`;
    default:
      return `a ${expected}`;
  }
}

function unit(origin: string): string {
  return origin === "string" ? " characters" : origin === "array" ? " elements" : "";
}

function isSized(origin: string): boolean {
  return origin === "string" || origin === "array";
}

// The reasons of environment variables (`deployment/argument-rows.ts`) name the key themselves.
function asKeyProblem({ path, reason }: Problem): Problem {
  return { path, reason: reason.startsWith('"') ? reason : `the key ${reason}` };
}

export function formatPath(path: readonly PropertyKey[]): string {
  return path
    .map((part, index) => (typeof part === "number" ? `[${part}]` : `${index === 0 ? "" : "."}${String(part)}`))
    .join("");
}

/** The members that an object at this path may have. If the schema allows several types of objects, the type of `given` counts. */
export function memberNames(schema: z.core.$ZodType, path: readonly PropertyKey[], given: unknown): string[] {
  return [...new Set(meantObjects(schema, path, given).flatMap(({ shape }) => Object.keys(shape)))];
}

export function requiredMembers(schema: z.core.$ZodType, path: readonly PropertyKey[], given: unknown): string[] {
  const members = meantObjects(schema, path, given).flatMap(({ shape }) => Object.entries(shape));
  return [...new Set(members.filter(([, member]) => !(member instanceof z.ZodOptional)).map(([name]) => name))];
}

function meantObjects(schema: z.core.$ZodType, path: readonly PropertyKey[], given: unknown): z.ZodObject[] {
  const objects = schemasAt(schema, path).filter((one) => one instanceof z.ZodObject);
  return objects.filter(
    ({ shape }) => z.object("type" in shape ? { type: shape["type"] } : {}).safeParse(given).success,
  );
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

/** The text that the SDK makes of an Output which a program converts to text (@pulumi/pulumi output.js); it throws no error. */
const trace = /Calling \[to(String|JSON)\] on an \[Output<T>\] is not supported/;

/** The words for values with a signature (pulumi/pulumi sdk/go/common/resource/sig/sig.go). */
const signed: Readonly<Record<string, string>> = {
  c44067f5952c0a294b673a41bacd8c17: "an asset",
  "0def7320c3a5731c473e5ecbe6d01bc7": "an archive",
  "5cf8f73096256a8f31e491e813e4eb8e": "a resource",
};

/**
 * The mistakes for all values, at any depth, that are no data: assets and resources, and texts and keys that hold this text of the SDK
 * instead of the value of an Output.
 */
export function noData(value: unknown, path: readonly PropertyKey[] = []): string[] {
  if (isNoData(value)) {
    const remedy =
      typeof value === "string" ? outputRemedy(value) : `is ${signedAs(value)}, which the API does not take`;
    return [`${formatPath(path)}: ${remedy}`];
  }
  if (Array.isArray(value)) {
    return value.flatMap((element, index) => noData(element, [...path, index]));
  }
  return typeof value === "object" && value !== null
    ? Object.entries(value).flatMap(([key, member], index) => {
        const remedy = outputRemedy(key);
        return remedy === undefined ? noData(member, [...path, key]) : [`${placeOfKey(path, index)} ${remedy}`];
      })
    : [];
}

export function isNoData(value: unknown): boolean {
  return typeof value === "string" ? trace.test(value) : signedAs(value) !== undefined;
}

function signedAs(value: unknown): string | undefined {
  const mark = String(membersOf(value)[signature]);
  return Object.hasOwn(signed, mark) ? signed[mark] : undefined;
}

function outputRemedy(text: string): string | undefined {
  const [, kind] = trace.exec(text) ?? [];
  if (kind === undefined) {
    return undefined;
  }
  const writing = kind === "JSON" ? "pulumi.jsonStringify(...)" : "pulumi.interpolate`...`";
  return `holds an Output that became text, not its value; write ${writing} or output.apply((value) => ...)`;
}

// Gives the place of the key, because the key itself is several lines of text.
function placeOfKey(path: readonly PropertyKey[], index: number): string {
  return path.length === 0
    ? `the argument at place ${index + 1}`
    : `${formatPath(path)}: the key at place ${index + 1}`;
}
