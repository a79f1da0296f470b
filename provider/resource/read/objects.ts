import { z } from "zod";
import type { QoderClient } from "../../api/client";
import { absentIfNotFound, QoderReplyError, reasonOf } from "../../api/errors";
import { type Collection, listPath } from "../../api/object-list";
import { patience } from "../../api/patience";
import type { Repeat } from "../../api/retry";
import { idSchema, type JsonObject, type Listed, shapeProblem } from "../../api/schema";
import { type ApiReply, type ApiRequest, requestLabel } from "../../api/transport";
import { isOlder, showsOlderVersion } from "../compare/older";
import type { ResourceKind } from "../kind/kind";
import type { BaseReply } from "../kind/outputs";
import type { Properties } from "../kind/program-values";
import {
  actionRequest,
  createRequest,
  endRequest,
  getRequest,
  ownId,
  updateRequest,
  versionRequest,
} from "../kind/requests";
import { type FileSource, noFiles, withFiles } from "../kind/uploads";
import type { AccountProof } from "./account-proof";

export interface Answer {
  readonly object: BaseReply;
  /** See `ApiReply`. */
  readonly date: Date | undefined;
  readonly roundTripMs: number;
}

/** The service answered a create with an object that this create cannot have made. */
export class AnotherObjectError extends QoderReplyError {
  override readonly name = "AnotherObjectError";
}

/** A create has made an object, of which nothing but the id can be read. */
export class MadeObjectError extends Error {
  override readonly name = "MadeObjectError";

  constructor(
    readonly id: string,
    override readonly cause: unknown,
  ) {
    super(reasonOf(cause));
  }
}

/** The reason why the reply does not show the wanted object; undefined if it shows the object. */
type Refusal = (reply: BaseReply) => string | undefined;

/** The objects of one kind at the service. */
export class Objects {
  constructor(
    readonly client: QoderClient,
    readonly kind: ResourceKind,
    /** The arguments whose values no message may show. */
    readonly secretArguments: readonly string[] = [],
    /** The id of the enclosing object, for a kind with one. */
    private readonly parent?: string,
    readonly files: FileSource = noFiles,
    /** The object of the state that the call of the engine is about; absent if the state has none. */
    readonly recorded?: AccountProof,
  ) {}

  /** The same objects for a client with another time limit. */
  within(client: QoderClient): Objects {
    const { kind, secretArguments, parent, files, recorded } = this;
    return new Objects(client, kind, secretArguments, parent, files, recorded);
  }

  get list(): Collection {
    const { within } = this.kind;
    return within === undefined ? this.kind : { ...this.kind, parent: [within.collection, this.parent ?? ""] };
  }

