import { QoderClient, type Work } from "../api/client";
import type { Clock } from "../api/clock";
import type { Account } from "../api/transport";
import { accountSettings, type Configuration } from "./settings";

/** The API as each account of a process: one limiter counts for all requests of an account. */
export class Clients {
  readonly #connected = new Map<string, QoderClient>();

  constructor(
    private readonly clock: Clock,
    private readonly environment: Readonly<Record<string, string | undefined>>,
  ) {}

  account(configuration: Configuration | undefined): Account {
    return accountSettings(configuration, this.environment);
  }

  /** The API as the account that the configuration names, for one piece of work; its token is among the secrets. */
  client(configuration: Configuration | undefined, work: Work & { readonly secrets: Set<string> }): QoderClient {
    const account = this.account(configuration);
    work.secrets.add(account.token);
    const key = JSON.stringify(account);
    const client = this.#connected.get(key) ?? QoderClient.connect(account, this.clock);
    this.#connected.set(key, client);
    return client.within(work);
  }
}
