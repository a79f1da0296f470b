import { wasArchived } from "../../provider/api/archived";
import { QoderApiError, QoderConnectionError, type QoderError, QoderReplyError } from "../../provider/api/errors";
import type { Query } from "../../provider/api/object-list";
import type { Listed } from "../../provider/api/schema";
import { agents } from "../../provider/kinds/table";
import { suggestion } from "../../provider/resource/check/suggestion";
import { idOf } from "../../provider/resource/kind/common-fields";
import { withParent } from "../../provider/resource/read/objects";
import type { CommandClient } from "../client";
import { Misuse } from "../command";
import type { Selection } from "../selection";
import { failureText } from "../words";
import type { Described, ImportKind, Progress } from "./import-kind";
import { importKinds } from "./kinds";
import type { LeftOut } from "./what-to-import";

/** The objects to read of one kind: by their ids, or all of the list under this filter. */
export type Source = { readonly kind: ImportKind } & ({ readonly ids: readonly string[] } | { readonly filter: Query });

const archivedToo = "include_archived";

/** The sources whose lists show archived objects too, which a command can name. */
export function withArchived(sources: readonly Source[]): Source[] {
  return sources.map((source) =>
    "ids" in source || !source.kind.isArchived
      ? source
      : { ...source, filter: { ...source.filter, [archivedToo]: "true" } },
  );
}

/** The objects to read, in the order of the kinds. `kindNames` limits the kinds; undefined for all. */
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
      return (kinds ?? importKinds).map((kind) => ({ kind, filter: kind.ownOnes }));
  }
}

export function kindWord({ noun, shortNoun }: ImportKind): string {
  return (shortNoun ?? noun).replaceAll(" ", "-");
}

function kindsOf(names: readonly string[]): ImportKind[] {
  const given = names.flatMap((list) => list.split(",")).map((name) => name.trim().replaceAll("-", " "));
  const known = importKinds.map(({ noun }) => noun);
  const isOf = ({ noun, shortNoun }: ImportKind, name: string) => name === noun || name === shortNoun;
  const wrong = given.find((name) => !importKinds.some((kind) => isOf(kind, name)));
  if (wrong !== undefined) {
    throw new Misuse(`"${wrong}" is not a kind${suggestion(wrong, known) || `; known are ${known.join(", ")}`}`);
  }
  return importKinds.filter((kind) => given.some((name) => isOf(kind, name)));
}

function ofIds(ids: readonly string[]): Source[] {
  const isOf = ({ id: schema }: ImportKind, id: string) => schema.safeParse(id).success;
  const wrong = ids.find((id) => !importKinds.some((kind) => isOf(kind, id)));
  if (wrong !== undefined) {
    const forms = importKinds.map(({ noun, idForm }) => `${noun} (${idForm})`);
    throw new Misuse(`"${wrong}" is not an id of any kind: ${forms.join(", ")}`);
  }
  return importKinds
    .map((kind) => ({ kind, ids: ids.filter((id) => isOf(kind, id)) }))
    .filter((source) => source.ids.length > 0);
}

function ofAgent(agent: string, kinds: readonly ImportKind[]): Source[] {
  if (!idOf(agents).safeParse(agent).success) {
    throw new Misuse(`"${agent}" is not the id of an agent (agent_...)`);
  }
  return kinds.map((kind) => {
    if (kind.label === agents.label) {
      return { kind, ids: [agent] };
    }
    if (kind.agentParameter === undefined) {
      throw new Misuse(`--agent selects no ${kind.noun}; take it out of --kind`);
    }
    return { kind, filter: { [kind.agentParameter]: agent } };
  });
}

export interface Selected {
  readonly live: readonly Described[];
  readonly leftOut: readonly LeftOut[];
  readonly cutOffs: readonly CutOff[];
}

/** A list that could not be read completely, with the reason. */
interface CutOff {
  readonly kind: ImportKind;
  readonly reason: string;
  /** True if the service refused the list, so that the same command would fail again. */
  readonly isRefused?: boolean;
}

/**
 * Reads the selected objects: of each kind the oldest first, or in the order of the ids. A lost connection or a service that
 * is too slow ends the reading, and the result names the rest. A refused list is named too, and the others are still read:
 * a token may lack the right for some kinds. Throws if no object was read before, or if all lists are refused.
 */
export async function select(client: CommandClient, sources: readonly Source[], progress: Progress): Promise<Selected> {
  const parts: Part[] = [];
  let lost: QoderConnectionError | undefined;
  for (const source of sources) {
    const part = new Part(client, source.kind, progress, lost);
    await ("ids" in source ? part.readEach(source.ids) : part.readLists(source.filter, parts));
    parts.push(part);
    lost = part.lost;
  }
  const failure = lost ?? (parts.every(({ refused }) => refused !== undefined) ? parts[0]?.refused : undefined);
  const live = parts.flatMap((part) => part.live);
  if (failure !== undefined && live.length === 0) {
    throw failure;
  }
  return { live, leftOut: parts.flatMap((part) => part.leftOut), cutOffs: parts.flatMap((part) => part.cutOffs) };
}

/**
 * The service refuses one request, or fails at it: no right, no such path (an older generation of the API), a feature that is
 * off, an outage of one service behind it. A refused token would fail at each request.
 */
