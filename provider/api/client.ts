import { type Clock, systemClock } from "./clock";
import { QoderReplyError } from "./errors";
import { type ListedKind, listPath, ObjectList, type Query } from "./object-list";
import type { Remark, Tell } from "./remark";
import { type Listed, pageSchema, shapeProblem } from "./schema";
import { type TimeLimit, unlimited } from "./time-limit";
import { type Account, type ApiReply, type ApiRequest, requestLabel, Transport } from "./transport";

/** A piece of work: all its calls together, with their retries and waits, end in its time. */
export interface Work {
  readonly milliseconds: number;
  /** How long one try of a request may take with its whole answer. Left out: as long as the work. */
  readonly requestMs?: number;
  /** A person waits: a request that fails is tried as rarely as one without a limit. Left out: as long as the work allows. */
  readonly hasFewTries?: boolean;
  /** Nobody chose its time: what follows in it may take more. */
  readonly mayTakeMore?: boolean;
  /** Undefined: nobody hears, so what cannot be read makes a whole reply an error. */
  readonly tell?: Tell;
  /** What is not to be repeated of what the service says; the tokens that the work is sent with come to it. */
  readonly secrets?: Set<string>;
}

/** The API as one account, for one piece of work. */
export class QoderClient {
  private constructor(
    private readonly transport: Transport,
    private readonly clock: Clock,
    private readonly limitNow: () => TimeLimit,
    /** The workspace that every request names; undefined: the token's default. */
    readonly workspaceId: string | undefined,
  ) {}

  static connect(account: Account, clock: Clock = systemClock): QoderClient {
    return new QoderClient(new Transport(account, clock), clock, () => unlimited, account.workspaceId);
  }

  /** The same connection for another piece of work. */
  within(work: Work): QoderClient {
    const limit = this.transport.timeLimit(work);
    return new QoderClient(this.transport, this.clock, () => limit, this.workspaceId);
  }

  /** The same piece of work with so much time from now on, if nobody chose its time. */
  extended(milliseconds: number): QoderClient {
    const { wholeMs: _, deadline: __, ...more } = this.limitNow();
    if (more.mayTakeMore !== true) {
      return this;
    }
    const limit = this.transport.timeLimit({ milliseconds, ...more });
    return new QoderClient(this.transport, this.clock, () => limit, this.workspaceId);
  }

  /** The same connection for a list whose length nobody knows: each page is a piece of work. */
  eachWithin(work: Work): QoderClient {
    return new QoderClient(this.transport, this.clock, () => this.transport.timeLimit(work), this.workspaceId);
  }

  get isHeard(): boolean {
    return this.limitNow().tell !== undefined;
  }

  /** Tells the person who runs the command. */
  async remark(remark: Remark): Promise<void> {
    await this.limitNow().tell?.(remark);
  }

  /** Milliseconds since the epoch, by the clock of this machine. */
  now(): number {
    return this.clock.now();
  }

  /** Waits. False, and at once, when the piece of work would not be done in its time. */
  async pause(milliseconds: number): Promise<boolean> {
    return this.transport.pause(milliseconds, this.limitNow());
  }

  async send(request: ApiRequest): Promise<ApiReply> {
    return this.transport.send(request, this.limitNow());
  }

  /**
   * All that match, newest first, each once; see `ObjectList` for a list that cannot be read whole. Who wants a few of them
   * says so with `pageSize`, and stops.
   */
  list(kind: ListedKind, filter: Query = {}, pageSize: number = Number.POSITIVE_INFINITY): AsyncGenerator<Listed> {
    return new ObjectList(
      kind,
      async (size, cursor) => {
        const query = { limit: String(Math.min(size, pageSize)), ...filter, ...cursor };
        const request = { method: "GET", path: listPath(kind), query, repeat: "safe" } as const;
        const reply = await this.send(request);
        const page = pageSchema.safeParse(reply.body);
        if (!page.success) {
          throw new QoderReplyError(requestLabel(request), reply.status, shapeProblem(page.error), reply.requestId);
        }
        return page.data;
      },
      (milliseconds) => this.pause(milliseconds),
    ).read();
  }

  /** The same without those that are archived. */
  async *live(kind: ListedKind, filter?: Query, pageSize?: number): AsyncGenerator<Listed> {
    for await (const listed of this.list(kind, filter, pageSize)) {
      if (listed.archived_at == null) {
        yield listed;
      }
    }
  }

  async close(): Promise<void> {
    await this.transport.close();
  }
}
