import { isDeepStrictEqual } from "node:util";
import { createdKinds } from "../kinds";
import { type Column, columns, type Expected, type FaultRow, faultRows } from "../support/kind-faults";
import { type Properties, type State, textsOf } from "../support/provider";
import type { SimulatedStack } from "../support/simulated-stack";
import { timeLimits } from "../support/time-limits";
import { type KindWorld, World } from "../support/world";

const secret = "correct-horse-battery";
const hourMs = 3_600_000;
/** In seconds: time for five tries with the pauses between them. */
const limit = 10;
const limits = timeLimits(limit);

beforeAll(() => {
  // Without jitter the number of tries within a time is fixed.
  jest.spyOn(Math, "random").mockReturnValue(0);
});

describe.each(createdKinds)("$label", (kind) => {
  let world: KindWorld;
  beforeAll(async () => {
    world = await World.start(kind);
  });
  afterAll(() => world.stop());

  /** An argument with the secret: a program can mark most arguments as secret. */
  const { secret: holding = inPlainArgument } = kind;
  const [old = {}, wanted = old] = kind.steps;
  const args = (step: Properties) => world.args({ ...step, ...limits, ...holding(secret) });

  function inPlainArgument(text: string): Properties {
    return "description" in kind.fields
      ? { description: text, __secrets: ["description"] }
      : { metadata: { note: text }, __secrets: ["metadata"] };
  }

  async function prepared({ operation }: Column): Promise<SimulatedStack> {
    const stack = world.stack();
    if (operation !== "create") {
      await stack.up(args(old));
    }
    world.sent();
    world.output.length = 0;
    return stack;
  }

  function strike({ fault }: FaultRow, { struck }: Column, id: string): void {
    const [method = "", path = ""] = requestOf(struck, id);
    world.api.fault({ times: Number.POSITIVE_INFINITY, ...fault(secret), method, path });
  }

  function requestOf(purpose: string, id: string): readonly string[] {
    const requests: Readonly<Record<string, readonly string[]>> = {
      CREATE: ["POST", world.create],
      LIST: ["GET", world.create],
      LOOK: ["GET", world.path(id)],
      UPDATE: ["POST", world.path(id)],
      ARCHIVE: [kind.end[0], world.path(id, ...kind.end.slice(1))],
      WITNESS: ["GET", kind.witness(kind.least) ?? "none"],
    };
    return requests[purpose] ?? [];
  }

  function purposes(id: string): string[] {
    return world.api.requests.map(({ method, path }) => purposeOf([method, path], id));
  }

  function purposeOf([method, path]: readonly [method: string, path: string], id: string): string {
    const names = ["CREATE", "LIST", "LOOK", "UPDATE", "ARCHIVE", "WITNESS"];
    if (/\/content$/.test(path)) {
      return "CONTENT";
    }
    if (path.startsWith("/contents/")) {
      return "LINK";
    }
    return names.find((one) => requestOf(one, id).join(" ") === `${method} ${path}`) ?? `${method} ${path}`;
  }

  function stateOf(after: State | undefined, before: State | undefined): Expected["state"] | State {
    if (after === undefined) {
      return "none";
    }
    if (JSON.stringify(after) === JSON.stringify(before)) {
      return "as before";
    }
    if (after.outputs["__open"] !== undefined) {
      return "open";
    }
    const isAsWanted = Object.entries(wanted).every(([name, value]) => isDeepStrictEqual(after.outputs[name], value));
    return isAsWanted ? "as wanted" : after;
  }

  async function run(stack: SimulatedStack, { command }: Column): Promise<string[]> {
    const done = command === "up" ? stack.up(args(wanted)) : stack[command]();
    return done.then(() => [], textsOf);
  }

  /** The next commands of a person, after the fault has ended. */
  async function converge(stack: SimulatedStack, { operation }: Column, declared: Properties): Promise<void> {
    if (operation === "delete") {
      world.passTime(hourMs);
      const failed = await (stack.state === undefined ? undefined : stack.destroy().then(() => undefined, String));
      expect(world.console.live()).toEqual([]);
      // The object is gone, and no other object that this command has seen proves that the token is of its account.
      const mayFail = kind.end[0] === "DELETE" && kind.witness(kind.least) === undefined;
      expect(failed ?? "").toMatch(mayFail ? /^$|or `pulumi state delete`/ : /^$/);
      return;
    }
    await stack.up(declared);
    expect(world.live).toMatchObject({ ...wanted, id: stack.state?.id });
    expect(await stack.preview(declared)).toBe("same");
    expect(await stack.refresh()).toBe("same");
    expect(await stack.preview(declared)).toBe("same");
  }

  describe.each(faultRows)("$name", (row) => {
    const operations = columns.filter(({ operation }) => operation !== "update" || kind.steps.length > 0);
    test.each(operations)("$operation", async (column) => {
      world.reset();
      const stack = await prepared(column);
      const before = stack.state;
      if (row.isGone && before !== undefined) {
        world.vanish(before.id);
      }
      strike(row, column, before?.id ?? "");
      const texts = await run(stack, column);
      const id = before?.id ?? world.console.all()[0]?.id ?? "";
      const { fails, ...expected } = row.expected(kind, column);
      const looks = { create: [], delete: kind.looks.beforeArchive, update: [], read: [] };
      const first = looks[column.operation].map((look) => purposeOf(look, id));
      expect({ sent: purposes(id), state: stateOf(stack.state, before) }).toEqual({
        ...expected,
        sent: [...first, ...expected.sent],
      });
      expect(texts).toEqual(
        fails === undefined ? [] : expect.arrayContaining([expect.stringMatching(messageOf(fails))]),
      );
      expect(world.output.join("\n")).toMatch(printsOf(column, stack));
      expect([...texts, ...world.output].join("\n")).not.toContain(secret);
      world.api.clearFaults();
      if (!row.isGone) {
        await converge(stack, column, args(wanted));
      }
    });
  });

  function printsOf({ operation }: Column, { state }: SimulatedStack): RegExp {
    return operation === "read" && state === undefined
      ? /^Qoder.* is gone from Qoder, so this refresh takes it out of the state$/
      : /^(error: .*(\n[A-Z].*)?)?$/;
  }

  function messageOf({ source }: RegExp): RegExp {
    return new RegExp(`^${kind.label} "(daily|nightly)".*(?:${source})`, "s");
  }
});
