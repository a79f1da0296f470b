import type { z } from "zod";
import { type Clock, systemClock } from "./clock";
import { QoderApiError, QoderError, QoderReplyError } from "./errors";
import {
  agentSchema,
  type Deployment,
  type DeploymentPage,
  deploymentPageSchema,
  deploymentSchema,
  type JsonObject,
  type ListedDeployment,
  shapeProblem,
} from "./schema";
import {
  type Account,
  type ApiReply,
  type ApiRequest,
  requestLabel,
  type Tell,
  type TimeLimit,
  Transport,
  unlimited,
} from "./transport";

type Query = Readonly<Record<string, string>>;

export interface CreatedDeployment {
  readonly deployment: Deployment;
  /** See `ApiReply`. */
  readonly date: Date | undefined;
  readonly roundTripMs: number;
}

/** "Rate limits": what the service advises between two pages of a list. */
const betweenPagesMs = 100;

/** The deployments API, one method per endpoint ("API reference: deployments"). */
export class QoderClient {
  private constructor(
    private readonly transport: Transport,
    private readonly limit: TimeLimit,
  ) {}

  static connect(account: Account, clock: Clock = systemClock): QoderClient {
    return new QoderClient(new Transport(account, clock), unlimited);
  }

  /** The same connection for one piece of work: all its calls together, with their retries and waits, end in this time. */
  within(milliseconds: number, tell?: Tell): QoderClient {
    return new QoderClient(this.transport, this.transport.timeLimit(milliseconds, tell));
  }

  /** Waits. False, and at once, when the piece of work would not be done in its time. */
  async pause(milliseconds: number): Promise<boolean> {
    return this.transport.pause(milliseconds, this.limit);
  }

  async createDeployment(body: JsonObject, idempotencyKey: string): Promise<CreatedDeployment> {
    const request = { method: "POST", path: ["deployments"], body, idempotencyKey, repeat: "only-if-refused" } as const;
    const reply = await this.transport.send(request, this.limit);
    const { date, roundTripMs } = reply;
    return { deployment: parsed(request, reply, deploymentSchema), date, roundTripMs };
  }

  async getDeployment(id: string): Promise<Deployment> {
    return this.#deployment({ method: "GET", path: ["deployments", id], repeat: "safe" });
  }

  /** Undefined when this account has none of this id; an archived one is found. */
  async findDeployment(id: string): Promise<Deployment | undefined> {
    try {
      return await this.getDeployment(id);
    } catch (error) {
      if (error instanceof QoderApiError && error.status === 404) {
        return undefined;
      }
      throw error;
    }
  }

  /** A merge patch through POST: members that are absent keep their value ("Update a deployment"). */
  async updateDeployment(id: string, patch: JsonObject): Promise<Deployment> {
    return this.#deployment({ method: "POST", path: ["deployments", id], body: patch, repeat: "safe" });
  }

  async pauseDeployment(id: string): Promise<Deployment> {
    return this.#deployment({ method: "POST", path: ["deployments", id, "pause"], repeat: "safe" });
  }

  async unpauseDeployment(id: string): Promise<Deployment> {
    return this.#deployment({ method: "POST", path: ["deployments", id, "unpause"], repeat: "safe" });
  }

  async archiveDeployment(id: string): Promise<Deployment> {
    return this.#deployment({ method: "POST", path: ["deployments", id, "archive"], repeat: "safe" });
  }

  /** All that match, newest first, page by page. */
  async *listDeployments(filter: { readonly agent_id?: string } = {}): AsyncGenerator<ListedDeployment> {
    let page: DeploymentPage | undefined = await this.#page(filter);
    while (page !== undefined) {
      yield* page.data;
      page = await this.#pageAfter(page, filter);
    }
  }

  async #pageAfter(page: DeploymentPage, filter: Query): Promise<DeploymentPage | undefined> {
    if (page.has_more !== true) {
      return undefined;
    }
    for (const cursor of cursorsOf(page)) {
      await this.pause(betweenPagesMs);
      const next = await this.#page({ ...filter, ...cursor });
      // A service that does not know the parameter begins at the first page again.
      if (next.data[0]?.id !== page.data[0]?.id) {
        return next;
      }
    }
    throw new QoderError(
      "GET /deployments says that there are more, but not where they begin; the list cannot be read to its end",
    );
  }

  async #page(query: Query): Promise<DeploymentPage> {
    const request = {
      method: "GET",
      path: ["deployments"],
      query: { limit: "100", ...query },
      repeat: "safe",
    } as const;
    return parsed(request, await this.transport.send(request, this.limit), deploymentPageSchema);
  }

  /** Throws a `QoderApiError` with status 404 when this account has no such agent. */
  async getAgent(id: string): Promise<{ readonly id: string }> {
    const request = { method: "GET", path: ["agents", id], repeat: "safe" } as const;
    return parsed(request, await this.transport.send(request, this.limit), agentSchema);
  }

  async close(): Promise<void> {
    await this.transport.close();
  }

  async #deployment(request: ApiRequest): Promise<Deployment> {
    return parsed(request, await this.transport.send(request, this.limit), deploymentSchema);
  }
}

// The older pages document `after_id` alone, the newer ones both. They exclude each other, and either may be absent
// ("Conventions: pagination").
function cursorsOf({ last_id: last, next_page: next }: DeploymentPage): Query[] {
  return [...(last == null ? [] : [{ after_id: last }]), ...(next == null ? [] : [{ page: next }])];
}

function parsed<Schema extends z.ZodType>(request: ApiRequest, reply: ApiReply, schema: Schema): z.infer<Schema> {
  const result = schema.safeParse(reply.body);
  if (result.success) {
    return result.data;
  }
  throw new QoderReplyError(requestLabel(request), reply.status, shapeProblem(result.error), reply.requestId);
}
