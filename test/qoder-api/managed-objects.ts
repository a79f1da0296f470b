import { ApiError, conflict, notFound } from "./errors";
import { type Moment, switchesAt } from "./filling-in";
import { changeMember, MemberChanges, type MemberPath } from "./member-changes";
import { mergedObjects } from "./metadata";
import { isSameOwner, OwnedStore, type Owner } from "./owners";
import { isObject, parseBody } from "./parse";
import { rearrange } from "./rendition";
import { emptySchema } from "./request-schemas";
import type { Service } from "./service";
import type { Switches } from "./switches";
import type { JsonObject } from "./wire";

/** What the objects of every kind have in common. */
export interface SharedFields {
  id: string;
  /** Not every kind has one. */
  name?: string | undefined;
  metadata: JsonObject;
  archived_at: string | null;
  created_at: string;
  updated_at: string;
}

export interface StoredObject {
  readonly id: string;
  readonly owner: Owner;
  fields: SharedFields;
}

/** Raw server-side values. `metadata` is merged at every depth, every other field is set as it is. */
export type Overwrite<Fields> = Partial<Fields> & { [field: string]: unknown };

/** In what the kinds differ where they share a rule. */
interface Kind {
  noun: string;
  article: "A" | "An";
  stamp: (date: Date) => string;
  duplicateNames: (switches: Switches) => "conflict" | "allow";
  archiveTwice: (switches: Switches) => 409 | 200;
  /** The answer to a write of an archived object; that of the switch for all kinds when left out. */
  archivedWrite?: (switches: Switches) => 409 | 403 | 400;
}

/** Objects that are created, read, updated and archived by the same rules, whatever their kind. */
export abstract class ManagedObjects<Stored extends StoredObject, Reply> extends OwnedStore<Stored> {
  protected readonly service: Service;
  readonly #kind: Kind;
  readonly #changes = new MemberChanges();

  protected constructor(service: Service, kind: Kind) {
    super();
    this.service = service;
    this.#kind = kind;
  }

  abstract update(stored: Stored, body: unknown): Stored;
  /** A reply of its own, by these switches. */
  protected abstract render(stored: Stored, switches: Switches): Reply;

  /** The object as it would be answered now. */
  reply(stored: Stored, moment: Moment = "read"): Reply {
    return this.shown(stored.fields, this.render(stored, switchesAt(moment, this.service.switches)));
  }

  /** Somebody changes one member of what is shown, by no rule; `undefined` takes the member away. */
  changeMember(stored: Stored, path: MemberPath, value: unknown): Stored {
    if (!changeMember(this.reply(stored), path, value)) throw new Error(`${stored.id} shows no ${path.join(".")}`);
    this.markChange(stored);
    this.#changes.add(stored.fields, { path, value });
    return stored;
  }

  /** Somebody takes all such changes back. */
  restoreMembers(stored: Stored): Stored {
    this.markChange(stored);
    this.#changes.clear(stored.fields);
    return stored;
  }

  /** What a request by id meets: the object is there for references before it can be read. */
  read(owner: Owner, id: string): Stored {
    const stored = this.find(owner, id);
    if (stored === undefined || this.#isHidden(stored)) throw this.missing(id);
    return stored;
  }

  missing(id: string): ApiError {
    return notFound(`${this.#kind.noun} '${id}' was not found.`);
  }

  live(): Stored[] {
    return this.all().filter(({ fields }) => fields.archived_at === null);
  }

  archive(stored: Stored, body: unknown): Stored {
    const { switches } = this.service;
    parseBody(emptySchema, body, switches);
    const { fields }: StoredObject = stored;
    if (fields.archived_at !== null) {
      if (this.#kind.archiveTwice(switches) === 200) return stored;
      throw conflict(`${this.#kind.noun} is already archived`);
    }
    this.touch(stored);
    fields.archived_at = fields.updated_at;
    return stored;
  }

  overwrite(stored: Stored, overwrite: Overwrite<Stored["fields"]>): Stored {
    const { metadata, ...raw }: Overwrite<SharedFields> = overwrite;
    const { fields }: StoredObject = stored;
    Object.assign(fields, raw);
    const merged = mergedObjects(fields.metadata, metadata ?? {});
    if (isObject(merged)) fields.metadata = merged;
    return stored;
  }

  /** What the service adds to a reply, and what somebody changed in it. */
  protected shown<Shown>(fields: object, reply: Shown): Shown {
    rearrange(reply, this.service.switches);
    this.#changes.show(fields, reply);
    return reply;
  }

  /** How the object tells that somebody changed it. */
  protected markChange(stored: Stored): void {
    this.touch(stored);
  }

  /** New fields take the place of the old ones after a write. */
  protected replaceFields(stored: Stored, fields: Stored["fields"], patch: object): void {
    this.#changes.keep(stored.fields, fields, patch);
    stored.fields = fields;
    this.touch(stored);
  }

  protected undoesChange({ fields }: StoredObject, patch: object): boolean {
    return this.#changes.isReplacedBy(patch, fields);
  }

  protected now(): string {
    return this.#kind.stamp(this.service.clock());
  }

  protected touch({ fields }: StoredObject): void {
    fields.updated_at = this.now();
  }

  /** An update takes effect as a whole, after every check; an empty one leaves the object alone. */
  protected apply(stored: Stored, patch: object, patched: () => Stored["fields"]): Stored {
    if (Object.keys(patch).length > 0) {
      const fields = patched();
      this.refuseTakenName(stored.owner, fields);
      this.replaceFields(stored, fields, patch);
    } else if (this.service.switches.emptyPatchBumpsUpdatedAt) {
      this.touch(stored);
    }
    return stored;
  }

  protected refuseArchived({ fields }: StoredObject): void {
    if (fields.archived_at === null) return;
    const { switches } = this.service;
    const { noun, archivedWrite } = this.#kind;
    throw new ApiError(archivedWrite?.(switches) ?? switches.archivedWrite, `${noun} is archived`);
  }

  /** What no two live objects of an owner share where names are unique. */
  protected nameOf({ name }: Stored["fields"]): string | undefined {
    return name;
  }

  protected refuseTakenName(owner: Owner, fields: Stored["fields"]): void {
    if (this.#kind.duplicateNames(this.service.switches) === "allow") return;
    const name = this.nameOf(fields);
    const isTaken = this.live().some(
      (other) => other.id !== fields.id && this.nameOf(other.fields) === name && isSameOwner(other.owner, owner),
    );
    if (!isTaken) return;
    const { article, noun } = this.#kind;
    throw conflict(`${article} ${noun.toLowerCase()} named '${name}' already exists.`);
  }

  #isHidden({ fields }: StoredObject): boolean {
    return this.service.clock().getTime() - Date.parse(fields.created_at) < this.service.switches.hiddenForMs;
  }
}
