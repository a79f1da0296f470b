import { z } from "zod";
import type { QoderClient } from "./client";
import { isNotFound, QoderReplyError, reasonOf } from "./errors";
import { archivedAt, idSchema } from "./schema";
import { type ApiRequest, requestLabel } from "./transport";

/** What the service shows of an object that a program or a deployment uses. */
export type ObjectStatus =
  | { readonly is: "live"; readonly version: number | string | undefined; readonly object: unknown }
  | { readonly is: "archived"; readonly at: string | null | undefined }
  | { readonly is: "absent" }
  | { readonly is: "unknown"; readonly reason: string; readonly error: unknown };

const shown = z.looseObject({
  id: idSchema,
  // A version of a skill has an id of its own, and names its skill in this member.
  skill_id: idSchema.optional(),
  version: z.union([z.number(), z.string()]).optional(),
  latest_version: z.string().nullish(),
  // A page shows this member of memory stores beside `archived_at`.
  status: z.string().optional(),
  archived_at: archivedAt,
});

/** Sends the GET of the object with this id of its own, or of this version of the object. */
export async function objectStatusOf(
  client: QoderClient,
  request: ApiRequest,
  id: string,
  asked?: number | string,
): Promise<ObjectStatus> {
  try {
    const object = await client.read(request, shown);
    const isAnotherVersion = asked !== undefined && String(object.version) !== String(asked);
    if (isAnotherVersion || (object.id !== id && object.skill_id !== id)) {
      const described = isAnotherVersion
        ? `version ${object.version ?? "unknown"} of "${object.id}"`
        : `"${object.id}"`;
      throw new QoderReplyError(requestLabel(request), 200, `the response describes ${described}`, undefined);
    }
    const { version = object.latest_version ?? undefined, status, archived_at: at } = object;
    return at != null || status === "archived" ? { is: "archived", at } : { is: "live", version, object };
  } catch (error) {
    return isNotFound(error) ? { is: "absent" } : { is: "unknown", reason: reasonOf(error), error };
  }
}
