import type { QoderClient } from "../api/client";
import { QoderApiError, QoderError, QoderReplyError } from "../api/errors";
import { warning } from "../api/remark";
import { type JsonObject, type Listed, type Told, told } from "../api/schema";
import { type ApiRequest, requestLabel } from "../api/transport";
import type { ResourceKind } from "./kind";
import type { BaseReply } from "./outputs";

/** An object as the service answered, and when. */
export interface Answer {
  readonly object: BaseReply;
  /** See `ApiReply`. */
  readonly date: Date | undefined;
  readonly roundTripMs: number;
}

/** A create was answered with an object that it cannot have made. */
export class AnotherObjectError extends QoderReplyError {
  override readonly name = "AnotherObjectError";
}

/** Undefined when the reply shows what was asked for, else what it shows instead. */
type Missing = (reply: BaseReply) => string | undefined;

/** The objects of one kind at the service. */
export class Objects {
  constructor(
    readonly client: QoderClient,
    readonly kind: ResourceKind,
    /** The arguments whose values no message may hold. */
    readonly secretArguments: readonly string[] = [],
  ) {}

  /** `another` says why an answer tells of an object that this create cannot have made, if it does. */
  async create(body: JsonObject, idempotencyKey: string, another?: Missing): Promise<Answer> {
    const request = { ...createRequest(this.kind, body), idempotencyKey };
    return this.#answer(request, (id) => id.startsWith(this.kind.idPrefix), undefined, another);
  }

  /** Sends a request that is answered with a new object. */
  async make(request: ApiRequest, missing?: Missing): Promise<Answer> {
    return this.#answer(request, (id) => id.startsWith(this.kind.idPrefix), missing);
  }

  async get(id: string): Promise<BaseReply> {
    return (await this.ask(id)).object;
  }

  async ask(id: string): Promise<Answer> {
    return this.#answer(getRequest(this.kind, id), (told) => told === id);
  }

  /** Undefined when the service itself says that this account has none of this id; an archived one is found. */
  async find(id: string): Promise<BaseReply | undefined> {
    try {
      return await this.get(id);
    } catch (error) {
      if (error instanceof QoderApiError && error.isNotFound) {
        return undefined;
      }
      throw error;
    }
  }

  async update(id: string, patch: JsonObject): Promise<BaseReply> {
    return (await this.#answer(updateRequest(this.kind, id, patch), (told) => told === id)).object;
  }

  /** A success that does not show its effect is none. */
  async act(id: string, action: string, missing: Missing): Promise<BaseReply> {
    return (await this.#answer(actionRequest(this.kind, id, action), (told) => told === id, missing)).object;
  }

  async archive(id: string): Promise<BaseReply> {
    const missing: Missing = ({ archived_at: at }) => (at == null ? "it does not show that it is archived" : undefined);
    return (await this.#answer(archiveRequest(this.kind, id), (told) => told === id, missing)).object;
  }

  /** Live ones of this name, newest first, and so many at most. */
  async findByName(name: unknown, most: number): Promise<Listed[]> {
    const found: Listed[] = [];
    for await (const listed of this.client.list(this.kind)) {
      if (listed.name === name && listed.archived_at == null && found.push(listed) >= most) {
        break;
      }
    }
    return found;
  }

  /** The object that an entry of the list shows. */
  async listed(entry: Listed): Promise<BaseReply> {
    const label = `GET /${this.kind.collection}`;
    const unusable = (reason: string) => new QoderError(`${label} shows ${entry.id}, but ${reason}`);
    const { value, problems } = this.#readable(entry, unusable);
    await this.#tell(label, problems, unusable);
    return value;
  }

  /** A success that tells of another object is none: nothing in it can be believed. */
  async #answer(
    request: ApiRequest,
    isMeant: (id: string) => boolean,
    missing: Missing = () => undefined,
    another: Missing = () => undefined,
  ): Promise<Answer> {
    const reply = await this.client.send(request);
    const label = requestLabel(request);
    const unusable = (reason: string) => new QoderReplyError(label, reply.status, reason, reply.requestId);
    const { value: object, problems } = this.#readable(reply.body, unusable);
    const wrong = isMeant(object.id) ? missing(object) : `it tells of "${object.id}"`;
    if (wrong !== undefined) {
      throw unusable(wrong);
    }
    const other = another(object);
    if (other !== undefined) {
      throw new AnotherObjectError(label, reply.status, other, reply.requestId);
    }
    await this.#tell(label, problems, unusable);
    return { object, date: reply.date, roundTripMs: reply.roundTripMs };
  }

  #readable(body: unknown, unusable: (reason: string) => QoderError): Told<BaseReply> {
    const read = told(this.kind.reply, body);
    if (!("value" in read)) {
      throw unusable(read.problem);
    }
    return read;
  }

  async #tell(label: string, problems: readonly string[], unusable: (reason: string) => QoderError): Promise<void> {
    const [problem] = problems;
    if (problem !== undefined && !this.client.isHeard) {
      throw unusable(problem);
    }
    for (const one of problems) {
      await this.client.remark(warning(`in the answer to ${label}, ${one}; it counts as not told`));
    }
  }
}

interface Addressed {
  readonly collection: string;
  betas?(body: JsonObject): readonly string[];
}

// What is sent and what a preview shows of it are made here, so that the two cannot disagree.

/** Without an idempotency key. */
export function createRequest(kind: Addressed, body: JsonObject): ApiRequest {
  const betas = kind.betas?.(body) ?? [];
  return { method: "POST", path: [kind.collection], body, betas, repeat: "only-if-refused" };
}

export function getRequest({ collection }: Addressed, id: string): ApiRequest {
  return { method: "GET", path: [collection, id], repeat: "safe" };
}

/** A merge patch through POST: members that are absent keep their value ("Update a deployment"). */
export function updateRequest(kind: Addressed, id: string, patch: JsonObject): ApiRequest {
  const betas = kind.betas?.(patch) ?? [];
  return { method: "POST", path: [kind.collection, id], body: patch, betas, repeat: "safe" };
}

/** A change that is a request of its own. */
export function actionRequest({ collection }: Addressed, id: string, action: string): ApiRequest {
  return { method: "POST", path: [collection, id, action], repeat: "safe" };
}

export function archiveRequest(kind: Addressed, id: string): ApiRequest {
  return actionRequest(kind, id, "archive");
}
