import { randomUUID } from "node:crypto";
import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { type Collections, type MoreRoutes, registerRoutes } from "./collections";
import { ApiError, errorEnvelope, invalid, notFound, unauthorized } from "./errors";
import {
  type Exchange,
  jsonOf,
  ownerOf,
  type RecordedRequest,
  readBody,
  refuseDeepBody,
  type Upload,
} from "./exchange";
import {
  type After,
  afterRealTime,
  CrossedAnswers,
  deliverBroken,
  type Fault,
  type FaultReply,
  Faults,
  replacedReply,
  statusReply,
  Timers,
} from "./faults";
import { CONTENT_PATH } from "./files";
import type { Owner } from "./managed-objects";
import { readMultipart } from "./multipart";
import { sortedJson } from "./parse";
import type { Service } from "./service";
import { EXCHANGE_PATH, type ServiceAccounts } from "./service-accounts";
import type { Switches } from "./switches";

const BASE_PATH = "/api/v1/cloud";

interface ServerOptions {
  readonly moreRoutes?: readonly MoreRoutes[];
  readonly after?: After;
  readonly onAnswered?: (record: RecordedRequest, tookMs: number) => void;
}

/** Far above the limit of the API, so that longer bodies get the error of the API. */
const TRANSPORT_BODY_LIMIT = 64 * 1024 * 1024;
const MAX_ID_LENGTH = 1000;

export class Server {
  readonly requests: RecordedRequest[] = [];
  readonly faults = new Faults();
  readonly #tokens: Map<string, string>;
  readonly #serviceAccounts: ServiceAccounts;
  readonly #limit: RateLimit;
  readonly #timers: Timers;
  readonly #crossed = new CrossedAnswers();
  readonly #onAnswered: ServerOptions["onAnswered"];
  readonly #app: FastifyInstance;

