import { z } from "zod";
import type { Form } from "../api/form";
import type { Remark } from "../api/remark";
import type { Json, JsonObject } from "../api/schema";
import type { Problem } from "./check/problems";
import type { Users } from "./command-lists";
import type { AdvisedKind } from "./engine/advice";
import type { Field } from "./fields/field";
import type { NamingPlace } from "./named";
import type { Objects } from "./objects";
import { type BaseReply, commonReply, type OutputRows } from "./outputs";
import type { PlanRemark } from "./plan-remark";
import type { Properties } from "./program-values";
import type { Start } from "./start";

/** One row an argument, in the order in which they are told and sent. */
export type Fields<Arguments = Properties> = { readonly [Name in keyof Arguments]: Field<Arguments[Name]> };

/** What the state knows of one resource. */
export interface Recorded<Arguments = Properties> {
  readonly arguments: Partial<Arguments>;
  readonly outputs: Properties;
}

/** An object that whoever sees ours sees as well, so that a token which does not see it is not the right one. */
interface Witness {
  readonly path: readonly [collection: string, id: string];
  /** In words: `its agent`. */
  readonly called: string;
}

/** A change that the body of an update cannot carry: a request of its own, sent after all others. */
export interface StatusChange<Arguments = Properties> {
  /** The argument that asks for it. */
  readonly argument: keyof Arguments & string;
  /** What a new object has without it. */
  readonly whenCreated: Partial<Arguments>;
  /** The last part of the path to send it to; undefined when nothing is to be changed. */
  wanted(recorded: Recorded<Arguments>, wanted: Partial<Arguments>): string | undefined;
  /** Undefined when the reply shows that it was done, else what it shows instead. */
  missing(action: string, reply: BaseReply): string | undefined;
}

/** A number that the service raises with every change. A change must name it, and is refused where it is not the present one. */
interface Locking {
  /** The member of the body. */
  readonly member: string;
  /** Undefined where it is not known. */
  current(outputs: Properties): Json | undefined;
}

/** What a program declared before and declares now. */
export interface ProgramChange<Arguments = Properties> {
  readonly before: Partial<Arguments>;
  readonly after: Partial<Arguments>;
  /** As the program gives them now, with what is not known yet. */
  readonly inputs: Properties;
}

/** How a kind sends files. The bodies of its requests hold digests in their place: a preview shows them, and keys are made of them. */
export interface Upload<Arguments = Properties> {
  /** The argument with the digests. */
  readonly argument: keyof Arguments & string;
  /**
   * The parts of the request with this body. `folder` is where the program read the files; what is not as its digest says is an
   * error.
   */
  form(body: JsonObject, wanted: Partial<Arguments>, folder: string | undefined): Promise<Form>;
  /** The body for a person: in place of digests what is sent for them, by names and sizes. */
  shown(body: JsonObject, folder: string | undefined): JsonObject;
  /** Whether the object holds these files, by requests of its own; undefined where the service does not tell. */
  holds(objects: Objects, object: BaseReply, wanted: Partial<Arguments>): Promise<boolean | undefined>;
  /** How an object takes other files; absent where each change makes a new one. */
  readonly versions?: Versions;
}

/** Each change of files is an object of its own inside of the object: nothing that was there before goes. */
interface Versions {
  /** The last part of the path that takes one. */
  readonly path: string;
  /** The newest one that the state knows of: two versions of the same files are two because of it. */
  newest(outputs: Properties): Json | undefined;
  /** The object, as far as the answer to a new version tells of it. */
  object(id: string, answer: unknown): BaseReply | undefined;
}

/**
 * What a kind of object at Qoder is. How any kind lives is in this folder, once, for arguments of any type; a kind names its own, so
 * that the compiler asks for a row of each. Its functions may name their replies and outputs as the kind declares them.
 */
