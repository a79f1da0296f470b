import { memberNames, requiredMembers } from "../../provider/resource/check/problems";
import type { ResourceKind } from "../../provider/resource/kind/kind";
import type { BaseReply } from "../../provider/resource/kind/outputs";
import type { Properties } from "../../provider/resource/kind/program-values";
import { secretIn } from "../../provider/resource/state/leaked-secrets";
import { camelCase, free, pascalCase } from "./names";

/** The members of an object in a value that no reply shows. It is unknown whether the optional secrets are set. */
export interface WriteOnly {
  /** Comment lines for the end of the object, addressed to the person who takes it over. */
  readonly lines: readonly string[];
  readonly caveats: readonly string[];
  /** The optional secrets, which the comment lines describe. */
  readonly optional: readonly string[];
  /** The optional secrets that the program reads from settings. */
  readonly settable: readonly string[];
  readonly required: readonly string[];
  /** The text in place of each required secret, if no program can know it. */
  readonly placeholder: string | undefined;
  readonly members: readonly string[];
}

/** Keyed by the objects of the inputs. */
export type AllWriteOnly = ReadonlyMap<unknown, WriteOnly>;

export function writeOnlyOf(kind: ResourceKind, reply: BaseReply, inputs: Properties): AllWriteOnly {
  const found = Object.entries(kind.fields).flatMap(([name, field]) => {
    const { schema, secretMembers = [] } = field;
    const whole = inputs[name];
    const held = whole === undefined ? undefined : field.import?.heldByService?.(whole);
    return objectsIn(whole).map(({ value, path }): [object, WriteOnly] => {
      const members = secretMembers.length === 0 ? [] : memberNames(schema, path, value);
      const must = requiredMembers(schema, path, value);
      const secrets = members.filter((member) => secretMembers.includes(member));
      const optional = held === undefined ? secrets.filter((member) => !must.includes(member)) : [];
      const required = secrets.filter((member) => must.includes(member));
      const caveats = value === whole ? (field.import?.caveat?.(reply) ?? []) : [];
      const reasons = value === whole && held !== undefined ? [held.reason] : [];
      const lines = [...reasons, ...caveats, ...optional.flatMap(secretLines)];
      return [value, { lines, caveats, optional, settable: [], required, placeholder: held?.placeholder, members }];
    });
  });
  return new Map(found);
}

function objectsIn(
  value: unknown,
  path: readonly PropertyKey[] = [],
): { readonly value: object; readonly path: readonly PropertyKey[] }[] {
  if (typeof value !== "object" || value === null) {
    return [];
  }
  if (Array.isArray(value)) {
    return value.flatMap((element) => objectsIn(element, [...path, 0]));
  }
  return [{ value, path }, ...Object.entries(value).flatMap(([name, member]) => objectsIn(member, [...path, name]))];
}

function secretLines(member: string): string[] {
  return [
    `The API does not give ${member} back. If it is needed here, set it as the first change after the import:`,
    `${member}: config.requireSecret("${member}"),`,
  ];
}

export class Setting {
  constructor(
    readonly name: string,
    readonly isOptional = false,
  ) {}
}

/** A secret in the program: a stack setting or a placeholder. */
type Written = readonly [member: string, value: Setting | string];

/** Keyed by the objects of the inputs. */
export type WrittenSecrets = ReadonlyMap<unknown, readonly Written[]>;

/** The secrets of the program, as settings with unique names. The function adds these names to `taken`. */
export function writtenSecrets(all: AllWriteOnly, identifier: string, taken: Set<string>): WrittenSecrets {
  const written = [...all].map(([value, { required, settable, placeholder }]) => {
    const must = required.map((member): Written => [member, placeholder ?? setting(identifier, member, taken)]);
    const may = settable.map((member): Written => [member, setting(identifier, member, taken, true)]);
    return [value, [...must, ...may]] as const;
  });
  return new Map(written);
}

export type PlainSecrets = ReadonlyMap<string, Setting>;

/** The ends of names of variables with a secret. A shorter value is a switch or a number, and may stand elsewhere in the program too. */
const secretName =
  /(?:^|_)(?:TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|CREDENTIALS?|PAT|DSN|(?:API|ACCESS|SECRET|PRIVATE|SIGNING|ENCRYPTION)_?KEY)$/i;
const shortestSecret = 8;

/**
 * The values that look like secrets, by themselves or by the name of their variable, as settings with unique names. The function adds these names to `taken`, and the settings to
 * `known`: a value of several objects is one setting.
 */
export function plainSecretsIn(
  written: Properties,
  identifier: string,
  taken: Set<string>,
  known: Map<string, Setting>,
): PlainSecrets {
  const found = new Map<string, Setting>();
  const variables = Object.entries(Object(written["environmentVariables"]));
  const named = variables.filter(([name, value]) => secretName.test(name) && String(value).length >= shortestSecret);
  const isSecret = (value: string) => secretIn(value) !== undefined || named.some(([, one]) => one === value);
  const within = (value: unknown, name: string): void => {
    if (typeof value === "string" && isSecret(value)) {
      const one = known.get(value) ?? setting(identifier, camelCase(name), taken);
      known.set(value, one);
      found.set(value, one);
    } else if (typeof value === "object" && value !== null) {
      for (const [member, one] of Object.entries(value)) {
        within(one, Array.isArray(value) ? name : member);
      }
    }
  };
  within(written, "");
  return found;
}

/** A new setting: `trackerToken` for the member `token` of `tracker`, and also of `trackerToken`. */
function setting(identifier: string, member: string, taken: Set<string>, isOptional = false): Setting {
  const suffix = pascalCase([member]);
  const name = free(identifier.endsWith(suffix) ? identifier : `${identifier}${suffix}`, "", taken);
  taken.add(name);
  return new Setting(name, isOptional);
}
