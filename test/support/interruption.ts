import type { Switches } from "../qoder-api";
import type { Properties, Provider } from "./provider";
import type { SimulatedStack } from "./simulated-stack";
import { timeLimits } from "./time-limits";
import type { KindWorld } from "./world";

const service = (has: string, keys: "honour" | "ignore", names: "conflict" | "allow") => {
  const switches: Partial<Switches> = {
    ...{ idempotencyKeys: keys, idempotencyKeysElsewhere: keys },
    ...{ duplicateNames: names, duplicateNamesElsewhere: names },
  };
  return { has, switches };
};

/** The services, by the facts that show who made an object. */
export const honoured = service("keys and unique names", "honour", "conflict");
export const honouredOnly = service("keys, but not unique names", "honour", "allow");
export const namesOnly = service("unique names, but no keys", "ignore", "conflict");
export const neither = service("neither keys nor unique names", "ignore", "allow");

/** Runs an `up` in which the service acts and no answer ever arrives. Returns the message of the failure. */
export async function loseAnswer(world: KindWorld, stack: SimulatedStack, args: Properties): Promise<string> {
  const times = Number.POSITIVE_INFINITY;
  world.api.fault({ kind: "reset-after", method: "POST", path: world.create, times });
  const message = await stack.up({ ...args, ...timeLimits(10) }).then(() => "nothing failed", String);
  expect(message).toContain("got no answer");
  expect(stack.state).toBeUndefined();
  world.api.clearFaults();
  world.sent();
  return message;
}

export const losses = ["the answer was lost", "the process ended"] as const;

/** Loses a create in the first run of the engine, and returns the same resource in the later run. */
export async function lose(
  world: KindWorld,
  loss: (typeof losses)[number],
  [first, later]: readonly [first: Provider, later: Provider],
): Promise<{ readonly lost: string; readonly next: SimulatedStack }> {
  const stack = world.stack(first);
  if (loss === "the answer was lost") {
    await loseAnswer(world, stack, world.args());
  } else {
    await world.interrupt(stack, world.args());
  }
  return { lost: world.live.id, next: world.again(stack, later) };
}