  /** Creates an object. `another` gives the reason why this create cannot have made the object of an answer. */
  async create(body: JsonObject, idempotencyKey: string, wanted: Properties = {}, another?: Refusal): Promise<Answer> {
    const request = { ...createRequest(this.kind, body, this.parent), idempotencyKey };
    return withFiles(this.kind.upload, this.files, request, wanted, async (complete) => {
      const reply = await this.client.send(complete);
      return this.#shown(complete, reply, undefined, undefined, another).catch((error: unknown) =>
        this.#madeAnyway(error, reply, another),
      );
    });
  }

  /** The new object after a reply outside of the contract: the create has made it, and a GET reads it. */
  async #madeAnyway(error: unknown, reply: ApiReply, another?: Refusal): Promise<Answer> {
    const { data: shown } = madeSchema.safeParse(reply.body);
    const isOwn = shown?.id.startsWith(this.kind.idPrefix) && another?.(this.withParent(shown)) === undefined;
    if (shown === undefined || !isOwn || error instanceof AnotherObjectError) {
      throw error;
    }
    const { id } = this.withParent(shown);
    const object = await this.getLater(id).catch(() => {
      throw new MadeObjectError(id, error);
    });
    const { date, roundTripMs } = reply;
    return { object, date, roundTripMs };
  }

  /** Adds a version with these files, and returns the members of the object that the answer shows. */
  async addVersion(id: string, body: JsonObject, wanted: Properties, idempotencyKey: string): Promise<BaseReply> {
    const { upload } = this.kind;
    const request = { ...versionRequest(this.kind, id, body), idempotencyKey };
    return withFiles(upload, this.files, request, wanted, async (complete) => {
      const { body: answer, status, requestId } = await this.client.send(complete);
      const object = upload?.versions?.object(id, answer);
      if (object === undefined) {
        const reason = `the body shows no version of ${id}`;
        throw new QoderReplyError(requestLabel(request), status, reason, requestId);
      }
      this.recorded?.saw();
      return object;
    });
  }

  /** Sends a request whose answer is a new object. */
  async send(request: ApiRequest, missing?: Refusal): Promise<Answer> {
    return this.#answer(request, undefined, missing);
  }

  async get(id: string): Promise<BaseReply> {
    return (await this.ask(id)).object;
  }

  async ask(id: string): Promise<Answer> {
    return this.#answer(getRequest(this.kind, id), id);
  }

  /** The object after the time in which a read may still answer as before the last write. */
  async getLater(id: string): Promise<BaseReply> {
    await this.client.pause(patience.lateMs);
    return this.get(id);
  }

  /** The object of this reply, asked for again if the reply is older than these outputs. The answer may be older once more. */
  async againIfOlder(shown: BaseReply, recorded: Properties): Promise<BaseReply> {
    const isOld = isOlder(this.kind, shown, recorded) || showsOlderVersion(this.kind, shown, recorded);
    return isOld && (await this.client.pause(patience.lateMs)) ? this.get(shown.id) : shown;
  }

  /** The object, also an archived one; undefined if the service itself answers 404. */
  async find(id: string): Promise<BaseReply | undefined> {
    return this.get(id).catch(absentIfNotFound);
  }

  async update(id: string, patch: JsonObject, wanted: Properties = patch, repeat: Repeat = "safe"): Promise<BaseReply> {
    return (await this.#answer({ ...updateRequest(this.kind, id, patch, wanted), repeat }, id)).object;
  }

  /** Sends a change of status. Throws if the reply of a success does not show the change. */
  async act(id: string, action: string, missing: Refusal): Promise<BaseReply> {
    return (await this.#answer(actionRequest(this.kind, id, action), id, missing)).object;
  }

  async archive(id: string): Promise<BaseReply> {
    const missing: Refusal = ({ archived_at: at }) =>
      at == null ? "the body does not show the object as archived" : undefined;
    return (await this.#answer(endRequest(this.kind, id, false), id, missing)).object;
  }

  async delete(id: string): Promise<void> {
    const request = endRequest(this.kind, id, true);
    const { body, status, requestId } = await this.client.send(request);
    const { data, error } = deletedSchema.safeParse(body);
    const { id: shown = ownId(id) } = data ?? {};
    if (error !== undefined || shown !== ownId(id)) {
      const reason = error === undefined ? `the body is about "${shown}"` : shapeProblem(error);
      throw new QoderReplyError(requestLabel(request), status, reason, requestId);
    }
    this.recorded?.saw();
  }

  /** The object as a list shows it. */
  async listed(entry: Listed): Promise<BaseReply> {
    const request = { method: "GET", path: listPath(this.list) } as const;
    return this.withParent(await this.client.parsed(this.kind.reply, entry, request));
  }

  /** The object as a list shows it; undefined if a member is not as the API documents it. */
  parsed(entry: unknown): BaseReply | undefined {
    const { data } = this.kind.reply.safeParse(entry);
    return data && this.withParent(data);
  }

  /** The reply with the id that a state holds. */
  withParent<Shown extends { readonly id: string }>(shown: Shown): Shown {
    return withParent(shown, this.parent);
  }

  /** Throws for an answer about another object, whatever its status. Without an id, every new object is right. */
  async #answer(request: ApiRequest, id: string | undefined, missing?: Refusal): Promise<Answer> {
    return this.#shown(request, await this.client.send(request), id, missing);
  }

  async #shown(
    request: ApiRequest,
    reply: ApiReply,
    id: string | undefined,
    missing: Refusal = () => undefined,
    another: Refusal = () => undefined,
  ): Promise<Answer> {
    const label = requestLabel(request);
    const unusable = (reason: string) => new QoderReplyError(label, reply.status, reason, reply.requestId);
    const value = await this.client.parsed(this.kind.reply, reply.body, request, reply);
    const isMeant = id === undefined ? value.id.startsWith(this.kind.idPrefix) : value.id === ownId(id);
    const object = withParent(value, this.kind.within === undefined ? undefined : request.path[1]);
    const wrong = isMeant ? missing(object) : `the response describes "${value.id}"`;
    if (wrong !== undefined) {
      throw unusable(wrong);
    }
    this.recorded?.saw();
    const other = another(object);
    if (other !== undefined) {
      throw new AnotherObjectError(label, reply.status, other, reply.requestId);
    }
    return { object, date: reply.date, roundTripMs: reply.roundTripMs };
  }
}

/** The reply with the id that a state holds, which includes the id of the enclosing object. */
export function withParent<Shown extends { readonly id: string }>(shown: Shown, parent: string | undefined): Shown {
  return parent === undefined ? shown : { ...shown, id: `${parent}/${shown.id}` };
}

/** A reply to a create, of which nothing but the id is certain. */
const madeSchema = z.looseObject({ id: idSchema });
const deletedSchema = z.looseObject({ id: idSchema.optional() });
