import { runError } from "./errors";
import {
  checkOptions,
  type LookUpArgs,
  type LookUpOptions,
  type LookUpOutputArgs,
  type LookUpOutputOptions,
} from "./look-up-arguments";
import { refuseMisplacedProvider, settingsOf, warnOfSettings } from "./qoder-provider";
import type { Question } from "./question";
import * as pulumi from "./sdk";

interface Search<Args> extends Question<Args> {
  /** True if the arguments are secret, so that no message may show them. */
  readonly isSecret: boolean;
  readonly configuration: { get(key: string): string | undefined };
  /** Receives remarks for the person who runs the command during the search. */
  tell(text: string, isWarning: boolean): Promise<void>;
}

/**
 * Returns the result, such as the outputs of the one matching object, with as few types as the engine's answer to an invoke.
 */
export type Find<Args = LookUpArgs> = (search: Search<Args>) => ReturnType<typeof pulumi.invoke>;

interface LookUpRow {
  /** The name of the function. */
  readonly lookUp: string;
  /** The type of the resource, by which a parent finds its provider. */
  readonly type: string;
  /** The outputs that are always secret. Left out: none. */
  readonly secretOutputs?: readonly string[];
}

/**
 * The look-ups of one kind. The engine has no invoke for a dynamic provider, so the program calls the API itself; in a test
 * with mocks the mocks answer.
 */
export class LookUp<Result, Args extends object = LookUpArgs, OutputArgs = LookUpOutputArgs> {
  /** `question` throws for wrong arguments; `called` is the name of the called function, with or without `Output`. */
  constructor(
    private readonly kind: LookUpRow,
    private readonly question: (called: string, args: unknown) => Question<Args>,
    private readonly load: () => Find<Args>,
  ) {}

  readonly find = async (args: Args, options: LookUpOptions = {}): Promise<Result> => {
    const { lookUp: name } = this.kind;
    checkOptions(name, options, ["provider", "parent", "async"]);
    const question = this.#question(name, args);
    const provider = this.#providerOf(name, options);
    if (isUnderTest(name)) {
      return this.#askMocks(question, provider);
    }
    const settings = provider === undefined ? undefined : await knownSettings(name, accountOf(name, provider));
    return this.#ask(question, false, settings);
  };

  readonly output = (args: OutputArgs, options: LookUpOutputOptions = {}): pulumi.Output<Result> => {
    const name = `${this.kind.lookUp}Output`;
    checkOptions(name, options, ["provider", "parent", "async", "dependsOn"]);
    const given = pulumi.output(args);
    const provider = this.#providerOf(name, options);
    const isMocked = isUnderTest(name);
    const account = provider === undefined || isMocked ? undefined : accountOf(name, provider);
    const answer = async (known: unknown, settings: Readonly<Record<string, unknown>> | undefined) => {
      const question = this.#question(name, known);
      return isMocked
        ? this.#askMocks(question, provider)
        : this.#ask(question, await pulumi.isSecret(given), settings);
    };
    return pulumi
      .all([given, account, idsOf(name, options.dependsOn)])
      .apply(([known, settings]) => answer(known, settings).catch(rejected));
  };

  #question(called: string, args: unknown): Question<Args> {
    try {
      return this.question(called, args);
    } catch (error) {
      throw runError(messageOf(error));
    }
  }

  #providerOf(called: string, { provider, parent }: LookUpOptions): pulumi.ProviderResource | undefined {
    if (provider === undefined) {
      refuseMisplacedProvider(called, parent);
    }
    return provider ?? parent?.getProvider(this.kind.type);
  }

  async #askMocks({ label, args }: Question<Args>, provider: pulumi.ProviderResource | undefined): Promise<Result> {
    const options = provider === undefined ? {} : { provider };
    try {
      return this.#result(await pulumi.invoke(`qoder:index:${this.kind.lookUp}`, args, options));
    } catch (error) {
      // The SDK drops the errors that mocks throw (pulumi/pulumi sdk/nodejs/runtime/invoke.ts).
      throw runError(`${label}: ${messageOf(error) || "the mocks failed in `call`"}`);
    }
  }

  async #ask(
    question: Question<Args>,
    isSecret: boolean,
    settings: Readonly<Record<string, unknown>> | undefined,
  ): Promise<Result> {
    if (settings === undefined) {
      warnOfSettings();
    }
    const configuration = {
      get: (key: string) => (settings === undefined ? pulumi.runtimeConfig.getConfig(key) : textOf(settings[key])),
    };
    // The program must not end, with or without an error, before the answer arrives.
    const done = pulumi.rpcKeepAlive();
    try {
      return this.#result(await this.load()({ ...question, isSecret, configuration, tell }));
    } catch (error) {
      // The message is complete; a stack trace would only lead into this package.
      throw runError(messageOf(error));
    } finally {
      done();
    }
  }

  #result(found: Awaited<ReturnType<Find<Args>>>) {
    const { secretOutputs = [] } = this.kind;
    const secret = secretOutputs.map((name) => [name, pulumi.secret(found?.[name])]);
    return { ...found, ...Object.fromEntries(secret) };
  }
}

/**
 * The SDK switches on the debugger of V8 (pulumi/pulumi sdk/nodejs/runtime/closure/v8Hooks.ts), which asks at each `throw` whether any
 * promise that waits for it has a handler: for an argument of a resource a search of hours, exponential in the Outputs behind it. The
 * handler that passes the error on without a `throw` ends the search.
 */
function rejected(error: unknown): Promise<never> {
  return Promise.reject(error);
}

/** True if mocks are in place of the engine's monitor, which is a gRPC client. */
function isUnderTest(called: string): boolean {
  const monitor: unknown = pulumi.getMonitor();
  if (typeof monitor !== "object" || monitor === null) {
    throw runError(
      `${called}: there is no Pulumi engine; run the program with the pulumi CLI, or under pulumi.runtime.setMocks in a test`,
    );
  }
  return !("getChannel" in monitor);
}

function accountOf(called: string, provider: pulumi.ProviderResource) {
  const settings = settingsOf(provider);
  if (settings === undefined) {
    throw runError(`${called}: the provider is not a QoderProvider`);
  }
  return settings;
}

async function knownSettings(called: string, account: pulumi.Output<Record<string, unknown>>) {
  const { settings } = await pulumi.serializeProperties(called, { settings: account });
  if (settings === pulumi.unknownValue) {
    throw runError(
      `${called}: the account of its provider is not known yet in this preview; use ${called}Output, which waits for it`,
    );
  }
  return settings;
}

/** The ids of the resources; unknown while a preview has to create one of them. */
function idsOf(called: string, dependsOn: LookUpOutputOptions["dependsOn"]): pulumi.Output<unknown> {
  return pulumi.output(dependsOn).apply((resources) => {
    const all: readonly unknown[] = [resources].flat();
    return pulumi.all(
      all.map((resource) => {
        if (resource === undefined) {
          return undefined;
        }
        if (!pulumi.CustomResource.isInstance(resource)) {
          throw runError(`${called}: dependsOn takes resources with an id, and no components`);
        }
        return resource.id;
      }),
    );
  });
}

async function tell(text: string, isWarning: boolean): Promise<void> {
  await (isWarning ? pulumi.log.warn(text) : pulumi.log.info(text));
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
