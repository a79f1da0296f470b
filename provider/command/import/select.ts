import { wasArchived } from "../../api/archived";
import { QoderApiError, QoderConnectionError, type QoderError, QoderReplyError } from "../../api/errors";
import { QoderListError, type Query } from "../../api/object-list";
import type { Listed } from "../../api/schema";
import { withHolder } from "../../resource/objects";
import type { CommandClient } from "../client";
import { failureText } from "../words";
import type { Described, ImportKind, Progress } from "./described";
import { archivedToo, type Source } from "./sources";
import type { LeftOut } from "./takeover";

export interface Selected {
  readonly live: readonly Described[];
  readonly leftOut: readonly LeftOut[];
  readonly cutOffs: readonly CutOff[];
}

/** A list that could not be read completely, with the reason. */
export interface CutOff {
  readonly kind: ImportKind;
  readonly reason: string;
  /** Whether the service refused the list, so that the same command would fail again. */
  readonly isRefused?: boolean;
}

/**
 * Reads the selected objects: of each kind the oldest first, or in the order of the ids. A lost connection or a service that
 * is too slow ends the reading, and the result names the rest. A refused list is named too, and the others are still read:
 * a token may lack the right for some kinds. Throws if no object was read before, or if all lists are refused.
 */
export async function select(client: CommandClient, sources: readonly Source[], progress: Progress): Promise<Selected> {
  const read = new Map<ImportKind, Part>();
  let lost: QoderConnectionError | undefined;
  for (const source of sources) {
    const part: Part = lost === undefined ? await readOf(client, source, read, progress) : unread(source, lost);
    lost ??= part.lost;
    read.set(source.kind, part);
  }
  const parts = [...read.values()];
  const selected = joined(parts);
  const failure = lost ?? (parts.every(({ refused }) => refused !== undefined) ? parts[0]?.refused : undefined);
  if (failure !== undefined && selected.live.length === 0) {
    throw failure;
  }
  return selected;
}

/** The objects of a source, and the error that ended the reading early: of all kinds, or of this kind only. */
interface Part extends Selected {
  readonly lost?: QoderConnectionError | undefined;
  readonly refused?: QoderError | undefined;
}

/**
 * The service refuses one request, or fails at it: no right, no such path (an older generation of the API), a feature that is
 * off, an outage of one service behind it. A refused token would fail at each request.
 */
function isRefusal(error: unknown): error is QoderApiError | QoderReplyError {
  return error instanceof QoderReplyError || (error instanceof QoderApiError && error.status !== 401);
}

/** Reads one source. `read` contains the objects of the kinds before it. */
function readOf(
  client: CommandClient,
  source: Source,
  read: ReadonlyMap<ImportKind, Part>,
  progress: Progress,
): Promise<Part> {
  if ("ids" in source) {
    return byId(client, source.kind, source.ids, progress);
  }
  const { kind, filter } = source;
  return kind.holder === undefined
    ? listed(client, { kind, filter }, progress)
    : listedInEach(client, { kind, filter }, kind.holder, read.get(kind.holder), progress);
}

function unread(source: Source, lost: QoderConnectionError): Selected {
  const reason = failureText(lost);
  return "ids" in source
    ? joined(source.ids.map((id) => leftOut({ id }, reason)))
    : { ...joined([]), cutOffs: [{ kind: source.kind, reason }] };
}

async function byId(
  client: CommandClient,
  kind: ImportKind,
  ids: readonly string[],
  progress: Progress,
): Promise<Part> {
  const read: Selected[] = [];
  for (const id of ids) {
    try {
      read.push(await one(client, kind, id));
    } catch (lost) {
      if (!(lost instanceof QoderConnectionError)) {
        throw lost;
      }
      return { ...joined([...read, unread({ kind, ids: ids.slice(read.length) }, lost)]), lost };
    }
    progress(kind, read.length);
  }
  return joined(read);
}