  /** `tokens`: the account names by bearer tokens. */
  constructor(
    private readonly service: Service,
    tokens: Record<string, string>,
    collections: Collections,
    options: ServerOptions,
  ) {
    this.#timers = new Timers(options.after ?? afterRealTime);
    this.#onAnswered = options.onAnswered;
    this.#tokens = new Map(Object.entries(tokens));
    this.#serviceAccounts = collections.serviceAccounts;
    this.#limit = new RateLimit(service);
    this.#app = Fastify({
      bodyLimit: TRANSPORT_BODY_LIMIT,
      exposeHeadRoutes: false,
      forceCloseConnections: true,
      routerOptions: { maxParamLength: MAX_ID_LENGTH },
      // The router answers a path that cannot be decoded before any hook runs.
      frameworkErrors: (_error, request, reply) => {
        const { owner, record } = this.#arrive(request, reply);
        reply.header("date", this.service.clock().toUTCString());
        this.#fail(owner === undefined ? unauthorized() : notFound("Not found."), request, reply);
        record.status = reply.statusCode;
      },
    });
    this.#app.removeAllContentTypeParsers();
    this.#app.addContentTypeParser("*", { parseAs: "string" }, (_request, body, done) => done(null, body));
    this.#app.addContentTypeParser(
      "multipart/form-data",
      { parseAs: "buffer" },
      async (request: FastifyRequest, bytes: Buffer) => ({
        bytes,
        form: await readMultipart(bytes, request.headers["content-type"] ?? ""),
      }),
    );
    this.#app.setReplySerializer(sortedJson);
    this.#app.addHook("onRequest", (request, reply, done) => {
      this.#arrive(request, reply);
      done();
    });
    this.#app.addHook<{ Body: string | Upload | undefined }>("preValidation", (request, reply, done) =>
      this.#admit(request, reply, done),
    );
    this.#app.addHook("onSend", (request, reply, payload, done) => this.#deliver(request, reply, payload, done));
    this.#app.setErrorHandler((error: FastifyError, request, reply) => this.#fail(error, request, reply));
    this.#app.setNotFoundHandler((request, reply) => this.#fail(notFound("Not found."), request, reply));
    this.#app.register(async (routes) => registerRoutes(routes, service, collections, options.moreRoutes ?? []), {
      prefix: BASE_PATH,
    });
    this.#app.post(EXCHANGE_PATH, (request) => {
      const { token } = request.exchange.record;
      return this.#serviceAccounts.exchange(token, jsonOf(request));
    });
    this.#app.get(`${CONTENT_PATH}:link`, (request, reply) => {
      const link = request.exchange.record.path.slice(CONTENT_PATH.length);
      const { content, fields } = collections.fileLinks.open(link, request.headers.authorization);
      return reply.type(fields.mime_type).send(content);
    });
  }

  async listen(port: number): Promise<string> {
    const origin = await this.#app.listen({ port, host: "127.0.0.1" });
    return `${origin}${BASE_PATH}`;
  }

  async close(): Promise<void> {
    this.#timers.stop();
    await this.#app.close();
  }

  #arrive(request: FastifyRequest, reply: FastifyReply): Exchange {
    const at = this.service.clock();
    const [path = "", search = ""] = request.url.split(/\?(.*)/s);
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    const token = /^Bearer\s+(\S+)$/i.exec(headers["authorization"] ?? "")?.[1];
    const record: RecordedRequest = {
      method: request.method,
      path: path.startsWith(BASE_PATH) ? path.slice(BASE_PATH.length) : path,
      query: Object.fromEntries(new URLSearchParams(search)),
      body: undefined,
      size: 0,
      token,
      headers,
      at,
      status: undefined,
    };
    this.requests.push(record);
    const arrivedAt = performance.now();
    reply.raw.once("close", () => this.#onAnswered?.(record, performance.now() - arrivedAt));
    // "Conventions: errors": the client's x-request-id becomes the request id.
    const requestId = headers["x-request-id"] || randomUUID();
    const owner = this.#ownerOf(token, headers["qoder-workspace-id"] ?? "");
    const fault = this.faults.take(record.method, record.path);
    request.exchange = { record, requestId, body: { kind: "none" }, owner, fault };
    reply.header("x-request-id", requestId);
    return request.exchange;
  }

  #ownerOf(token: string | undefined, workspace: string): Owner | undefined {
    const account = this.#tokens.get(token ?? "") ?? this.#serviceAccounts.accountOf(token ?? "");
    return account === undefined ? undefined : { account, workspace };
  }

  /** Runs after the body was read: applies faults first, and then checks the token. */
  #admit(
    request: FastifyRequest<{ Body: string | Upload | undefined }>,
    reply: FastifyReply,
    done: (error?: Error) => void,
  ): void {
    const { exchange } = request;
    const { body, recorded, size } = readBody(request.body);
    exchange.body = body;
    Object.assign(exchange.record, { body: recorded, size });
    switch (exchange.fault?.kind) {
      case "reset-before":
        request.raw.socket.resetAndDestroy();
        return;
      case "status":
        this.#answer(reply, statusReply(exchange.fault, exchange.requestId, this.service.switches.generation));
        return;
      case "delay":
        this.#timers.after(exchange.fault.delayMs ?? 0, () => this.#authenticate(request, done));
        return;
      default:
        this.#authenticate(request, done);
    }
  }

  #authenticate(request: FastifyRequest, done: (error?: Error) => void): void {
    try {
      const isOpen = [EXCHANGE_PATH, CONTENT_PATH].some((path) => request.url.startsWith(path));
      if (!isOpen) this.#admitToken(request);
      refuseDeepBody(request);
      done();
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #admitToken(request: FastifyRequest): void {
    ownerOf(request);
    this.#limit.pass(request.method);
    this.#serviceAccounts.refuseForeignScope(request.exchange.record.token ?? "");
  }

  #deliver(
    request: FastifyRequest,
    reply: FastifyReply,
    payload: unknown,
    done: (error: null, payload: unknown) => void,
  ): void {
    const { fault, record } = request.exchange;
    const real = fault?.kind === "status" ? payload : this.#rendered(record, reply, payload);
    // Clients compare the date with `created_at`, so it follows the same clock. A repeated answer has the present date.
    if (!reply.hasHeader("date")) {
      const { clock, switches } = this.service;
      reply.header("date", new Date(clock().getTime() + switches.dateAheadMs).toUTCString());
    }
    const answer = (text: unknown) => {
      record.status = reply.statusCode;
      done(null, text);
    };
    if (fault === undefined || !(typeof real === "string" || Buffer.isBuffer(real))) {
      answer(real);
      return;
    }
    if (fault.kind === "crossed-answers") {
      this.#crossed.cross(fault, { answer: real, send: answer });
      return;
    }
    const replacement = this.#replacement(fault, reply, String(real), request.exchange.requestId);
    if (replacement !== undefined) {
      reply.code(replacement.status).headers(replacement.headers);
      answer(replacement.text);
      return;
    }
    const whole = { status: reply.statusCode, headers: stringHeaders(reply), body: Buffer.from(real) };
    const delivered = () => {
      record.status = whole.status;
    };
    if (!deliverBroken(fault, reply.raw, whole, this.#timers, delivered)) answer(real);
  }

  /** The JSON of an answer in one of its free forms. */
  #rendered({ method, path }: RecordedRequest, reply: FastifyReply, payload: unknown): unknown {
    const { latitude } = this.service;
    const isJson = String(reply.getHeader("content-type")).startsWith("application/json");
    if (latitude.seed === undefined || !isJson || typeof payload !== "string" || payload === "") return payload;
    return JSON.stringify(latitude.answer(`${method} ${path}`, JSON.parse(payload)));
  }

  #replacement(fault: Fault, reply: FastifyReply, text: string, requestId: string): FaultReply | undefined {
    if (fault.kind === "replace-body") return replacedReply(fault, reply.statusCode, text);
    if (fault.kind === "another-object") {
      const body = this.service.latitude.answer("another object", fault.another?.());
      return replacedReply({ ...fault, body }, reply.statusCode, text);
    }
    if (fault.kind === "status-after") return statusReply(fault, requestId, this.service.switches.generation);
    return undefined;
  }

  #answer(reply: FastifyReply, answer: FaultReply): void {
    reply.code(answer.status).headers(answer.headers).send(answer.text);
  }

  #fail(error: Error & { statusCode?: number }, request: FastifyRequest, reply: FastifyReply): void {
    const { switches, clock } = this.service;
    const apiError = asApiError(error);
    reply.code(apiError.status).headers(apiError.headers);
    if (apiError.status === 401 && switches.unauthorized === "gateway") {
      const timestamp = String(clock().getTime());
      reply.removeHeader("x-request-id");
      reply.send({ code: "TOKEN_INVALID", message: "invalid pt-token", timestamp });
      return;
    }
    reply.send(errorEnvelope(apiError, request.exchange.requestId, switches.generation));
  }
}

