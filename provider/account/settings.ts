import { QoderClient, type Work } from "../api/client";
import type { Clock } from "../api/clock";
import { QoderError } from "../api/errors";
import type { Account } from "../api/transport";

/** `QoderProvider`'s values or, without one, the stack configuration: the engine hands over either the same way. */
export interface Configuration {
  get(key: string): string | undefined;
}

/** More would be a slip of the keyboard. */
const mostWritesPerSecond = 1_000;
const defaultBaseUrl = "https://api.qoder.com/api/v1/cloud";

/**
 * The account to act as. Read anew for every call, and kept in this process only: no copy of the token can reach a
 * state. Configuration goes before the environment.
 */
export function accountSettings(
  configuration: Configuration | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): Account {
  const read = (key: string) => present(configuration?.get(`qoder:${key}`));
  const name = read("account");
  const configured = (key: string) =>
    name === undefined ? `qoder:${key} of the stack's configuration` : `the QoderProvider "${name}"`;
  const [token, tokenSource] = firstOf([
    [read("pat"), configured("pat")],
    [present(environment["QODER_ACCESS_TOKEN"]), "QODER_ACCESS_TOKEN"],
    [present(environment["QODER_PAT"]), "QODER_PAT"],
  ]);
  if (token === undefined) {
    throw new QoderError(
      "no Qoder access token: run `pulumi config set --secret qoder:pat`, or set QODER_ACCESS_TOKEN or QODER_PAT, or pass a QoderProvider",
    );
  }
  if (!visibleCharacters.test(token)) {
    throw new QoderError("the Qoder access token holds a space, a line break or another character no token has");
  }
  const baseUrl =
    read("baseUrl") ?? present(environment["QODER_BASE_URL"]) ?? present(environment["QODER_MANAGED_BASE_URL"]);
  const workspaceId = read("workspaceId");
  if (workspaceId !== undefined && !visibleCharacters.test(workspaceId)) {
    throw new QoderError("qoder:workspaceId holds a space, a line break or another character no workspace id has");
  }
  const workspace = workspaceId === undefined ? undefined : { id: workspaceId, source: configured("workspaceId") };
  const caller = { tokenSource, workspace };
  return {
    token,
    writesPerSecond: checkedRate(read("writesPerSecond")),
    baseUrl: checkedBaseUrl(baseUrl ?? defaultBaseUrl),
    workspaceId,
    caller,
  };
}

function checkedRate(text: string | undefined): number | undefined {
  if (text === undefined) {
    return undefined;
  }
  const rate = Number(text);
  if (!(Number.isInteger(rate) && rate >= 1 && rate <= mostWritesPerSecond)) {
    throw new QoderError(
      `qoder:writesPerSecond must be a whole number from 1 to ${mostWritesPerSecond}, not "${text}"`,
    );
  }
  return rate;
}

// Anything else could end the header and start another one.
const visibleCharacters = /^[\x21-\x7e]+$/;

type Candidate = readonly [value: string | undefined, source: string];

function firstOf(candidates: readonly Candidate[]): Candidate {
  return candidates.find(([value]) => value !== undefined) ?? [undefined, "nowhere"];
}

// An empty configuration value or variable is how people switch one off.
function present(value: string | undefined): string | undefined {
  const trimmed = value?.trim();
  return trimmed === "" ? undefined : trimmed;
}

const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/;

function checkedBaseUrl(text: string): string {
  if (!URL.canParse(text)) {
    // What stands before an @ may be a password.
    const shown = text.includes("@") ? "" : ` "${text}"`;
    throw new QoderError(`the base URL${shown} is not a URL; the default is ${defaultBaseUrl}`);
  }
  const url = new URL(text);
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") {
    throw new QoderError("the base URL must hold neither a user, a query nor a fragment");
  }
  if (url.protocol !== "https:" && !(url.protocol === "http:" && loopback.test(url.hostname))) {
    throw new QoderError(`the base URL ${url.origin} is not https; the token would travel in the clear`);
  }
  return text;
}

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
