import type { KindRow } from "../kinds/kind-row";
import type { Properties, State } from "./provider";
import type { KindWorld } from "./world";

/** The engine reads this many resources at once on two cores. */
const atOnce = 8;

interface Refreshed {
  /** The states after the refresh, or its errors, in the order of the states before it. */
  readonly answers: readonly unknown[];
  readonly output: readonly string[];
  readonly requests: readonly string[];
}

/** Objects of one kind in one stack, oldest first. */
export async function fleetOf(world: KindWorld, kind: KindRow, args: readonly Properties[]): Promise<State[]> {
  const states: State[] = [];
  const run = world.command({ kind });
  const { origin } = world.stackOf(kind);
  for (const [index, one] of args.entries()) {
    const name = `daily-${index}`;
    const named = "name" in kind.fields ? { name } : {};
    // The check refuses a second resource with the same unique name.
    const own = kind.kind.naming?.isUnique && one["name"] !== undefined ? { name: `${one["name"]}-${index}` } : {};
    const { inputs, failures } = await run.check({ ...named, __origin: `${origin}-${index}`, ...one, ...own });
    if (failures.length > 0) {
      throw new Error(failures.join("\n"));
    }
    states.push(await run.create(inputs));
    world.passTime(50);
  }
  await run.end();
  world.sent();
  world.output.length = 0;
  return states;
}

/** One refresh of all states, as the engine runs it. `exact`: with `qoder:refresh: exact`. */
export async function refreshed(
  world: KindWorld,
  kind: KindRow,
  states: readonly State[],
  mode: "lists" | "exact" = "lists",
  parallel = atOnce,
): Promise<Refreshed> {
  const ofKind = states.map((state) => [kind, state] as const);
  return refreshedTogether(world, ofKind, mode, parallel);
}

/** As `refreshed`, for states of several kinds. `parallel`: how many the engine reads at once. */
export async function refreshedTogether(
  world: KindWorld,
  states: readonly (readonly [KindRow, State])[],
  mode: "lists" | "exact" = "lists",
  parallel = atOnce,
): Promise<Refreshed> {
  world.sent();
  world.output.length = 0;
  const command = world.together({ config: { "qoder:refresh": mode } });
  const runs = new Map(states.map(([kind]) => [kind, command(kind)]));
  const answers: unknown[] = states.map(() => undefined);
  const waiting = [...states.entries()];
  const readOn = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, [kind, { id, outputs }]] = next;
      answers[index] = await runs
        .get(kind)
        ?.read(id, outputs)
        .then((state) => state ?? "gone", String);
    }
  };
  await Promise.all(Array.from({ length: parallel }, readOn));
  for (const run of runs.values()) {
    await run.end();
  }
  const requests = world.api.requests.map(({ method, path, query }) => {
    const text = new URLSearchParams(query).toString();
    return `${method} ${path}${text === "" ? "" : `?${text}`}`;
  });
  return { answers, output: [...world.output].sort(), requests };
}
