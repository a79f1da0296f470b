import { z } from "zod";
import type { Json } from "../../api/schema";
import type { BaseReply } from "./outputs";
import { type Properties, same } from "./program-values";
import { fromWireCase, wireName } from "./wire-case";

/** What an update does when the program leaves the argument out. "ignored": a difference of this argument never counts either. */
type WhenLeftOut = "refused" | "cleared" | "untouched" | "ignored";

/** All arguments, for a change that depends on more than its own argument. */
export interface Sending {
  readonly applied: Properties;
  readonly wanted: Properties;
  /** True if the outcome of the last request is unknown: the body then carries the argument, whatever the state records. */
  readonly isAgain: boolean;
  /** The names of the parts of the argument that got no answer: the body carries them, whatever the state records. */
  readonly again: readonly string[];
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
   * the service computes.
   */
  change(
    applied: Value | undefined,
    wanted: Value | undefined,
    outputs: Properties,
    sending?: Sending,
  ): Json | undefined;
  /**
   * The value that the reply shows, as a program writes it and without secrets; undefined if the object has none. A member that the reply
   * lacks is empty. Absent for a value that no reply shows. `own`: the value that decides which parts of a shared value are the program's.
   */
  live?(reply: BaseReply, own: Value | undefined): Value | undefined;
  /** The value, "not set" included, in a form that is equal for equal meanings; absent if only equal values mean the same. */
  normal?(value: Value | undefined): unknown;
  /** The value with the documented defaults, which the service may fill in at any time; absent if it fills in none. */
  resolved?(value: Value): Value;
  /** The API names of members, at any depth, to which the service gives a value of its own once the program drops them. */
  readonly filledIn?: readonly string[];
  /** True if the reply may leave out a member that the object has and that is not at its default; absent if no page says so. */
  omits?(reply: BaseReply): boolean;
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
  /** The changed members, as `argument.member`, that replace the object; absent if any change does, or none. */
  fixed?(applied: Value | undefined, wanted: Value | undefined): readonly string[];
  /**
   * Present if each member of the value lives by itself, as a label does: an update carries only the members that differ. Names the
   * members whose own members live by themselves too. Absent for a value that an update carries as a whole.
   */
  readonly inParts?: readonly string[];
  /** A value with the parts that this member of a body carries; absent if the member has them under the names of the program. */
  carried?(member: Json): unknown;
  /** For a value in parts: what the object has in place of members that the program leaves out. */
  readonly byDefault?: Properties;
  /** True if the body member also carries parts that others set: an update then reads the object before it builds the member. */
  readonly buildsOnLive?: true;
  /** The member of a reply that shows the value; absent if it is the member of the body. */
  readonly shownIn?: string;
  /** The forms of the body's member in a reply; absent if `recorded` takes them as they are. Unknown members must pass through. */
  readonly reply?: z.ZodType;
  /** The part of the value that replies show; absent if they show all of it. */
  shown?(value: Value): Value;
  /** The remedy, besides a replacement, if the service refuses to remove the value. */
  readonly insteadOfRemoval?: string;
  /** The argument whose change sends the secrets of this one again; absent if only a change of this one does. */
  readonly resentBy?: string;
  /** The members, at any depth, whose values belong to the user: inside them, null and the case of names have a meaning. */
  readonly verbatim?: readonly string[];
  /** The members of the value that are secret, at any depth; see `kinds/table.ts`. */
  readonly secretMembers?: readonly string[];
  /** Those of them that the service uses once and replaces: a second request with the same value would put a dead one back. */
  readonly usedOnce?: readonly string[];
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
    "schema" | "change" | "live" | "normal" | "describe" | "meansTheSame" | "buildsOnLive" | "inParts" | "shownIn"
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
   * The live value without the service's own members; undefined if the object has none. Absent if a program writes the value as the
   * reply shows it.
   */
  readonly fromWire?: (reply: BaseReply) => Value | undefined;
  /** The live value as a program writes it; absent if a program writes all of the live value. */
  readonly described?: (live: Value) => Value;
}

/** Makes the field of an argument that requests carry as a whole. The caller adds the schema. */
export function wholeValue<Value>(row: WholeValue<Value>): Omit<Field<Value>, "schema"> {
  const { cleared, normal: normalOf, empty, toWire, fromWire = shownValue, described, ...field } = row;
  function shownValue({ [row.wire]: shown }: BaseReply): Value | undefined {
    return row.recorded.safeParse(fromWireCase(shown, row.verbatim?.map(wireName))).data;
  }
  const normal = (value: Value | undefined) => (value === undefined ? empty : normalOf(value));
  // Compares the values first: most are unchanged, and a normal form takes longer to make.
  const meansTheSame = (one: Value | undefined, other: Value | undefined) =>
    same(one, other) || same(normal(one), normal(other));
  function live(reply: BaseReply): Value | undefined {
    const shown = fromWire(reply);
    return shown !== undefined && empty !== undefined && same(normalOf(shown), empty) ? undefined : shown;
  }
  return {
    ...field,
    change(applied, wanted, _outputs, sending) {
      if (sending?.isAgain !== true && meansTheSame(applied, wanted)) {
        return undefined;
      }
      return wanted === undefined ? cleared : toWire(wanted);
    },
    live,
    normal,
    describe(reply) {
      const shown = live(reply);
      return shown === undefined || described === undefined ? shown : described(shown);
    },
    meansTheSame,
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
