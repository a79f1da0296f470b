import type { z } from "zod";
import { ApiError, conflict, notFound } from "./errors";
import { LateReads, type Way } from "./late-reads";
import { emptySchema, isObject, mergedObjects, parseBody } from "./parse";
import { addToArguments, type Moment, switchesAt } from "./rendition";
import { compareTimes, latest, microseconds, type Service, type Stamp } from "./service";
import type { Switches } from "./switches";
import type { Archivable, JsonObject } from "./wire";

/** The owner of an object. Requests with a token of another account, or for another workspace, get 404. */
export interface Owner {
  account: string;
  workspace: string;
}

interface Owned {
  readonly id: string;
  readonly owner: Owner;
}

/** Objects of one kind, in the order of their creation. */
export class OwnedStore<Item extends Owned> {
  readonly #items = new Map<string, Item>();

  add(item: Item): Item {
    this.#items.set(item.id, item);
    return item;
  }

  find(owner: Owner, id: string): Item | undefined {
    const item = this.#items.get(id);
    return item !== undefined && isSameOwner(item.owner, owner) ? item : undefined;
  }

  /** The object of any account, for the console. Throws if there is none. */
  require(id: string): Item {
    const item = this.#items.get(id);
    if (item === undefined) throw new Error(`there is no ${id}`);
    return item;
  }

  remove(id: string): void {
    this.require(id);
    this.#items.delete(id);
  }

  all(): Item[] {
    return [...this.#items.values()];
  }

  newestFirst(owner: Owner): Item[] {
    return this.all()
      .filter((item) => isSameOwner(item.owner, owner))
      .reverse();
  }
}

function isSameOwner(one: Owner, other: Owner): boolean {
  return one.account === other.account && one.workspace === other.workspace;
}

/** The place of a member in a reply: names of members, and indexes of lists. */
export type MemberPath = readonly (string | number)[];

interface MemberChange {
  readonly path: MemberPath;
  readonly value: unknown;
}

/**
 * The changes of single members, also of members that the service fills in and no body can carry. They are stored with the
 * fields of an object, so that each version of an agent has its own.
 */
class MemberChanges {
  readonly #changes = new WeakMap<object, readonly MemberChange[]>();

  add(fields: object, change: MemberChange): void {
    this.#changes.set(fields, [...this.#of(fields), change]);
  }

  clear(fields: object): void {
    this.#changes.delete(fields);
  }

  /** Drops the changes of members that the write replaces. */
  keep(before: object, after: object, patch: object): void {
    const kept = this.#of(before).filter(({ path }) => !isCarried(path, patch));
    this.#changes.set(after, kept);
  }

  /** Applies the changes to a reply. A reply may lack the place of a change. */
  show(fields: object, reply: unknown): void {
    for (const { path, value } of this.#of(fields)) changeMember(reply, path, value);
  }

  #of(fields: object): readonly MemberChange[] {
    return this.#changes.get(fields) ?? [];
  }
}

/** True if the patch replaces the member: a write replaces each field as a whole, and `metadata` key by key. */
function isCarried([field = "", key = ""]: MemberPath, patch: object): boolean {
  const given = new Map<string | number, unknown>(Object.entries(patch));
  if (given.get(field) === undefined) return false;
  const value = given.get(field);
  return field !== "metadata" || !isObject(value) || key in value;
}

/** Changes the member, and returns false if the value has no such place. */
function changeMember(holder: unknown, [member, ...rest]: MemberPath, value: unknown): boolean {
  if (rest.length > 0) return changeMember(memberOf(holder, member), rest, value);
  if (Array.isArray(holder) && typeof member === "number") {
    holder[member] = structuredClone(value);
  } else if (isObject(holder) && member !== undefined) {
    holder[member] = structuredClone(value);
  } else {
    return false;
  }
  return true;
}

function memberOf(holder: unknown, member: string | number | undefined): unknown {
  if (Array.isArray(holder) && typeof member === "number") return holder[member];
  return isObject(holder) && member !== undefined ? holder[member] : undefined;
}

/** The members of objects of every kind. */
export interface SharedFields extends Archivable {
  /** Absent for kinds without names. */
  name?: string | undefined;
}

export interface StoredObject<Fields extends SharedFields = SharedFields> {
  readonly id: string;
  readonly owner: Owner;
  fields: Fields;
}

/** Raw values for the store. `metadata` is merged at every depth, and every other field replaced. */
export type Overwrite<Fields> = Partial<Fields> & { [field: string]: unknown };

/** An object as a read shows it. `reply`: the older reply that a late read shows. */
export interface Seen<Stored, Reply> {
  readonly stored: Stored;
  readonly reply: Reply | undefined;
}

/** The differences between kinds that share a rule. */
interface Kind {
  noun: string;
  /** Its `type` in replies; the noun if left out. */
  type?: string;
  /** "A" if left out. */
  article?: "A" | "An";
  /** The form of its times; microseconds if left out. */
  stamp?: Stamp;
  /** "allow" if left out. */
  duplicateNames?: (switches: Switches) => "conflict" | "allow";
  /** The answer to archiving an archived object; 409 if left out. */
  archiveTwice?: (switches: Switches) => 409 | 200;
  /** The answer to a write of an archived object; 409 if left out. */
  archivedWrite?: 400;
}

/** Objects that are created, read, updated and archived by the same rules, whatever their kind. */
export abstract class ManagedObjects<Stored extends StoredObject, Reply> extends OwnedStore<Stored> {
  readonly #changes = new MemberChanges();
  readonly #late: LateReads<Seen<Stored, Reply>>;

