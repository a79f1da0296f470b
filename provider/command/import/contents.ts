import { QoderConnectionError, QoderError } from "../../api/errors";
import type { CommandClient } from "../client";
import { failureText } from "../terminal";
import type { ContentFolder } from "./content-folder";
import type { Described } from "./described";
import type { Progress } from "./select";
import type { LeftOut } from "./takeover";

interface Complete {
  readonly live: readonly Described[];
  readonly leftOut: readonly LeftOut[];
}

/**
 * Adds the contents to the objects, one download after the other. A content that is not available or not valid leaves out its
 * object only. After a lost connection no further content is requested.
 */
export async function withContents(
  client: CommandClient,
  objects: readonly Described[],
  folder: ContentFolder,
  progress: Progress,
): Promise<Complete> {
  const live: Described[] = [];
  const leftOut: LeftOut[] = [];
  let lost: QoderConnectionError | undefined;
  for (const object of objects) {
    if (object.load === undefined || object.failures.length > 0) {
      live.push(object);
      continue;
    }
    const place = lost ?? (await object.load(client.forObject()).catch(expected));
    if (place instanceof QoderError) {
      lost = place instanceof QoderConnectionError ? place : lost;
      leftOut.push({ id: object.id, name: object.name, reasons: [failureText(place)] });
    } else {
      live.push(place(folder));
      progress(object.kind, live.filter(({ kind }) => kind === object.kind).length);
    }
  }
  return { live, leftOut };
}

function expected(error: unknown): QoderError {
  if (error instanceof QoderError) {
    return error;
  }
  throw error;
}
