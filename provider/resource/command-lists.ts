import type { QoderClient } from "../api/client";
import { type Collection, listPath, type Query } from "../api/object-list";
import { Once } from "../api/once";
import type { Listed } from "../api/schema";
import { createBody } from "./changes";
import type { ResourceKind } from "./kind";
import type { BaseReply } from "./outputs";
import type { Properties } from "./program-values";
import type { Users } from "./references";

/** The lists that this command has read, each once, together with the writes of this command since then. */
export class CommandLists {
  readonly #lists = new Once<readonly Listed[]>();
  readonly #written = new Map<string, BaseReply>();
  /** The live objects that the query selects. */
  live(client: QoderClient, kind: Collection, query: Query = {}): Promise<readonly Listed[]> {
    return this.#lists.of(JSON.stringify([listPath(kind), query]), () => liveOnes(client, kind, query));
  }

  wrote(object: BaseReply): void {
    this.#written.set(object.id, object);
  }

  /** The other live objects that name this id, without those that this command has archived or changed to another id. */
  async users(client: QoderClient, { kind, filter, namedBy }: Users, id: string): Promise<readonly Listed[]> {
    const query: Query = filter === undefined ? {} : { [filter]: id };
    const listed = await this.live(client, kind, query);
    const known = new Map<string, Listed>(listed.map((one) => [one.id, one]));
    for (const [written, object] of this.#written) {
      if (written.startsWith(kind.idPrefix)) {
        known.set(written, object);
      }
    }
    return [...known.values()].filter(
      (user) => user.id !== id && user.archived_at == null && namedBy(user).includes(id),
    );
  }
}

async function liveOnes(client: QoderClient, kind: Collection, query: Query): Promise<readonly Listed[]> {
  const live: Listed[] = [];
  for await (const listed of client.live(kind, query)) {
    live.push(listed);
  }
  return live;
}

/** The object after a write. A reply may show few members: what it does not show is as the write asked for. */
export function laidOver(kind: ResourceKind, wanted: Properties, reply: BaseReply): BaseReply {
  return { ...createBody(kind, wanted), ...reply };
}
