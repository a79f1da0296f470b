import type { ManagedObjects, Overwrite, PatchedObjects, StoredObject } from "./managed-objects";
import type { MemberPath } from "./member-changes";
import type { Owner } from "./owners";
import type { JsonObject } from "./wire";

/**
 * The actions of a person at the console of Qoder. The rules of the API count, and no request is recorded. New objects belong
 * to the first account unless the caller names another, in its default workspace.
 */
export interface Console<Reply, Fields = Overwrite<Reply>> {
  get(id: string): Reply;
  all(): Reply[];
  live(): Reply[];
  edit(id: string, patch: JsonObject): Reply;
  /** Sets stored fields without any check. `metadata` is merged at every depth. */
  overwrite(id: string, fields: Fields): Reply;
  archive(id: string): Reply;
  /** Changes or adds one member of the shown object, at any depth and without any check; a write of its field undoes that. */
  changeMember(id: string, path: MemberPath, value: unknown): Reply;
  /** Takes back every change of single members. */
  restoreMembers(id: string): Reply;
  /** Removes the object: a GET then answers 404. */
  remove(id: string): void;
}

export type OwnerOf = (account?: string, workspace?: string) => Owner;

export function consoleOf<Stored extends StoredObject, Reply>(
  objects: ManagedObjects<Stored, Reply>,
): Console<Reply, Overwrite<Stored["fields"]>> {
  const of = (id: string) => objects.require(id);
  const reply = (stored: Stored) => objects.reply(stored);
  return {
    get: (id) => reply(of(id)),
    all: () => objects.all().map(reply),
    live: () => objects.live().map(reply),
    edit: (id, patch) => reply(objects.update(of(id), patch)),
    overwrite: (id, fields) => reply(objects.overwrite(of(id), fields)),
    archive: (id) => reply(objects.archive(of(id), {})),
    changeMember: (id, path, value) => reply(objects.changeMember(of(id), path, value)),
    restoreMembers: (id) => reply(objects.restoreMembers(of(id))),
    remove: (id) => objects.remove(id),
  };
}

/** The console of a kind of which a person makes objects without any check. */
export function makingConsole<Stored extends StoredObject, Reply extends Partial<Stored["fields"]>>(
  objects: PatchedObjects<Stored, Reply, object>,
  ownerOf: OwnerOf,
) {
  return {
    ...consoleOf(objects),
    create: (overrides: Partial<Stored["fields"]> = {}, account?: string, workspace?: string) =>
      objects.reply(objects.place(ownerOf(account, workspace), overrides)),
  };
}
