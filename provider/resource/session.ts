import { accountSettings, type Configuration } from "../account/settings";
import { QoderClient, type Work } from "../api/client";
import { reasonOf } from "../api/errors";
import { type Remark, warning } from "../api/remark";
import { Ownership } from "./ownership";
import { Remarks } from "./remarks";
import { processSurroundings, type Surroundings } from "./surroundings";

/**
 * What all kinds of a process share: the engine runs one for a command and an account, so one limiter counts for all of its
 * requests, and an object belongs to one of its resources.
 */
export class Session {
  readonly ownership = new Ownership();
  readonly remarks: Remarks;
  readonly #clients = new Map<string, QoderClient>();
  #hasToldAccount = false;

  constructor(readonly surroundings: Surroundings = processSurroundings) {
    this.remarks = new Remarks(surroundings.tell);
  }

  /** The API as the account that the configuration names, for one piece of work; its token is among the secrets. */
  client(configuration: Configuration | undefined, work: Work & { readonly secrets: Set<string> }): QoderClient {
    const { clock, environment } = this.surroundings;
    const account = accountSettings(configuration, environment);
    work.secrets.add(account.token);
    const key = JSON.stringify(account);
    const client = this.#clients.get(key) ?? QoderClient.connect(account, clock);
    this.#clients.set(key, client);
    return client.within(work);
  }

  /** Told at the first resource only, as it is the same for all. */
  accountRemarks(configuration: Configuration | undefined): Remark[] {
    if (this.#hasToldAccount) {
      return [];
    }
    this.#hasToldAccount = true;
    try {
      accountSettings(configuration, this.surroundings.environment);
      return [];
    } catch (error) {
      return [warning(`${reasonOf(error)}. A preview needs no account, \`pulumi up\` does`)];
    }
  }
}
