import { Clients } from "../account/clients";
import type { Configuration } from "../account/settings";
import type { QoderClient, Work } from "../api/client";
import { reasonOf } from "../api/errors";
import { type Remark, warning } from "../api/remark";
import { Ownership } from "./ownership";
import { Remarks } from "./remarks";
import type { Surroundings } from "./surroundings";

/**
 * What all kinds of a process share: the engine runs one for a command and an account, so one limiter counts for all of its
 * requests, and an object belongs to one of its resources.
 */
export class Session {
  readonly ownership = new Ownership();
  readonly remarks: Remarks;
  readonly #clients: Clients;
  #hasToldAccount = false;

  constructor(readonly surroundings: Surroundings) {
    this.remarks = new Remarks(surroundings.tell);
    this.#clients = new Clients(surroundings.clock, surroundings.environment);
  }

  /** See `Clients`. */
  client(configuration: Configuration | undefined, work: Work & { readonly secrets: Set<string> }): QoderClient {
    return this.#clients.client(configuration, work);
  }

  /** Told at the first resource only, as it is the same for all. */
  accountRemarks(configuration: Configuration | undefined): Remark[] {
    if (this.#hasToldAccount) {
      return [];
    }
    this.#hasToldAccount = true;
    try {
      this.#clients.account(configuration);
      return [];
    } catch (error) {
      return [warning(`${reasonOf(error)}. A preview needs no account, \`pulumi up\` does`)];
    }
  }
}
