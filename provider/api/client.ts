import type { z } from "zod";
import { DeploymentList, type Query } from "./deployment-list";
import { QoderApiError, QoderReplyError } from "./errors";
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
  type TimeLimit,
  Transport,
  timeLimit,
} from "./transport";

export interface CreatedDeployment {
  readonly deployment: Deployment;
  /** See `ApiReply`. */
  readonly date: Date | undefined;
  readonly roundTripMs: number;
}

/** The deployments API, one method per endpoint ("API reference: deployments"). */
export class QoderClient {
  private constructor(
    private readonly transport: Transport,
    private readonly limit: TimeLimit,
  ) {}

  static connect(account: Account): QoderClient {
    return new QoderClient(new Transport(account), timeLimit(Number.POSITIVE_INFINITY));
  }

  /** The same connection for one piece of work: all its calls together, with their retries and waits, end in this time. */
  within(milliseconds: number): QoderClient {
    return new QoderClient(this.transport, timeLimit(milliseconds));
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

  /** All that match, newest first, each once; see `DeploymentList` for a list that cannot be read whole. */
  listDeployments(filter: { readonly agent_id?: string } = {}): AsyncGenerator<ListedDeployment> {
    return new DeploymentList((size, cursor) => this.#page({ limit: String(size), ...filter, ...cursor })).read();
  }

  async #page(query: Query): Promise<DeploymentPage> {
    const request = { method: "GET", path: ["deployments"], query, repeat: "safe" } as const;
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

function parsed<Schema extends z.ZodType>(request: ApiRequest, reply: ApiReply, schema: Schema): z.infer<Schema> {
  const result = schema.safeParse(reply.body);
  if (result.success) {
    return result.data;
  }
  throw new QoderReplyError(requestLabel(request), reply.status, shapeProblem(result.error), reply.requestId);
}
