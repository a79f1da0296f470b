import { z } from "zod";
import type { Json } from "../../api/schema";
import type { BaseReply } from "../outputs";
import { type Properties, same } from "../program-values";
import { type Basis, includes, showsDropped, withDrift, withoutFilledIn } from "./drift";
import { fromWireCase } from "./wire-case";

/** The value that we sent, and the value with which the field compares the live one. */
export interface Compared<Value> {
  readonly sent: Value | undefined;
  readonly basis: Basis<Value>;
}

/** What an update does when the program leaves the argument out. "ignored": a difference of this argument never counts either. */
type WhenLeftOut = "refused" | "cleared" | "untouched" | "ignored";

/** All arguments, for a change that depends on more than its own argument. */
export interface AllArguments {
  readonly applied: Properties;
  readonly wanted: Properties;
}

/**
 * How the package checks, compares, sends and reads one argument. Each kind has a table of fields, whose functions may take the
 * kind's own reply and outputs.
 */
export interface Field<Value = unknown> {
  /** The member of the request body; undefined for an argument that the body does not carry. */
  readonly wire: string | undefined;
  readonly leftOut: WhenLeftOut;
  /** The values that a program may write. */
  readonly schema: z.ZodType<Value>;
  /** The values that a state may hold: the same shape without limits, as the service may allow more than this version knows. */
  readonly recorded: z.ZodType<Value>;
  /**
   * The body member that turns `applied` into `wanted`; undefined when both mean the same. `outputs` are the recorded outputs that
   * the service computes, `beside` holds all arguments.
   */
  change(
    applied: Value | undefined,
    wanted: Value | undefined,
    outputs: Properties,
    beside?: AllArguments,
  ): Json | undefined;
  /**
   * The live value. A value that nobody changed keeps the form of `recorded`, as the person wrote it. Undefined when the service
   * holds the empty value, or when the program does not set the argument (`recorded` is undefined).
   */
  read(reply: BaseReply, recorded: Value | undefined, basis?: Basis<Value>): Value | undefined;
  /** The shown value, if it differs from the sent one; absent for a value that requests carry in parts. */
  rendition?(reply: BaseReply, sent: Value | undefined): { readonly shown: Value | undefined } | undefined;
  /** True if the answer to an update still shows the value from before it. Absent for a value that no reply shows. */
  isKept?(reply: BaseReply, applied: Value | undefined, wanted: Value | undefined, compared: Compared<Value>): boolean;
  /** True if the reply shows this value with members that the service fills in; absent for a value that no reply shows. */
  isFilledIn?(reply: BaseReply, sent: Value | undefined): boolean;
  /** The live value as a program writes it, for an object that no program declares yet. */
  describe(reply: BaseReply): Value | undefined;
  /** What `pulumi-qoder import` needs besides `describe`; absent if it needs nothing. */
  readonly import?: Imported<Value>;
  /** True if two spellings mean the same value, "not set" included; absent for an argument with one spelling only. */
  meansTheSame?(one: Value | undefined, other: Value | undefined): boolean;
  /** True if only the state keeps the value: a change of it is an update without a request of its own. */
  readonly isLocal?: true;
  /** True if a change of the value replaces the object. A preview in which the value is unknown shows a replacement. */
  readonly replaces?: true;
  /**
   * Present if an update carries only the changed members of the value: the members that it carries in parts too. Absent if it carries
   * all members that the program gives.
   */
  readonly inParts?: readonly string[];
  /** True if the body member also carries parts that others set: an update then reads the object before it builds the member. */
  readonly buildsOnLive?: true;
  /** The member of a reply that shows the value; absent if it is the member of the body. */
  readonly shownIn?: string;
  /** The forms of the body's member in a reply; absent if `recorded` takes them as they are. Unknown members must pass through. */
  readonly reply?: z.ZodType;
  /** True if the recorded value is a placeholder for content that somebody else uploaded. */
  isForeign?(recorded: Value | undefined): boolean;
  /** The part of the value that replies show; absent if they show all of it. */
  shown?(value: Value): Value;
  /** The value to record while nobody knows whether the service holds the older or the newer one. Left out: the newer one. */
  both?(older: Value, newer: Value): Value;
  /** After a change to null: true if the reply shows that the value is gone, undefined if it does not show the value. */
  isCleared?(reply: BaseReply): boolean | undefined;
  /** The remedy, besides a replacement, if the service refuses to remove the value. */
  readonly insteadOfRemoval?: string;
  /** The argument whose change sends the secrets of this one again; absent if only a change of this one does. */
  readonly resentBy?: string;
  /** The members of the value that are secret, at any depth; see `kinds/table.ts`. */
  readonly secretMembers?: readonly string[];
}

