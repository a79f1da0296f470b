import { type Baseline, comparedWith } from "./baseline";
import { type Field, shownPart } from "./fields/field";
import type { ResourceKind } from "./kind";
import type { BaseReply } from "./outputs";
import { membersOf, type Properties } from "./program-values";

/** The arguments among inputs or outputs, whatever version wrote them; what cannot be read counts as not set. */
export function argumentsIn(kind: ResourceKind, properties: unknown): Properties {
  const held = membersOf(properties);
  // Most arguments are not set, and a schema takes long to say so.
  return collect(kind, ({ recorded }, name) => (held[name] == null ? undefined : recorded.safeParse(held[name]).data));
}

/** Those of these names that are set. */
export function only(values: Properties, names: readonly string[]): Properties {
  const entries = names.map((name) => [name, values[name]] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** The live value of every argument that is ours, in the form of the recorded one where nobody changed it. */
export function ownedArguments(
  kind: ResourceKind,
  reply: BaseReply,
  recorded: Properties,
  baseline: Baseline | undefined,
): Properties {
  return collect(kind, (field, name) => {
    const { sent, basis } = comparedWith(field, recorded[name], baseline, name);
    return field.read(reply, sent, basis);
  });
}

/**
 * The same for an object that is not known to be as asked: what it does not show, it does not hold. After a write whose answer was
 * lost, the baseline tells how the service shows what was sent before.
 */
export function shownArguments(
  kind: ResourceKind,
  reply: BaseReply,
  asked: Properties,
  baseline: Baseline = {},
): Properties {
  const shown = visible(kind, asked);
  return collect(kind, (field, name) => {
    const member = field.shownIn ?? field.wire;
    if (member !== undefined && reply[member] === undefined) {
      return undefined;
    }
    const { sent, basis } = comparedWith(field, shown[name], baseline, name);
    const isAsSentBefore = sent !== shown[name] && field.read(reply, sent, basis) === sent;
    return isAsSentBefore ? sent : field.read(reply, shown[name], "proof");
  });
}

/** What is ours while it is open which of the two the service holds. */
export function openArguments(kind: ResourceKind, older: Properties, newer: Properties): Properties {
  const open = collect(kind, ({ both }, name) => {
    const [one, other] = [older[name], newer[name]];
    return one === undefined || other === undefined ? (other ?? one) : (both?.(one, other) ?? other);
  });
  return visible(kind, open);
}

/** The arguments as far as replies show them. */
function visible(kind: ResourceKind, values: Properties): Properties {
  return collect(kind, (field, name) => shownPart(field, values[name]));
}

/** Arguments as outputs; null where there is none, see `serverOutputs`. */
export function argumentOutputs({ fields }: ResourceKind, held: Properties): Properties {
  return Object.fromEntries(Object.keys(fields).map((name) => [name, held[name] ?? null]));
}

/** Every argument as a program would have to write it, but for what no reply shows, for an object that nobody declared yet. */
export function describedArguments(kind: ResourceKind, reply: BaseReply): Properties {
  const described = collect(kind, (field) => field.describe(reply));
  return visible(kind, described);
}

/** The same without what the service fills in by itself: it would be noise in the program, and come back the same. */
export function chosenArguments(kind: ResourceKind, reply: BaseReply): Properties {
  return collect(kind, (field) => {
    const described = field.describe(reply);
    return described === undefined || field.chosen === undefined ? described : field.chosen(described);
  });
}

/** Without members that are undefined: one of them would fail the whole answer to the engine (pulumi issue 2205). */
function collect({ fields }: ResourceKind, value: (field: Field, name: string) => unknown): Properties {
  const values = Object.entries(fields).map(([name, field]) => [name, value(field, name)] as const);
  return Object.fromEntries(values.filter(([, given]) => given !== undefined));
}
