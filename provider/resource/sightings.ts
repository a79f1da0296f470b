import type { QoderClient } from "../api/client";
import { QoderApiError } from "../api/errors";
import type { ApiRequest } from "../api/transport";

/** The name of the QoderProvider that the state records for an object; undefined for the stack's own account. */
type RecordedAccount = string | undefined;
export type Sighting = ReturnType<Sightings["of"]>;

/**
 * The objects of the state that the token of this command sees. The service answers 404 for an object of another account, as for a
 * deleted one. A token that sees another object of the same recorded account belongs to that account. An object that this command
 * created proves nothing: any token can create one.
 */
export class Sightings {
  readonly #seen = new Set<RecordedAccount>();
  readonly #missing = new Set<string>();
  /** The objects that the engine compared or asks for: an `up` sends nothing else for a resource without a change. */
  readonly #recorded: { readonly id: string; readonly account: RecordedAccount; readonly read: ApiRequest }[] = [];

  isRecorded(id: string, account: RecordedAccount, read: ApiRequest): void {
    this.#recorded.push({ id, account, read });
  }

  of(id: string, account: RecordedAccount) {
    return {
      saw: () => void this.#seen.add(account),
      missed: () => void this.#missing.add(id),
      /** True if the token, which does not see the object, has seen another one, or sees one more or the witness. Sends at most one GET. */
      isOfAccount: async (client: QoderClient, witness: ApiRequest | undefined): Promise<boolean> => {
        const other = this.#recorded.find((one) => one.account === account && !this.#missing.has(one.id));
        const read = other?.read ?? witness;
        return this.#seen.has(account) || (read !== undefined && client.send(read).then(() => true, isInvisible));
      },
    };
  }
}

function isInvisible(error: unknown): false {
  if (error instanceof QoderApiError && (error.status === 404 || error.status === 403)) {
    return false;
  }
  throw error;
}
