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
 * The objects with what their contents say, one download after the other. What cannot be had, or is not taken, leaves its object out
 * and no other; after a connection that is lost nothing more is asked for.
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