/** How `pulumi-qoder import` writes the value into a program. */
interface Imported<Value> {
  /** The described value without parts that the service fills in by itself; absent for an argument that it never fills in. */
  chosen?(described: Value): Value | undefined;
  /** Why `describe` cannot give the value of this reply; undefined if it can. Absent for an argument that `describe` always gives. */
  undescribable?(reply: BaseReply): string | undefined;
  /** Facts about the described value that the reply does not show, one line each, for the person who takes the object over. */
  caveat?(reply: BaseReply): readonly string[];
  /** How a program declares a value whose secrets the service renews by itself; undefined if the program can know all secrets. */
  heldByService?(value: Value): HeldByService | undefined;
  /** The value with a reference in place of each id of an object that the program declares; absent for a value without ids. */
  referring?(value: Value, outputsOf: OutputsOf): unknown;
}

/** How a program declares a value whose secrets only the service knows. */
interface HeldByService {
  /** The reason, as a sentence for the person who takes the object over. */
  readonly reason: string;
  /** The text that the program writes in place of each secret. */
  readonly placeholder: string;
}

/** The part of the value that replies show. */
export function shownPart<Value>({ shown }: Pick<Field<Value>, "shown">, value: Value | undefined): Value | undefined {
  return value === undefined ? undefined : (shown?.(value) ?? value);
}

/** For a value whose form is the same in the program, in the body and in comparisons. */
export const identical = <Value>(value: Value) => value;

/** The parts of which `wholeValue` makes the field of an argument that requests carry as a whole. */
interface WholeValue<Value>
  extends Omit<
    Field<Value>,
    | "schema"
    | "change"
    | "read"
    | "rendition"
    | "isKept"
    | "isFilledIn"
    | "describe"
    | "meansTheSame"
    | "isCleared"
    | "buildsOnLive"
    | "inParts"
    | "shownIn"
    | "isForeign"
    | "both"
  > {
  readonly wire: string;
  /** The body member that removes the value; absent if the API cannot remove it. */
  readonly cleared?: Json;
  /** Two values mean the same when their normal forms are equal. */
  readonly normal: (value: Value) => unknown;
  /** The normal form of "not set". */
  readonly empty?: unknown;
  readonly toWire: (value: Value) => Json;
  /**
   * The live value without the service's own members; undefined if the object has no value, or if the reply does not show it. Absent
   * if a program writes the value as the reply shows it.
   */
  readonly fromWire?: (reply: BaseReply) => Value | undefined;
  /** The API names of members whose values belong to the user, for a row without `fromWire`. */
  readonly verbatim?: readonly string[];
  /** The value with the documented defaults, which the service may fill in after its answer; absent if it fills in none. */
  readonly resolved?: (value: Value) => Value;
  /** The API names of members, at any depth, that the service fills in with undocumented values; absent if there are none. */
  readonly filledIn?: readonly string[];
  /** The live value as a program writes it; absent if a program writes all of the live value. */
  readonly described?: (live: Value) => Value;
  /** A member of every complete reply: a reply that shows it and lacks the value proves that the object has none. */
  readonly shownWhileSet?: string;
}

