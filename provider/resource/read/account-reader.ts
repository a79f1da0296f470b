import { z } from "zod";
import type { QoderClient } from "../../api/client";
import { type Caller, QoderApiError, QoderTokenError, reasonOf } from "../../api/errors";
import type { Collection } from "../../api/object-list";
import { type ObjectStatus, objectStatusOf } from "../../api/object-status";
import { Once } from "../../api/once";
import { firstTimes } from "../../api/remark";
import type { Listed } from "../../api/schema";
import type { ApiRequest } from "../../api/transport";
import type { NamedKind } from "../../kinds/table";
import { identityOf, type ResourceKind } from "../kind/kind";
import { getRequest, getVersionRequest, ownId } from "../kind/requests";

export type Access =
  | { readonly is: "given" }
  /** "refused": the service refuses the token, or the key of the service account. "unknown": the request failed otherwise. */
  | { readonly is: "refused" | "unknown"; readonly error: unknown };

export interface Names {
  readonly taken: ReadonlyMap<string, readonly Listed[]>;
  /** The reason why names may be missing; undefined if all are here. */
  readonly incomplete: string | undefined;
}

const catalogueSchema = z.looseObject({ data: z.array(z.looseObject({ id: z.string() })) });
export type CatalogueEntry = z.infer<typeof catalogueSchema>["data"][number];

/** Asks one account about the objects that programs name, only by GET. A command asks each question once. */
export class AccountReader {
  readonly #access = new Once<Access>();
  readonly #statuses = new Once<ObjectStatus>();
  readonly #names = new Once<Names>();
  readonly #catalogues = new Once<readonly CatalogueEntry[] | string>();
  /** True for the first call with this text: of many resources with the same problem, one reports it. */
  readonly isFirst = firstTimes();
  /** The names that resources of this command give up, with their kinds. */
  readonly #released = new Set<string>();

  constructor(
    /** The token and the workspace of the questions. */
    readonly caller: Caller | undefined,
  ) {}

  access(client: QoderClient, { collection }: Pick<Collection, "collection">): Promise<Access> {
    return this.#access.of("", async () => {
      try {
        await client.send({ method: "GET", path: [collection], query: { limit: "1" }, repeat: "safe" });
        return { is: "given" };
      } catch (error) {
        const status = error instanceof QoderApiError ? error.status : undefined;
        // A token that may not list objects may still read the named ones.
        const isRefused = status === 401 || (error instanceof QoderTokenError && !error.isPassing);
        return status === 403 ? { is: "given" } : { is: isRefused ? "refused" : "unknown", error };
      }
    });
  }

  object(client: QoderClient, kind: NamedKind, id: string): Promise<ObjectStatus> {
    return this.#status(client, getRequest(kind, id), id);
  }

  version(client: QoderClient, kind: NamedKind, id: string, version: number | string): Promise<ObjectStatus> {
    return this.#status(client, getVersionRequest(kind, id, version), id, version);
  }

  /** The entries of a catalogue, or the reason why it cannot be read. */
  catalogue(client: QoderClient, { collection }: NamedKind): Promise<readonly CatalogueEntry[] | string> {
    return this.#catalogues.of(collection, async () => {
      try {
        const { body } = await client.send({ method: "GET", path: [collection], repeat: "safe" });
        return catalogueSchema.parse(body).data;
      } catch (error) {
        return reasonOf(error);
      }
    });
  }

  #status(client: QoderClient, request: ApiRequest, id: string, version?: number | string): Promise<ObjectStatus> {
    return this.#statuses.of(JSON.stringify(request), () => objectStatusOf(client, request, ownId(id), version));
  }

  names(client: QoderClient, kind: Collection & Pick<ResourceKind, "naming">): Promise<Names> {
    return this.#names.of(kind.collection, async () => {
      const taken = new Map<string, Listed[]>();
      try {
        for await (const listed of client.live(kind)) {
          const name = identityOf(kind, listed);
          if (name !== undefined) {
            taken.set(name, [...(taken.get(name) ?? []), listed]);
          }
        }
        return { taken, incomplete: undefined };
      } catch (error) {
        return { taken, incomplete: reasonOf(error) };
      }
    });
  }

  release({ collection }: NamedKind, name: string): void {
    this.#released.add(JSON.stringify([collection, name]));
  }

  isReleased({ collection }: NamedKind, name: string): boolean {
    return this.#released.has(JSON.stringify([collection, name]));
  }
}
