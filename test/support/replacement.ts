import type { KindRow } from "../kinds/kind-row";
import type { DiffAnswer, Properties, Provider, State } from "./provider";
import type { SharedCommand } from "./shared-command";
import type { SimulatedStack } from "./simulated-stack";

/** One replacement in a command. A test makes the create and the delete in the order that it tests. */
export class Replacement {
  private constructor(
    private readonly provider: Provider,
    private readonly before: State,
    private readonly inputs: Properties,
    /** Undefined if the user asked for the replacement. */
    readonly diff: DiffAnswer | undefined,
  ) {}

  /** Makes the calls before the engine begins to write (pulumi/pulumi pkg/resource/deploy/step_generator.go). */
  static async plan(
    command: SharedCommand,
    kind: KindRow,
    { state, origin }: SimulatedStack,
    args: Properties,
    { isByHand = false } = {},
  ): Promise<Replacement> {
    if (state === undefined) {
      throw new Error("the stack holds no resource");
    }
    const provider = command.provider(kind);
    const declared = { name: "daily", __origin: origin, ...args };
    // For `--replace` and `state taint`, the engine makes one check without the old inputs, and no diff.
    const diff = isByHand ? undefined : await compared(provider, state, declared);
    const { inputs } = await provider.check(declared);
    return new Replacement(provider, state, inputs, diff);
  }

  create(): Promise<State> {
    return this.provider.create(this.inputs);
  }

  removeOld(): Promise<void> {
    return this.provider.delete(this.before);
  }
}

async function compared(
  provider: Provider,
  { id, inputs: olds, outputs }: State,
  declared: Properties,
): Promise<DiffAnswer> {
  const { inputs } = await provider.check(declared, olds);
  return provider.diff(id, outputs, inputs);
}
