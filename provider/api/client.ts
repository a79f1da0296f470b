import { type Clock, systemClock } from "./clock";
import { QoderReplyError } from "./errors";
import { type ListedKind, listPath, ObjectList, type Query } from "./object-list";
import type { Remark, Tell } from "./remark";
import { type Listed, pageSchema, shapeProblem } from "./schema";
import {
  type Account,
  type ApiReply,
  type ApiRequest,
  requestLabel,
  type TimeLimit,
  Transport,
  unlimited,
} from "./transport";

/** A piece of work: all its calls together, with their retries and waits, end in its time. */
export interface Work {
  readonly milliseconds: number;
  /** Undefined: nobody hears, so what cannot be read makes a whole reply an error. */
  readonly tell?: Tell;
  /** What is not to be repeated of what the service says, besides the token. */
  readonly secrets?: Iterable<string>;
}

/** The API as one account, for one piece of work. */
export class QoderClient {
  private constructor(
    private readonly transport: Transport,
    private readonly clock: Clock,
    private readonly limit: TimeLimit,
    /** The workspace that every request names; undefined: the token's default. */
    readonly workspaceId: string | undefined,
  ) {}

  static connect(account: Account, clock: Clock = systemClock): QoderClient {
    return new QoderClient(new Transport(account, clock), clock, unlimited, account.workspaceId);
  }

  /** The same connection for another piece of work. */
  within(work: Work): QoderClient {
    return new QoderClient(this.transport, this.clock, this.transport.timeLimit(work), this.workspaceId);
  }

  get isHeard(): boolean {
    return this.limit.tell !== undefined;
  }

  /** Tells the person who runs the command. */
  async remark(remark: Remark): Promise<void> {
    await this.limit.tell?.(remark);
  }

  /** Milliseconds since the epoch, by the clock of this machine. */
  now(): number {
    return this.clock.now();
  }

  /** Waits. False, and at once, when the piece of work would not be done in its time. */
  async pause(milliseconds: number): Promise<boolean> {
    return this.transport.pause(milliseconds, this.limit);
  }

  async send(request: ApiRequest): Promise<ApiReply> {
    return this.transport.send(request, this.limit);
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

  async close(): Promise<void> {
    await this.transport.close();
  }
}
