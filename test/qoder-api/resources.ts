import { z } from "zod";
import { invalid } from "./errors";
import { atMost } from "./parse";
import type { Switches } from "./switches";
import type { JsonObject } from "./wire";

const checkout = z
  .discriminatedUnion("type", [
    z.strictObject({ type: z.literal("branch"), name: z.string() }),
    z.strictObject({ type: z.literal("commit"), sha: z.string() }),
  ])
  .nullable()
  .optional();

const mountPath = z.string().nullable().optional();

const resource = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("github_repository"),
    url: z.string(),
    authorization_token: z.string().optional(),
    checkout,
    mount_path: mountPath,
  }),
  z.strictObject({
    type: z.literal("git_repository"),
    url: z.string(),
    password: z.string().optional(),
    checkout,
    mount_path: mountPath,
  }),
  z.strictObject({ type: z.literal("file"), file_id: z.string(), mount_path: mountPath }),
  z.strictObject({
    type: z.literal("memory_store"),
    memory_store_id: z.string(),
    access: z.enum(["read_write", "read_only"]).nullable().optional(),
    instructions: z.string().refine(atMost(4096), "must be at most 4096 characters").nullable().optional(),
  }),
]);

export const resources = z.array(resource).max(500, "must hold at most 500 resources");

export type ResourceInput = z.infer<typeof resource>;

/** "Resources": no reply shows these credentials. */
const WRITE_ONLY = ["authorization_token", "password"];

/** The resources to store. A repository that is sent again without credentials keeps the stored ones. */
export function storedResources(given: ResourceInput[], current: JsonObject[], switches: Switches): JsonObject[] {
  return given.map((resource, index) => {
    if (!("url" in resource)) return { ...resource };
    const known = current.find((other) => other["type"] === resource.type && other["url"] === resource.url) ?? {};
    const kept = Object.fromEntries(Object.entries(known).filter(([key]) => WRITE_ONLY.includes(key)));
    const stored: JsonObject = { ...kept, ...resource };
    const isTokenMissing = resource.type === "github_repository" && stored["authorization_token"] === undefined;
    if (isTokenMissing && switches.repositoryToken === "required") {
      const param = `resources.${index}.authorization_token`;
      throw invalid(`Missing required field: ${param}`, param);
    }
    return stored;
  });
}

export function shownResources(resources: JsonObject[], switches: Switches): JsonObject[] {
  return resources.map((resource) => ({
    ...(switches.fillDefaults ? defaultsOf(resource, switches) : {}),
    ...Object.fromEntries(
      Object.entries(resource).filter(
        ([key, value]) => !WRITE_ONLY.includes(key) && !(switches.fillDefaults && value === null),
      ),
    ),
  }));
}

function defaultsOf(resource: JsonObject, { fillingIn }: Switches): JsonObject {
  switch (resource["type"]) {
    case "file":
      return { mount_path: `/mnt/session/uploads/${String(resource["file_id"])}` };
    case "memory_store":
      return { ...(fillingIn === "late" ? {} : { access: "read_write" }), instructions: null };
    default:
      return { checkout: null, mount_path: `/workspace/${repositoryName(String(resource["url"]))}` };
  }
}

function repositoryName(url: string): string {
  return (url.split("/").at(-1) ?? url).replace(/\.git$/, "");
}
