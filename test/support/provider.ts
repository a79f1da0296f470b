export type Properties = Record<string, unknown>;

/** A recorded resource: checked inputs and outputs, without marks of secrets. */
export interface State {
  readonly id: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
}

/** The parts of a partial failure that the engine reads. */
export interface InitFailure {
  readonly id: string;
  readonly outputs: Properties;
  /** The member `__provider`, without which no later call can load the provider. */
  readonly source: unknown;
  readonly reasons: readonly string[];
}

export class ProviderError extends Error {
  override readonly name = "ProviderError";
  constructor(
    message: string,
    readonly initFailure: InitFailure | undefined,
  ) {
    super(message);
  }
}

/** The texts of a failure that a person can read: the message, and the reasons in the state. */
export function textsOf(error: unknown): string[] {
  const reasons = error instanceof ProviderError ? (error.initFailure?.reasons ?? []) : [];
  return [error instanceof Error ? error.message : String(error), ...reasons];
}

export interface DiffAnswer {
  readonly changes: "none" | "some" | "drawn by the engine";
  readonly replaces: readonly string[];
  readonly deleteBeforeReplace: boolean;
}

/**
 * A provider during one command, driven as by the engine: without marks of secrets, with `__provider` in all properties, and
 * with only the last outputs for `read` and `delete`.
 */
export interface Provider {
  check(news: Properties, olds?: Properties): Promise<{ inputs: Properties; failures: string[] }>;
  /** The differences by the provider, or "drawn by the engine" if it leaves the comparison to the engine. */
  diff(id: string, oldOutputs: Properties, news: Properties): Promise<DiffAnswer>;
  /** A preview announces a create, or the update of a state. */
  announce(inputs: Properties, state: State | undefined): Promise<void>;
  create(inputs: Properties): Promise<State>;
  update(state: State, news: Properties): Promise<State>;
  /** The resource option `ignoreChanges` of the resource, for the calls that follow. */
  ignore?(names: readonly string[]): void;
  /** Reads as `refresh` does; undefined if the resource is gone. */
  read(id: string, oldOutputs: Properties): Promise<State | undefined>;
  delete(state: State): Promise<void>;
  /** Ends the provider: the command has no more work for it. */
  end(): Promise<void>;
}