/** Makes the field of an argument that requests carry as a whole. The caller adds the schema. */
export function wholeValue<Value>(row: WholeValue<Value>): Omit<Field<Value>, "schema"> {
  const {
    cleared,
    normal: normalOf,
    empty,
    toWire,
    verbatim,
    fromWire = shownValue,
    resolved,
    filledIn = [],
    described,
    shownWhileSet,
    ...field
  } = row;
  function shownValue({ [row.wire]: shown }: BaseReply): Value | undefined {
    const live = row.recorded.safeParse(fromWireCase(shown, verbatim)).data;
    return live !== undefined && empty !== undefined && same(normalOf(live), empty) ? undefined : live;
  }
  const normal = (value: Value | undefined) => (value === undefined ? empty : normalOf(value));
  const visible = (value: Value | undefined) => normal(shownPart(row, value));
  // Compares the values first: most are unchanged, and a normal form takes longer to make.
  const meansTheSame = (one: Value | undefined, other: Value | undefined) =>
    same(one, other) || same(normal(one), normal(other));
  const isUnshown = (reply: BaseReply) =>
    reply[row.wire] === undefined && (shownWhileSet === undefined || reply[shownWhileSet] === undefined);
  const isResolved = (live: unknown, value: Value | undefined) =>
    value !== undefined && resolved !== undefined && same(live, visible(resolved(value)));
  const isNobodys = (value: Value | undefined) => value === undefined && row.leftOut === "untouched";
  const shown = (value: Value | undefined) => shownPart(row, value);
  const comparing = { meansTheSame, shown, visible, isResolved, recorded: row.recorded };
  return {
    ...field,
    change(applied, wanted) {
      if (meansTheSame(applied, wanted)) {
        return undefined;
      }
      return wanted === undefined ? cleared : toWire(wanted);
    },
    read(reply, recorded, basis = { shown: recorded }) {
      if (isUnshown(reply)) {
        return recorded;
      }
      if (isNobodys(recorded)) {
        return undefined;
      }
      return withDrift(recorded, basis, fromWire(reply), comparing);
    },
    rendition(reply, sent) {
      const live = fromWire(reply);
      return isUnshown(reply) || isNobodys(sent) || same(live, shownPart(row, sent)) ? undefined : { shown: live };
    },
    isKept(reply, applied, wanted, { sent, basis }) {
      const held = fromWire(reply);
      const live = visible(held);
      // The state may record a foreign change, so the answer shows the old value if a refresh would read that value from it.
      const read = typeof basis === "string" ? held : withDrift(sent, basis, held, comparing);
      if (isUnshown(reply) || isResolved(live, wanted) || !same(visible(read), visible(applied))) {
        return false;
      }
      const isMissing = !includes(live, visible(wanted), true);
      const before = typeof basis === "string" ? {} : { sent: visible(sent), shown: visible(basis.shown) };
      return isMissing || showsDropped(live, visible(applied), visible(wanted), before, filledIn);
    },
    isFilledIn(reply, sent) {
      const live = row.recorded.safeParse(withoutFilledIn(fromWire(reply), sent, filledIn)).data;
      return live !== undefined && same(visible(live), visible(sent));
    },
    describe(reply) {
      const live = fromWire(reply);
      return live === undefined || described === undefined ? live : described(live);
    },
    meansTheSame,
    isCleared: (reply) => (isUnshown(reply) ? undefined : reply[row.wire] == null),
  };
}

export function checkedText(
  problem: (value: string) => string | undefined,
  schema: z.ZodType<string> = z.string(),
): z.ZodType<string> {
  return schema.superRefine((value, context) => {
    const message = problem(value);
    if (message !== undefined) {
      context.addIssue({ code: "custom", message });
    }
  });
}

/** The address of a server that the service calls. Nothing can be called at an address without a scheme. */
export function serverAddress(schema: z.ZodType<string> = z.string().min(1)): z.ZodType<string> {
  return checkedText((given) => {
    const isAddress = /^https?:\/\//i.test(given) && URL.canParse(given);
    return isAddress
      ? undefined
      : 'is not an address that the service can call; write it as "https://mcp.example.com/mcp"';
  }, schema);
}

// The texts that replace plain values in a generated program.

/** A value of a generated program, with a comment for the line above it. */
export class Commented {
  constructor(
    readonly value: unknown,
    /** The comment. `called` gives the constant of the generated program that holds the object with this id. */
    readonly comment: (called: (id: string) => string) => string,
  ) {}
}

/** Replaces an id in a generated program: the resource that declares the object, or one of its outputs. */
export class Reference {
  constructor(
    readonly id: string,
    /** The output that holds the value; undefined for the resource as a whole. */
    readonly output?: string,
  ) {}
}

/** The outputs of the object with this id; undefined if the program does not declare the object. */
export type OutputsOf = (id: string) => Properties | undefined;

export function idReference(id: string, outputsOf: OutputsOf): string | Reference {
  return outputsOf(id) === undefined ? id : new Reference(id, "id");
}
