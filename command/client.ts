import { type AccountSettings, accountSettings, Clients } from "../provider/account/settings";
import type { QoderClient } from "../provider/api/client";
import { durationText } from "../provider/api/clock";
import { unlimited } from "../provider/api/connection";
import { QoderError } from "../provider/api/errors";
import { patience } from "../provider/api/patience";
import { redacted } from "../provider/api/redacted";
import type { Tell } from "../provider/api/remark";
import type { Streams } from "./printer";
import type { Environment } from "./terminal";
import type { CommandTime } from "./time";

const tries = { requestMs: patience.commandTryMs, hasFewTries: true } as const;

/** A client for a command, which ends in limited time however slow the service is. */
export class CommandClient {
  #moment: number | undefined;

  private constructor(
    private readonly connection: QoderClient,
    private readonly whole: QoderClient | undefined,
    private readonly limit: CommandTime["limit"],
    /** All secrets of the command; the client adds the keys and tokens of its requests. */
    readonly secrets: Set<string>,
    /** Takes what the replies leave unclear; without it, that is an error. */
    private readonly tell: Tell | undefined,
  ) {}

  static connect(
    account: AccountSettings,
    { clock, limit }: CommandTime,
    { secrets }: Pick<Streams, "secrets">,
    tell?: Tell,
  ): CommandClient {
    const connection = new Clients(clock, {}).connected(account);
    const whole = limit && connection.until({ ...limit, secrets, tell, ...tries });
    return new CommandClient(connection, whole, limit, secrets, tell);
  }

  /** The client for all requests about one object. */
  forObject(): QoderClient {
    return this.whole ?? this.connection.within(this.#work());
  }

  forList(): QoderClient {
    return this.whole ?? this.connection.eachWithin(this.#work());
  }

  /** The client for requests that have this time together, and must leave half of the time of the command to the others. */
  forAtMost(milliseconds: number): QoderClient {
    const [now, { wholeMs, deadline }] = [this.now(), this.limit ?? unlimited];
    const share = {
      wholeMs,
      deadline: (now + deadline) / 2,
      isShare: true,
      secrets: this.secrets,
      tell: this.tell,
      ...tries,
    };
    return share.deadline < now + milliseconds
      ? this.connection.until(share)
      : this.connection.within(this.#work(milliseconds));
  }

  #work(milliseconds: number = patience.callMs) {
    return { milliseconds, secrets: this.secrets, tell: this.tell, ...tries };
  }

  /** Milliseconds since the epoch, by the clock of this machine: for limits and waits, and for nothing that the service shows. */
  now(): number {
    return this.connection.now();
  }

  /**
   * The time by the service's clock: one moment for all that a command compares, that of the first response. The time of this machine, if no
   * response has shown the service's.
   */
  moment(): number {
    this.#moment ??= this.connection.serviceNow();
    return this.#moment ?? this.now();
  }

  /** The present time by the service's clock, or by that of this machine if no response has shown the service's. */
  serviceNow(): number {
    return this.connection.serviceNow() ?? this.now();
  }

  /** The warning about a clock of this machine that differs from the service's by more than two clocks usually do. */
  clockWarning(): string | undefined {
    const behindMs = this.serviceNow() - this.now();
    const by = `${durationText(Math.abs(behindMs))} ${behindMs > 0 ? "behind" : "ahead of"}`;
    return Math.abs(behindMs) <= 60_000
      ? undefined
      : `Warning: the clock of this machine is ${by} that of the service, which this command uses\n`;
  }

  /** From now on no output shows these. */
  keep(secrets: Iterable<string>): void {
    for (const secret of secrets) {
      this.secrets.add(secret);
    }
  }

  /** Words of others without secrets, before they are cut. */
  clean(text: string): string {
    return redacted(text, this.secrets);
  }

  async close(): Promise<void> {
    await this.connection.close();
  }
}

/** The account of the environment, for a command that runs outside of any stack. */
export function accountOf(workspace: string | undefined, environment: Environment): AccountSettings {
  const configuration = { get: (key: string) => (key === "qoder:workspaceId" ? workspace : undefined) };
  if (["QODER_ACCESS_TOKEN", "QODER_PAT", "QODER_SA_KEY"].every((name) => !environment[name]?.trim())) {
    throw new QoderError(
      "no Qoder access token: set QODER_PAT, or QODER_SA_KEY for a service account. With --stack, most commands use the account of the stack",
    );
  }
  return accountSettings(configuration, environment);
}

/** The number of connections; the client limits the requests that start in a second. */
const atOnce = 16;

/**
 * Calls the function for each item, several at once, and returns the results in the order of the items. After a failure it
 * starts no further item, and throws the first failure when the started ones have ended.
 */
export async function eachOf<Item, Result>(
  items: Iterable<Item> | AsyncIterable<Item>,
  action: (item: Item, place: number) => Promise<Result>,
  most: number = atOnce,
): Promise<Result[]> {
  // All workers share the iterator, so each item is taken once.
  const iterator = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
  const results: Result[] = [];
  let taken = 0;
  let failure: { readonly error: unknown } | undefined;
  const worker = async () => {
    for (let next = await iterator.next(); next.done !== true && failure === undefined; next = await iterator.next()) {
      const place = taken;
      taken += 1;
      results[place] = await action(next.value, place);
    }
  };
  await Promise.all(
    Array.from({ length: most }, () =>
      worker().catch((error: unknown) => {
        failure ??= { error };
      }),
    ),
  );
  if (failure !== undefined) {
    throw failure.error;
  }
  return results;
}