function isRefusal(error: unknown): error is QoderApiError | QoderReplyError {
  return error instanceof QoderReplyError || (error instanceof QoderApiError && error.status !== 401);
}

class Part implements Selected {
  readonly live: Described[] = [];
  readonly leftOut: LeftOut[] = [];
  readonly cutOffs: CutOff[] = [];
  /** The refusal of the list of this kind. */
  refused: QoderError | undefined;
  #count = 0;

  constructor(
    private readonly client: CommandClient,
    readonly kind: ImportKind,
    private readonly progress: Progress,
    /** The error that ended the reading of all kinds. */
    public lost: QoderConnectionError | undefined,
  ) {}

  async readEach(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      if (this.lost === undefined) {
        await this.#readOne(id);
      }
      if (this.lost !== undefined) {
        this.leftOut.push({ id, reasons: [failureText(this.lost)] });
      }
    }
  }

  async #readOne(id: string): Promise<void> {
    try {
      const object = await this.kind.find(this.client.forObject(), id);
      this.#add(object ?? { id, problem: `this token sees no such ${this.kind.noun}; ${seeing}` });
    } catch (error) {
      if (error instanceof QoderConnectionError) {
        this.lost = error;
        return;
      }
      if (!isRefusal(error)) {
        throw error;
      }
      this.#add({ id, problem: failureText(error) });
    }
    this.#counted();
  }

  /** Reads the list, or one list after the other of the live parents. The parents are read first unless `parts` has them. */
  async readLists(filter: Query, parts: readonly Part[]): Promise<void> {
    const { client, kind } = this;
    if (this.lost !== undefined) {
      this.cutOffs.push({ kind, reason: failureText(this.lost) });
      return;
    }
    if (kind.parentKind === undefined) {
      this.refused = await this.#readList(filter);
      return;
    }
    let parents = parts.find((part) => part.kind === kind.parentKind);
    if (parents === undefined) {
      parents = new Part(client, kind.parentKind, () => {}, undefined);
      await parents.readLists({}, parts);
    }
    this.cutOffs.push(...parents.cutOffs.map((cutOff) => ({ ...cutOff, kind })));
    this.lost = parents.lost;
    this.refused = parents.refused;
    // A parent of an unknown shape may still have readable objects.
    for (const { id } of [...parents.live, ...parents.leftOut.filter(({ isUnasked }) => !isUnasked)]) {
      if (this.lost === undefined) {
        // A parent may have been deleted meanwhile or be inaccessible; the lists of the other parents are still read.
        await this.#readList(filter, [parents.kind.collection, id]);
      }
    }
  }

  /** Returns the refusal of the list. */
  async #readList(filter: Query, parent?: readonly [collection: string, id: string]): Promise<QoderError | undefined> {
    const { kind } = this;
    const parentId = parent?.[1];
    const read: Listed[] = [];
    let failure: unknown;
    try {
      const list = parent === undefined ? kind : { ...kind, parent };
      const unreadable = ({ id, reason }: { readonly id: string; readonly reason: string }) =>
        this.#add({ ...withParent({ id }, parentId), problem: reason });
      for await (const entry of this.client.forList().list(list, filter, { unreadable })) {
        // Archived objects cannot be managed, and the person has not asked for one by its id.
        if (entry.archived_at == null || filter[archivedToo] !== undefined) {
          read.push(entry);
          this.#counted();
        }
      }
    } catch (error) {
      failure = error;
    }
    // The lists show the newest first. In reverse order a new object never changes the name of an older one.
    for (const entry of read.reverse()) {
      const object = kind.parse(entry, parentId);
      this.#add("problem" in object ? { ...withParent(entry, parentId), ...object } : object, true);
    }
    return failure === undefined ? undefined : this.#ended(failure);
  }

  /** Returns the refusal of the list. */
  #ended(failure: unknown): QoderError | undefined {
    const { kind } = this;
    if (failure instanceof QoderConnectionError) {
      this.cutOffs.push({ kind, reason: failureText(failure) });
      this.lost = failure;
    } else if (isRefusal(failure)) {
      this.cutOffs.push({ kind, reason: failureText(failure), isRefused: true });
      return failure;
    } else {
      throw failure;
    }
    return undefined;
  }

  /** A list may show objects that nobody asked for: archived ones, and those that are no part of the account. */
  #add(object: Described | (Pick<LeftOut, "id" | "name"> & { readonly problem: string }), isListed = false): void {
    const { id, name } = object;
    if ("problem" in object) {
      this.leftOut.push({ id, name, reasons: [object.problem] });
    } else if (object.shared !== undefined) {
      this.leftOut.push(...(isListed ? [] : [{ id, name, reasons: [object.shared] }]));
    } else if (object.archivedAt != null) {
      const reasons = [`${wasArchived(object.archivedAt)} and cannot be restored`];
      this.leftOut.push({ id, name, reasons, ...(isListed ? { isUnasked: true } : {}) });
    } else {
      this.live.push(object);
    }
  }

  #counted(): void {
    this.#count += 1;
    this.progress(this.kind, this.#count);
  }
}

const seeing = "check the id, the account and the workspace";
