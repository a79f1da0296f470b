import { programError, runError } from "./errors";
import {
  credentialProblem,
  providerProblem,
  type QoderProviderArgs,
  secretLabels,
  unknownSettings,
} from "./qoder-provider-arguments";
import * as pulumi from "./sdk";
import { isConfigSecret, passedProviders } from "./sdk-internals";

/** The warnings of each program: with the Automation API one process runs several programs. */
const warned = new WeakMap<object, Set<string>>();
const noStack = {};

/** Warns, once in a program, of settings in the stack's configuration that do not work as the person who wrote them believes. */
export function warnOfSettings(): void {
  const stack = pulumi.getStackResource() ?? noStack;
  const shown = warned.get(stack) ?? new Set();
  warned.set(stack, shown);
  if (isConfigSecret("qoder:defaultMetadata") === true) {
    throw runError(secretLabels);
  }
  const unknown = unknownSettings(Object.keys(pulumi.runtimeConfig.allConfig()), pulumi.getProject());
  for (const text of [...plainTokens(), ...unknown].filter((one) => !shown.has(one))) {
    shown.add(text);
    pulumi.log.warn(text);
  }
}

/** The tokens in plain text: the engine encrypts only values that are marked as secrets. */
function plainTokens(): string[] {
  const tokens = [
    ["qoder:pat", "token"],
    ["qoder:saKey", "key"],
  ] as const;
  return tokens
    .filter(([key]) => (pulumi.runtimeConfig.getConfig(key) ?? "").trim() !== "" && isConfigSecret(key) === false)
    .map(
      ([key, what]) =>
        `${key} is in plain text in the configuration of the stack: run \`pulumi config set --secret ${key}\`, and revoke the ${what} if anybody else can read the file`,
    );
}

/**
 * An account for resources that do not belong to the account of the stack's configuration.
 *
 * ```typescript
 * const staging = new QoderProvider("staging", { pat: config.requireSecret("stagingPat") });
 * new QoderDeployment("nightly", { ...args }, { provider: staging });
 * ```
 *
 * A resource keeps the account that created it, in `refresh` and `destroy` too. A changed token replaces no resource.
 */
export class QoderProvider extends pulumi.ProviderResource {
  /** @internal */
  readonly __qoderInputs: pulumi.Inputs;

  constructor(name: string, args: QoderProviderArgs, options?: pulumi.ResourceOptions) {
    const problem = providerProblem(name, { ...args });
    if (problem !== undefined) {
      throw programError(problem);
    }
    const config = new pulumi.Config("qoder");
    // The engine passes these to `configure` under the names of the stack configuration.
    const inputs = {
      ...credential(name, args),
      "qoder:baseUrl": pulumi.output(args.baseUrl).apply((baseUrl) => baseUrl ?? config.get("baseUrl")),
      "qoder:workspaceId": args.workspaceId,
      ...setting("qoder:verify", args.verify),
      ...setting("qoder:writesPerSecond", args.writesPerSecond ?? config.get("writesPerSecond")),
      ...setting("qoder:refresh", args.refresh ?? config.get("refresh")),
      ...setting("qoder:protect", config.get("protect")),
      ...setting("qoder:defaultMetadata", defaultMetadata(name, args, config.getObject("defaultMetadata"))),
      // The name of this provider, for messages.
      "qoder:account": name,
    };
    // A program in another language may have created the provider.
    const aliases = [...(options?.aliases ?? []), { type: "pulumi:providers:qoder" }];
    super("pulumi-nodejs", name, inputs, { ...options, aliases });
    this.__qoderInputs = inputs;
  }
}

/**
 * The settings of this provider as `configure` receives them; undefined for a provider of another package. Unknown if a
 * preview does not know a setting. Not a secret, because the token does not make the result of a look-up secret.
 */
export function settingsOf(
  provider: pulumi.ProviderResource,
): pulumi.Output<Readonly<Record<string, unknown>>> | undefined {
  // Recognised by a member and not by the class, because a project may contain two copies of this package. The outputs of the
  // provider are no source: in every preview the SDK treats an absent setting as unknown (pulumi/pulumi
  // sdk/nodejs/runtime/rpc.ts).
  const inputs: pulumi.Inputs | undefined = Reflect.get(provider, "__qoderInputs");
  return inputs === undefined ? undefined : pulumi.unsecret(pulumi.all(inputs));
}

/**
 * Throws if a parent passes a QoderProvider on under another key than its package. The SDK then only warns, and the resource
 * would belong to the account of the stack's configuration.
 */
export function refuseMisplacedProvider(label: string, parent: pulumi.Resource | undefined): void {
  const providers = passedProviders(parent);
  const own = providers["pulumi-nodejs"];
  const [key] =
    Object.entries(providers).find(([, one]) => one !== own && Reflect.get(one, "__qoderInputs") !== undefined) ?? [];
  if (key !== undefined) {
    throw runError(
      `${label}: its parent has a QoderProvider under the key ${key} of providers, where no resource finds it; write provider: account in its place`,
    );
  }
}

/** The labels of the stack and of the provider as one text; undefined if neither has any. */
function defaultMetadata(
  name: string,
  { defaultMetadata: given }: QoderProviderArgs,
  ofStack: object | undefined,
): pulumi.Input<string> | undefined {
  if (given === undefined) {
    return ofStack === undefined ? undefined : JSON.stringify(ofStack);
  }
  const labels = pulumi.output(given);
  return labels.apply(async (own) => {
    if (await pulumi.isSecret(labels)) {
      throw runError(`QoderProvider "${name}": defaultMetadata is a secret; labels are plain text at Qoder`);
    }
    return JSON.stringify({ ...ofStack, ...own });
  });
}

type Setting = boolean | number | string | undefined;

/**
 * An input for a given setting only: an additional input would change the provider in every older state. The engine passes
 * texts only.
 */
function setting(key: string, value: pulumi.Input<Setting>): pulumi.Inputs {
  const asText = (given: Setting) => (given === undefined ? undefined : String(given));
  return value === undefined ? {} : { [key]: pulumi.output(value).apply(asText) };
}

/**
 * The token or the key. Both together are an error, so that no rule of precedence is needed. Without either, the provider
 * would use another account.
 */
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