  protected constructor(
    protected readonly service: Service,
    private readonly kind: Kind,
  ) {
    super();
    this.#late = new LateReads(service);
  }

  abstract update(stored: Stored, body: unknown): Stored;
  /** A new reply with these switches. The caller may change it. */
  protected abstract render(stored: Stored, switches: Switches): Reply;

  reply(stored: Stored, moment: Moment = "read"): Reply {
    return this.shown(stored.fields, this.render(stored, switchesAt(moment, this.service.switches)));
  }

  /** Changes one member of the shown object without any check. */
  changeMember(stored: Stored, path: MemberPath, value: unknown): Stored {
    if (!changeMember(this.reply(stored), path, value)) throw new Error(`${stored.id} shows no ${path.join(".")}`);
    this.markChange(stored);
    this.#changes.add(stored.fields, { path, value });
    return stored;
  }

  /** Takes back all changes by `changeMember`. */
  restoreMembers(stored: Stored): Stored {
    this.markChange(stored);
    this.#changes.clear(stored.fields);
    return stored;
  }

  /** Runs a create by a client, which reads may show late. */
  making<Made extends { readonly id: string }>(make: () => Made): Made {
    const made = make();
    this.#late.add(made.id, undefined);
    return made;
  }

  /** Runs another write of the object by a client, which reads may show late. */
  writing<Result>(stored: Stored, write: () => Result): Result {
    const fields: Stored["fields"] = structuredClone(stored.fields);
    const before = { stored: { ...stored, fields }, reply: this.reply(stored) };
    const result = write();
    this.#late.add(stored.id, before);
    return result;
  }

  /** The object as such a read shows it, with a reply of its own if that is an older one; undefined while the read shows none. */
  seen(stored: Stored, way: Way): Seen<Stored, Reply> | undefined {
    const lag = this.#late.of(stored.id, way);
    return lag === undefined ? { stored, reply: undefined } : lag.before;
  }

  /** A removed object that a late read still shows. */
  ghost(owner: Owner, id: string): Seen<Stored, Reply> | undefined {
    const before = this.find(owner, id) === undefined ? this.#late.of(id, "GET")?.before : undefined;
    return before !== undefined && isSameOwner(before.stored.owner, owner) ? before : undefined;
  }

