import { type AccountSettings, Clients, type Configuration, stackLimits } from "../../account/settings";
import { QoderForeignTokenError, reasonOf } from "../../api/errors";
import type { Surroundings } from "../engine/answer";
import { Ledger } from "../engine/ledger";
import { Remarks } from "../engine/remarks";
import { SharedFailures } from "../engine/shared-failures";
import { defaultMetadataProblem } from "../plan/default-metadata";
import { protectionProblem } from "../plan/protection";
import { AccountProofs } from "../read/account-proof";
import { AccountReader } from "../read/account-reader";
import { caution, type Findings, failure, noFindings } from "../read/findings";
import { ListedReads } from "../read/listed-reads";
import { ObjectUsers } from "../read/users-of";

/**
 * The data that all kinds share. The engine runs one process for a command and an account, so one limiter sees all requests of
 * the account, and an object has one owner among the resources of the process.
 */
export class Session {
  readonly ledger = new Ledger();
  readonly lists = new ObjectUsers();
  readonly reads = new ListedReads();
  readonly accountProofs = new AccountProofs();
  readonly remarks: Remarks;
  readonly failures = new SharedFailures();
  readonly secrets = new Set<string>();
  readonly clients: Clients;
  cancel: () => void = () => {};
  readonly cancelled = new Promise<void>((done) => {
    this.cancel = done;
  });
  readonly #readers = new Map<string, AccountReader>();
  #hasToldSettings = false;

  constructor(readonly surroundings: Surroundings) {
    this.remarks = new Remarks(surroundings.tell, this.ledger);
    this.clients = new Clients(surroundings.clock, surroundings.environment);
  }

  /** The mistakes in the settings of the stack and the account. Empty after the first call: they are the same for all resources. */
  settingFindings(configuration: Configuration | undefined): Findings {
    if (this.#hasToldSettings) {
      return noFindings;
    }
    this.#hasToldSettings = true;
    const account = this.#accountFindings(configuration);
    const problems = [
      this.remarks.problem,
      limitsProblem(configuration),
      defaultMetadataProblem(configuration),
      protectionProblem(configuration),
    ].flatMap((problem) => problem ?? []);
    return { ...account, failures: [...problems, ...account.failures] };
  }

  #accountFindings(configuration: Configuration | undefined): Findings {
    const { error } = this.#account(configuration);
    if (error === undefined) {
      return noFindings;
    }
    return this.#verifies(configuration) || error instanceof QoderForeignTokenError
      ? failure(reasonOf(error))
      : caution(`${reasonOf(error)}. A preview needs no account, \`pulumi up\` does`);
  }

  /** Asks the account about the objects that programs name; undefined unless a preview verifies with a usable account. */
  accountReader(configuration: Configuration | undefined): AccountReader | undefined {
    return this.#readerIf(this.#verifies(configuration), configuration);
  }

  /** As `accountReader`, for a refresh, in which the program may pass no settings: the configuration counts too. */
  readerForRefresh(configuration: Configuration | undefined): AccountReader | undefined {
    const isWanted = this.remarks.verifies || configuration?.get("qoder:verify") === "true";
    return this.#readerIf(isWanted, configuration);
  }

  #readerIf(isWanted: boolean, configuration: Configuration | undefined): AccountReader | undefined {
    const { account } = isWanted ? this.#account(configuration) : {};
    if (account === undefined) {
      return undefined;
    }
    const key = JSON.stringify(account);
    const reader = this.#readers.get(key) ?? new AccountReader(account.caller);
    this.#readers.set(key, reader);
    return reader;
  }

  /**
   * True in a preview that verifies: `verify` of a QoderProvider overrides `qoder:verify`. `up` does not ask again: its preview
   * has asked.
   */
  #verifies(configuration: Configuration | undefined): boolean {
    const own = configuration?.get("qoder:verify");
    return this.remarks.isPreview && (own === undefined ? this.remarks.verifies : own === "true");
  }

  #account(configuration: Configuration | undefined): { readonly account?: AccountSettings; readonly error?: unknown } {
    try {
      return { account: this.clients.account(configuration) };
    } catch (error) {
      return { error };
    }
  }
}

function limitsProblem(configuration: Configuration | undefined): string | undefined {
  try {
    stackLimits(configuration);
    return undefined;
  } catch (error) {
    return reasonOf(error);
  }
}
