import { z } from "zod";
import type { QoderClient } from "../../api/client";
import type { ObjectStatus } from "../../api/object-status";
import type { Remark } from "../../api/remark";
import type { DeclaredKind, NamedKind } from "../../kinds/table";
import type { Advised } from "./advice";
import type { PlanRemark } from "./diagnostics";
import type { Field } from "./field";
import { type BaseReply, commonReply, type OutputRows } from "./outputs";
import type { ArgumentParts } from "./parts";
import type { Properties } from "./program-values";
import type { FindDeclaration } from "./references";
import type { Service, Upload } from "./uploads";

/** One row for each argument, in the order of previews and requests. */
export type Fields<Arguments = Properties> = { readonly [Name in keyof Arguments]: Field<Arguments[Name]> };

/**
 * For each argument that the service shows in another way than we sent it, or that the state records as somebody else made it: the value
 * that our last write sent, and the one that the service showed right after that. Neither holds secrets. Absent members are undefined.
 */
export type Baseline = Readonly<Record<string, { readonly sent?: unknown; readonly shown?: unknown }>>;

/** An object before a change: the recorded arguments and outputs, or those that a GET has shown since. */
export interface PriorState<Arguments = Properties> {
  readonly arguments: Partial<Arguments>;
  /** The outputs that the service computes. */
  readonly outputs: Properties;
  /** Undefined if no write of a program has touched the object: it was imported, or is being adopted. */
  readonly baseline?: Baseline | undefined;
  /** What requests carried whose outcome nobody knows. */
  readonly unanswered?: ArgumentParts | undefined;
  /** The arguments that the resource option `ignoreChanges` covers. */
  readonly ignored?: readonly string[];
}

/** An argument that no body carries: a request of its own follows the create or the update. */
export interface OwnRequest<Arguments = Properties> {
  readonly argument: keyof Arguments & string;
  /** The value that a new object has. */
  readonly whenCreated: Partial<Arguments>;
  /** The last part of the path of the request; undefined if nothing changes. `isAgain`: the outcome of the last request is unknown. */
  action(prior: PriorState<Arguments>, wanted: Partial<Arguments>, isAgain?: boolean): string | undefined;
  /** Does what the request asks for, and finds out whether it is done. */
  send(service: Service, id: string, action: string, outputs: Properties): Promise<BaseReply>;
}

export interface ProgramChange<Arguments = Properties> {
  readonly before: Partial<Arguments>;
  readonly after: Partial<Arguments>;
  /** The new arguments as the program gives them, with values that are unknown in the preview. */
  readonly inputs: Properties;
  /** True if the resource option `replaceOnChanges` covers this argument. */
  replaces(argument: keyof Arguments & string): boolean;
}

/** What the name of an object says, and what it leaves open. */
interface Naming {
  /** True if the service refuses the name of another live object. The API documents this for few kinds. */
  readonly isUnique?: true;
  /** True if names are not unique. A lost create is then searched among new objects, and not by its name. */
  readonly isFree?: true;
  /** The value that distinguishes objects of the kind, in a body or a reply; absent if it is the `name`. */
  identity?(object: Properties): string | undefined;
  /** The part of this value that the service keeps; absent if it keeps all. */
  surelyKept?(identity: string): string;
}

/** How an object ends. */
interface Removal<Arguments> {
  /** True if nobody can end the object: a removal sends nothing, and no refresh takes the object out of the state. */
  readonly sendsNothing?: true;
  /** True if a removal permanently deletes the object; absent for a kind whose removal archives. */
  deletes?(recorded: Partial<Arguments>): boolean;
  /** The time, RFC 3339, at which the service deletes the object by itself: after it, one 404 proves that the object is gone. */
  endsAt?(outputs: Properties): string | undefined;
  /** The argument that ends an object although live objects use it; absent if none does. */
  readonly endsInUse?: keyof Arguments & string;
  /** True if the service refuses to delete an object that a session uses (409). The object then stays, with a warning. */
  readonly staysInUse?: true;
  /** Remarks before the object ends, about other objects that end with it. */
  remarks?(recorded: Partial<Arguments>, outputs: Properties): readonly Remark[];
}

/** A resource of the state, for remarks that name its object or advise a command for it. */
export interface RecordedResource {
  readonly id: string;
  /** As the engine knows it. Undefined in a refresh, which declares nothing. */
  readonly urn: string | undefined;
}

/** What a preview that verifies may ask. */
export interface Asking {
  readonly client: QoderClient;
  /** Each question once in a command. */
  version(kind: NamedKind, id: string, version: number): Promise<ObjectStatus>;
  /** The arguments that hold secrets in any declaration of the kind. */
  secretsOf(kind: NamedKind): readonly string[];
}