  /** The object for a request by its id. Throws while it is too new to be read; other objects may name it already. */
  read(owner: Owner, id: string): Stored {
    const stored = this.find(owner, id);
    if (stored === undefined || this.#isHidden(stored)) throw this.missing(id);
    return stored;
  }

  missing(id: string): ApiError {
    return notFound(`${this.kind.noun} '${id}' was not found.`);
  }

  /** Lists are "newest first by `created_at`". */
  override newestFirst(owner: Owner): Stored[] {
    return super.newestFirst(owner).sort((one, other) => compareTimes(other.fields.created_at, one.fields.created_at));
  }

  live(): Stored[] {
    return this.all().filter(({ fields }) => fields.archived_at === null);
  }

  archive(stored: Stored, body: unknown): Stored {
    const { switches } = this.service;
    parseBody(emptySchema, body, switches);
    const { fields }: StoredObject = stored;
    if (fields.archived_at !== null) {
      if (this.kind.archiveTwice?.(switches) === 200) return stored;
      throw conflict(`${this.kind.noun} is already archived`);
    }
    this.touch(stored);
    fields.archived_at = this.now(`${fields.id} archived_at`);
    return stored;
  }

  /** Permanently deletes the object, and returns the answer. */
  delete({ id }: Stored): JsonObject {
    const { noun, type = noun.toLowerCase().replace(" ", "_") } = this.kind;
    this.remove(id);
    return { id, type: `${type}_deleted` };
  }

  overwrite(stored: Stored, overwrite: Overwrite<Stored["fields"]>): Stored {
    const { metadata, ...raw }: Overwrite<SharedFields> = overwrite;
    const { fields }: StoredObject = stored;
    Object.assign(fields, raw);
    const merged = mergedObjects(fields.metadata, metadata ?? {});
    if (isObject(merged)) fields.metadata = merged;
    return stored;
  }

  /** The reply with the members that the service adds, and with the changes by `changeMember`. */
  protected shown<Shown>(fields: object, reply: Shown): Shown {
    addToArguments(reply, this.service.switches);
    this.#changes.show(fields, reply);
    return reply;
  }

  /** Updates the time or version that shows that somebody changed the object. */
  protected markChange(stored: Stored): void {
    this.touch(stored);
  }

  /** Stores the fields after a write. */
  protected replaceFields(stored: Stored, fields: Stored["fields"], patch: object): void {
    this.#changes.keep(stored.fields, fields, patch);
    stored.fields = fields;
    this.touch(stored);
  }

  /** The present time; `about`: for a member whose time no page orders. */
  protected now(about?: string): string {
    const { stamp = microseconds } = this.kind;
    const now = this.service.clock();
    return stamp(now, about === undefined ? 0 : this.service.latitude.microsecondsOff(about, now));
  }

  /** The members that a new object of any kind has. */
  protected newborn(id: string) {
    // No latitude: the header Date and `created_at` follow one clock, unless the switch `dateAheadMs` parts them.
    const created_at = this.now();
    const archived_at: string | null = null;
    return { id, metadata: {}, archived_at, created_at, updated_at: latest(created_at, this.now(`${id} updated_at`)) };
  }

  protected touch({ fields }: StoredObject): void {
    fields.updated_at = latest(fields.updated_at, this.now(`${fields.id} updated_at`));
  }

  /** Work of the service itself on the object. No page says whether it is an update. */
  protected work(stored: StoredObject, what: string): void {
    if (this.service.latitude.chooses("moves", what)) this.touch(stored);
  }

  /** Applies an update as a whole after every check. An empty update changes nothing. */
  protected apply(stored: Stored, patch: object, patched: () => Stored["fields"]): Stored {
    if (Object.keys(patch).length > 0) {
      const fields = patched();
      this.refuseTakenName(stored.owner, fields);
      this.replaceFields(stored, fields, patch);
    }
    return stored;
  }

  protected refuseArchived({ fields }: StoredObject): void {
    if (fields.archived_at === null) return;
    const { noun, archivedWrite = 409 } = this.kind;
    throw new ApiError(archivedWrite, `${noun} is archived`);
  }

  /** The value that the filter `name` of a list compares, and that is unique among the live objects of an owner if names are unique. */
  nameOf({ name }: Stored["fields"]): string | null | undefined {
    return name;
  }

  protected refuseTakenName(owner: Owner, fields: Stored["fields"]): void {
    if (this.kind.duplicateNames?.(this.service.switches) !== "conflict") return;
    const name = this.nameOf(fields);
    const isTaken = this.live().some(
      (other) => other.id !== fields.id && this.nameOf(other.fields) === name && isSameOwner(other.owner, owner),
    );
    if (!isTaken) return;
    const { article = "A", noun } = this.kind;
    throw conflict(`${article} ${noun.toLowerCase()} named '${name}' already exists.`);
  }

  #isHidden({ fields }: StoredObject): boolean {
    const { clock, switches } = this.service;
    return switches.hiddenForMs > 0 && clock().getTime() - Date.parse(fields.created_at) < switches.hiddenForMs;
  }
}

interface Schemas<Patch> {
  readonly create: z.ZodType<Patch>;
  readonly update: z.ZodType<Patch>;
}

/** Kinds whose create and update share one form of body. */
export abstract class PatchedObjects<Fields extends SharedFields, Reply, Patch extends object> extends ManagedObjects<
  StoredObject<Fields>,
  Reply
> {
  readonly #schemas: Schemas<Patch>;

  protected constructor(service: Service, { schemas, ...kind }: Kind & { schemas: Schemas<Patch> }) {
    super(service, kind);
    this.#schemas = schemas;
  }

  /** The fields of a new object before its body counts. */
  protected abstract blank(id?: string): Fields;
  protected abstract patched(owner: Owner, base: Fields, patch: Patch, isCreate: boolean): Fields;

  create(owner: Owner, body: unknown, id?: string): StoredObject<Fields> {
    const patch = this.parse(body, true);
    const fields = this.patched(owner, this.blank(id), patch, true);
    this.refuseTakenName(owner, fields);
    return this.add({ id: fields.id, owner, fields });
  }

  /** Adds an object without any check. */
  place(owner: Owner, overrides: Partial<Fields>): StoredObject<Fields> {
    const fields = { ...this.blank(), ...overrides };
    return this.add({ id: fields.id, owner, fields });
  }

  update(stored: StoredObject<Fields>, body: unknown): StoredObject<Fields> {
    this.refuseArchived(stored);
    const patch = this.parse(body, false);
    return this.apply(stored, patch, () => this.patched(stored.owner, stored.fields, patch, false));
  }

  protected parse(body: unknown, isCreate: boolean, absentFields: string[] = []): Patch {
    const { create, update } = this.#schemas;
    return parseBody(isCreate ? create : update, body, this.service.switches, absentFields);
  }
}
