import { wasArchived } from "../api/archived";
import type { QoderClient } from "../api/client";
import type { Collection } from "../api/object-list";
import type { Listed } from "../api/schema";
import { type NamedKind, namingKinds } from "../kinds/table";
import { wireName } from "./fields/members";
import type { ResourceKind } from "./kind";
import type { AccountReader } from "./preview/account-reader";
import type { Properties } from "./program-values";
import { namedObjects } from "./references";

export interface Users {
  readonly kind: Collection;
  /** The query for objects that name this id; undefined if the API has none. */
  readonly filter: string | undefined;
  readonly namedBy: (user: Listed) => readonly string[];
}

/** The kinds whose live objects need objects of this kind. Their replies name them at the same places as their arguments. */
export function usersOf(named: NamedKind): Users[] {
  const kind = { ...named, idMember: wireName(named.idMember ?? "id") };
  return namingKinds.flatMap((user) => {
    const own = user.named.filter((place) => place.kind.collection === named.collection);
    const places = own.map(({ at }) => ({ at: at.map(wireName), kind }));
    const namedBy = (reply: object) => namedObjects(places, { ...reply }).map(({ id }) => id);
    return own.length === 0 ? [] : [{ kind: user, filter: own.length === 1 ? own[0]?.filter : undefined, namedBy }];
  });
}

/** The warnings of a refresh about archived objects that the object needs: no run starts with them. */
export async function archivedNeeds(
  kind: ResourceKind,
  live: Properties,
  client: QoderClient,
  account: AccountReader,
): Promise<string[]> {
  const needed = namedObjects(
    (kind.named ?? []).filter(({ isNeeded }) => isNeeded),
    live,
  );
  const found = await Promise.all(
    needed.map(async ({ kind: named, id }) => {
      const { noun } = named;
      const status = await account.object(client, named, id);
      return status.is === "archived"
        ? [
            `its ${noun} ${id} ${wasArchived(status.at)} and cannot be restored: no run starts; give the ${kind.noun} another ${noun}`,
          ]
        : [];
    }),
  );
  return found.flat();
}
