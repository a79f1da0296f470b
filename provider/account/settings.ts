import { createHmac } from "node:crypto";
import { QoderClient, type Work } from "../api/client";
import type { Clock } from "../api/clock";
import { QoderAccountError, QoderForeignTokenError } from "../api/errors";
import type { Account } from "../api/transport";
import { checkedUrl, defaultBaseUrl, exchangeUrl, exchangeVariable, missingPath } from "./hosts";
import { ServiceAccount, type ServiceAccountKey, visibleCharacters } from "./service-account";

/** The values of a `QoderProvider` or, without one, of the stack configuration. The engine passes both in the same form. */
export interface Configuration {
  get(key: string): string | undefined;
}

/** A larger number is certainly a typing error. */
const mostWritesPerSecond = 1_000;

/** `lists`: a refresh reads many objects by lists. `exact`: it sends a GET for each. */
const refreshes = ["lists", "exact"] as const;
type Refresh = (typeof refreshes)[number];

/**
 * An account from configuration and environment: with a token or with the key that is exchanged for one. `maker`: a short text that
 * distinguishes this token or key, at this URL and in this workspace, from others, for the states of the objects that it makes.
 */
export type AccountSettings = Omit<Account, "token"> & {
  readonly refresh: Refresh;
  readonly maker: string;
} & ({ readonly token: string } | ServiceAccountKey);

/**
 * The account of the command. It stays in this process, so that no copy of the token can reach a state. Configuration takes
 * precedence over the environment.
 */
export function accountSettings(
  configuration: Configuration | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): AccountSettings {
  const read = (key: string) => present(configuration?.get(`qoder:${key}`));
  const name = read("account");
  const configured = (key: string) =>
    name === undefined ? `qoder:${key} of the stack's configuration` : `the QoderProvider "${name}"`;
  const ofStack = (["pat", "saKey"] as const).map((key) => ({
    key,
    name: `qoder:${key}`,
    value: read(key),
    source: configured(key),
  }));
  const ofEnvironment = variables.map(([key, name]) => ({
    key,
    name,
    value: present(environment[name]),
    source: name,
  }));
  if (isSwitchedOn("ownToken", read("ownToken"))) {
    refuseForeignToken(ofStack, ofEnvironment);
  }
  const credential = credentialIn(ofStack, ofEnvironment);
  const baseUrl = checkedUrl(
    read("baseUrl") ??
      present(environment["QODER_BASE_URL"]) ??
      present(environment["QODER_MANAGED_BASE_URL"]) ??
      defaultBaseUrl,
    "the base URL",
    defaultBaseUrl,
  );
  const workspaceId = read("workspaceId");
  if (workspaceId !== undefined && !visibleCharacters.test(workspaceId)) {
    throw new QoderAccountError(
      "qoder:workspaceId holds a space, a line break or another character no workspace id has",
    );
  }
  const workspace = workspaceId === undefined ? undefined : { id: workspaceId, source: configured("workspaceId") };
  const rate = checkedRate(read("writesPerSecond"));
  const { key, value, source } = credential;
  const maker = makerOf(value, baseUrl, workspaceId);
  const account = { baseUrl, workspaceId, writesPerSecond: rate, refresh: checkedRefresh(read("refresh")), maker };
  const caller = { workspace, missingPath: missingPath(baseUrl) };
  if (key === "pat") {
    return { ...account, token: value, caller: { ...caller, tokenSource: source } };
  }
  const tokenSource = `${source}, exchanged for the service account key there`;
  return {
    ...account,
    saKey: value,
    keySource: source,
    exchangeUrl: exchangeUrl(baseUrl, present(environment[exchangeVariable])),
    caller: { ...caller, tokenSource, hasChangingToken: true },
  };
}

/** The length is enough to distinguish the tokens of a stack, and says nothing of the token to a reader of the state. */
const makerLength = 12;

function makerOf(secret: string, baseUrl: string, workspaceId = ""): string {
  const place = JSON.stringify([baseUrl, workspaceId]);
  return createHmac("sha256", `pulumi-qoder ${place}`).update(secret).digest("hex").slice(0, makerLength);
}

function isSwitchedOn(key: string, text: string | undefined): boolean {
  if (text !== undefined && text !== "true" && text !== "false") {
    throw new QoderAccountError(`qoder:${key} is neither true nor false`);
  }
  return text === "true";
}

/** A token of the environment may belong to another stack, in whose account this one would then create its objects. */
function refuseForeignToken(ofStack: readonly Place[], ofEnvironment: readonly Place[]): void {
  const foreign = ofEnvironment.find(({ value }) => value !== undefined);
  if (foreign !== undefined && ofStack.every(({ value }) => value === undefined)) {
    throw new QoderForeignTokenError(
      `qoder:ownToken is true, but this stack has no token of its own: ${foreign.name} may belong to another account.\nRun \`pulumi config set --secret qoder:pat\`, or remove qoder:ownToken`,
    );
  }
}

