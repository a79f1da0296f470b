import { z } from "zod";
import { archivedAt } from "./archived";
import type { QoderClient } from "./client";
import { QoderApiError, reasonOf } from "./errors";
import { type ApiRequest, requestLabel } from "./transport";

/** What the service shows of an object that a program or a deployment uses. */
export type ObjectStatus =
  | { readonly is: "live"; readonly version: number | string | undefined; readonly object: unknown }
  | { readonly is: "archived"; readonly at: string | null | undefined }
  | { readonly is: "absent" }
  /** `error`: the error in place of a reply. */
  | { readonly is: "unknown"; readonly reason: string; readonly error?: unknown };

const shown = z.looseObject({
  id: z.string(),
  // A version of a skill has an id of its own, and names its skill in this member.
  skill_id: z.string().optional().catch(undefined),
  version: z.union([z.number(), z.string()]).optional().catch(undefined),
  latest_version: z.string().optional().catch(undefined),
  // A page shows this member of memory stores beside `archived_at`.
  status: z.string().optional().catch(undefined),
  archived_at: archivedAt,
});

/** Sends the GET of the object with this id of its own. */
export async function objectStatusOf(client: QoderClient, request: ApiRequest, id: string): Promise<ObjectStatus> {
  try {
    const { body } = await client.send(request);
    const object = shown.safeParse(body).data;
    if (object?.id !== id && object?.skill_id !== id) {
      return { is: "unknown", reason: `the response to ${requestLabel(request)} does not show the object` };
    }
    const { version = object.latest_version, status, archived_at: at } = object;
    return at != null || status === "archived" ? { is: "archived", at } : { is: "live", version, object: body };
  } catch (error) {
    const isAbsent = error instanceof QoderApiError && error.isNotFound;
    return isAbsent ? { is: "absent" } : { is: "unknown", reason: reasonOf(error), error };
  }
}
