import type { z } from "zod";
import type { Json } from "../../api/schema";
import type { BaseReply } from "../outputs";
import type { Properties } from "../program-values";
import { includes, same, showsDropped, withForeignChanges } from "./comparison";

/**
 * What a live value is compared with. `shown`: what the service showed right after the last write; left out, it showed what was sent.
 * "first look": nobody knows what it showed, so a member that the service adds or hides is no difference. "proof": a member that
 * the service adds is no difference, and what it does not show it does not hold.
 */
export type Basis<Value> = { readonly shown: Value | undefined } | "first look" | "proof";

/** What happens when a program does not give the argument. "ignored": a difference never counts either. */
type WhenLeftOut = "refused" | "cleared" | "untouched" | "ignored";

/** The arguments among which one changes. */
export interface Beside {
  readonly applied: Properties;
  readonly wanted: Properties;
}

/**
 * How one argument is checked, compared, sent and read. Each kind has a table of them, and its rows may name the kind's own reply
 * and outputs in place of those of any kind.
 */
export interface Field<Value = unknown> {
  /** The member of the request body; undefined for what is not set through the body. */
  readonly wire: string | undefined;
  readonly leftOut: WhenLeftOut;
  /** What a program may write. */
  readonly schema: z.ZodType<Value>;
  /** What a state may hold: the same shape without the limits, as the service may know more kinds than we do. */
  readonly recorded: z.ZodType<Value>;
  /**
   * The body member that turns `applied` into `wanted`; undefined when they mean the same. `outputs` are what the service is
   * known to compute beside them, and `beside` all arguments.
   */
  change(applied: Value | undefined, wanted: Value | undefined, outputs: Properties, beside?: Beside): Json | undefined;
  /**
   * The value the service holds. In the form of `asked` where nobody changed it, so that what a person wrote stays as
   * written; undefined when the service holds the empty value or when the argument is not ours (`asked` undefined).
   */
  read(reply: BaseReply, asked: Value | undefined, basis?: Basis<Value>): Value | undefined;
  /** How the service shows the sent value, where that differs; absent for a value that is not sent as a whole. */
  rendition?(reply: BaseReply, sent: Value | undefined): { readonly shown: Value | undefined } | undefined;
  /** Whether the answer to an update still shows the applied value. Absent where no reply shows the value. */
  isKept?(reply: BaseReply, applied: Value | undefined, wanted: Value | undefined, basis?: Basis<Value>): boolean;
  /** The value before and after somebody else changed what an update would change; absent where `read` tells that. */
  changedElsewhere?(
    reply: BaseReply,
    applied: Value | undefined,
    wanted: Value | undefined,
    outputs: Properties,
  ): readonly [before: Value | undefined, now: Value | undefined] | undefined;
  /** The value the service holds, as a program would write it: for an object that is not ours yet. */
  describe(reply: BaseReply): Value | undefined;
  /** The described value without what the service fills in by itself; absent where it fills in nothing. */
  chosen?(described: Value): Value | undefined;
  /** Why the value of a reply cannot be described; undefined where it can. Absent where it always can. */
  undescribable?(reply: BaseReply): string | undefined;
  /** What a reply leaves open about the described value, in lines for the person who takes the object over; absent where nothing. */
  caveat?(reply: BaseReply): readonly string[];
  /** Where the service changes secrets of the value by itself, so that no program can know them; absent where it never does. */
  heldByService?(value: Value): HeldByService | undefined;
  /** The value as a program writes it that declares what it names; absent where it names nothing. */
  referring?(value: Value, outputsOf: OutputsOf): unknown;
  /** Whether two spellings are one value, also of "not set"; absent where there is one spelling only. */
  meansTheSame?(one: Value | undefined, other: Value | undefined): boolean;
  /** It is kept in the state and never sent: a change of it is an update without a request of its own. */
  readonly isLocal?: true;
  /** No update can carry it: any change makes a new object, and in a preview one that is not known yet may. */
  readonly replaces?: true;
  /** The change holds what others set beside it, so it must be built on what the service holds now. */
  readonly buildsOnLive?: true;
  /** The member of a reply that tells of it; absent where that is the member of the body. */
  readonly shownIn?: string;
  /** Whether the recorded value stands for what somebody else made of it, and says no more of that. */
  isForeign?(recorded: Value | undefined): boolean;
  /** The part of the value that replies show; absent where it is all of it. */
  shown?(value: Value): Value;
  /** The value to record while nobody knows whether the service holds the older or the newer one; absent where it is the newer. */
  both?(older: Value, newer: Value): Value;
  /** Whether the value is gone; undefined where the reply does not tell. For what is cleared with null. */
  isCleared?(reply: BaseReply): boolean | undefined;
  /** What a person can do where the service does not take the removal, besides a replacement. */
  readonly insteadOfRemoval?: string;
  /** The members of the value that are secret, at any depth; see `secret-members.ts` of the kind. */
  readonly secretMembers?: readonly string[];
  /** For docs/semantics.md: what leaving out, removing and comparing mean. */
  readonly meaning: Meaning;
}

/** How a program declares a value whose secrets only the service knows. */
export interface HeldByService {
  /** Why, as a sentence for the person who takes the object over. */
  readonly reason: string;
  /** What the program writes in place of each secret that it has to give. */
  readonly placeholder: string;
}

interface Meaning {
  readonly leftOut: string;
  readonly removed: string;
  readonly sameWhen: string;
}

