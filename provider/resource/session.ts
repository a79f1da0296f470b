import { type AccountSettings, Clients, type Configuration } from "../account/settings";
import type { QoderClient, Work } from "../api/client";
import { reasonOf } from "../api/errors";
import { CommandLists } from "./command-lists";
import { Declared } from "./declared";
import type { Surroundings } from "./engine/answer";
import type { Command } from "./engine/command";
import { Remarks } from "./engine/remarks";
import { SharedFailures } from "./engine/shared-failures";
import { Namesakes } from "./namesakes";
import { Ownership } from "./ownership";
import { Verification } from "./preview/verification";
import { type Findings, noFindings } from "./preview/verify";
import type { Properties } from "./program-values";
import { Sources } from "./sources";

/**
 * What all kinds of a process share: the engine runs one for a command and an account, so one limiter counts for all of its
 * requests, and an object belongs to one of its resources.
 */
export class Session {
  readonly ownership = new Ownership();
  readonly lists = new CommandLists();
  readonly sources = new Sources();
  readonly declared = new Declared();
  readonly namesakes = new Namesakes();
  readonly remarks: Remarks;
  readonly failures = new SharedFailures();
  readonly #clients: Clients;
  readonly #verifications = new Map<string, Verification>();
  #hasToldSettings = false;

  constructor(readonly surroundings: Surroundings) {
    this.remarks = new Remarks(surroundings.tell);
    this.#clients = new Clients(surroundings.clock, surroundings.environment);
  }

  /** The program declares a resource at this URN, which was declared at `origin` first. */
  declare(urn: string, origin: string | undefined, isKnown: boolean, given: Properties, command: Command): void {
    this.ownership.declare(urn, origin, isKnown, command.siblings);
    this.sources.declare(origin, command.source?.path);
    this.declared.declare(origin, given, command);
  }

  /** See `Clients`. */
  client(configuration: Configuration | undefined, work: Work & { readonly secrets: Set<string> }): QoderClient {
    return this.#clients.client(configuration, work);
  }

  /** What is wrong with the settings of the stack and the account. Told at the first resource only, as it is the same for all. */
  settingFindings(configuration: Configuration | undefined): Findings {
    if (this.#hasToldSettings) {
      return noFindings;
    }
    this.#hasToldSettings = true;
    const { problem } = this.remarks;
    const account = this.#accountFindings(configuration);
    return problem === undefined ? account : { ...account, failures: [problem, ...account.failures] };
  }

  #accountFindings(configuration: Configuration | undefined): Findings {
    const { error } = this.#account(configuration);
    if (error === undefined) {
      return noFindings;
    }
    return this.#verifies(configuration)
      ? { failures: [reasonOf(error)], warnings: [] }
      : { failures: [], warnings: [`${reasonOf(error)}. A preview needs no account, \`pulumi up\` does`] };
  }

  /** What the account says of the things that programs name; undefined where nobody wants it to be asked, or it cannot be. */
  verification(configuration: Configuration | undefined): Verification | undefined {
    const { account } = this.#verifies(configuration) ? this.#account(configuration) : {};
    return account === undefined ? undefined : this.#verificationOf(account);
  }

  /** What the account says in a refresh, which declares no resource and so hands over no settings of the command. */
  refreshVerification(configuration: Configuration | undefined): Verification | undefined {
    const isWanted = this.remarks.verifies || configuration?.get("qoder:verify") === "true";
    const { account } = isWanted ? this.#account(configuration) : {};
    return account === undefined ? undefined : this.#verificationOf(account);
  }

  #verificationOf(account: AccountSettings): Verification {
    const key = JSON.stringify(account);
    const verification = this.#verifications.get(key) ?? new Verification(account.caller);
    this.#verifications.set(key, verification);
    return verification;
  }

  /** What a `QoderProvider` says counts before what the stack says. An update follows a preview that asked. */
  #verifies(configuration: Configuration | undefined): boolean {
    const own = configuration?.get("qoder:verify");
    return this.remarks.isPreview && (own === undefined ? this.remarks.verifies : own === "true");
  }

  #account(configuration: Configuration | undefined): { readonly account?: AccountSettings; readonly error?: unknown } {
    try {
      return { account: this.#clients.account(configuration) };
    } catch (error) {
      return { error };
    }
  }
}
