import type { z } from "zod";
import { memberNames, requiredMembers } from "../../resource/check/problems";
import { secretIn } from "../../resource/check/secret-text";
import type { Field, HeldByService } from "../../resource/fields/field";
import type { ResourceKind } from "../../resource/kind";
import type { BaseReply } from "../../resource/outputs";
import type { Properties } from "../../resource/program-values";

/** The members of an object in a value that no reply shows. */
export interface Untold {
  /** Comment lines for the end of the object, addressed to the person who takes it over. */
  readonly lines: readonly string[];
  /** The lines that are about no secret. */
  readonly caveats: readonly string[];
  /** The optional secrets, which the comment lines describe. */
  readonly optional: readonly string[];
  /** The optional secrets that the program reads from settings. */
  readonly settable: readonly string[];
  readonly required: readonly string[];
  /** The text in place of each required secret, if no program can know it. */
  readonly placeholder: string | undefined;
  /** All possible members, in their order. */
  readonly members: readonly string[];
}

/** Keyed by the objects of the inputs. */
export type AllUntold = ReadonlyMap<unknown, Untold>;

/** The hidden members for each object of the inputs that may have some. */
export function untoldOf(kind: ResourceKind, reply: BaseReply, inputs: Properties): AllUntold {
  const found = Object.entries(kind.fields).flatMap(([name, field]) => {
    const value = inputs[name];
    const held = value === undefined ? undefined : field.heldByService?.(value);
    const caveats = field.caveat?.(reply) ?? [];
    const lines = [...(held === undefined ? [] : [held.reason]), ...caveats];
    return [[value, { ...nothing, lines, caveats }] as const, ...untoldSecrets(field, held, value)];
  });
  const all = new Map<unknown, Untold>();
  for (const [value, untold] of found) {
    const lines = [...(all.get(value)?.lines ?? []), ...untold.lines];
    const caveats = [...(all.get(value)?.caveats ?? []), ...untold.caveats];
    if (lines.length + untold.required.length > 0) {
      all.set(value, { ...untold, lines, caveats });
    }
  }
  return all;
}

const nothing: Untold = {
  ...{ lines: [], caveats: [], optional: [], settable: [], required: [], members: [] },
  placeholder: undefined,
};

/** The objects in the value that may have secrets. No reply shows secrets, so it is unknown whether they are set. */
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
    const lines = optional.flatMap(secretLines);
    return { ...nothing, lines, optional, required, placeholder: held?.placeholder, members };
  };
  return secretMembers.length === 0 ? [] : within(whole, []);
}

function secretLines(member: string): string[] {
  return [
    `The API does not give ${member} back. If it is needed here, set it as the first change after the import:`,
    `${member}: config.requireSecret("${member}"),`,
  ];
}

/** The stack setting in place of a secret. */
export class Setting {
  constructor(
    readonly name: string,
    /** Whether the program works without it. */
    readonly isOptional = false,
  ) {}
}

/** A secret in the program: a stack setting or a placeholder. */
type Written = readonly [member: string, value: Setting | string];

/** Keyed by the objects of the inputs. */
export type WrittenSecrets = ReadonlyMap<unknown, readonly Written[]>;

/** The secrets of the program, as settings with unique names. The function adds these names to `taken`. */
export function writtenSecrets(all: AllUntold, identifier: string, taken: Set<string>): WrittenSecrets {
  const written = [...all].map(([value, { required, settable, placeholder }]) => {
    const write = (member: string): Written => [member, placeholder ?? setting(identifier, member, taken)];
    const maySet = (member: string): Written => [member, new Setting(setting(identifier, member, taken).name, true)];
    return [value, [...required.map(write), ...settable.map(maySet)]] as const;
  });
  return new Map(written);
}

/** Keyed by the values, which the service shows and which look like secrets. */
export type PlainSecrets = ReadonlyMap<string, Setting>;

/** The values that look like secrets, as settings with unique names. The function adds these names to `taken`. */
export function plainSecretsIn(written: Properties, identifier: string, taken: Set<string>): PlainSecrets {
  const found = new Map<string, Setting>();
  const within = (value: unknown, name: string): void => {
    if (typeof value === "string" && secretIn(value) !== undefined && !found.has(value)) {
      found.set(value, setting(identifier, camelCase(name), taken));
    } else if (typeof value === "object" && value !== null) {
      for (const [member, one] of Object.entries(value)) {
        within(one, Array.isArray(value) ? name : member);
      }
    }
  };
  within(written, "");
  return found;
}

// `GITHUB_TOKEN` becomes `githubToken`.
function camelCase(name: string): string {
  const text = /[a-z]/.test(name) ? name : name.toLowerCase();
  return text.replace(/[^A-Za-z0-9]+(.?)/g, (_, letter: string) => letter.toUpperCase());
}

/** The name of a setting: `trackerToken` for the member `token` of `tracker`, and also of `trackerToken`. */
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
