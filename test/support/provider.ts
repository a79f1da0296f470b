export type Properties = Record<string, unknown>;

/** A resource as the engine keeps it: checked inputs and outputs, without secret marks. */
export interface State {
  readonly id: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
}

/** The state as a version would have left it that kept no baseline. */
export function withoutBaseline(state: State | undefined): State | undefined {
  if (state === undefined) return undefined;
  const { __shown: _, __unguarded: __, ...outputs } = state.outputs;
  return { ...state, outputs };
}

/** What the engine reads out of a partial failure. */
export interface InitFailure {
  readonly id: string;
  readonly outputs: Properties;
  /** `__provider` among the properties; without it no later call can load the provider. */
  readonly source: unknown;
  readonly reasons: readonly string[];
}

/** An error answer of the provider server. */
export class ProviderError extends Error {
  override readonly name = "ProviderError";
  constructor(
    message: string,
    readonly initFailure: InitFailure | undefined,
  ) {
    super(message);
  }
}

/** All that a person can read of a failure: the message, and what the state keeps of it. */
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
 * A provider as the engine has it during one command, driven the way the engine drives it: secrets are stripped,
 * `__provider` goes with everything, `read` and `delete` get the last outputs only.
 */
export interface Provider {
  check(news: Properties, olds?: Properties): Promise<{ inputs: Properties; failures: string[] }>;
  /** "none", or "some" where the engine is to draw the difference itself. */
  diff(id: string, oldOutputs: Properties, news: Properties): Promise<DiffAnswer>;
  /** A preview announces a create, or the update of a state. */
  announce(inputs: Properties, state: State | undefined): Promise<void>;
  create(inputs: Properties): Promise<State>;
  update(state: State, news: Properties): Promise<State>;
  /** As `refresh` does it: undefined when the resource is gone. */
  read(id: string, oldOutputs: Properties): Promise<State | undefined>;
  delete(state: State): Promise<void>;
  /** The command has no more work for it. */
  end(): Promise<void>;
}
