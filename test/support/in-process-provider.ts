import type * as pulumi from "@pulumi/pulumi";
import { Config } from "@pulumi/pulumi/cmd/dynamic-provider/config";
import { deploymentKind } from "../../provider/deployment/kind";
import { deployments } from "../../provider/kinds/table";
import type { Surroundings } from "../../provider/resource/engine/answer";
import { KindProvider } from "../../provider/resource/provider";
import { Session } from "../../provider/resource/session/session";
import { type DiffAnswer, type Properties, type Provider, ProviderError, type State } from "./provider";
import type { SkippingClock } from "./skipping-clock";
import { asAnswered, asReceived, withoutSource } from "./struct";

type DynamicResourceProvider = Required<pulumi.dynamic.ResourceProvider>;

/** A kind as `dynamic-provider.ts` gives it to the engine. */
export interface LoadedKind {
  /** The code in the state by which the engine loads the kind. */
  readonly source: string;
  begin(session: Session): DynamicResourceProvider;
}

const loadedDeployment: LoadedKind = {
  source: deployments.source,
  begin: (session) => new KindProvider(deploymentKind, session),
};

export interface InProcessOptions extends Surroundings {
  readonly clock: SkippingClock;
  readonly config: Readonly<Record<string, string>>;
  /** The kind; deployments if left out. */
  readonly kind?: LoadedKind;
  /** What other kinds of the same command share with this one. */
  readonly session?: Session;
}

/**
 * This package as the server of dynamic providers runs it (pulumi/pulumi sdk/nodejs/cmd/dynamic-provider/index.ts), without a
 * process and a wire. Values are copied as by the wire, answers get what the server adds to them, and a call that the server
 * would not answer fails with an error of its own. `engine-contract.test.ts` drives the real server.
 */
export class InProcessProvider implements Provider {
  #loaded: DynamicResourceProvider | undefined;
  readonly #session: Session;

  readonly #kind: LoadedKind;

  constructor(private readonly options: InProcessOptions) {
    this.#kind = options.kind ?? loadedDeployment;
    this.#session = options.session ?? new Session(options);
  }

  async check(news: Properties, olds: Properties = {}): Promise<{ inputs: Properties; failures: string[] }> {
    return this.#raw(async () => {
      const provider = await this.#load();
      const command = this.#ignored.length > 0 ? { __command: { ignoreChanges: this.#ignored } } : {};
      const received = this.#asReceived({ ...news, ...command });
      const { inputs = received, failures = [] } = await provider.check(this.#asReceived(olds), received);
      const reasons = failures.map(({ property, reason }) => {
        // If a failure names a property, the engine prints its value, and "value {<nil>}" for a nested one.
        expect(property).toBe("");
        return reason;
      });
      return { inputs: this.#answered(inputs), failures: reasons };
    });
  }

  async diff(id: string, oldOutputs: Properties, news: Properties): Promise<DiffAnswer> {
    return this.#raw(async () => {
      const provider = await this.#load();
      const { changes, replaces, deleteBeforeReplace } = await provider.diff(
        id,
        this.#asReceived(oldOutputs),
        this.#asReceived(news),
      );
      return {
        changes: changes === false ? "none" : changes === true ? "some" : "drawn by the engine",
        replaces: replaces ?? [],
        deleteBeforeReplace: deleteBeforeReplace ?? false,
      };
    });
  }

  /** Does nothing: the engine sends dynamic providers no create or update of a preview. */
  async announce(): Promise<void> {}

  async create(inputs: Properties): Promise<State> {
    return this.#withInitFailure(async () => {
      const provider = await this.#load();
      const { id, outs } = await provider.create(this.#asReceived(inputs));
      return { id, inputs, outputs: this.#answered(outs) };
    });
  }

  #ignored: readonly string[] = [];
  ignore(names: readonly string[]): void {
    this.#ignored = names;
  }

  async update(state: State, news: Properties): Promise<State> {
    return this.#withInitFailure(async () => {
      const provider = await this.#load();
      const { outs } = await provider.update(state.id, this.#asReceived(state.outputs), this.#asReceived(news));
      return { id: state.id, inputs: news, outputs: this.#answered(outs) };
    });
  }

  async read(id: string, oldOutputs: Properties): Promise<State | undefined> {
    return this.#raw(async () => {
      const provider = await this.#load();
      const result = await provider.read(id, this.#asReceived(oldOutputs));
      const outputs = this.#answered(result.props);
      const inputs = result.inputs === undefined ? {} : this.#answered(result.inputs);
      return result.id === "" || result.id === undefined ? undefined : { id: result.id, inputs, outputs };
    });
  }

  async delete(state: State): Promise<void> {
    return this.#raw(async () => {
      const provider = await this.#load();
      await provider.delete(state.id, this.#asReceived(state.outputs));
    });
  }

  async end(): Promise<void> {
    await this.#session.remarks.end();
  }

  /** Runs a call whose error goes to the engine as thrown. */
  async #raw<Answer>(call: () => Promise<Answer>): Promise<Answer> {
    try {
      return await this.options.clock.during(call);
    } catch (error) {
      throw new ProviderError(thrown(error).message, undefined);
    }
  }

  /** Runs a call whose error may have an id: then the engine records an unfinished resource. */
  async #withInitFailure<Answer>(call: () => Promise<Answer>): Promise<Answer> {
    try {
      return await this.options.clock.during(call);
    } catch (error) {
      const { id, properties = {}, reasons = [] } = Object(thrown(error));
      if (!id) {
        throw new ProviderError(thrown(error).message, undefined);
      }
      const { __provider: source } = properties;
      const outputs = withoutSource(asAnswered(properties));
      throw new ProviderError(thrown(error).message, { id, outputs, source, reasons });
    }
  }

  /** Loads the provider. Later calls do not wait for `configure`, as in `getProvider` of the server. */
  async #load(): Promise<DynamicResourceProvider> {
    if (this.#loaded === undefined) {
      this.#loaded = this.#kind.begin(this.#session);
      await this.#loaded.configure({ config: new Config({ ...this.options.config }, "project") });
    }
    return this.#loaded;
  }

  #asReceived(values: Properties): Properties {
    return asReceived({ __provider: this.#kind.source, ...values });
  }

  /** The answer as a copy, with the member that the server writes into it. */
  #answered(result: Properties | undefined): Properties {
    return withoutSource(asAnswered(Object.assign(result ?? {}, { __provider: this.#kind.source })));
  }
}

function thrown(error: unknown): Error {
  if (error instanceof Error && error.message !== "") {
    return error;
  }
  throw new Error(`the engine gets no answer, or one that says nothing: ${String(error)} was thrown`);
}
