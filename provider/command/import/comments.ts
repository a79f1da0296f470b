import type { z } from "zod";
import { memberNames } from "../../resource/check/member-names";
import { argumentNames, type ResourceKind } from "../../resource/kind";
import type { BaseReply } from "../../resource/outputs";

/** Lines to put at the end of an object of a value, and the secrets that they stand for. */
interface Comment {
  readonly lines: readonly string[];
  readonly secrets: readonly string[];
}
export type Comments = ReadonlyMap<unknown, Comment>;

/** What no reply shows, beside the values that may need it. */
export function commentsOn<Arguments extends object, Outputs extends object, Reply extends BaseReply>(
  kind: ResourceKind<Arguments, Outputs, Reply>,
  reply: Reply,
  inputs: Partial<Arguments>,
): Comments {
  const comments = argumentNames(kind).flatMap((name) => {
    const { schema, secretMembers = [], ...field } = kind.fields[name];
    const lines = field.caveat?.(reply) ?? [];
    return [[inputs[name], { lines, secrets: [] }] as const, ...missingSecrets(schema, secretMembers, inputs[name])];
  });
  return new Map(comments.filter(([, { lines }]) => lines.length > 0));
}

/** What is secret no reply shows, so nobody can tell whether it is set: each object of the value that may have some. */
function missingSecrets(
  schema: z.ZodType,
  secretMembers: readonly string[],
  value: unknown,
  path: readonly PropertyKey[] = [],
): (readonly [unknown, Comment])[] {
  if (typeof value !== "object" || value === null || secretMembers.length === 0) {
    return [];
  }
  if (Array.isArray(value)) {
    return value.flatMap((element) => missingSecrets(schema, secretMembers, element, [...path, 0]));
  }
  const secrets = memberNames(schema, path, value).filter((member) => secretMembers.includes(member));
  const inner = Object.entries(value).flatMap(([name, member]) =>
    missingSecrets(schema, secretMembers, member, [...path, name]),
  );
  return [[value, { lines: secrets.flatMap(secretLines), secrets }], ...inner];
}

function secretLines(member: string): string[] {
  return [
    `The API does not give ${member} back. If it is needed here, set it as the first change after the import:`,
    `${member}: config.requireSecret("${member}"),`,
  ];
}
