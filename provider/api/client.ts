import { z } from "zod";
import { type Clock, systemClock } from "./clock";
import { type TimeLimit, unlimited } from "./connection";
import { QoderReplyError } from "./errors";
import { type Collection, listPath, type Query, type Reading, readList } from "./object-list";
import { type Remark, warning } from "./remark";
import { type Listed, pageSchema, readableMembers } from "./schema";
import { type Account, type ApiReply, type ApiRequest, requestLabel, Transport } from "./transport";

/** A piece of work with a time limit for all its calls together, including retries and waits. */
export interface Work extends Omit<TimeLimit, "wholeMs" | "deadline"> {
  readonly milliseconds: number;
}

const entryId = z.looseObject({ id: z.string() });

/** A client of the API for one account and one piece of work. */
export class QoderClient {
  private constructor(
    private readonly transport: Transport,
    private readonly clock: Clock,
    private readonly limitNow: () => TimeLimit,
    readonly account: Account,
  ) {}

  static connect(account: Account, clock: Clock = systemClock): QoderClient {
    return new QoderClient(new Transport(account, clock), clock, () => unlimited, account);
  }

  /** A client with the same connection for another piece of work. */
  within(work: Work): QoderClient {
    return this.until(this.transport.timeLimit(work));
  }

  /** As `within`, for a piece of work whose time has begun. */
  until(limit: TimeLimit): QoderClient {
    return new QoderClient(this.transport, this.clock, () => limit, this.account);
  }

  /** The same piece of work with this time from now on, if its limit is a default. */
  extended(milliseconds: number): QoderClient {
    const { wholeMs: _, deadline: __, ...more } = this.limitNow();
    if (more.mayTakeMore !== true) {
      return this;
    }
    return this.within({ milliseconds, ...more });
  }

  /** The same piece of work with at least this time from now on, if its limit is a default. */
  atLeast(milliseconds: number): QoderClient {
    return this.limitNow().deadline - this.clock.now() >= milliseconds ? this : this.extended(milliseconds);
  }

  /** The same piece of work, of which each request takes at most this time. */
  briefly(requestMs: number): QoderClient {
    return new QoderClient(this.transport, this.clock, () => ({ ...this.limitNow(), requestMs }), this.account);
  }

  /** A client for a list of unknown length, with the time limit for each page. */
  eachWithin(work: Work): QoderClient {
    return new QoderClient(this.transport, this.clock, () => this.transport.timeLimit(work), this.account);
  }

  get cancelled(): Promise<void> | undefined {
    return this.limitNow().cancelled;
  }

  /** The texts that no message may repeat. */
  get secrets(): Iterable<string> {
    return this.limitNow().secrets ?? [];
  }

  async remark(remark: Remark): Promise<void> {
    await this.limitNow().tell?.(remark);
  }

  /** Milliseconds since the epoch, by the clock of this machine. */
  now(): number {
    return this.clock.now();
  }

  abortAfter(milliseconds: number): AbortSignal | null {
    return this.clock.abortAfter(milliseconds);
  }

  /** See `Transport`. What the service created or changed is compared with this clock only. */
  serviceNow(): number | undefined {
    return this.transport.serviceNow();
  }

  /** Waits. Returns false at once if the wait would exceed the time limit of the work. */
  async pause(milliseconds: number): Promise<boolean> {
    return this.transport.pause(milliseconds, this.limitNow());
  }

  async send(request: ApiRequest): Promise<ApiReply> {
    return this.transport.send(request, this.limitNow());
  }

  /** The answer to the request, in the shape that the API promises. */
  async read<Schema extends z.ZodType>(request: ApiRequest, schema: Schema): Promise<z.output<Schema>> {
    const reply = await this.send(request);
    return this.parsed(schema, reply.body, request, reply);
  }

  /**
   * What the reply shows, or without a `reply` what an entry of a list shows. A wrong member that decides is an error; every other one counts as empty, and the command
   * says so once for all objects of the kind. Where nobody would hear that, it is an error too.
   */
  async parsed<Schema extends z.ZodType>(
    schema: Schema,
    body: unknown,
    request: Pick<ApiRequest, "method" | "path">,
    reply?: Pick<ApiReply, "status" | "requestId">,
  ): Promise<z.output<Schema>> {
    const label = requestLabel(request);
    const read = readableMembers(schema, body);
    const isHeard = this.limitNow().tell !== undefined;
    const [problem] = "problem" in read ? [read.problem] : isHeard ? [] : read.unreadable.values();
    if ("problem" in read || problem !== undefined) {
      const { status, requestId } = reply ?? { status: 200, requestId: undefined };
      const whose = reply === undefined ? `${entryId.safeParse(body).data?.id}: ` : "";
      throw new QoderReplyError(label, status, `${whose}${problem}`, requestId);
    }
    for (const [member, text] of read.unreadable) {
      // Every second part of a path is an id.
      const place = request.path.filter((_, index) => index % 2 === 0).join("/");
      if (this.transport.isFirst(`${place} ${String(member)}`)) {
        await this.remark(warning(`in the response to ${label}, ${text}; the value counts as empty`));
      }
    }
    return read.value;
  }

  /** All objects of the list, see `readList`. */
  list(kind: Collection, filter: Query = {}, reading?: Reading): AsyncGenerator<Listed> {
    const readPage = async (size: number, cursor: Query) => {
      const query = { limit: String(size), ...filter, ...cursor };
      return this.read({ method: "GET", path: listPath(kind), query, repeat: "safe" }, pageSchema);
    };
    return readList(kind, readPage, (milliseconds) => this.pause(milliseconds), filter, reading);
  }

  async *live(kind: Collection, filter?: Query, reading?: Reading): AsyncGenerator<Listed> {
    for await (const listed of this.list(kind, filter, reading)) {
      if (listed.archived_at == null) {
        yield listed;
      }
    }
  }

  async close(): Promise<void> {
    await this.transport.close();
  }
}
