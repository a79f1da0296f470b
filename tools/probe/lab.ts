import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { QoderClient } from "../../provider/api/client";
import { QoderApiError, QoderConnectionError } from "../../provider/api/errors";
import { Once } from "../../provider/api/once";
import type { Form } from "../../provider/api/request";
import { idSchema, type JsonObject } from "../../provider/api/schema";

/** The connection to a service. */
interface LabClient {
  now(): number;
  /** The client for all requests about one object. */
  forObject(): Pick<QoderClient, "send" | "pause">;
}

/** The error for a question without an answer, with the reason. */
export class Untried extends Error {}

type Members = Readonly<Record<string, unknown>>;

/** An answer of the service, also a refusal. */
export interface Reply {
  readonly status: number;
  /** `error.type` of a refusal. */
  readonly type: string | undefined;
  readonly body: Members;
  readonly date: Date | undefined;
}

/** An object that the probe created. */
export interface Made {
  readonly id: string;
  readonly path: readonly string[];
  readonly sent: JsonObject;
  readonly key: string;
  readonly madeAt: number;
  /** The answer to the create. */
  readonly answer: Reply;
  /** The reply to the first GET that shows the object. */
  readonly shown: Members;
  /** The number of earlier GETs that were answered with 404. */
  readonly unseen: number;
}

interface Sent {
  readonly body?: JsonObject | undefined;
  readonly form?: Form;
  readonly query?: Readonly<Record<string, string>>;
  readonly key?: string | undefined;
}

const named = z.looseObject({
  id: idSchema,
  name: z.string().optional().catch(undefined),
  display_name: z.string().optional().catch(undefined),
  display_title: z.string().optional().catch(undefined),
  filename: z.string().optional().catch(undefined),
});
const membersSchema = z.record(z.string(), z.unknown());

/** "Errors": for a short time the service may answer the GET of a new object with 404. */
const mostLooks = 20;
const betweenLooksMs = 1_000;

/** The account of the probe, and the objects that the probe created in it. */
export class Lab {
  /** The beginning of all names of this probe, by which it finds its objects even if an answer was lost. */
  readonly name = `qoder-probe-${randomUUID().slice(0, 8)}`;
  readonly startedAt: number;
  /** The paths of all objects that were certainly created. */
  readonly made = new Set<string>();
  readonly #shared = new Once<Made>();
  #isStopped = false;

  constructor(private readonly client: LabClient) {
    this.startedAt = client.now();
  }

  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** Makes all further requests of rows fail. */
  stop(): void {
    this.#isStopped = true;
  }

  now(): number {
    return this.client.now();
  }

  async wait(milliseconds: number): Promise<void> {
    await this.client.forObject().pause(milliseconds);
  }

  /** True if this is the object with the id, and this probe made it: nobody else knows the name. */
  hasMade(object: unknown, wantedId: string): boolean {
    const { id, name, display_name, display_title, filename } = named.safeParse(object).data ?? {};
    const called = name ?? display_name ?? display_title ?? filename;
    return id === wantedId && called?.startsWith(this.name) === true;
  }

  async get(path: readonly string[], query: Readonly<Record<string, string>> = {}): Promise<Reply> {
    return this.#send("GET", path, { query });
  }

  async post(path: readonly string[], body?: JsonObject, key?: string): Promise<Reply> {
    return this.#noted(path, await this.#send("POST", path, { body, key }));
  }

  /** A create or an update with files. */
  async upload(path: readonly string[], form: Form, key?: string): Promise<Reply> {
    return this.#noted(path, await this.#send("POST", path, { form, key }));
  }