function asApiError(error: Error & { statusCode?: number }): ApiError {
  if (error instanceof ApiError) return error;
  if (error.statusCode === 413 || error.statusCode === 400) return invalid("Request body must be valid JSON.");
  return new ApiError(500, error.message);
}

function stringHeaders(reply: FastifyReply): Record<string, string> {
  return Object.fromEntries(Object.entries(reply.getHeaders()).map(([name, value]) => [name, String(value)]));
}

const WINDOW_MILLISECONDS = 1000;

/** Refuses requests above the number allowed in a second. */
class RateLimit {
  readonly #passed: Record<"read" | "write", number[]> = { read: [], write: [] };

  constructor(private readonly service: Service) {}

  pass(method: string): void {
    const { switches, clock } = this.service;
    const kind = method === "GET" ? "read" : "write";
    const limit = kind === "read" ? switches.readLimitPerSecond : switches.writeLimitPerSecond;
    const now = clock().getTime();
    const recent = this.#passed[kind].filter((at) => now - at < WINDOW_MILLISECONDS);
    this.#passed[kind] = recent;
    if (limit !== undefined && recent.length >= limit) {
      throw new ApiError(429, "Too many requests.", undefined, retryAfterHeader(switches.retryAfter, clock()));
    }
    recent.push(now);
  }
}

function retryAfterHeader(style: Switches["retryAfter"], now: Date): Record<string, string> {
  switch (style) {
    case "seconds":
      return { "retry-after": "1" };
    case "date":
      return { "retry-after": new Date(now.getTime() + WINDOW_MILLISECONDS).toUTCString() };
    case "milliseconds":
      return { "retry-after-ms": String(WINDOW_MILLISECONDS) };
    case "none":
      return {};
  }
}