/** What only this kind says in a preview. */
interface KindRemarks<Arguments> {
  change?(change: ProgramChange<Arguments>, now: Date): readonly PlanRemark[];
  /** Remarks of a preview that asks (`qoder:verify`), about an object that exists and whose arguments change. */
  asked?(
    asking: Asking,
    id: string,
    change: Omit<ProgramChange<Arguments>, "replaces">,
    now: Date,
  ): Promise<readonly PlanRemark[]>;
  /** Remarks about the objects that the inputs name, from their declarations in this command. `exists`: the state has the object. */
  declared?(inputs: Properties, find: FindDeclaration, exists: boolean): readonly PlanRemark[];
  /** Remarks of every preview about the recorded outputs, such as a pause. `wanted`: the arguments of the program. */
  state?(outputs: Properties, wanted: Partial<Arguments>, resource: RecordedResource): readonly PlanRemark[];
}

/**
 * The description of one kind of object at Qoder. This folder holds the lifecycle of all kinds once; a kind adds its rows and its
 * exceptions. The type of its arguments makes the compiler ask for a row of each.
 */
export interface ResourceKind<Arguments = Properties>
  extends Advised,
    Pick<DeclaredKind, "label" | "collection" | "idPrefix" | "within" | "named" | "nameArgument" | "replacement"> {
  readonly reply: z.ZodType<BaseReply>;
  readonly fields: Fields<Arguments>;
  /** The arguments as a program writes them; absent where each of them is a row of `fields`. */
  readonly written?: readonly string[];
  /** Names that people try in place of an argument, each with the words to write. */
  readonly insteadOf?: Readonly<Record<string, string>>;
  readonly outputs: OutputRows;
  readonly ownRequest?: OwnRequest<Arguments>;
  readonly naming?: Naming;
  /** True if the page of the create documents `Idempotency-Key`: a lost create is then sent again, and does not act twice. */
  readonly documentsKey?: true;
  readonly removal?: Removal<Arguments>;
  readonly upload?: Upload<Arguments>;
  /** The beta features (`x-qoder-beta`) that a write of an object with these arguments needs. A create gives its body. */
  betas?(values: Properties): readonly string[];
  /** The mistakes in combinations of arguments that are valid one by one. `given` also shows unknown values. */
  combinationProblems?(wanted: Partial<Arguments>, given: Properties): readonly Problem[];
  /** The outputs on which a comparison of arguments depends. */
  compared?(outputs: Properties): unknown;
  /** Runs after each create and update that sent a request. Its findings are remarks, not failures. */
  afterWrite?(service: Service, id: string, wanted: Partial<Arguments>): Promise<void>;
  readonly remarks?: KindRemarks<Arguments>;
}

/** How a removal ends the object; undefined if it sends nothing. */
export function endOf({ removal }: Pick<ResourceKind, "removal">, recorded: Properties) {
  return removal?.sendsNothing ? undefined : removal?.deletes?.(recorded) === true ? "deleted" : "archived";
}

/** The id of the enclosing object; undefined for a kind without one, and if a preview does not know it. */
export function parentIn({ within }: Pick<ResourceKind, "within">, wanted: Properties): string | undefined {
  const id = within === undefined ? undefined : wanted[within.argument];
  return typeof id === "string" ? id : undefined;
}

/** The value that distinguishes the object from others of its kind, in a body or a reply. */
export function identityOf({ naming }: Pick<ResourceKind, "naming">, object: Properties): string | undefined {
  const shown = naming?.identity === undefined ? object["name"] : naming.identity(object);
  return typeof shown === "string" ? shown.trim() : undefined;
}

/** That value in a form to compare with the value of another object. */
export function comparedIdentity(kind: Pick<ResourceKind, "naming">, object: Properties) {
  const shown = identityOf(kind, object);
  return shown === undefined ? undefined : (kind.naming?.surelyKept?.(shown) ?? shown);
}

/** The members whose values belong to the user, of all arguments. */
export function verbatimMembers({ fields }: { readonly fields: Fields }): string[] {
  return Object.values(fields).flatMap(({ verbatim = [] }) => verbatim);
}

export function argumentNames({ fields }: { readonly fields: object }): string[] {
  return Object.keys(fields);
}

/**
 * The schema of a reply: the members of most kinds, the member of each row, and those that only outputs read. Unknown members pass
 * through.
 */
export function replyOf(fields: Fields, others: z.ZodRawShape = {}): z.ZodType<BaseReply> {
  const rows = Object.values(fields).flatMap(({ wire, shownIn, recorded, reply = recorded.nullish() }) =>
    wire === undefined || shownIn !== undefined ? [] : [[wire, reply] as const],
  );
  return z.looseObject({ ...Object.fromEntries(rows), ...commonReply, ...others });
}

/** What is wrong with an argument. */
export interface Problem {
  readonly path: readonly PropertyKey[];
  readonly reason: string;
}
