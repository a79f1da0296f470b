import { type Baseline, comparedWith } from "./baseline";
import type { Field } from "./fields/field";
import { argumentNames, type Fields } from "./kind";
import { membersOf } from "./program-values";

interface WithFields<Arguments, Outputs, Reply> {
  readonly fields: Fields<Arguments, Outputs, Reply>;
}

/** The arguments among inputs or outputs, whatever version wrote them; what cannot be read counts as not set. */
export function argumentsIn<Arguments extends object, Outputs, Reply>(
  kind: WithFields<Arguments, Outputs, Reply>,
  properties: unknown,
): Partial<Arguments> {
  const held = membersOf(properties);
  // Most arguments are not set, and a schema takes long to say so.
  return collect(kind, (name) =>
    held[name] == null ? undefined : kind.fields[name].recorded.safeParse(held[name]).data,
  );
}

export function only<Arguments extends object>(
  values: Partial<Arguments>,
  names: readonly (keyof Arguments)[],
): Partial<Arguments> {
  const kept: Partial<Arguments> = {};
  for (const name of names) {
    if (values[name] !== undefined) {
      kept[name] = values[name];
    }
  }
  return kept;
}

/** The live value of every argument that is ours, in the form of the recorded one where nobody changed it. */
export function ownedArguments<Arguments extends object, Outputs, Reply>(
  kind: WithFields<Arguments, Outputs, Reply>,
  reply: Reply,
  recorded: Partial<Arguments>,
  baseline: Baseline | undefined,
): Partial<Arguments> {
  return collect(kind, (name) => ownedPart(kind.fields[name], reply, recorded[name], baseline, name));
}

function ownedPart<Value, Outputs, Reply>(
  field: Field<Value, Outputs, Reply>,
  reply: Reply,
  recorded: Value | undefined,
  baseline: Baseline | undefined,
  name: string,
): Value | undefined {
  const { sent, basis } = comparedWith(field, recorded, baseline, name);
  return field.read(reply, sent, basis);
}

/**
 * The same for an object that is not known to be as asked: what it does not show, it does not hold. After a write whose answer was
 * lost, the baseline tells how the service shows what was sent before.
 */
export function shownArguments<Arguments extends object, Outputs, Reply extends Readonly<Record<string, unknown>>>(
  kind: WithFields<Arguments, Outputs, Reply>,
  reply: Reply,
  asked: Partial<Arguments>,
  baseline: Baseline = {},
): Partial<Arguments> {
  const told = argumentNames(kind).filter((name) => {
    const { wire } = kind.fields[name];
    return wire === undefined || reply[wire] !== undefined;
  });
  const shown = visible(kind, asked);
  return only(
    collect(kind, (name) => shownPart(kind.fields[name], reply, shown[name], baseline, name)),
    told,
  );
}

function shownPart<Value, Outputs, Reply>(
  field: Field<Value, Outputs, Reply>,
  reply: Reply,
  asked: Value | undefined,
  baseline: Baseline,
  name: string,
): Value | undefined {
  const { sent, basis } = comparedWith(field, asked, baseline, name);
  const isAsSentBefore = sent !== asked && field.read(reply, sent, basis) === sent;
  return isAsSentBefore ? sent : field.read(reply, asked, "proof");
}

/** What is ours while it is open which of the two the service holds. */
export function openArguments<Arguments extends object, Outputs, Reply>(
  kind: WithFields<Arguments, Outputs, Reply>,
  older: Partial<Arguments>,
  newer: Partial<Arguments>,
): Partial<Arguments> {
  return visible(
    kind,
    collect(kind, (name) => either(kind.fields[name], older[name], newer[name])),
  );
}

function either<Value, Outputs, Reply>(
  field: Field<Value, Outputs, Reply>,
  one: Value | undefined,
  other: Value | undefined,
): Value | undefined {
  return one === undefined || other === undefined ? (other ?? one) : (field.both?.(one, other) ?? other);
}

/** The arguments as far as replies show them. */
function visible<Arguments extends object, Outputs, Reply>(
  kind: WithFields<Arguments, Outputs, Reply>,
  values: Partial<Arguments>,
): Partial<Arguments> {
  return collect(kind, (name) => visiblePart(kind.fields[name], values[name]));
}

function visiblePart<Value, Outputs, Reply>(
  field: Field<Value, Outputs, Reply>,
  value: Value | undefined,
): Value | undefined {
  return value === undefined ? undefined : (field.shown?.(value) ?? value);
}

/** Arguments as outputs; null where there is none, see `serverOutputs`. */
export function argumentOutputs<Arguments extends object, Outputs, Reply>(
  kind: WithFields<Arguments, Outputs, Reply>,
  held: Partial<Arguments>,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(argumentNames(kind).map((name) => [name, held[name] ?? null]));
}

/** Every argument as a program would have to write it, but for what no reply shows, for an object that nobody declared yet. */
export function describedArguments<Arguments extends object, Outputs, Reply>(
  kind: WithFields<Arguments, Outputs, Reply>,
  reply: Reply,
): Partial<Arguments> {
  return visible(
    kind,
    collect(kind, (name) => kind.fields[name].describe(reply)),
  );
}

/** The same without what the service fills in by itself: it would be noise in the program, and come back the same. */
export function chosenArguments<Arguments extends object, Outputs, Reply>(
  kind: WithFields<Arguments, Outputs, Reply>,
  reply: Reply,
): Partial<Arguments> {
  return collect(kind, (name) => chosenPart(kind.fields[name], reply));
}

function chosenPart<Value, Outputs, Reply>(field: Field<Value, Outputs, Reply>, reply: Reply): Value | undefined {
  const described = field.describe(reply);
  return described === undefined || field.chosen === undefined ? described : field.chosen(described);
}

/** Without members that are undefined: one of them would fail the whole answer to the engine (pulumi issue 2205). */
function collect<Arguments extends object>(
  kind: { readonly fields: { readonly [Name in keyof Arguments]: unknown } },
  value: <Name extends keyof Arguments & string>(name: Name) => Arguments[Name] | undefined,
): Partial<Arguments> {
  const collected: Partial<Arguments> = {};
  for (const name of argumentNames(kind)) {
    const given = value(name);
    if (given !== undefined) {
      collected[name] = given;
    }
  }
  return collected;
}
