import * as pulumi from "@pulumi/pulumi";
import {
  checkOptions,
  type LookUpArgs,
  type LookUpOptions,
  type LookUpOutputArgs,
  type LookUpOutputOptions,
} from "./look-up-arguments";
import { runError, settingsOf, warnOfPlainToken } from "./provider";
import type { Question } from "./question";

/** One question to the API. */
interface Search<Args> extends Question<Args> {
  /** No message may repeat an argument. */
  readonly isSecret: boolean;
  readonly configuration: { get(key: string): string | undefined };
  /** Hears what a person should know of the search while it goes on. */
  tell(text: string, isWarning: boolean): Promise<void>;
}

/** What was asked for, such as the outputs of the one object that fits; as little typed as what the engine answers to an invoke. */
export type Find<Args = LookUpArgs> = (search: Search<Args>) => ReturnType<typeof pulumi.runtime.invoke>;

interface LookUpKind<Args> {
  /** The function that a program calls. */
  readonly name: string;
  /** What was asked; what is wrong with it is an error. `called` may be the other form of the function. */
  question(called: string, args: unknown): Question<Args>;
  /** Of the resource: what a parent knows its provider by. */
  readonly type: string;
  /** The outputs that are secret whoever set them. */
  readonly secretOutputs: readonly string[];
  /** Loads what asks the API. HTTP and zod are loaded by this alone, so only in programs that look something up. */
  load(): Find<Args>;
}

/**
 * The look-ups of one kind. The engine knows no invoke of a dynamic provider, so the program asks the API itself; under mocks the
 * mocks answer.
 */
export class LookUp<Result, Args extends object = LookUpArgs, OutputArgs = LookUpOutputArgs> {
  constructor(private readonly kind: LookUpKind<Args>) {}

  readonly find = async (args: Args, options: LookUpOptions = {}): Promise<Result> => {
    const { name } = this.kind;
    checkOptions(name, options, ["provider", "parent", "async"]);
    const question = this.#question(name, args);
    const provider = this.#providerOf(options);
    if (isUnderTest(name)) {
      return this.#askMocks(question, provider);
    }
    const settings = provider === undefined ? undefined : await knownSettings(name, accountOf(name, provider));
    return this.#ask(question, false, settings);
  };

  readonly output = (args: OutputArgs, options: LookUpOutputOptions = {}): pulumi.Output<Result> => {
    const name = `${this.kind.name}Output`;
    checkOptions(name, options, ["provider", "parent", "async", "dependsOn"]);
    const given = pulumi.output(args);
    const provider = this.#providerOf(options);
    const isMocked = isUnderTest(name);
    const account = provider === undefined || isMocked ? undefined : accountOf(name, provider);
    return pulumi.all([given, account, idsOf(name, options.dependsOn)]).apply(async ([known, settings]) => {
      const question = this.#question(name, known);
      return isMocked
        ? this.#askMocks(question, provider)
        : this.#ask(question, await pulumi.isSecret(given), settings);
    });
  };

  #question(called: string, args: unknown): Question<Args> {
    try {
      return this.kind.question(called, args);
    } catch (error) {
      throw runError(messageOf(error));
    }
  }

  #providerOf({ provider, parent }: LookUpOptions): pulumi.ProviderResource | undefined {
    return provider ?? parent?.getProvider(this.kind.type);
  }

  async #askMocks({ label, args }: Question<Args>, provider: pulumi.ProviderResource | undefined): Promise<Result> {
    const options = provider === undefined ? {} : { provider };
    try {
      return this.#result(await pulumi.runtime.invoke(`qoder:index:${this.kind.name}`, args, options));
    } catch (error) {
      // The SDK keeps nothing of what the mocks throw (pulumi/pulumi sdk/nodejs/runtime/invoke.ts).
      throw runError(`${label}: ${messageOf(error) || "the mocks failed in `call`"}`);
    }
  }

  async #ask(
    question: Question<Args>,
    isSecret: boolean,
    settings: Readonly<Record<string, unknown>> | undefined,
  ): Promise<Result> {
    if (settings === undefined) {
      warnOfPlainToken();
    }
    const configuration = {
      get: (key: string) => (settings === undefined ? pulumi.runtime.getConfig(key) : textOf(settings[key])),
    };
    // The program does not end, well or with an error, before the answer is there.
    const done = pulumi.runtime.rpcKeepAlive();
    try {
      return this.#result(await this.kind.load()({ ...question, isSecret, configuration, tell }));
    } catch (error) {
      // The message says what and where; a stack would lead into this package.
      throw runError(messageOf(error));
    } finally {
      done();
    }
  }

  #result(found: Awaited<ReturnType<Find<Args>>>) {
    const secret = this.kind.secretOutputs.map((name) => [name, pulumi.secret(found?.[name])]);
    return { ...found, ...Object.fromEntries(secret) };
  }
}

/** Under mocks something else stands in the place of the engine's monitor, which is a client of gRPC. */
function isUnderTest(called: string): boolean {
  const monitor: unknown = pulumi.runtime.getMonitor();
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
  const { settings } = await pulumi.runtime.serializeProperties(called, { settings: account });
  if (settings === pulumi.runtime.unknownValue) {
    throw runError(
      `${called}: the account of its provider is not known yet in this preview; use ${called}Output, which waits for it`,
    );
  }
  return settings;
}

/** Not known in a preview while one of them is not there. */
function idsOf(called: string, dependsOn: LookUpOutputOptions["dependsOn"]): pulumi.Output<unknown> {
  return pulumi.output(dependsOn).apply((resources) => {
    const all: readonly unknown[] = [resources].flat();
    return pulumi.all(
      all.map((resource) => {
        if (resource === undefined) {
          return undefined;
        }
        if (!pulumi.CustomResource.isInstance(resource)) {
          throw runError(`${called}: dependsOn takes resources with an id, no components`);
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
