import { z } from "zod";
import type { QoderClient } from "../api/client";
import type { Remark } from "../api/remark";
import type { Form } from "../api/request";
import type { Json, JsonObject } from "../api/schema";
import type { ApiRequest } from "../api/transport";
import type { DeclaredKind } from "../kinds/table";
import type { Baseline } from "./baseline";
import type { Problem } from "./check/problems";
import type { Advised } from "./engine/advice";
import type { Field } from "./fields/field";
import { type BaseReply, type CommonReply, commonReply, type OutputRows } from "./outputs";
import type { PlanRemark } from "./plan-remark";
import type { Properties } from "./program-values";
import type { FindDeclaration } from "./references";

/** One row for each argument, in the order of previews and requests. */
export type Fields<Arguments = Properties> = { readonly [Name in keyof Arguments]: Field<Arguments[Name]> };

/** The recorded or shown arguments and outputs of an object. */
export interface Known<Arguments = Properties> {
  readonly arguments: Partial<Arguments>;
  /** The outputs that the service computes. */
  readonly outputs: Properties;
  /** Undefined if nothing tells how the service showed the arguments, as in a state that an older version wrote. */
  readonly baseline?: Baseline | undefined;
  /** True if nobody knows whether the service did the last write, which carried these arguments. */
  readonly isOpen?: boolean;
}

/** A change that needs a request of its own, which is sent after the update. */
export interface StatusChange<Arguments = Properties> {
  readonly argument: keyof Arguments & string;
  /** The value that a new object has. */
  readonly whenCreated: Partial<Arguments>;
  /** The last part of the path of the request; undefined if nothing changes. */
  wanted(known: Known<Arguments>, wanted: Partial<Arguments>): string | undefined;
  /** The value that the reply shows instead of the wanted one; undefined if it shows the wanted one. */
  missing(action: string, reply: BaseReply): string | undefined;
  /** The body of an update that marks the object, or removes its mark; undefined if there is none. `isChanged`: by this request. */
  mark?(action: string, reply: BaseReply, isChanged: boolean): JsonObject | undefined;
}

/** The arguments of a program before and after a change. */
export interface ProgramChange<Arguments = Properties> {
  readonly before: Partial<Arguments>;
  readonly after: Partial<Arguments>;
  /** The new arguments as the program gives them, with values that are unknown in the preview. */
  readonly inputs: Properties;
  /** True if the resource option `replaceOnChanges` covers this argument. */
  replaces(argument: keyof Arguments & string): boolean;
}

/** The service, for a function of a kind that asks it for more than the objects. */
export interface Service {
  readonly client: QoderClient;
  /** `folder`: the path from which the program read the files of the resource; undefined if the program read none. */
  readonly files: { readonly folder: string | undefined };
}

/** How a kind uploads files. Bodies hold digests in place of contents; previews show them, and idempotency keys depend on them. */
export interface Upload<Arguments = Properties> {
  readonly argument: keyof Arguments & string;
  /** The parts of the request with this body. Throws for a file in `folder` whose digest is no longer the one in the body. */
  form(body: JsonObject, wanted: Partial<Arguments>, folder: string | undefined): Promise<Form>;
  /** The body for a preview, with the names and sizes of files in place of digests. */
  shown(body: JsonObject, folder: string | undefined): JsonObject;
  /** Asks the service whether the object holds these files; undefined if the service does not show them. */
  holds(service: Service, object: BaseReply, wanted: Partial<Arguments>): Promise<boolean | undefined>;
  /** For an object that holds other files: the arguments that no other upload can change. */
  fixed(service: Service, object: BaseReply, wanted: Partial<Arguments>): Promise<readonly string[]>;
  /**
   * The changed lines of the files in `folder`, for a preview that asks the service; absent for a kind whose files do not change.
   * `outputs`: the recorded ones.
   */
  changedFiles?(
    service: Service,
    id: string,
    outputs: Properties,
    wanted: Partial<Arguments>,
    folder: string,
  ): Promise<PlanRemark[]>;
  /** How an object takes other files; absent for a kind that replaces the object. */
  readonly versions?: Versions;
}

