import type { QoderClient } from "../../api/client";
import { QoderReplyError } from "../../api/errors";
import { QoderListError, type Query, tooLargeReason } from "../../api/object-list";
import type { Described, ImportKind } from "./import-kind";
import type { Source } from "./sources";
import type { LeftOut } from "./takeover";

export interface Selected {
  readonly live: readonly Described[];
  readonly leftOut: readonly LeftOut[];
  readonly cutOffs: readonly CutOff[];
}

/** A list that could not be read to its end, and why. */
export interface CutOff {
  readonly kind: ImportKind;
  readonly reason: string;
}

/** Gets the number of objects of the kind that were read by now. */
export type Progress = (kind: ImportKind, count: number) => void;

/** Reads what is selected: of each kind the oldest first, or in the order of the ids. */
export async function select(client: QoderClient, sources: readonly Source[], progress: Progress): Promise<Selected> {
  const read: Selected[] = [];
  for (const source of sources) {
    read.push(
      "ids" in source
        ? await byId(client, source.kind, source.ids, progress)
        : await listed(client, source.kind, source.filter, progress),
    );
  }
  return joined(read);
}

async function byId(
  client: QoderClient,
  kind: ImportKind,
  ids: readonly string[],
  progress: Progress,
): Promise<Selected> {
  const read: Selected[] = [];
  for (const id of ids) {
    read.push(await one(client, kind, id));
    progress(kind, read.length);
  }
  return joined(read);
}

async function one(client: QoderClient, kind: ImportKind, id: string): Promise<Selected> {
  try {
    const object = await kind.find(client, id);
    return object === undefined
      ? leftOut({ id }, `this token sees no such ${kind.noun}; check the id, the account and the workspace`)
      : sorted(object);
  } catch (error) {
    if (error instanceof QoderReplyError) {
      return leftOut({ id }, error.message);
    }
    throw error;
  }
}

async function listed(client: QoderClient, kind: ImportKind, filter: Query, progress: Progress): Promise<Selected> {
  const read: Selected[] = [];
  try {
    for await (const entry of client.list(kind, filter)) {
      if (entry.archived_at != null) {
        // Nobody asked for it by its id, and it is nothing that could be managed.
        continue;
      }
      const object = kind.parse(entry);
      read.push("problem" in object ? leftOut(entry, object.problem) : sorted(object));
      progress(kind, read.length);
    }
  } catch (error) {
    if (!(error instanceof QoderListError)) {
      throw error;
    }
    const hidden = error.tooLarge.map((id) => leftOut({ id }, tooLargeReason));
    const cutOffs = error.cutOff === undefined ? [] : [{ kind, reason: error.cutOff }];
    return { ...joined([...read.reverse(), ...hidden]), cutOffs };
  }
  // The lists show the newest first. The other way round a new object renames no earlier one.
  return joined(read.reverse());
}

function sorted(object: Described): Selected {
  const { archivedAt } = object;
  return archivedAt == null
    ? { live: [object], leftOut: [], cutOffs: [] }
    : leftOut(object, `archived at ${archivedAt}, which is for ever`);
}

function leftOut({ id, name }: Pick<LeftOut, "id" | "name">, reason: string): Selected {
  return { live: [], leftOut: [{ id, name, reasons: [reason] }], cutOffs: [] };
}

function joined(parts: readonly Selected[]): Selected {
  return {
    live: parts.flatMap(({ live }) => live),
    leftOut: parts.flatMap((part) => part.leftOut),
    cutOffs: parts.flatMap(({ cutOffs }) => cutOffs),
  };
}
