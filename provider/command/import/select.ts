import { QoderConnectionError, QoderReplyError } from "../../api/errors";
import { QoderListError, type Query, tooLargeReason } from "../../api/object-list";
import { suggestion } from "../../resource/check/suggestion";
import { agentId } from "../../resource/fields/common-fields";
import type { CommandClient } from "../client";
import { Misuse, type Selection } from "../command-line";
import { failureText } from "../terminal";
import { type Described, type ImportKind, importKinds } from "./kinds";
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

/**
 * Reads what is selected: of each kind the oldest first, or in the order of the ids. A connection that is lost on the way, or a
 * service that is too slow, ends the reading; then the rest is named. Throws where nothing was read until then.
 */
export async function select(client: CommandClient, sources: readonly Source[], progress: Progress): Promise<Selected> {
  const read: Selected[] = [];
  let lost: QoderConnectionError | undefined;
  for (const source of sources) {
    const part: Part = lost === undefined ? await readOf(client, source, progress) : unread(source, lost);
    lost ??= part.lost;
    read.push(part);
  }
  const selected = joined(read);
  if (lost !== undefined && selected.live.length === 0) {
    throw lost;
  }
  return selected;
}

/** What was read of a source, and what ended the reading too early. */
interface Part extends Selected {
  readonly lost?: QoderConnectionError | undefined;
}

function readOf(client: CommandClient, source: Source, progress: Progress): Promise<Part> {
  return "ids" in source
    ? byId(client, source.kind, source.ids, progress)
    : listed(client, source.kind, source.filter, progress);
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
    if (error instanceof QoderReplyError) {
      return leftOut({ id }, error.message);
    }
    throw error;
  }
}

async function listed(client: CommandClient, kind: ImportKind, filter: Query, progress: Progress): Promise<Part> {
  const read: Selected[] = [];
  try {
    // Nobody asked for an archived one by its id, and it is nothing that could be managed.
    for await (const entry of client.forList().live(kind, filter)) {
      const object = kind.parse(entry);
      read.push("problem" in object ? leftOut(entry, object.problem) : sorted(object));
      progress(kind, read.length);
    }
  } catch (error) {
    if (error instanceof QoderConnectionError) {
      return { ...joined([...read.reverse(), unread({ kind, filter }, error)]), lost: error };
    }
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

/** What to read of one kind: these, or all that the list shows under this filter. */
export type Source = { readonly kind: ImportKind } & ({ readonly ids: readonly string[] } | { readonly filter: Query });

/** What to read, in the order of the kinds. `kindNames` limits it; undefined: nothing does. */
export function sourcesOf(selection: Selection, kindNames: readonly string[] | undefined): Source[] {
  const kinds = kindNames === undefined ? undefined : kindsOf(kindNames);
  switch (selection.by) {
    case "ids":
      if (kinds !== undefined) {
        throw new Misuse("--kind limits --all and --agent; an id says its kind itself");
      }
      return ofIds([...new Set(selection.ids)]);
    case "agent":
      return ofAgent(
        selection.agent,
        kinds ?? importKinds.filter(({ agentParameter }) => agentParameter !== undefined),
      );
    case "all":
      return (kinds ?? importKinds).map((kind) => ({ kind, filter: {} }));
  }
}

function kindsOf(names: readonly string[]): ImportKind[] {
  const given = names.flatMap((list) => list.split(",")).map((name) => name.trim());
  const known = importKinds.map(({ noun }) => noun);
  const wrong = given.find((name) => !known.includes(name));
  if (wrong !== undefined) {
    throw new Misuse(`"${wrong}" is not a kind${suggestion(wrong, known) || `; known are ${known.join(", ")}`}`);
  }
  return importKinds.filter(({ noun }) => given.includes(noun));
}

function ofIds(ids: readonly string[]): Source[] {
  const isOf = ({ id: schema }: ImportKind, id: string) => schema.safeParse(id).success;
  const wrong = ids.find((id) => !importKinds.some((kind) => isOf(kind, id)));
  if (wrong !== undefined) {
    const forms = importKinds.map(({ noun, idPrefix }) => `${noun} (${idPrefix}...)`);
    throw new Misuse(`"${wrong}" is not an id of any kind: ${forms.join(", ")}`);
  }
  return importKinds
    .map((kind) => ({ kind, ids: ids.filter((id) => isOf(kind, id)) }))
    .filter((source) => source.ids.length > 0);
}

/** The agent itself, and what the lists show of it. */
function ofAgent(agent: string, kinds: readonly ImportKind[]): Source[] {
  if (!agentId.safeParse(agent).success) {
    throw new Misuse(`"${agent}" is not the id of an agent (agent_...)`);
  }
  return kinds.map((kind) => {
    if (kind.id === agentId) {
      return { kind, ids: [agent] };
    }
    if (kind.agentParameter === undefined) {
      throw new Misuse(`--agent selects no ${kind.noun}; take it out of --kind`);
    }
    return { kind, filter: { [kind.agentParameter]: agent } };
  });
}