/** An object whose files have versions: each change adds a version, and older versions stay. */
interface Versions {
  /** The last part of the path that takes a version. */
  readonly path: string;
  /** The newest recorded version. It distinguishes two uploads of the same files. */
  newest(outputs: Properties): Json | undefined;
  /** The members of the object that the answer to a new version shows. */
  object(id: string, answer: unknown): BaseReply | undefined;
}

/**
 * The description of one kind of object at Qoder. This folder holds the lifecycle of all kinds once; a kind adds its rows and its
 * exceptions. The type of its arguments makes the compiler ask for a row of each.
 */
export interface ResourceKind<Arguments = Properties>
  extends Advised,
    Pick<DeclaredKind, "label" | "collection" | "idPrefix" | "within" | "named" | "replacement"> {
  readonly reply: z.ZodType<BaseReply>;
  readonly fields: Fields<Arguments>;
  /** The arguments as a program writes them; absent where each of them is a row of `fields`. */
  readonly written?: readonly string[];
  /** Names that people try in place of an argument, each with the words to write. */
  readonly insteadOf?: Readonly<Record<string, string>>;
  readonly outputs: OutputRows;
  readonly statusChange?: StatusChange<Arguments>;
  /**
   * The output and the member of the body with a number that the service raises with every change. An update that does not name the
   * present number is refused.
   */
  readonly versionMember?: string;
  /**
   * For runs, which start instead of being created. No update changes a run, a removal sends nothing, and a run that the service no
   * longer shows stays in the state.
   */
  readonly start?: Start;
  /** True if the service refuses the name of another live object. The API documents this for few kinds. */
  readonly hasUniqueNames?: true;
  /** The value that distinguishes objects of the kind, in a body or a reply; absent if it is the `name`. */
  identity?(object: Properties): string | undefined;
  /** The part of this value that the service keeps; absent if it keeps all. */
  surelyKept?(identity: string): string;
  /** True if a removal permanently deletes the object; absent for a kind whose removal archives. */
  deletes?(recorded: Partial<Arguments>): boolean;
  /** True if a replacement removes the old object first although names are not unique. */
  removesFirst?(recorded: Partial<Arguments>, wanted: Partial<Arguments>): boolean;
  readonly upload?: Upload<Arguments>;
  /** The difference between two versions of an object that its arguments name, in lines. Absent for a kind that names no versions. */
  versionDifference?(before: unknown, after: unknown, hidden: ReadonlySet<string>): readonly string[];
  /** True if names are not unique. A lost create is then searched among new objects, and not by its name. */
  readonly hasFreeNames?: true;
  /** True if the state names the arguments that hold secrets (`__secrets`). */
  readonly namesSecrets?: boolean;
  /** The time, RFC 3339, at which the service deletes the object by itself: after it, one 404 proves that the object is gone. */
  endsAt?(outputs: Properties): string | undefined;
  /** True if the service refuses to delete an object that a session uses (409). The object then stays, with a warning. */
  readonly staysInUse?: true;
  /** Members whose values belong to the user: inside them, null and the case of names have a meaning. */
  readonly verbatim?: readonly string[];
  /** The beta features (`x-qoder-beta`) that a write of an object with these arguments needs. A create gives its body. */
  betas?(values: Properties): readonly string[];
  /** The mistakes in combinations of arguments that are valid one by one. `given` also shows unknown values. */
  combinationProblems?(wanted: Partial<Arguments>, given: Properties): readonly Problem[];
  /**
   * The changed members, as `argument.member`, of arguments of which only some changes replace the object. `changeRemarks` then says
   * that the replacement ends the object.
   */
  replaces?(applied: Partial<Arguments>, wanted: Partial<Arguments>): readonly string[];
  /** The outputs on which a comparison of arguments depends. */
  compared?(outputs: Properties): unknown;
  /** Runs after each create and update that sent a request. Its findings are remarks, not failures. */
  afterWrite?(service: Service, id: string, wanted: Partial<Arguments>): Promise<void>;
  /** Remarks before the object ends, about other objects that end with it. */
  endRemarks?(recorded: Partial<Arguments>, outputs: Properties): readonly Remark[];
  changeRemarks?(change: ProgramChange<Arguments>, now: Date): readonly PlanRemark[];
  /** Remarks of a preview that asks (`qoder:verify`), about an object that exists and whose arguments change. */
  askedRemarks?(
    client: QoderClient,
    id: string,
    change: Omit<ProgramChange<Arguments>, "replaces">,
    now: Date,
  ): Promise<readonly PlanRemark[]>;
  /** Remarks about the objects that the inputs name, from their declarations in this command. */
  declaredRemarks?(inputs: Properties, find: FindDeclaration): readonly PlanRemark[];
  /** Remarks of every preview about the recorded outputs, such as a pause. `wanted`: the arguments of the program. */
  stateRemarks?(outputs: Properties, wanted: Partial<Arguments>): readonly PlanRemark[];
}

