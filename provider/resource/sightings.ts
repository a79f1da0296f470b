import type { QoderClient } from "../api/client";
import { QoderApiError } from "../api/errors";
import type { ApiRequest } from "../api/transport";

/** The name of the QoderProvider that the state records for an object; undefined for the stack's own account. */
type RecordedAccount = string | undefined;
export type Sighting = ReturnType<Sightings["of"]>;

/** A token of another account sees none of the objects, so a verdict asks for few. */
const mostAsked = 5;
/** The engine reads objects side by side, and the first answer may be about the one that is gone. */
const longestWaitSeconds = 30;

/**
 * The objects of the state that the token of this command sees. The service answers 404 for an object of another account, as for a
 * deleted one. A token that sees another object of the same recorded account belongs to that account. An object that this command
 * created proves nothing: any token can create one.
 */
export class Sightings {
  readonly #seen = new Set<RecordedAccount>();
  /** The objects that the engine compared: an `up` sends nothing else for a resource without a change. */
  readonly #compared: { readonly id: string; readonly account: RecordedAccount; readonly read: ApiRequest }[] = [];
  #running = 0;
  #waiting = 0;

  compared(id: string, account: RecordedAccount, read: ApiRequest): void {
    this.#compared.push({ id, account, read });
  }

  /** Runs a call of the engine, which may see an object. */
  during<Result>(call: () => Promise<Result>): Promise<Result> {
    this.#running += 1;
    return call().finally(() => {
      this.#running -= 1;
    });
  }

  /** An object of the state. `isOfAccount`: whether the token, which does not see it, sees another one, or one of the witnesses. */
  of(id: string, account: RecordedAccount) {
    return {
      saw: () => void this.#seen.add(account),
      isOfAccount: async (client: QoderClient, witnesses: readonly ApiRequest[]): Promise<boolean> => {
        const others = this.#compared.filter((one) => one.account === account && one.id !== id);
        for (const read of [...witnesses, ...others.slice(0, mostAsked).map((one) => one.read)]) {
          if (this.#seen.has(account) || (await client.send(read).then(() => true, isInvisible))) {
            return true;
          }
        }
        this.#waiting += 1;
        // The first second lets the engine begin its other calls.
        for (let waited = 0; !this.#seen.has(account) && waited < longestWaitSeconds; waited += 1) {
          if ((waited > 0 && this.#running === this.#waiting) || !(await client.pause(1_000))) {
            break;
          }
        }
        this.#waiting -= 1;
        return this.#seen.has(account);
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
