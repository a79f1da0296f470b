import type { KindRow } from "../kinds/kind-row";
import type { LoadedKind } from "./in-process-provider";
import type { Provider } from "./provider";
import type { SimulatedStack } from "./simulated-stack";
import type { World } from "./world";

/** One run of the engine: one process, with one session, serves the resources of all kinds. */
export class SharedCommand {
  readonly #providers = new Map<LoadedKind, Provider>();
  #begin: ((kind: KindRow) => Provider) | undefined;

  constructor(
    private readonly world: Pick<World, "together">,
    private readonly config: Readonly<Record<string, string>> = {},
  ) {}

  /** A resource with the state of an earlier command. All its calls reach this process. */
  resource(kind: KindRow, stack: SimulatedStack): SimulatedStack {
    return stack.in(() => this.provider(kind)).after(stack);
  }

  provider(kind: KindRow): Provider {
    this.#begin ??= this.world.together({ config: this.config });
    const provider = this.#providers.get(kind) ?? this.#begin(kind);
    this.#providers.set(kind, provider);
    return provider;
  }
}
