import type { Switches } from "../qoder-api";
import type { KindRow } from "./kind-row";
import { KindWorld } from "./kind-world";
import { agent, deployment, environment } from "./kinds";
import type { Properties, State } from "./provider";
import type { SimulatedStack } from "./simulated-stack";

interface Declared {
  readonly world: KindWorld;
  readonly stack: SimulatedStack;
  readonly id: string;
  readonly args: Properties;
}

/** A world for each kind whose replies may show more than was sent. */
export class BaselineWorlds {
  readonly #worlds = new Map<KindRow, KindWorld>();

  async start(): Promise<void> {
    for (const kind of [deployment, agent, environment]) this.#worlds.set(kind, await KindWorld.start(kind));
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#worlds.values()].map((world) => world.stop()));
  }

  /** The only object of its kind, as an `up` left it. */
  async declared(kind: KindRow, more: Properties, switches: Partial<Switches> = {}): Promise<Declared> {
    const world = this.#worlds.get(kind);
    if (world === undefined) throw new Error(`nothing serves a ${kind.noun}`);
    world.reset(switches);
    const stack = world.stack();
    const args = world.args(more);
    await stack.up(args);
    world.sent();
    return { world, stack, id: world.live.id, args };
  }
}

/** The state as a version would have left it that kept no baseline. */
export function withoutBaseline({ state }: SimulatedStack): State | undefined {
  if (state === undefined) return undefined;
  const { __shown: _, __unguarded: __, ...outputs } = state.outputs;
  return { ...state, outputs };
}