function checkedRate(text: string | undefined): number | undefined {
  if (text === undefined) {
    return undefined;
  }
  const rate = Number(text);
  if (!(Number.isInteger(rate) && rate >= 1 && rate <= mostWritesPerSecond)) {
    throw new QoderAccountError(
      `qoder:writesPerSecond must be a whole number from 1 to ${mostWritesPerSecond}, not "${text}"`,
    );
  }
  return rate;
}

function checkedRefresh(text: string = refreshes[0]): Refresh {
  const refresh = refreshes.find((one) => one === text);
  if (refresh === undefined) {
    throw new QoderAccountError(`qoder:refresh must be ${refreshes.join(" or ")}, not "${text}"`);
  }
  return refresh;
}

/** The most credits that all deployments of a stack may cost in a day and in a month. */
export interface StackLimits {
  readonly creditsPerDay: number | undefined;
  readonly creditsPerMonth: number | undefined;
}

export function stackLimits(configuration: Configuration | undefined): StackLimits {
  const read = (key: string) => creditsIn(key, present(configuration?.get(`qoder:${key}`)));
  return { creditsPerDay: read("creditsPerDay"), creditsPerMonth: read("creditsPerMonth") };
}

function creditsIn(key: string, text: string | undefined): number | undefined {
  if (text !== undefined && !(/^\d{1,12}(\.\d+)?$/.test(text) && Number(text) > 0)) {
    throw new QoderAccountError(`qoder:${key} must be a number of credits above 0, such as 500, not "${text}"`);
  }
  return text === undefined ? undefined : Number(text);
}

interface Credential {
  readonly key: "pat" | "saKey";
  readonly value: string;
  readonly source: string;
}
type Place = Omit<Credential, "value"> & { readonly name: string; readonly value: string | undefined };

const variables = [
  ["pat", "QODER_ACCESS_TOKEN"],
  ["pat", "QODER_PAT"],
  ["saKey", "QODER_SA_KEY"],
] as const;

/**
 * The first token or key that is given. A token and a key in the same group are an error, because either could be the
 * intended one.
 */
function credentialIn(...groups: readonly (readonly Place[])[]): Credential {
  const given = groups.map((places) => places.filter(({ value }) => value !== undefined));
  const [first, ...others] = given.find(({ length }) => length > 0) ?? [];
  if (first?.value === undefined) {
    throw new QoderAccountError(
      "no Qoder access token.\nRun `pulumi config set --secret qoder:pat`, set QODER_PAT, or use a QoderProvider (key of a service account: qoder:saKey, QODER_SA_KEY)",
    );
  }
  const { key, name, value, source } = first;
  const other = others.find((place) => place.key !== key);
  if (other !== undefined) {
    throw new QoderAccountError(
      `${name} and ${other.name} are both set, an access token and the key of a service account.\nRemove one of them`,
    );
  }
  if (!visibleCharacters.test(value)) {
    const [what, of] = key === "pat" ? ["access token", "token"] : ["service account key", "key"];
    throw new QoderAccountError(`the Qoder ${what} holds a space, a line break or another character no ${of} has`);
  }
  return { key, value, source };
}

// An empty configuration value or variable counts as absent, because people switch a setting off this way.
function present(value: string | undefined): string | undefined {
  const trimmed = value?.trim();
  return trimmed === "" ? undefined : trimmed;
}

const noConfiguration: Configuration = { get: () => undefined };

/** The clients of a process. All requests of an account share one limiter. */
export class Clients {
  readonly #accounts = new WeakMap<Configuration, AccountSettings>();
  readonly #connected = new Map<string, QoderClient>();
  readonly #serviceAccounts = new Map<string, ServiceAccount>();

  constructor(
    private readonly clock: Clock,
    private readonly environment: Readonly<Record<string, string | undefined>>,
  ) {}

  /** The engine hands over one configuration for a command, and each of its calls needs the account. */
  account(configuration: Configuration = noConfiguration): AccountSettings {
    const account = this.#accounts.get(configuration) ?? accountSettings(configuration, this.environment);
    this.#accounts.set(configuration, account);
    return account;
  }

  /** The client of the configured account for one piece of work. Its token or key is added to the secrets. */
  client(configuration: Configuration | undefined, work: Work & { readonly secrets: Set<string> }): QoderClient {
    const settings = this.account(configuration);
    work.secrets.add("token" in settings ? settings.token : settings.saKey);
    return this.connected(settings).within(work);
  }

  connected(settings: AccountSettings): QoderClient {
    const key = JSON.stringify(settings);
    const account = "token" in settings ? settings : { ...settings, token: this.#serviceAccount(settings) };
    const client = this.#connected.get(key) ?? QoderClient.connect(account, this.clock);
    this.#connected.set(key, client);
    return client;
  }

  /** One service account for each key, even if its accounts differ in other settings. */
  #serviceAccount(key: ServiceAccountKey): ServiceAccount {
    const name = JSON.stringify([key.saKey, key.exchangeUrl]);
    const serviceAccount = this.#serviceAccounts.get(name) ?? new ServiceAccount(key, this.clock);
    this.#serviceAccounts.set(name, serviceAccount);
    return serviceAccount;
  }
}
