import { diff } from "deep-diff";
import type { z } from "zod";
import type { Deployment, Json, JsonObject } from "../api/schema";

/** What the service holds beside the arguments, as far as a comparison needs it. */
export interface Live {
  /** The concrete version that the service runs, also when the program pins none. */
  readonly agentVersion?: number | undefined;
  /** Whether it rests, by whomever or because of a failed run. */
  readonly paused?: "by hand" | "by the service" | undefined;
  /** `metadata.cas_config` without its statistics. */
  readonly casConfig?: JsonObject | undefined;
}

/** What happens when a program does not give the argument. */
type WhenLeftOut = "refused" | "cleared" | "untouched";

/** How one argument is checked, compared, sent and read. The table of them is `fields.ts`. */
export interface Field<Value> {
  /** The member of the request body; undefined for what is not set through the body. */
  readonly wire: string | undefined;
  readonly leftOut: WhenLeftOut;
  /** What a program may write. */
  readonly schema: z.ZodType<Value>;
  /** What a state may hold: the same shape without the limits, as the service may know more kinds than we do. */
  readonly recorded: z.ZodType<Value>;
  /** The body member that turns `applied` into `wanted`; undefined when they mean the same. */
  change(applied: Value | undefined, wanted: Value | undefined, live: Live): Json | undefined;
  /**
   * The value the service holds. In the form of `asked` where it means the same, so that what a person wrote stays as
   * written; undefined when the service holds the empty value or when the argument is not ours (`asked` undefined).
   */
  read(deployment: Deployment, asked: Value | undefined): Value | undefined;
  /** The value the service holds, as a program would write it: for a deployment that is not ours yet. */
  describe(deployment: Deployment): Value | undefined;
  /** Whether two spellings are one value, also of "not set"; absent where there is one spelling only. */
  meansTheSame?(one: Value | undefined, other: Value | undefined): boolean;
  /** The change holds what others set beside it, so it must be built on what the service holds now. */
  readonly buildsOnLive?: true;
  /** The part of the value that replies show; absent where it is all of it. */
  shown?(value: Value): Value;
  /** What is ours while it is open which of two values the service holds; absent where it is the newer one as a whole. */
  both?(older: Value, newer: Value): Value;
  /** Whether the value is gone; undefined where the reply does not tell. For what is cleared with null. */
  isCleared?(deployment: Deployment): boolean | undefined;
  /** For the README: what leaving out, removing and comparing mean. */
  readonly meaning: Meaning;
}

interface Meaning {
  readonly leftOut: string;
  readonly removed: string;
  readonly sameWhen: string;
}

export function same(one: unknown, other: unknown): boolean {
  return diff({ value: one }, { value: other }) === undefined;
}

interface WholeValue<Value> {
  readonly wire: string;
  readonly leftOut: WhenLeftOut;
  readonly schema: z.ZodType<Value>;
  readonly recorded: z.ZodType<Value>;
  /** What removes the value; undefined where the API cannot. */
  readonly cleared?: Json;
  /** Two values mean the same when their normal forms are equal. */
  readonly normal: (value: Value) => unknown;
  /** The normal form of "not set". */
  readonly empty?: unknown;
  readonly toWire: (value: Value) => Json;
  /** Undefined when the deployment has none or does not tell. */
  readonly fromWire: (deployment: Deployment, asked: Value | undefined) => Value | undefined;
  readonly shown?: (value: Value) => Value;
  /** A complete reply without the member means that there is none; otherwise an absent member means "not told". */
  readonly shownWhileSet?: true;
  readonly meaning: Meaning;
}

/** A field that is always sent as a whole. */
export function wholeValue<Value>(row: WholeValue<Value>): Field<Value> {
  const normal = (value: Value | undefined) => (value === undefined ? row.empty : row.normal(value));
  // Every complete reply tells the status.
  const isUntold = (deployment: Deployment) =>
    deployment[row.wire] === undefined && (row.shownWhileSet === undefined || deployment.status === undefined);
  return {
    wire: row.wire,
    leftOut: row.leftOut,
    schema: row.schema,
    recorded: row.recorded,
    meaning: row.meaning,
    change(applied, wanted) {
      if (same(normal(applied), normal(wanted))) {
        return undefined;
      }
      return wanted === undefined ? row.cleared : row.toWire(wanted);
    },
    read(deployment, asked) {
      if (isUntold(deployment)) {
        return asked;
      }
      if (asked === undefined && row.leftOut === "untouched") {
        return undefined;
      }
      const value = row.fromWire(deployment, asked);
      return same(normal(value), normal(asked)) ? asked : value;
    },
    describe: (deployment) => row.fromWire(deployment, undefined),
    meansTheSame: (one, other) => same(normal(one), normal(other)),
    ...(row.shown === undefined ? {} : { shown: row.shown }),
    isCleared: (deployment) => (isUntold(deployment) ? undefined : deployment[row.wire] == null),
  };
}
