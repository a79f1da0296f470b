import type { z } from "zod";
import { type Clock, systemClock } from "./clock";
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
  told,
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

/** A deployment, and when the service answered so. */
export interface DeploymentAnswer {
  readonly deployment: Deployment;
  /** See `ApiReply`. */
  readonly date: Date | undefined;
  readonly roundTripMs: number;
}

/** The deployments API, one method per endpoint ("API reference: deployments"). */
export class QoderClient {
  private constructor(
    private readonly transport: Transport,
    private readonly clock: Clock,
    private readonly limit: TimeLimit,
    /** Undefined: nobody hears of a member that cannot be read, so it makes the whole reply an error. */
    private readonly tell: Tell | undefined,
    /** The workspace that every request names; undefined: the token's default. */
    readonly workspaceId: string | undefined,
  ) {}

  static connect(account: Account, clock: Clock = systemClock): QoderClient {
    return new QoderClient(new Transport(account, clock), clock, unlimited, undefined, account.workspaceId);
  }

  /** The same connection for one piece of work: all its calls together, with their retries and waits, end in this time. */
  within(milliseconds: number, tell: Tell | undefined = this.tell): QoderClient {
    const limit = this.transport.timeLimit(milliseconds, tell);
    return new QoderClient(this.transport, this.clock, limit, tell, this.workspaceId);
  }

  /** Milliseconds since the epoch, by the clock of this machine. */
  now(): number {
    return this.clock.now();
  }

  /** Tells the person who runs the command. */
  async remark(text: string): Promise<void> {
    await this.tell?.(text);
  }

  /** Waits. False, and at once, when the piece of work would not be done in its time. */
  async pause(milliseconds: number): Promise<boolean> {
    return this.transport.pause(milliseconds, this.limit);
  }

  async createDeployment(body: JsonObject, idempotencyKey: string): Promise<DeploymentAnswer> {
    const request = { method: "POST", path: ["deployments"], body, idempotencyKey, repeat: "only-if-refused" } as const;
    return this.#answer(request, (id) => id.startsWith("dep_"));
  }

  async getDeployment(id: string): Promise<Deployment> {
    return (await this.askDeployment(id)).deployment;
  }

  async askDeployment(id: string): Promise<DeploymentAnswer> {
    return this.#answer({ method: "GET", path: ["deployments", id], repeat: "safe" }, (told) => told === id);
  }

  /** Undefined when the service itself says that this account has none of this id; an archived one is found. */
  async findDeployment(id: string): Promise<Deployment | undefined> {
    try {
      return await this.getDeployment(id);
    } catch (error) {
      if (error instanceof QoderApiError && error.isNotFound) {
        return undefined;
      }
      throw error;
    }
  }

  /** A merge patch through POST: members that are absent keep their value ("Update a deployment"). */
  async updateDeployment(id: string, patch: JsonObject): Promise<Deployment> {
    return this.#write(id, { method: "POST", path: ["deployments", id], body: patch, repeat: "safe" });
  }

  async pauseDeployment(id: string): Promise<Deployment> {
    return this.#write(id, { method: "POST", path: ["deployments", id, "pause"], repeat: "safe" }, isPaused);
  }

  async unpauseDeployment(id: string): Promise<Deployment> {
    return this.#write(id, { method: "POST", path: ["deployments", id, "unpause"], repeat: "safe" }, isActive);
  }

  async archiveDeployment(id: string): Promise<Deployment> {
    return this.#write(id, { method: "POST", path: ["deployments", id, "archive"], repeat: "safe" }, isArchived);
  }

  /** All that match, newest first, each once; see `DeploymentList` for a list that cannot be read whole. */
  listDeployments(filter: { readonly agent_id?: string } = {}): AsyncGenerator<ListedDeployment> {
    return new DeploymentList(
      (size, cursor) => this.#page({ limit: String(size), ...filter, ...cursor }),
      (milliseconds) => this.pause(milliseconds),
    ).read();
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

  /** A success that does not show its effect is none. */
  async #write(id: string, request: ApiRequest, shows: Effect = anyEffect): Promise<Deployment> {
    return (await this.#answer(request, (told) => told === id, shows)).deployment;
  }

  /** A success that tells of another object is none: nothing in it can be believed. */
  async #answer(
    request: ApiRequest,
    isMeant: (id: string) => boolean,
    shows: Effect = anyEffect,
  ): Promise<DeploymentAnswer> {
    const reply = await this.transport.send(request, this.limit);
    const label = requestLabel(request);
    const unusable = (reason: string) => new QoderReplyError(label, reply.status, reason, reply.requestId);
    const read = told(deploymentSchema, reply.body);
    if (!("value" in read)) {
      throw unusable(read.problem);
    }
    const { value: deployment, problems } = read;
    if (!isMeant(deployment.id)) {
      throw unusable(`it tells of "${deployment.id}"`);
    }
    const missing = shows(deployment);
    if (missing !== undefined) {
      throw unusable(missing);
    }
    for (const problem of problems) {
      if (this.tell === undefined) {
        throw unusable(problem);
      }
      await this.tell(`warning: in the answer to ${label}, ${problem}; it counts as not told`);
    }
    return { deployment, date: reply.date, roundTripMs: reply.roundTripMs };
  }
}

/** Undefined when the reply shows what was asked for, else what it shows instead. */
type Effect = (deployment: Deployment) => string | undefined;
const anyEffect: Effect = () => undefined;
const isArchived: Effect = ({ archived_at: at }) => (at == null ? "it does not show that it is archived" : undefined);
const isPaused: Effect = ({ status }) => showsStatus(status, "paused");
const isActive: Effect = ({ status }) => showsStatus(status, "active");

function showsStatus(status: string | undefined, wanted: string): string | undefined {
  return status === wanted ? undefined : `it shows the status ${JSON.stringify(status ?? null)} instead of ${wanted}`;
}

function parsed<Schema extends z.ZodType>(request: ApiRequest, reply: ApiReply, schema: Schema): z.infer<Schema> {
  const result = schema.safeParse(reply.body);
  if (result.success) {
    return result.data;
  }
  throw new QoderReplyError(requestLabel(request), reply.status, shapeProblem(result.error), reply.requestId);
}