/** The id of the enclosing object; undefined for a kind without one, and if a preview does not know it. */
export function holderIn({ within }: Pick<ResourceKind, "within">, wanted: Properties): string | undefined {
  const id = within === undefined ? undefined : wanted[within.argument];
  return typeof id === "string" ? id : undefined;
}

/** The value that distinguishes the object from others of its kind, in a body or a reply. */
export function identityOf({ identity }: Pick<ResourceKind, "identity">, object: Properties): string | undefined {
  const shown = identity === undefined ? object["name"] : identity(object);
  return typeof shown === "string" ? shown.trim() : undefined;
}

/** That value in a form to compare with the value of another object. */
export function comparedIdentity(kind: Pick<ResourceKind, "identity" | "surelyKept">, object: Properties) {
  const shown = identityOf(kind, object);
  return shown === undefined ? undefined : (kind.surelyKept?.(shown) ?? shown);
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
  return z.looseObject({ ...Object.fromEntries(rows), ...others, ...commonReply });
}

export interface Attempt {
  readonly client: QoderClient;
  readonly wanted: Properties;
  /**
   * The idempotency key, equal in every process for the same declaration and arguments. `life` goes up when the service repeats
   * an answer whose run cannot be the new one.
   */
  idempotencyKey(life: number): string;
  /** What an earlier `up` that did not finish noted on this machine about the start; undefined if there is none. */
  readonly noted: unknown;
  /** Notes facts about the start on this machine, until the run is about to reach the state. */
  note(facts: object): void;
  /** Removes the note, because no run was started. */
  forget(): void;
  /** The last change of the object and of all that it uses, by the service's clock, as far as this command knows. */
  lastChange(kind: ResourceKind, reply: CommonReply): number;
  /** True if another resource of this stack has the run, or had it. */
  isTaken(id: string): boolean;
  /** Sends the request that starts the run. `problem` gives the reason why an answer is wrong. */
  send(request: ApiRequest, problem: (reply: BaseReply) => string | undefined): Promise<BaseReply>;
}

/** How a kind starts its objects, which no request changes or removes. */
export interface Start {
  /** The name of a queue: starts in one queue happen one after the other. */
  queue(wanted: Properties): string;
  /** The request of a first start, for a preview. */
  requests(wanted: Properties): readonly ApiRequest[];
  /** Starts a run, or finds the one that an earlier try of this declaration started. */
  begin(attempt: Attempt): Promise<BaseReply>;
  /** How to wait for the end; absent if no program asks for it. */
  readonly ending?: Ending;
}

export interface Started {
  readonly client: QoderClient;
  /** The run as the caller has read it. */
  readonly object: BaseReply;
  readonly outputs: Properties;
}

export interface Ended {
  /** The run, with its result if it is known. */
  readonly object: BaseReply;
  /** The reason why the result is not as the program asks; undefined if it is. */
  readonly failure: unknown;
}

export interface Ending {
  /** The longest wait in milliseconds; undefined if the program does not wait. */
  waitMs(wanted: Properties): number | undefined;
  /** Waits for the end of the run. Failures are part of the outcome, because the known facts must reach the state. */
  wait(started: Started, wanted: Properties, waitMs: number): Promise<Ended>;
  /** The requests of the wait, in lines for a preview. */
  shown(wanted: Properties, outputs: Properties): readonly string[];
  /** Adds the present result. `recorded`: the arguments in the state; undefined for a look-up. */
  look(started: Started, recorded: Properties | undefined): Promise<BaseReply>;
}