async function one(client: CommandClient, kind: ImportKind, id: string): Promise<Selected> {
  try {
    const object = await kind.find(client.forObject(), id);
    return object === undefined
      ? leftOut({ id }, `this token sees no such ${kind.noun}; check the id, the account and the workspace`)
      : sorted(object);
  } catch (error) {
    if (isRefusal(error)) {
      return leftOut({ id }, failureText(error));
    }
    throw error;
  }
}

/** Reads the lists of all live owners, one after the other. The owners are read first unless `read` contains them. */
async function listedInEach(
  client: CommandClient,
  list: List,
  holderKind: ImportKind,
  known: Part | undefined,
  progress: Progress,
): Promise<Part> {
  const { kind } = list;
  const holders = known ?? (await listed(client, { kind: holderKind, filter: {} }, () => {}));
  // An owner of an unknown shape may still have readable objects.
  const ids = [...holders.live, ...holders.leftOut.filter(({ isUnasked }) => !isUnasked)].map(({ id }) => id);
  const read: Part[] = [{ ...joined([]), cutOffs: holders.cutOffs.map((cutOff) => ({ ...cutOff, kind })) }];
  let { lost } = holders;
  for (const id of lost === undefined ? ids : []) {
    const before = read.reduce((sum, { live, leftOut }) => sum + live.length + leftOut.length, 0);
    const part = await listed(client, { ...list, holder: [holderKind.collection, id] }, (_, count) =>
      progress(kind, before + count),
    );
    read.push(part);
    lost = part.lost;
    if (lost !== undefined) {
      break;
    }
  }
  return { ...joined(read), lost, refused: holders.refused };
}

interface List {
  readonly kind: ImportKind;
  readonly filter: Query;
  /** The owner of the list, if each owner has one. */
  readonly holder?: readonly [collection: string, id: string];
}

async function listed(client: CommandClient, { kind, filter, holder }: List, progress: Progress): Promise<Part> {
  const read: Selected[] = [];
  const holderId = holder?.[1];
  try {
    for await (const entry of client.forList().list(holder === undefined ? kind : { ...kind, owner: holder }, filter)) {
      // Archived objects cannot be managed, and the person has not asked for one by its id.
      if (entry.archived_at != null && filter[archivedToo] === undefined) {
        continue;
      }
      read.push(listedOne(kind, entry, holderId));
      progress(kind, read.length);
    }
  } catch (error) {
    if (error instanceof QoderConnectionError) {
      return { ...joined([...read.reverse(), unread({ kind, filter }, error)]), lost: error };
    }
    if (isRefusal(error)) {
      // An owner may have been deleted meanwhile or be inaccessible; the lists of the other owners are still read.
      const cutOffs = [{ kind, reason: failureText(error), isRefused: true }];
      return { ...joined(read.reverse()), cutOffs, refused: error };
    }
    if (!(error instanceof QoderListError)) {
      throw error;
    }
    const hidden = error.withheld.map(({ id, reason }) => leftOut(withHolder({ id }, holderId), reason));
    const cutOffs = error.cutOff === undefined ? [] : [{ kind, reason: error.cutOff }];
    return { ...joined([...read.reverse(), ...hidden]), cutOffs };
  }
  // The lists show the newest first. In reverse order a new object never changes the name of an older one.
  return joined(read.reverse());
}

/** An object that no account manages is skipped: it is no part of the account. */
function listedOne(kind: ImportKind, entry: Listed, holderId: string | undefined): Selected {
  const object = kind.parse(entry, holderId);
  if ("problem" in object) {
    return leftOut(withHolder(entry, holderId), object.problem);
  }
  if (object.shared !== undefined) {
    return joined([]);
  }
  const { leftOut: archived, ...rest } = sorted(object);
  return { ...rest, leftOut: archived.map((one) => ({ ...one, isUnasked: true })) };
}

function sorted(object: Described): Selected {
  const { archivedAt, shared } = object;
  if (shared !== undefined) {
    return leftOut(object, shared);
  }
  return archivedAt == null
    ? { live: [object], leftOut: [], cutOffs: [] }
    : leftOut(object, `${wasArchived(archivedAt)} and cannot be restored`);
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
