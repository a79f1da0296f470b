import type { QoderClient } from "../../api/client";
import { QoderError } from "../../api/errors";
import { type Collection, collected, listPath, type Query } from "../../api/object-list";
import { type ObjectStatus, objectStatusOf } from "../../api/object-status";
import { Once } from "../../api/once";
import type { Listed } from "../../api/schema";
import { createBody } from "../compare/changes";
import type { ResourceKind } from "../kind/kind";
import type { BaseReply } from "../kind/outputs";
import type { Properties } from "../kind/program-values";
import type { RunVersion, Users } from "../kind/references";
import { getVersionRequest } from "../kind/requests";

/** A live object that needs another one. */
export interface User extends Listed {
  /** The version by which it does; absent if it names the other one itself. */
  readonly through?: Pick<RunVersion, "id" | "version"> | undefined;
}

/** The lists that this command has read, each once, together with the writes of this command since then. */
export class ObjectUsers {
  readonly #lists = new Once<readonly Listed[]>();
  readonly #written = new Map<string, BaseReply>();
  readonly #versions = new Once<ObjectStatus>();
  #known = new Once<ReadonlyMap<string, Listed>>();

  /** The live objects that the query selects. */
  live(client: QoderClient, kind: Collection, query: Query = {}): Promise<readonly Listed[]> {
    return this.#lists.of(JSON.stringify([listPath(kind), query]), () => collected(client.live(kind, query)));
  }

  wrote(object: BaseReply): void {
    this.#known = new Once();
    this.#written.set(object.id, object);
  }

  /**
   * The other live objects that name this id; if none does, those that need it because they run a version that names it, or that runs
   * such a version in turn. The newest versions are in the lists, and a command reads each other one once.
   */
  async users(client: QoderClient, users: Users, id: string): Promise<readonly User[]> {
    const all = [...(await this.#now(client, users.kind)).values()];
    const others = all.filter((user) => user.id !== id && user.archived_at == null);
    const naming = others.filter((user) => users.namedBy(user).includes(id));
    if (naming.length > 0) {
      return naming;
    }
    const running = others.map(async (user) => ({
      ...user,
      through: await this.#runThat(client, users.runs(user), id),
    }));
    return (await Promise.all(running)).filter(({ through }) => through !== undefined);
  }

  /** The live objects by their ids, with the writes of this command since the list was read. */
  #now(client: QoderClient, kind: Collection): Promise<ReadonlyMap<string, Listed>> {
    const now = async () => {
      const listed = (await this.live(client, kind)).map((one) => [one.id, one] as const);
      const written = [...this.#written].filter(([id]) => id.startsWith(kind.idPrefix));
      return new Map<string, Listed>([...listed, ...written]);
    };
    return this.#known.of(kind.collection, now);
  }

  /** The first of these versions that needs the id; undefined if none does. `met`: the versions that were asked about before. */
  async #runThat(
    client: QoderClient,
    versions: readonly RunVersion[],
    id: string,
    met: readonly string[] = [],
  ): Promise<RunVersion | undefined> {
    for (const one of versions) {
      const { users, id: run, version } = one;
      const key = `${run} ${version}`;
      const object = met.includes(key) ? undefined : await this.#older(client, one);
      const isUser = object !== undefined && run !== id && users.namedBy(object).includes(id);
      if (isUser || (object !== undefined && (await this.#runThat(client, users.runs(object), id, [...met, key])))) {
        return one;
      }
    }
    return undefined;
  }

  /** The version, unless it is the newest one; undefined if its object is archived or gone, so that nothing runs it. */
  async #older(client: QoderClient, { users: { kind }, id, version }: RunVersion): Promise<object | undefined> {
    // "List agents" shows each agent at its newest version. An entry with another one costs one GET.
    const newest = (await this.#now(client, kind)).get(id);
    if (newest?.["version"] === version) {
      return undefined;
    }
    const request = getVersionRequest(kind, id, version);
    const status = await this.#versions.of(JSON.stringify(request), () => objectStatusOf(client, request, id, version));
    if (status.is === "unknown") {
      throw status.error ?? new QoderError(status.reason);
    }
    return status.is === "live" ? Object(status.object) : undefined;
  }
}

/** The object after a write. A reply may show few members: what it does not show is as the write asked for. */
export function laidOver(kind: ResourceKind, wanted: Properties, reply: BaseReply): BaseReply {
  return { ...createBody(kind, wanted), ...reply };
}
