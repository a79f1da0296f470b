import type { z } from "zod";
import { memberNames, requiredMembers } from "../../resource/check/problems";
import type { Field, HeldByService } from "../../resource/fields/field";
import type { ResourceKind } from "../../resource/kind";
import type { BaseReply } from "../../resource/outputs";
import type { Properties } from "../../resource/program-values";

/** What no reply shows of an object of a value. */
interface Untold {
  /** Lines for the person who takes it over, to put at the end of the object. */
  readonly lines: readonly string[];
  /** The secrets that it may have; the lines stand for them. */
  readonly optional: readonly string[];
  /** The secrets that it must have. */
  readonly required: readonly string[];
  /** What to write for each that it must have, where no program can know them. */
  readonly placeholder: string | undefined;
  /** All members that it may have, in their order. */
  readonly members: readonly string[];
}

/** By the objects of the inputs. */
export type AllUntold = ReadonlyMap<unknown, Untold>;

/** What no reply shows, beside the objects of the inputs that may need it. */
export function untoldOf(kind: ResourceKind, reply: BaseReply, inputs: Properties): AllUntold {
  const found = Object.entries(kind.fields).flatMap(([name, field]) => {
    const value = inputs[name];
    const held = value === undefined ? undefined : field.heldByService?.(value);
    const lines = [...(held === undefined ? [] : [held.reason]), ...(field.caveat?.(reply) ?? [])];
    return [[value, { ...nothing, lines }] as const, ...untoldSecrets(field, held, value)];
  });
  const all = new Map<unknown, Untold>();
  for (const [value, untold] of found) {
    const lines = [...(all.get(value)?.lines ?? []), ...untold.lines];
    if (lines.length + untold.required.length > 0) {
      all.set(value, { ...untold, lines });
    }
  }
  return all;
}

const nothing: Untold = { lines: [], optional: [], required: [], placeholder: undefined, members: [] };

/** What is secret no reply shows, so nobody can tell whether it is set: each object of the value that may have some. */
function untoldSecrets(
  { schema, secretMembers = [] }: Field,
  held: HeldByService | undefined,
  whole: unknown,
): (readonly [unknown, Untold])[] {
  const within = (value: unknown, path: readonly PropertyKey[]): (readonly [unknown, Untold])[] => {
    if (typeof value !== "object" || value === null) {
      return [];
    }
    if (Array.isArray(value)) {
      return value.flatMap((element) => within(element, [...path, 0]));
    }
    const inner = Object.entries(value).flatMap(([name, member]) => within(member, [...path, name]));
    return [[value, secretsOf(schema, path, value)], ...inner];
  };
  const secretsOf = (schema: z.ZodType, path: readonly PropertyKey[], value: object): Untold => {
    const members = memberNames(schema, path, value);
    const secrets = members.filter((member) => secretMembers.includes(member));
    const must = requiredMembers(schema, path, value);
    const optional = held === undefined ? secrets.filter((member) => !must.includes(member)) : [];
    const required = secrets.filter((member) => must.includes(member));
    return { lines: optional.flatMap(secretLines), optional, required, placeholder: held?.placeholder, members };
  };
  return secretMembers.length === 0 ? [] : within(whole, []);
}

function secretLines(member: string): string[] {
  return [
    `The API does not give ${member} back. If it is needed here, set it as the first change after the import:`,
    `${member}: config.requireSecret("${member}"),`,
  ];
}

/** In place of a secret: the setting of the stack that holds it. */
export class Setting {
  constructor(readonly name: string) {}
}

/** What a program writes for a secret that it must give. */
type Written = readonly [member: string, value: Setting | string];

/** By the objects of the inputs. */
export type WrittenSecrets = ReadonlyMap<unknown, readonly Written[]>;

/** The secrets that the program must give, under names that no other has: those are in `taken` from then on. */
export function writtenSecrets(all: AllUntold, identifier: string, taken: Set<string>): WrittenSecrets {
  const written = [...all].map(([value, { required, placeholder }]) => {
    const write = (member: string): Written => [member, placeholder ?? setting(identifier, member, taken)];
    return [value, required.map(write)] as const;
  });
  return new Map(written);
}

/** `trackerToken` for the member `token` of `tracker`, and of `trackerToken` as well. */
function setting(identifier: string, member: string, taken: Set<string>): Setting {
  const suffix = `${member.slice(0, 1).toUpperCase()}${member.slice(1)}`;
  const wanted = identifier.endsWith(suffix) ? identifier : `${identifier}${suffix}`;
  let name = wanted;
  for (let number = 2; taken.has(name); number += 1) {
    name = `${wanted}${number}`;
  }
  taken.add(name);
  return new Setting(name);
}
