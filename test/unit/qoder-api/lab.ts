import { FormData, request } from "undici";
import { z } from "zod";
import { type QoderApi, type QoderApiOptions, startQoderApi } from "../../qoder-api/index";

export interface Call {
  body?: unknown;
  /** The raw body, in place of `body`. */
  text?: string;
  /** An upload, in place of `body`. */
  form?: FormData;
  headers?: Record<string, string>;
  token?: string;
}

/** The members that the tests read by name. */
const bodySchema = z.looseObject({
  id: z.string().optional(),
  name: z.string().optional(),
  agent: z.looseObject({ version: z.number() }).optional(),
  metadata: z.looseObject({}).optional(),
  resources: z.array(z.unknown()).optional(),
  schedule: z
    .looseObject({ upcoming_runs_at: z.array(z.string()) })
    .nullable()
    .optional(),
  session_id: z.string().nullable().optional(),
  data: z.array(z.looseObject({ id: z.string() })).optional(),
});

export interface Answer {
  status: number;
  headers: Record<string, string>;
  text: string;
  bytes: Buffer;
  /** Empty when the reply is not JSON. */
  body: z.infer<typeof bodySchema>;
}

export type Fields = Record<string, unknown>;

/** A kind that a JSON body creates. */
export type Kind = "agents" | "environments" | "deployments" | "vaults" | "credentials" | "memory_stores";

const CREATED_AT = "2026-06-14T08:53:32Z";

/** A new stand-in for each test of the file, with a clock that the test sets. */
export class Lab {
  #api: QoderApi | undefined;
  now = new Date(CREATED_AT);
  agent = "";
  environment = "";

  get api(): QoderApi {
    if (this.#api === undefined) throw new Error("the stand-in has not been started");
    return this.#api;
  }

  async start(options: QoderApiOptions): Promise<void> {
    this.now = new Date(CREATED_AT);
    this.#api = await startQoderApi({ clock: () => this.now, seed: 7, ...options });
    this.agent = this.api.agents.create().id;
    this.environment = this.api.environments.create().id;
  }

  set(time: string): void {
    this.now = new Date(time);
  }

  /** A create body with the required fields only. */
  body(fields: Fields = {}): Fields {
    return {
      name: "report",
      agent: this.agent,
      environment_id: this.environment,
      initial_events: [{ type: "user.message", content: [{ type: "text", text: "Go" }] }],
      ...fields,
    };
  }

  create(fields: Fields = {}): string {
    return this.api.deployments.create(this.body(fields)).id;
  }

  /** Sends the smallest create of the kind, with these fields as well. The vault and the memory store around it are new. */
  send(kind: Kind, fields: Fields = {}, call?: Call): Promise<Answer> {
    return this.post(this.path(kind), { ...this.smallest(kind), ...fields }, call);
  }

  path(kind: Kind): string {
    if (kind === "credentials") return `/vaults/${this.api.vaults.create().id}/credentials`;
    return `/${kind}`;
  }

  smallest(kind: Kind): Fields {
    const bodies = {
      agents: { name: "agent", model: "ultimate" },
      environments: { name: "sandbox", config: { type: "cloud" } },
      deployments: this.body(),
      vaults: { display_name: "keys" },
      credentials: {
        auth: { type: "static_bearer", mcp_server_url: "https://example.com/mcp", token: "s3cret-token" },
      },
      memory_stores: { name: "facts" },
    };
    return bodies[kind];
  }

  async call(method: "GET" | "POST" | "PUT" | "DELETE", path: string, call: Call = {}): Promise<Answer> {
    const body = call.form ?? call.text ?? (call.body === undefined ? undefined : JSON.stringify(call.body));
    const answer = await request(this.api.url + path, {
      method,
      headers: { authorization: `Bearer ${call.token ?? "pt-test"}`, ...call.headers },
      ...(body === undefined ? {} : { body }),
    });
    const bytes = Buffer.from(await answer.body.arrayBuffer());
    const reply = bytes.toString();
    const headers = Object.fromEntries(Object.entries(answer.headers).map(([name, value]) => [name, String(value)]));
    const isJson = headers["content-type"]?.startsWith("application/json") === true;
    return {
      status: answer.statusCode,
      headers,
      text: reply,
      bytes,
      body: bodySchema.parse(isJson ? JSON.parse(reply) : {}),
    };
  }

  get(path: string, call?: Call): Promise<Answer> {
    return this.call("GET", path, call);
  }

  delete(path: string, call?: Call): Promise<Answer> {
    return this.call("DELETE", path, call);
  }

  post(path: string, body?: unknown, call?: Call): Promise<Answer> {
    return this.call("POST", path, { body, ...call });
  }
}

/** A form with fields and files (content by file name). Each file is a part named `part`. */
export function upload(
  part: string,
  files: Record<string, string | Buffer>,
  fields: Record<string, string> = {},
): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  for (const [name, content] of Object.entries(files)) form.append(part, new File([content], name), name);
  return form;
}

export function useLab(options: QoderApiOptions = {}): Lab {
  const lab = new Lab();
  beforeEach(() => lab.start(options));
  afterEach(() => lab.api.close());
  return lab;
}

export function refused(status: number, type: string, rest: Fields = {}) {
  const error = expect.objectContaining({ type, ...rest });
  return expect.objectContaining({ status, body: expect.objectContaining({ type: "error", error }) });
}

export const invalid = (rest?: Fields) => refused(400, "invalid_request_error", rest);
export const missing = (rest?: Fields) => refused(404, "not_found_error", rest);

export function times<Item>(count: number, item: (index: number) => Item): Item[] {
  return Array.from({ length: count }, (_, index) => item(index));
}
