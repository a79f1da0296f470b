import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";
import type { QoderApi } from "../qoder-api";
import { defaultSwitches, type Switches } from "../qoder-api/switches";
import type { JsonObject } from "../qoder-api/wire";

const folder = resolve(__dirname, "..", "observed");

const observedSchema = z.strictObject({
  /** Who published the reply, and where. */
  source: z.string().min(1),
  request: z.strictObject({
    method: z.enum(["GET", "POST", "DELETE"]),
    /** With the ids of the reply. */
    path: z.string().startsWith("/"),
    body: z.record(z.string(), z.unknown()).optional(),
    /** The parts of a multipart body: files by their names, and texts. */
    form: z.record(z.string(), z.string()).optional(),
  }),
  /** The settings with which the mock answers so, if it needs some. */
  switches: z.partialRecord(z.enum(Object.keys(defaultSwitches())), z.unknown()).optional(),
  /** Absent if the source does not show it. */
  status: z.int().optional(),
  headers: z.record(z.string(), z.string()).optional(),
  body: z.union([z.record(z.string(), z.unknown()), z.string()]),
});

/** A published reply of the service. A new one is a new file in test/observed/ and nothing else. */
export interface Observed extends Omit<z.infer<typeof observedSchema>, "switches"> {
  readonly name: string;
  readonly switches: Partial<Switches>;
}

export const observations: readonly Observed[] = readdirSync(folder).map((file) => {
  const { switches = {}, ...reply } = observedSchema.parse(JSON.parse(readFileSync(join(folder, file), "utf8")));
  return { ...reply, switches, name: file.replace(".json", "") };
});

const objectSchema = z.looseObject({ id: z.string(), type: z.string() });

/** The object of the reply; undefined for a list and an error. */
export function objectIn({ body }: Observed): z.infer<typeof objectSchema> | undefined {
  return objectSchema.safeParse(body).data;
}

/** Microseconds since the epoch: of a time, and of the number of a skill's version; undefined for another value. */
export function momentOf(value: unknown): number | undefined {
  const [, seconds, fraction = ""] = /^(\d{4}-\d\d-\d\dT[\d:]{8})(?:\.(\d+))?Z$/.exec(String(value)) ?? [];
  if (seconds !== undefined) {
    return Date.parse(`${seconds}Z`) * 1_000 + Number(fraction.slice(0, 6).padEnd(6, "0"));
  }
  return typeof value === "string" && /^\d{16}$/.test(value) ? Number(value) : undefined;
}

/** What the service adds to an object, and what a request of its own sets. */
const ofTheService = [
  ...["type", "version", "latest_version", "status", "paused_reason", "credentials", "usage"],
  ...["archived_at", "created_at", "updated_at", "processed_at"],
];

const memberSchema = z.looseObject({
  id: z.string(),
  agent: z.looseObject({ id: z.string() }).optional(),
  environment_id: z.string().optional(),
  schedule: z.looseObject({ last_run_at: z.string().optional() }).nullish(),
  metadata: z.record(z.string(), z.unknown()).optional(),
});

const shownSchema = z.union([
  z.looseObject({ data: z.array(memberSchema) }).transform(({ data }) => data),
  memberSchema.transform((object) => [object]),
  z.unknown().transform(() => []),
]);

/**
 * Puts into the mock the objects whose ids the request and the reply have, with the arguments that the reply shows. Returns the path of
 * the request, with the id of a run that the mock has made.
 */
export function placeObserved(api: QoderApi, { request: { path, body: sent = {} }, body }: Observed): string {
  const shown = new Map(shownSchema.parse(body).map((object) => [object.id, object]));
  const listed = Object.keys(Object(body)).includes("data") ? shown.keys() : [];
  const named = [...path.split("/"), ...Object.values(sent), ...listed];
  let madePath = path;
  for (const id of named.filter((text) => typeof text === "string")) {
    const { [id.split("_")[0] ?? ""]: place } = placers;
    const object = shown.get(id) ?? { id };
    const made = place?.(api, id, withoutMembers(object, ofTheService), object);
    madePath = made === undefined ? madePath : madePath.replace(id, made);
  }
  return madePath;
}

/** Puts the object of the reply into the mock. */
export function placeShown(api: QoderApi, shown: JsonObject & { readonly id: string }): void {
  for (const id of [shown["vault_id"], shown["skill_id"], shown.id].filter((text) => typeof text === "string")) {
    placers[id.split("_")[0] ?? ""]?.(api, id, id === shown.id ? withoutMembers(shown, ofTheService) : { id }, shown);
  }
}

function withoutMembers(object: object, names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
}

/** A credential that its MCP server refuses. */
const expired = { type: "mcp_oauth", mcp_server_url: "https://mcp.example.com", expires_at: "2026-05-01T00:00:00Z" };

/** Returns the id if the mock makes it. */
type Placer = (api: QoderApi, id: string, fields: JsonObject, shown: JsonObject) => string | undefined;

const placers: Readonly<Record<string, Placer>> = {
  agent: (api, id, fields) => api.agents.create({ ...fields, id }).id,
  env: (api, id, fields) => api.environments.create({ ...fields, id }).id,
  dep: placeDeployment,
  drun(api, _, fields) {
    const id = placeDeployment(api, String(fields["deployment_id"]), {});
    return api.deployments.runBySchedule(id).id;
  },
  vault: (api, id, fields) => api.vaults.create({ ...fields, id }).id,
  vcred: (api, id, fields) =>
    api.credentials.create(api.vaults.all()[0]?.id ?? "", { auth: expired, ...fields, id }).id,
  file: (api, id, fields) => api.files.create({ ...fields, id }).id,
  skill: (api, id, fields) => api.skills.create({ ...fields, id, name: "my-skill" }).id,
  sess(api, id, fields, { usage }) {
    api.sessions.create({ ...fields, id });
    api.sessions.spend(id, { model: Number(Object(usage).total_credits ?? 0) });
    return id;
  },
  evt(api, _, fields) {
    const [session] = api.sessions.all();
    return String(api.sessions.addEvent(session?.id ?? "", { ...fields, type: "agent.message" })["id"]);
  },
};

function placeDeployment(api: QoderApi, id: string, fields: JsonObject): string {
  const {
    agent = { id: "agent_1" },
    environment_id = "env_1",
    schedule,
    metadata = {},
  } = memberSchema.parse({ ...fields, id });
  api.agents.create({ id: agent.id });
  api.environments.create({ id: environment_id });
  const least = { name: id, initial_events: [{ type: "user.message", content: [{ type: "text", text: "Go" }] }] };
  const planned = schedule == null ? {} : { schedule: withoutMembers(schedule, ["upcoming_runs_at", "last_run_at"]) };
  // The service adds `cas_config` by itself.
  const labels = { metadata: withoutMembers(metadata, ["cas_config"]) };
  const body = { ...least, ...withoutMembers(fields, ["id"]), ...labels, agent: agent.id, environment_id, ...planned };
  api.deployments.create(body, undefined, undefined, id);
  if (schedule?.last_run_at !== undefined) {
    api.deployments.run(id);
  }
  return id;
}
