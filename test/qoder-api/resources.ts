import { invalid } from "./errors";
import type { ResourceInput } from "./request-schemas";
import type { Switches } from "./switches";
import type { JsonObject } from "./wire";

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
    ...(switches.fillDefaults ? defaultsOf(resource) : {}),
    ...Object.fromEntries(
      Object.entries(resource).filter(
        ([key, value]) => !WRITE_ONLY.includes(key) && !(switches.fillDefaults && value === null),
      ),
    ),
  }));
}

function defaultsOf(resource: JsonObject): JsonObject {
  switch (resource["type"]) {
    case "file":
      return { mount_path: `/mnt/session/uploads/${String(resource["file_id"])}` };
    case "memory_store":
      return { access: "read_write", instructions: null };
    default:
      return { checkout: null, mount_path: `/workspace/${repositoryName(String(resource["url"]))}` };
  }
}

function repositoryName(url: string): string {
  return (url.split("/").at(-1) ?? url).replace(/\.git$/, "");
}
