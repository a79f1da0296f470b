import type * as pulumi from "@pulumi/pulumi";

/** The arguments of a `QoderProvider`. */
export interface QoderProviderArgs {
  /** The personal access token (`pt-...`) of the account. Give this or `saKey`. The state keeps the token encrypted. */
  readonly pat?: pulumi.Input<string>;
  /**
   * The key of a service account. Give this or `pat`. The provider exchanges the key for a token at its first request, and
   * again before the token expires after an hour. The state keeps the key encrypted, and never a token.
   */
  readonly saKey?: pulumi.Input<string>;
  /**
   * The API's base URL, for example `https://api.qoder.com.cn/api/v1/cloud` for the China edition. Left out: the stack's
   * `qoder:baseUrl`, then `QODER_BASE_URL`, `QODER_MANAGED_BASE_URL`, `https://api.qoder.com/api/v1/cloud`. The URL must be
   * https unless it is a loopback address. A change replaces no resource: the provider looks for the objects at the new
   * address.
   */
  readonly baseUrl?: pulumi.Input<string | undefined>;
  /**
   * The workspace, sent as the header `qoder-workspace-id`. Left out: the token's default workspace, and not the stack's
   * `qoder:workspaceId`, which belongs to the stack's own account. A change replaces no resource, as with `baseUrl`.
   */
  readonly workspaceId?: pulumi.Input<string | undefined>;
  /**
   * True if `pulumi preview` checks by GET requests that this account accepts the token, that the objects with the ids in the
   * program exist, and that new names are free. Left out: the stack's `qoder:verify`, else false.
   */
  readonly verify?: pulumi.Input<boolean | undefined>;
  /**
   * The number of write requests that may start in a second, 1 to 1,000. Left out: the stack's `qoder:writesPerSecond`, else
   * 20, as the service recommends. The service may refuse or cut off more. While it refuses requests, the provider starts
   * fewer.
   */
  readonly writesPerSecond?: pulumi.Input<number | undefined>;
  /**
   * How a refresh reads many objects: `lists`, with few requests, or `exact`, with a GET for each object, which also shows what changed a
   * few seconds ago. Left out: the stack's `qoder:refresh`, else `lists`.
   */
  readonly refresh?: pulumi.Input<"lists" | "exact" | undefined>;
  /**
   * Labels for every object of this account that has `metadata`. A key of the resource's own `metadata` comes first, then this
   * argument, then the stack's `qoder:defaultMetadata`. Labels are plain text, so give no secrets.
   */
  readonly defaultMetadata?: pulumi.Input<Readonly<Record<string, pulumi.Input<string>>> | undefined>;
}

const known: readonly string[] = [
  "pat",
  "saKey",
  "baseUrl",
  "workspaceId",
  "verify",
  "writesPerSecond",
  "refresh",
  "defaultMetadata",
] satisfies (keyof QoderProviderArgs)[];

/**
 * The error in the arguments of the provider; undefined for valid ones. A program in JavaScript has no compiler that reports
 * it, and a provider that ignores a wrong argument would act in another account.
 */
export function providerProblem(name: string, args: Readonly<Record<string, unknown>>): string | undefined {
  const other = Object.keys(args).find((key) => !known.includes(key));
  if (other !== undefined) {
    const remedy =
      args["pat"] == null && args["saKey"] == null
        ? "the access token is called pat"
        : `the arguments are ${known.join(", ")}`;
    return `QoderProvider "${name}": ${other} is not an argument; ${remedy}`;
  }
  if (args["pat"] === undefined && args["saKey"] === undefined) {
    return `QoderProvider "${name}": pat is missing: the access token of this account; a service account has saKey instead`;
  }
  return args["pat"] !== undefined && args["saKey"] !== undefined
    ? `QoderProvider "${name}": pat and saKey are both given: a token or a key, one of them`
    : undefined;
}

/** The error in the token or the key, as soon as its value is known; undefined for a valid one. */
export function credentialProblem(name: string, key: "pat" | "saKey", text: unknown): string | undefined {
  const what = key === "pat" ? "the access token of this account" : "the key of this service account";
  const isGiven = text !== null && text !== undefined && !(typeof text === "string" && text.trim() === "");
  return isGiven ? undefined : `QoderProvider "${name}": ${key} is empty; set ${what}`;
}

/** A label is plain text at Qoder, in each state and in each preview. */
export const secretLabels =
  "qoder:defaultMetadata holds a secret, and labels are plain text at Qoder: set it without --secret";

const settings = [...known, "creditsPerDay", "creditsPerMonth", "diagnostics", "ownToken", "protect", "showRequests"];

/**
 * A warning for each key of the stack's configuration that looks like a setting of this package and is none, such as `qoder:verfy`.
 * A project with the name qoder has keys of its own with this prefix.
 */
export function unknownSettings(keys: readonly string[], project: string): string[] {
  const own = project === "qoder" ? [] : keys.filter((key) => key.startsWith("qoder:"));
  return own
    .filter((key) => !settings.includes(key.slice("qoder:".length)))
    .map((key) => `${key} is not a setting of this package and has no effect; the settings are ${settings.join(", ")}`);
}