  #noted(path: readonly string[], reply: Reply): Reply {
    const [collection = ""] = path;
    const id = path.length === 1 ? idOf(reply) : undefined;
    if (id !== undefined) {
      this.made.add(`${collection}/${id}`);
    }
    return reply;
  }

  /** An object that several rows share; the first of them creates it. */
  once(
    name: string,
    path: readonly string[],
    body: () => Promise<JsonObject>,
    after: (made: Made) => Promise<unknown> = async () => {},
  ): Promise<Made> {
    return this.#shared.of(name, async () => {
      const made = await this.make(path, await body());
      await after(made);
      return made;
    });
  }

  async make(path: readonly string[], sent: JsonObject): Promise<Made> {
    const key = randomUUID();
    const madeAt = this.now();
    const answer = await this.#created(path, sent, key);
    const id = idOf(answer);
    if (id === undefined) {
      throw new Untried(`the service answered ${statusText(answer)} to the create of ${path.at(-1)}`);
    }
    const own = [...path, id];
    for (let unseen = 0; unseen < mostLooks; unseen += 1) {
      const { status, body } = await this.get(own);
      if (status < 300) {
        // An object inside another one has no name; the other one is of this probe.
        if (path.length === 1 && !this.hasMade(body, id)) {
          throw new Untried(`the service answered the create of ${path[0]} with an object that the probe has not made`);
        }
        return { id, path: own, sent, key, madeAt, answer, shown: body, unseen };
      }
      await this.wait(betweenLooksMs);
    }
    throw new Untried(`the service showed no new object of ${path.at(-1)} within ${mostLooks} seconds`);
  }

  /**
   * Sends a create, and repeats it if its answer is lost. If the service ignores keys, that creates two objects, which
   * `putAway` finds by their name.
   */
  async #created(path: readonly string[], sent: JsonObject, key: string): Promise<Reply> {
    try {
      return await this.post(path, sent, key);
    } catch (error) {
      if (error instanceof QoderConnectionError) {
        return this.post(path, sent, key);
      }
      throw error;
    }
  }

  async #send(method: "GET" | "POST", path: readonly string[], { body, form, query = {}, key }: Sent): Promise<Reply> {
    if (this.#isStopped) {
      throw new Untried("the probe was interrupted");
    }
    try {
      const reply = await this.client.forObject().send({
        ...{ method, path, query, repeat: method === "GET" ? "safe" : "only-if-refused" },
        ...(body === undefined ? {} : { body }),
        ...(form === undefined ? {} : { form }),
        ...(key === undefined ? {} : { idempotencyKey: key }),
      });
      const members = membersSchema.safeParse(reply.body);
      return { status: reply.status, type: undefined, body: members.data ?? {}, date: reply.date };
    } catch (error) {
      // A refusal is an answer. An error that does not answer the question ends the row or the probe.
      if (!(error instanceof QoderApiError) || error.status === 401 || error.status === 429 || error.status >= 500) {
        throw error;
      }
      return { status: error.status, type: error.type, body: {}, date: error.date };
    }
  }
}

const identified = z.looseObject({ id: idSchema });

export function idOf({ status, body }: Reply): string | undefined {
  return status < 300 ? identified.safeParse(body).data?.id : undefined;
}

/** The entries of a list; none if the answer is no list. */
export function entriesIn({ body }: Pick<Reply, "body">): readonly unknown[] {
  return Array.isArray(body["data"]) ? body["data"] : [];
}

/** Status and type of a refusal, such as `409 conflict_error`. Its message is left out because it may contain ids. */
export function statusText({ status, type }: Pick<Reply, "status" | "type">): string {
  return type === undefined ? `${status}` : `${status} ${type.replace(/\W/g, "")}`;
}

/** The name of the answer to whether the service takes a request, with the status of a refusal. */
export function takenOr<Taken extends string, Refused extends string>(
  reply: Reply,
  taken: Taken,
  refused: Refused,
): Taken | readonly [Refused, string] {
  return reply.status < 300 ? taken : [refused, statusText(reply)];
}

/** The value at this place of a reply; undefined if there is none. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((inner, name) => {
    if (Array.isArray(inner)) {
      return inner[Number(name)];
    }
    return membersSchema.safeParse(inner).data?.[name];
  }, value);
}