export interface ResourceKind<Arguments = Properties> extends AdvisedKind {
  /** The class that programs use, which names the resource in messages: `QoderDeployment`. */
  readonly label: string;
  /** The first part of the path of each: `deployments`. */
  readonly collection: string;
  /** Where the objects stand inside others: the first part of the holder's path, and the argument with the holder's id. Ids are `holder/own`. */
  readonly within?: { readonly collection: string; readonly argument: string };
  /** What every id starts with: `dep_`. */
  readonly idPrefix: string;
  readonly reply: z.ZodType<BaseReply>;
  readonly fields: Fields<Arguments>;
  readonly outputs: OutputRows;
  readonly statusChange?: StatusChange<Arguments>;
  readonly locking?: Locking;
  /**
   * For what is started, and not created from a body. No update changes it, a removal sends nothing, and that the service shows
   * it no longer does not undo that it was started.
   */
  readonly start?: Start;
  /** Where its arguments name other objects; absent where they name none. */
  readonly named?: readonly NamingPlace[];
  /** Whether the service refuses a name that another live object has. Of most kinds no page says so. */
  readonly hasUniqueNames?: true;
  /** What tells an object from others of its kind, in a body or a reply; absent where that is its `name`. */
  identity?(object: Properties): string | undefined;
  /** Whether a removal deletes the object for ever, by what the state says; absent where a removal archives the object. */
  deletes?(recorded: Partial<Arguments>): boolean;
  /** Whether a replacement removes the old object first, although names are free. */
  removesFirst?(recorded: Partial<Arguments>, wanted: Partial<Arguments>): boolean;
  /** Its objects are made of files; absent where they are made of JSON. */
  readonly upload?: Upload<Arguments>;
  /** A service that says that names are free, so a name proves nothing: a lost create is looked for among what is new. */
  readonly hasFreeNames?: true;
  /** A state names the arguments that hold secrets (`__secrets`). */
  readonly namesSecrets?: true;
  /** When the service deletes the object by itself, RFC 3339: from then on a 404 needs no witness. Absent where it never does. */
  endsAt?(outputs: Properties): string | undefined;
  /** A service that refuses to delete what a session uses (409) keeps it, with a warning: it ends with the sessions. */
  readonly staysInUse?: true;
  /** What names its objects and needs them; absent where nothing does. */
  readonly users?: Users;
  /** No page says that its create takes an idempotency key, so a lost answer may have left an object that nobody finds again. */
  readonly hasNoKeys?: true;
  /** Members whose values belong to the user: null means something in them, and so does the case of a name. */
  readonly verbatim?: readonly string[];
  /** The beta features (`x-qoder-beta`) that a request with this body needs. */
  betas?(body: JsonObject): readonly string[];
  /** What is wrong with arguments that are right one by one; `given` shows what is not known yet. */
  combinationProblems?(wanted: Partial<Arguments>, given: Properties): readonly Problem[];
  /** The arguments whose change no update can carry. */
  replaces?(applied: Partial<Arguments>, wanted: Partial<Arguments>): readonly (keyof Arguments & string)[];
  /** What of the outputs a comparison of arguments depends on; absent where it is nothing. */
  compared?(outputs: Properties): unknown;
  /**
   * Undefined, or absent, where nothing is known that would prove the right account. A list does not: any account has one, and none
   * tells whose it is.
   */
  witness?(recorded: Partial<Arguments>): Witness | undefined;
  /** Follows each create and update that sent something; what it finds is a remark, and no failure. */
  afterWrite?(objects: Objects, id: string, wanted: Partial<Arguments>): Promise<void>;
  /** Before the object ends: what goes with it. */
  endRemarks?(recorded: Partial<Arguments>, outputs: Properties): readonly Remark[];
  /** What a person should read in a preview of changed arguments. */
  changeRemarks?(change: ProgramChange<Arguments>, now: Date): readonly PlanRemark[];
  /** What a person should read in every preview, because of what the service did. */
  stateRemarks?(outputs: Properties): readonly PlanRemark[];
}

/** Whether a replacement removes the old object before the new one is created: the new name is not free before, or nothing is removed. */
export function removesFirst(kind: ResourceKind, recorded: Properties, wanted: Properties): boolean {
  return kind.hasUniqueNames === true || kind.start !== undefined || kind.removesFirst?.(recorded, wanted) === true;
}

/** The id of the object that one with these arguments stands inside; undefined where none does. */
export function holderIn({ within }: Pick<ResourceKind, "within">, wanted: Properties): string | undefined {
  return within === undefined ? undefined : String(wanted[within.argument]);
}

/** What tells the object from others of its kind, in a body or a reply. */
export function identityOf({ identity }: Pick<ResourceKind, "identity">, object: Properties): string | undefined {
  const told = identity === undefined ? object["name"] : identity(object);
  return typeof told === "string" ? told.trim() : undefined;
}

/** The names of the arguments. */
export function argumentNames({ fields }: { readonly fields: object }): string[] {
  return Object.keys(fields);
}

const scalars = [z.ZodString, z.ZodNumber, z.ZodBoolean];

/**
 * What a kind answers with: the members that most kinds have, those that arguments of plain texts, numbers and booleans are sent as, and
 * those of this shape. Members that nobody knows pass through.
 */
export function replyOf(fields: Fields, shape: z.ZodRawShape = {}): z.ZodType<BaseReply> {
  const plain = Object.values(fields).flatMap(({ wire, recorded }) =>
    wire !== undefined && scalars.some((scalar) => recorded instanceof scalar)
      ? [[wire, recorded.nullish()] as const]
      : [],
  );
  return z.looseObject({ ...Object.fromEntries(plain), ...shape, ...commonReply });
}
