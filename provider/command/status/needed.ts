import { z } from "zod";
import { agentKind } from "../../agent/kind";
import { QoderApiError } from "../../api/errors";
import { archivedAt } from "../../api/schema";
import { environmentKind } from "../../environment/kind";
import type { CommandClient } from "../client";

/** An object without which no run of a deployment starts. */
export interface Needed {
  readonly id: string;
  /** Undefined: the service does not say whether the object is archived. */
  readonly isArchived: boolean | undefined;
}

const collections = { agent: agentKind.collection, environment: environmentKind.collection } as const;
const archivable = z.looseObject({ id: z.string(), archived_at: archivedAt });

/** The agents and environments of the deployments. Many deployments share these, so a command asks for each once. */
export class NeededObjects {
  readonly #asked = new Map<string, Promise<boolean | undefined>>();

  constructor(private readonly client: CommandClient) {}

  async find(noun: keyof typeof collections, id: string | undefined): Promise<Needed | undefined> {
    if (id === undefined) {
      return undefined;
    }
    const asked = this.#asked.get(id) ?? this.#isArchived(collections[noun], id);
    this.#asked.set(id, asked);
    return { id, isArchived: await asked };
  }

  async #isArchived(collection: string, id: string): Promise<boolean | undefined> {
    try {
      const reply = await this.client.forObject().send({ method: "GET", path: [collection, id], repeat: "safe" });
      const told = archivable.safeParse(reply.body).data;
      return told?.id === id ? told.archived_at != null : undefined;
    } catch (error) {
      // A token may see a deployment and not what the deployment needs.
      if (error instanceof QoderApiError && (error.status === 403 || error.status === 404)) {
        return undefined;
      }
      throw error;
    }
  }
}
