import { z } from "zod";
import type { QoderClient } from "../api/client";
import { QoderApiError, QoderError, QoderReplyError } from "../api/errors";
import { type ListedKind, listPath } from "../api/object-list";
import { warning } from "../api/remark";
import { type JsonObject, type Listed, type Told, told } from "../api/schema";
import { type ApiRequest, requestLabel } from "../api/transport";
import { identityOf, type ResourceKind } from "./kind";
import type { BaseReply } from "./outputs";
import type { Properties } from "./program-values";
import { actionRequest, createRequest, endRequest, getRequest, ownId, updateRequest, versionRequest } from "./requests";

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

/** What the requests of a resource that send files need beside its arguments. */
interface FileSource {
  /** Where the program read them; undefined where it read none. */
  readonly folder: string | undefined;
  /** See `Declaration`. */
  readonly origin: string;
  /** Runs a piece of work that has files in memory. */
  inTurn<Result>(work: () => Promise<Result>): Promise<Result>;
}
const noFiles: FileSource = { folder: undefined, origin: "", inTurn: (work) => work() };

/** The objects of one kind at the service. */
export class Objects {
  constructor(
    readonly client: QoderClient,
    readonly kind: ResourceKind,
    /** The arguments whose values no message may hold. */
    readonly secretArguments: readonly string[] = [],
    /** The object that they stand inside, where they do. */
    private readonly holder?: string,
    /** Of a kind that sends files. */
    readonly files: FileSource = noFiles,
  ) {}

  /** The list that shows them. */
  get list(): ListedKind {
    const { within } = this.kind;
    return within === undefined ? this.kind : { ...this.kind, owner: [within.collection, this.holder ?? ""] };
  }

  /** `another` says why an answer tells of an object that this create cannot have made, if it does. */
  async create(body: JsonObject, idempotencyKey: string, wanted: Properties = {}, another?: Missing): Promise<Answer> {
    const request = { ...createRequest(this.kind, body, this.holder), idempotencyKey };
    return this.#withFiles(request, wanted, (complete) => this.#answer(complete, undefined, undefined, another));
  }

  /** Adds a version with these files to the object, which is answered as far as the answer tells of it. */
  async addVersion(id: string, body: JsonObject, wanted: Properties, idempotencyKey: string): Promise<BaseReply> {
    const { upload } = this.kind;
    const request = { ...versionRequest(this.kind, id, body), idempotencyKey };
    return this.#withFiles(request, wanted, async (complete) => {
      const { body: answer, status, requestId } = await this.client.send(complete);
      const object = upload?.versions?.object(id, answer);
      if (object === undefined) {
        const reason = `it tells of no version of ${id}`;
        throw new QoderReplyError(requestLabel(request), status, reason, requestId);
      }
      return object;
    });
  }

  async #withFiles<Result>(
    request: ApiRequest,
    wanted: Properties,
    send: (complete: ApiRequest) => Promise<Result>,
  ): Promise<Result> {
    const { upload } = this.kind;
    if (upload === undefined) {
      return send(request);
    }
    // Few at a time, as each has its files in memory until it is answered.
    return this.files.inTurn(async () => {
      const { body = {}, ...others } = request;
      return send({ ...others, form: await upload.form(body, wanted, this.files.folder) });
    });
  }

  /** Sends a request that is answered with a new object. */
  async make(request: ApiRequest, missing?: Missing): Promise<Answer> {
    return this.#answer(request, undefined, missing);
  }

  async get(id: string): Promise<BaseReply> {
    return (await this.ask(id)).object;
  }

  async ask(id: string): Promise<Answer> {
    return this.#answer(getRequest(this.kind, id), id);
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
    return (await this.#answer(updateRequest(this.kind, id, patch), id)).object;
  }

  /** A success that does not show its effect is none. */
  async act(id: string, action: string, missing: Missing): Promise<BaseReply> {
    return (await this.#answer(actionRequest(this.kind, id, action), id, missing)).object;
  }

  async archive(id: string): Promise<BaseReply> {
    const missing: Missing = ({ archived_at: at }) => (at == null ? "it does not show that it is archived" : undefined);
    return (await this.#answer(endRequest(this.kind, id, false), id, missing)).object;
  }

  async delete(id: string): Promise<void> {
    const request = endRequest(this.kind, id, true);
    const { body, status, requestId } = await this.client.send(request);
    const { id: told = ownId(id) } = deletedSchema.parse(body);
    if (told !== ownId(id)) {
      throw new QoderReplyError(requestLabel(request), status, `it tells of "${told}"`, requestId);
    }
  }

  /** Live ones that nothing tells from this one, newest first, and so many at most. */
  async alike(object: Properties, most: number): Promise<Listed[]> {
    const identity = identityOf(this.kind, object);
    const found: Listed[] = [];
    for await (const listed of this.client.live(this.list)) {
      if (identityOf(this.kind, listed) === identity && found.push(this.placed(listed)) >= most) {
        break;
      }
    }
    return found;
  }

  /** The object that an entry of the list shows. */
  async listed(entry: Listed): Promise<BaseReply> {
    const label = requestLabel({ method: "GET", path: listPath(this.list) });
    const unusable = (reason: string) => new QoderError(`${label} shows ${entry.id}, but ${reason}`);
    const { value, problems } = this.#readable(entry, unusable);
    await this.#tell(label, problems, unusable);
    return this.placed(value);
  }

  /** With the id that a state has. */
  placed<Shown extends { readonly id: string }>(shown: Shown): Shown {
    return placed(shown, this.holder);
  }

  /** A success that tells of another object is none: nothing in it can be believed. Without an id, any new one is meant. */
  async #answer(
    request: ApiRequest,
    id: string | undefined,
    missing: Missing = () => undefined,
    another: Missing = () => undefined,
  ): Promise<Answer> {
    const reply = await this.client.send(request);
    const label = requestLabel(request);
    const unusable = (reason: string) => new QoderReplyError(label, reply.status, reason, reply.requestId);
    const { value, problems } = this.#readable(reply.body, unusable);
    const isMeant = id === undefined ? value.id.startsWith(this.kind.idPrefix) : value.id === ownId(id);
    const object = placed(value, this.kind.within === undefined ? undefined : request.path[1]);
    const wrong = isMeant ? missing(object) : `it tells of "${value.id}"`;
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

/** With the id that a state has: that of the object which it stands inside is a part of it. */
export function placed<Shown extends { readonly id: string }>(shown: Shown, holder: string | undefined): Shown {
  return holder === undefined ? shown : { ...shown, id: `${holder}/${shown.id}` };
}

const deletedSchema = z.looseObject({ id: z.string().optional() });
