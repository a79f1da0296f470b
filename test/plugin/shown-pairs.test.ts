import { agent } from "../kinds/agent";
import { deployment } from "../kinds/deployment";
import { environment } from "../kinds/environment";
import { file } from "../kinds/file";
import type { KindRow } from "../kinds/kind-row";
import { memoryStore } from "../kinds/memory-store";
import { vault } from "../kinds/vault";
import { vaultCredential } from "../kinds/vault-credential";
import { masked, shownLines } from "../support/shown-requests";
import {
  type DiffAnswer,
  type KindWorld,
  type Properties,
  type Provider,
  type SimulatedStack,
  World,
} from "../support/world";

type Values = Readonly<Record<string, readonly unknown[]>>;

const isRequest = /^(GET|POST|DELETE) \//;

/** Stands for the id of an object that no resource manages. */
const other = "another object";

/** The arguments of each kind that decide which requests a command sends, and a plain one, with their values. */
const table: readonly (readonly [kind: KindRow, deciding: Values])[] = [
  [
    deployment,
    {
      description: ["a", "b"],
      paused: [undefined, false, true],
      casConfig: [undefined, { maxRetries: 1 }, { maxRetries: 2 }],
      adopt: [undefined, other],
    },
  ],
  [
    environment,
    {
      description: ["a", "b"],
      archiveInUse: [undefined, true],
      config: [{ type: "cloud", networking: { type: "unrestricted" } }, { type: "self_hosted" }],
      adopt: [undefined, other],
    },
  ],
  [agent, { description: ["a", "b"], archiveInUse: [undefined, true], adopt: [undefined, other] }],
  [memoryStore, { description: ["a", "b"], deleteOnDestroy: [undefined, true] }],
  [vault, { displayName: ["a", "b"], deleteOnDestroy: [undefined, true] }],
  [vaultCredential, { metadata: [{ a: "a" }, { a: "b" }], vaultId: ["vault_a", "vault_b"], secretVersion: [1, 2] }],
  [file, { name: ["a", "b"], metadata: [undefined, { a: "b" }] }],
];

/** Each choice of one value for each of the names. */
function choices(values: Values, names: readonly string[]): Properties[] {
  return names.reduce<Properties[]>(
    (chosen, name) => chosen.flatMap((one) => (values[name] ?? []).map((value) => ({ ...one, [name]: value }))),
    [{}],
  );
}

interface Planned {
  readonly difference: DiffAnswer | undefined;
  readonly inputs: Properties;
  readonly step: "same" | "create" | "update" | "replace";
}

/** The calls of the engine before it writes. `replaceOnChanges`: the arguments of the resource option. */
async function plan(
  run: Provider,
  { state, origin }: SimulatedStack,
  args: Properties,
  isPreview: boolean,
  replaceOnChanges: readonly string[],
): Promise<Planned> {
  const declared = { __origin: origin, ...args, __command: { isPreview, showRequests: true, replaceOnChanges } };
  const { inputs, failures } = await run.check(declared, state?.inputs);
  expect(failures).toEqual([]);
  if (state === undefined) {
    return { difference: undefined, inputs, step: "create" };
  }
  const difference = await run.diff(state.id, state.outputs, inputs);
  const differing = Object.keys({ ...inputs, ...state.inputs }).filter(
    (name) => JSON.stringify(inputs[name]) !== JSON.stringify(state.inputs[name]),
  );
  if (difference.changes === "none" || differing.length === 0) {
    return { difference, inputs, step: "same" };
  }
  const isReplaced = difference.replaces.length > 0 || differing.some((name) => replaceOnChanges.includes(name));
  if (!isReplaced) {
    return { difference, inputs, step: "update" };
  }
  return { difference, inputs: (await run.check(declared)).inputs, step: "replace" };
}

/** The requests that a preview shows, and those that `up` then sends. */
async function shownAndSent(
  world: KindWorld,
  kind: KindRow,
  stack: SimulatedStack,
  args: Properties,
  replaceOnChanges: readonly string[],
) {
  const { state } = stack;
  world.output.length = 0;
  world.api.clearRequests();
  await plan(world.command({ kind }), stack, args, true, replaceOnChanges);
  expect(world.api.requests).toEqual([]);
  const lines = shownLines(world);
  // What follows this line takes the place of what precedes it.
  const shown = lines.slice(lines.indexOf("is replaced, so in place of that update:") + 1);
  const run = world.command({ kind });
  const { difference, inputs, step } = await plan(run, stack, args, false, replaceOnChanges);
  let made = "";
  const create = async () => {
    const { id } = await run.create(inputs);
    made = id === args["adopt"] ? "" : (id.split("/").at(-1) ?? "");
  };
  const remove = async () => (state === undefined ? undefined : run.delete(state));
  if (step === "create" || step === "replace") {
    const order = difference?.deleteBeforeReplace ? [remove, create] : [create, remove];
    for (const write of step === "create" ? [create] : order) {
      await write();
    }
  } else if (step === "update" && state !== undefined) {
    await run.update(state, inputs);
  }
  // The preview announces the requests that depend on a GET.
  const announced = shown.flatMap(
    (line) => /^an update with the differences that the GET shows[^:]*: (POST .+)/.exec(line)?.[1] ?? [],
  );
  const sent = masked(world.api.requests, made).filter((line) => !announced.some((start) => line.startsWith(start)));
  // A form has its own words.
  const inShort = (line: string) => (kind.kind.upload === undefined ? line : line.split(" ").slice(0, 2).join(" "));
  return { shown: shown.filter((line) => isRequest.test(line)).map(inShort), sent: sent.map(inShort) };
}

describe.each(table.map(([kind, deciding]) => ({ label: kind.label, kind, deciding })))(
  "$label",
  ({ kind, deciding }) => {
    const world = World.ofTests(kind);

    const names = Object.keys(deciding);
    const [plain = ""] = names;
    const pairs = names.flatMap((one, index) => names.slice(index + 1).map((other) => [one, other] as const));

    /** The id of an object of another stack. */
    async function another(chosen: Properties): Promise<string> {
      const { adopt: _, ...args } = chosen;
      const { id } = await world.existing(kind, declared({ ...args, name: "another" }));
      return id;
    }

    function declared(chosen: Properties): Properties {
      return { ...("name" in kind.fields && { name: "daily" }), ...world.args(chosen) };
    }

    async function expectShown(before: Properties | undefined, after: Properties, replaceOnChanges: readonly string[]) {
      const isOlder = "casConfig" in after;
      world.reset({ duplicateCredentials: "allow", ...(isOlder && { generation: 1 }) });
      const adopting = [before, after].find((chosen) => chosen?.["adopt"] === other);
      const adopt = adopting === undefined ? undefined : await another(adopting);
      const args = (chosen: Properties) =>
        declared({ ...chosen, ...("adopt" in chosen && { adopt: chosen["adopt"] && adopt }) });
      const stack = world.stack();
      if (before !== undefined) {
        await stack.up(args(before));
      }
      const { shown, sent } = await shownAndSent(world, kind, stack, args(after), replaceOnChanges);
      expect({ before, after, replaceOnChanges, shown }).toEqual({ before, after, replaceOnChanges, shown: sent });
    }

    test.each(pairs)("a preview shows what `up` sends, whatever %s and %s are before and after", async (...pair) => {
      const all = choices(deciding, pair);
      for (const after of all) {
        await expectShown(undefined, after, []);
        for (const before of all) {
          await expectShown(before, after, []);
          if (pair.includes(plain)) {
            await expectShown(before, after, [plain]);
          }
        }
      }
    });
  },
);
