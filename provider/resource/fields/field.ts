import { diff } from "deep-diff";
import type { z } from "zod";
import type { Json } from "../../api/schema";
import type { BaseReply } from "../outputs";
import type { OutputsOf } from "./reference";

/** What happens when a program does not give the argument. "ignored": a difference never counts either. */
type WhenLeftOut = "refused" | "cleared" | "untouched" | "ignored";

/** How one argument is checked, compared, sent and read. Each kind has a table of them. */
export interface Field<Value, Outputs, Reply> {
  /** The member of the request body; undefined for what is not set through the body. */
  readonly wire: string | undefined;
  readonly leftOut: WhenLeftOut;
  /** What a program may write. */
  readonly schema: z.ZodType<Value>;
  /** What a state may hold: the same shape without the limits, as the service may know more kinds than we do. */
  readonly recorded: z.ZodType<Value>;
  /**
   * The body member that turns `applied` into `wanted`; undefined when they mean the same. `outputs` are what the service is
   * known to compute beside them.
   */
  change(applied: Value | undefined, wanted: Value | undefined, outputs: Partial<Outputs>): Json | undefined;
  /**
   * The value the service holds. In the form of `asked` where it means the same, so that what a person wrote stays as
   * written; undefined when the service holds the empty value or when the argument is not ours (`asked` undefined).
   */
  read(reply: Reply, asked: Value | undefined): Value | undefined;
  /** The value the service holds, as a program would write it: for an object that is not ours yet. */
  describe(reply: Reply): Value | undefined;
  /** The described value without what the service fills in by itself; absent where it fills in nothing. */
  chosen?(described: Value): Value | undefined;
  /** Why the value of a reply cannot be described; undefined where it can. Absent where it always can. */
  undescribable?(reply: Reply): string | undefined;
  /** What a reply leaves open about the described value, in lines for the person who takes the object over; absent where nothing. */
  caveat?(reply: Reply): readonly string[];
  /** The value as a program writes it that declares what it names; absent where it names nothing. */
  referring?(value: Value, outputsOf: OutputsOf): unknown;
  /** Whether two spellings are one value, also of "not set"; absent where there is one spelling only. */
  meansTheSame?(one: Value | undefined, other: Value | undefined): boolean;
  /** No update can carry it: any change makes a new object, and in a preview one that is not known yet may. */
  readonly replaces?: true;
  /** The change holds what others set beside it, so it must be built on what the service holds now. */
  readonly buildsOnLive?: true;
  /** The part of the value that replies show; absent where it is all of it. */
  shown?(value: Value): Value;
  /** The value to record while nobody knows whether the service holds the older or the newer one; absent where it is the newer. */
  both?(older: Value, newer: Value): Value;
  /**
   * What a reply proves of the value, where it shows a part of it and the rest may be anything: it means no value that a program
   * can write then. Absent where `read` tells all.
   */
  provenBy?(reply: Reply): Value | undefined;
  /** Whether the value is gone; undefined where the reply does not tell. For what is cleared with null. */
  isCleared?(reply: Reply): boolean | undefined;
  /** What a person can do where the service does not take the removal, besides a replacement. */
  readonly insteadOfRemoval?: string;
  /** The members of the value that are secret, at any depth; see `secret-members.ts` of the kind. */
  readonly secretMembers?: readonly string[];
  /** For docs/semantics.md: what leaving out, removing and comparing mean. */
  readonly meaning: Meaning;
}

interface Meaning {
  readonly leftOut: string;
  readonly removed: string;
  readonly sameWhen: string;
}

/** For a value that is sent and compared as it is written. */
export const identical = <Value>(value: Value) => value;

export function same(one: unknown, other: unknown): boolean {
  // Most values are texts, and most are as they were.
  return one === other || diff({ value: one }, { value: other }) === undefined;
}

/** What a field has that is always sent as a whole, and what such a field is made of. */
interface WholeValue<Value, Outputs, Reply>
  extends Omit<
    Field<Value, Outputs, Reply>,
    "change" | "read" | "describe" | "meansTheSame" | "isCleared" | "buildsOnLive" | "both"
  > {
  readonly wire: string;
  /** What removes the value; undefined where the API cannot. */
  readonly cleared?: Json;
  /** Two values mean the same when their normal forms are equal. */
  readonly normal: (value: Value) => unknown;
  /** The normal form of "not set". */
  readonly empty?: unknown;
  readonly toWire: (value: Value) => Json;
  /** Undefined when the object has none or does not tell. */
  readonly fromWire: (reply: Reply, asked: Value | undefined) => Value | undefined;
  /** What every complete reply tells: beside it, an absent member means that there is none. Otherwise it means "not told". */
  readonly shownWhileSet?: string;
}

/** A field that is always sent as a whole. */
export function wholeValue<Value, Outputs, Reply extends BaseReply>(
  row: WholeValue<Value, Outputs, Reply>,
): Field<Value, Outputs, Reply> {
  const { cleared, normal: normalOf, empty, toWire, fromWire, shownWhileSet, ...field } = row;
  const normal = (value: Value | undefined) => (value === undefined ? empty : normalOf(value));
  const isUntold = (reply: Reply) =>
    reply[row.wire] === undefined && (shownWhileSet === undefined || reply[shownWhileSet] === undefined);
  return {
    ...field,
    change(applied, wanted) {
      if (same(normal(applied), normal(wanted))) {
        return undefined;
      }
      return wanted === undefined ? cleared : toWire(wanted);
    },
    read(reply, asked) {
      if (isUntold(reply)) {
        return asked;
      }
      if (asked === undefined && row.leftOut === "untouched") {
        return undefined;
      }
      const value = fromWire(reply, asked);
      return same(normal(value), normal(asked)) ? asked : value;
    },
    describe: (reply) => fromWire(reply, undefined),
    meansTheSame: (one, other) => same(normal(one), normal(other)),
    isCleared: (reply) => (isUntold(reply) ? undefined : reply[row.wire] == null),
  };
}