/** The part of the value that replies show. */
export function shownPart<Value>({ shown }: Pick<Field<Value>, "shown">, value: Value | undefined): Value | undefined {
  return value === undefined ? undefined : (shown?.(value) ?? value);
}

/** For a value that is sent and compared as it is written. */
export const identical = <Value>(value: Value) => value;

/** What a field has that is always sent as a whole, and what such a field is made of. */
interface WholeValue<Value>
  extends Omit<
    Field<Value>,
    | "schema"
    | "change"
    | "read"
    | "rendition"
    | "isKept"
    | "changedElsewhere"
    | "describe"
    | "meansTheSame"
    | "isCleared"
    | "buildsOnLive"
    | "shownIn"
    | "isForeign"
    | "both"
  > {
  readonly wire: string;
  /** What removes the value; undefined where the API cannot. */
  readonly cleared?: Json;
  /** Two values mean the same when their normal forms are equal. */
  readonly normal: (value: Value) => unknown;
  /** The normal form of "not set". */
  readonly empty?: unknown;
  readonly toWire: (value: Value) => Json;
  /** All that the reply shows, but for what is the service's own; undefined when the object has none or does not tell. */
  readonly fromWire: (reply: BaseReply) => Value | undefined;
  /** The value with all that is documented as filled in, which a service may do later than it answers; absent where nothing is. */
  readonly resolved?: (value: Value) => Value;
  /** The members, at any depth and by their names at the API, that the service fills in with what no page tells; absent where it is none. */
  readonly filledIn?: readonly string[];
  /** The live value as a program writes it; absent where that is all that the reply shows. */
  readonly described?: (live: Value) => Value;
  /** What every complete reply tells: beside it, an absent member means that there is none. Otherwise it means "not told". */
  readonly shownWhileSet?: string;
}

/** What a field that is always sent as a whole has beside its schema. */
export function wholeValue<Value>(row: WholeValue<Value>): Omit<Field<Value>, "schema"> {
  const {
    cleared,
    normal: normalOf,
    empty,
    toWire,
    fromWire,
    resolved,
    filledIn = [],
    described,
    shownWhileSet,
    ...field
  } = row;
  const normal = (value: Value | undefined) => (value === undefined ? empty : normalOf(value));
  const visible = (value: Value | undefined) => normal(shownPart(row, value));
  // Most values are as they were: a normal form takes longer to make than two values to compare.
  const meansTheSame = (one: Value | undefined, other: Value | undefined) =>
    same(one, other) || same(normal(one), normal(other));
  const isUntold = (reply: BaseReply) =>
    reply[row.wire] === undefined && (shownWhileSet === undefined || reply[shownWhileSet] === undefined);
  const isResolved = (live: unknown, value: Value | undefined) =>
    value !== undefined && resolved !== undefined && same(live, visible(resolved(value)));
  const isNobodys = (value: Value | undefined) => value === undefined && row.leftOut === "untouched";
  return {
    ...field,
    change(applied, wanted) {
      if (meansTheSame(applied, wanted)) {
        return undefined;
      }
      return wanted === undefined ? cleared : toWire(wanted);
    },
    read(reply, asked, basis = { shown: asked }) {
      if (isUntold(reply)) {
        return asked;
      }
      if (isNobodys(asked)) {
        return undefined;
      }
      const live = fromWire(reply);
      if (basis === "first look" || basis === "proof") {
        return includes(visible(live), visible(asked), basis === "first look") ? asked : live;
      }
      if (meansTheSame(shownPart(row, live), shownPart(row, basis.shown)) || isResolved(visible(live), basis.shown)) {
        return asked;
      }
      const changed = row.recorded.safeParse(withForeignChanges(asked, shownPart(row, basis.shown), live));
      return changed.success ? changed.data : live;
    },
    rendition(reply, sent) {
      const live = fromWire(reply);
      return isUntold(reply) || isNobodys(sent) || same(live, shownPart(row, sent)) ? undefined : { shown: live };
    },
    isKept(reply, applied, wanted, basis = { shown: applied }) {
      const live = visible(fromWire(reply));
      const shown = typeof basis === "string" ? applied : basis.shown;
      const isOld = !isUntold(reply) && same(live, visible(shown));
      if (!isOld || isResolved(live, wanted)) {
        return false;
      }
      const isMissing = !includes(live, visible(wanted), true);
      return isMissing || showsDropped(live, visible(applied), visible(wanted), filledIn);
    },
    describe(reply) {
      const live = fromWire(reply);
      return live === undefined || described === undefined ? live : described(live);
    },
    meansTheSame,
    isCleared: (reply) => (isUntold(reply) ? undefined : reply[row.wire] == null),
  };
}

/** In place of a value: what a program writes there that declares the object which the value names. */
export class Reference {
  constructor(
    /** Of the object. */
    readonly id: string,
    /** The output whose value it is; undefined: the resource as a whole. */
    readonly output?: string,
  ) {}
}

/** A value with a comment above it, for the person who reads the program. */
export class Commented {
  constructor(
    readonly value: unknown,
    /** `called`: the constant of the program that has the object with an id. */
    readonly comment: (called: (id: string) => string) => string,
  ) {}
}

/** The outputs of the object with this id; undefined where the program declares none to refer to. */
export type OutputsOf = (id: string) => Properties | undefined;

export function idReference(id: string, outputsOf: OutputsOf): string | Reference {
  return outputsOf(id) === undefined ? id : new Reference(id, "id");
}
