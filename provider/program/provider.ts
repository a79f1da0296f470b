import * as pulumi from "@pulumi/pulumi";
import { credentialProblem, providerProblem } from "./provider-problem";

/**
 * An error whose message says all that a person needs. It has no stack, which the SDK hides but draws in colours first
 * (pulumi/pulumi sdk/nodejs/cmd/run/error.ts): with a frame of the SDK's own in it, that takes Node.js 20 half a minute.
 */
export function runError(message: string): pulumi.RunError {
  return Object.assign(new pulumi.RunError(message), { stack: "" });
}

const plain = new Set<string>();

/** Once a program: the engine encrypts what it is told is a secret, and nothing else. */
export function warnOfPlainToken(): void {
  for (const [key, what] of [
    ["qoder:pat", "token"],
    ["qoder:saKey", "key"],
  ] as const) {
    if (!plain.has(key) && (pulumi.runtime.getConfig(key) ?? "").trim() !== "" && isSecret(key) === false) {
      plain.add(key);
      pulumi.log.warn(
        `${key} is in the stack's configuration in plain text: run \`pulumi config set --secret ${key}\`, and revoke the ${what} if anybody else can read the file`,
      );
    }
  }
}

// Part of the SDK, not of its types (@pulumi/pulumi runtime/config.js): without it nobody knows.
function isSecret(key: string): unknown {
  const ask: unknown = Reflect.get(pulumi.runtime, "isConfigSecret");
  return typeof ask === "function" ? ask(key) : undefined;
}

/** The arguments of a {@link QoderProvider}. */
export interface QoderProviderArgs {
  /** The personal access token (`pt-...`) to act with, where there is no `saKey`. Kept encrypted in the state. */
  readonly pat?: pulumi.Input<string>;
  /**
   * The key of the service account to act as, in place of `pat`. It is exchanged for a token that lasts an hour when the API is
   * first asked, and again in time. Kept encrypted in the state; the tokens are kept nowhere.
   */
  readonly saKey?: pulumi.Input<string>;
  /**
   * The API's base URL, for example `https://api.qoder.com.cn/api/v1/cloud` for the China edition. Left out: the stack's
   * `qoder:baseUrl`, then `QODER_BASE_URL`, `QODER_MANAGED_BASE_URL`, `https://api.qoder.com/api/v1/cloud`. Must be https unless
   * it is a loopback address. A change replaces nothing: the deployments are looked for at the new place.
   */
  readonly baseUrl?: pulumi.Input<string | undefined>;
  /**
   * The workspace to act in, sent as the header `qoder-workspace-id`. Left out: the token's default workspace, not the stack's
   * `qoder:workspaceId`, which belongs to the stack's own account. A change replaces nothing, as with `baseUrl`.
   */
  readonly workspaceId?: pulumi.Input<string | undefined>;
  /**
   * Whether `pulumi preview` asks this account if it takes the token, has what the program names, and leaves new names free. GET
   * requests only. Left out: as the stack's `qoder:verify` says, or else not.
   */
  readonly verify?: pulumi.Input<boolean | undefined>;
  /**
   * How many writes a second may start, 1 to 1,000. Left out: as the stack's `qoder:writesPerSecond` says, or else 20, what the
   * service advises; more may be refused or cut off. While the service pushes back, fewer start.
   */
  readonly writesPerSecond?: pulumi.Input<number | undefined>;
}

/**
 * An account to manage deployments with, where the stack's own configuration is not enough.
 *
 * ```typescript
 * const staging = new QoderProvider("staging", { pat: config.requireSecret("stagingPat") });
 * new QoderDeployment("nightly", { ...args }, { provider: staging });
 * ```
 *
 * Deployments keep the account they were made with, in `refresh` and `destroy` too. A changed token replaces nothing.
 */
export class QoderProvider extends pulumi.ProviderResource {
  /** @internal */
  readonly __qoderInputs: pulumi.Inputs;

  constructor(name: string, args: QoderProviderArgs, options?: pulumi.ResourceOptions) {
    const problem = providerProblem(name, { ...args });
    if (problem !== undefined) {
      throw new Error(problem);
    }
    const config = new pulumi.Config("qoder");
    // The engine hands these to `configure` under the same names as the stack configuration.
    const inputs = {
      ...credential(name, args),
      "qoder:baseUrl": pulumi.output(args.baseUrl).apply((baseUrl) => baseUrl ?? config.get("baseUrl")),
      "qoder:workspaceId": args.workspaceId,
      ...setting("qoder:verify", args.verify),
      ...setting("qoder:writesPerSecond", args.writesPerSecond ?? config.get("writesPerSecond")),
      // For messages.
      "qoder:account": name,
    };
    // A program in another language may have made it.
    const aliases = [...(options?.aliases ?? []), { type: "pulumi:providers:qoder" }];
    super("pulumi-nodejs", name, inputs, { ...options, aliases });
    this.__qoderInputs = inputs;
  }
}

/**
 * What `configure` is handed of this provider. Not known in a preview in which one of the settings is not; no secret, as nothing
 * that is looked up is one because of the token. Undefined where it is another package's provider.
 */
export function settingsOf(
  provider: pulumi.ProviderResource,
): pulumi.Output<Readonly<Record<string, unknown>>> | undefined {
  // By its member, not by its class: a project may hold two copies of this package. What the engine answers cannot be asked for
  // them, as the SDK takes a setting that is absent for unknown in every preview (pulumi/pulumi sdk/nodejs/runtime/rpc.ts).
  const inputs: pulumi.Inputs | undefined = Reflect.get(provider, "__qoderInputs");
  return inputs === undefined ? undefined : pulumi.unsecret(pulumi.all(inputs));
}

type Setting = boolean | number | string | undefined;

/** Only where it is given: it is a change of the provider in every state that lacks it. The engine hands over texts alone. */
function setting(key: string, value: pulumi.Input<Setting>): pulumi.Inputs {
  const asText = (given: Setting) => (given === undefined ? undefined : String(given));
  return value === undefined ? {} : { [key]: pulumi.output(value).apply(asText) };
}

/** One of the two, so that nobody has to know which would win. Without any, another account would be acted in. */
function credential(name: string, { pat, saKey }: QoderProviderArgs): pulumi.Inputs {
  const [key, value] = saKey === undefined ? (["pat", pat] as const) : (["saKey", saKey] as const);
  const given = (text: string | null | undefined) => {
    const problem = credentialProblem(name, key, text);
    if (problem !== undefined) {
      throw runError(problem);
    }
    return text;
  };
  const text = typeof value === "object" && value !== null ? pulumi.output(value).apply(given) : given(value);
  return { [`qoder:${key}`]: pulumi.secret(text) };
}
