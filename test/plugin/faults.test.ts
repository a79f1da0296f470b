import { isDeepStrictEqual } from "node:util";
import { createdKinds } from "../kinds";
import { type Column, columnsOf, type Expected } from "../support/fault-columns";
import { Places } from "../support/fault-places";
import { type FaultRow, faultRowsOf } from "../support/fault-rows";
import { timeLimits } from "../support/time-limits";
import { type Properties, type SimulatedStack, type State, textsOf, World } from "../support/world";

const secret = "correct-horse-battery";
const hourMs = 3_600_000;
/** In seconds: time for five tries with the pauses between them. */
const usualLimit = 10;

let places: Places;
beforeAll(async () => {
  // Without jitter the number of tries within a time is fixed.
  jest.spyOn(Math, "random").mockReturnValue(0);
  places = await Places.open();
});
afterAll(() => places.close());

describe.each(createdKinds)("$label", (kind) => {
  const world = World.ofTests(kind);

  /** An argument with the secret: a program can mark most arguments as secret. */
  const { secret: holding = inPlainArgument } = kind;
  const args = (more: Properties, limit = usualLimit) =>
    world.args({ ...more, ...timeLimits(limit), ...holding(secret) });

  function inPlainArgument(text: string): Properties {
    return "description" in kind.fields
      ? { description: text, __secrets: ["description"] }
      : { metadata: { note: text }, __secrets: ["metadata"] };
  }

  /** The stack after the earlier commands, which have the usual limit; the limit of the row counts from here on. */
  async function prepared({ before }: Column, { limit = usualLimit, place }: FaultRow): Promise<SimulatedStack> {
    const stack = world.stack();
    const earlier = before(kind);
    if (earlier !== undefined) {
      await stack.up(args(earlier));
    }
    if (place === undefined && limit === usualLimit) {
      return stack;
    }
    const config = place === undefined ? {} : { "qoder:baseUrl": places.baseUrl(place) };
    const next = world.again(stack, world.command({ config }));
    const { state } = stack;
    const limits = timeLimits(limit);
    next.state = state && {
      ...state,
      inputs: { ...state.inputs, ...limits },
      outputs: { ...state.outputs, ...limits },
    };
    return next;
  }

  function strike({ fault, truth }: FaultRow, { operation, struck }: Column, id: string): void {
    const { deployments } = world.api;
    switch (typeof truth === "object" ? truth[operation] : truth) {
      case "gone":
        if (id !== "") world.vanish(id);
        break;
      case "archived":
        deployments.archive(id);
        break;
      case "paused":
        deployments.pause(id);
        break;
      case "active":
        deployments.unpause(id);
        break;
      case "name taken":
        deployments.create({
          ...{ name: "nightly", agent: world.agent, environment_id: world.environment },
          initial_events: [{ type: "user.message", content: [{ type: "text", text: "Somebody else's" }] }],
        });
    }
    world.sent();
    world.output.length = 0;
    const [method = "", path = ""] = requestOf(struck, id);
    if (fault !== undefined) {
      world.api.fault({ times: Number.POSITIVE_INFINITY, ...fault(secret), method, path });
    }
  }

  const purposesOfRequests = ["CREATE", "LIST", "LOOK", "UPDATE", "PAUSE", "UNPAUSE", "ARCHIVE"];
  function requestOf(purpose: string, id: string): readonly string[] {
    const requests: Readonly<Record<string, readonly string[]>> = {
      CREATE: ["POST", world.create],
      LIST: ["GET", world.create],
      LOOK: ["GET", world.path(id)],
      UPDATE: ["POST", world.path(id)],
      PAUSE: ["POST", world.path(id, "pause")],
      UNPAUSE: ["POST", world.path(id, "unpause")],
      ARCHIVE: [kind.end[0], world.path(id, ...kind.end.slice(1))],
    };
    return requests[purpose] ?? [];
  }

  function purposeOf([method, path]: readonly [method: string, path: string], id: string): string {
    if (/\/content$/.test(path)) {
      return "CONTENT";
    }
    if (path.startsWith("/contents/")) {
      return "LINK";
    }
    const found = purposesOfRequests.find((one) => requestOf(one, id).join(" ") === `${method} ${path}`);
    return found ?? `${method} ${path}`;
  }

  function stateOf(after: State | undefined, before: State | undefined, wanted: Properties): Expected["state"] | State {
    if (after === undefined) {
      return "none";
    }
    if (JSON.stringify(after) === JSON.stringify(before)) {
      return "as before";
    }
    if (after.outputs["__open"] !== undefined) {
      return "open";
    }
    // An active deployment has no reason of a pause.
    const known = Object.keys(before?.outputs ?? {}).filter((name) => name !== "pausedReason");
    const isWhole = known.every((name) => name in after.outputs);
    const isWanted = Object.entries(wanted).every(([name, value]) => isDeepStrictEqual(after.outputs[name], value));
    return isWhole && isWanted ? "as wanted" : after;
  }

  /** The next commands of a person, after the fault has ended. */
  async function converge(stack: SimulatedStack, { operation, wanted }: Column): Promise<void> {
    const next = world.later(stack);
    if (operation === "delete") {
      world.passTime(hourMs);
      if (next.state !== undefined) {
        await next.destroy();
      }
      expect(world.console.live()).toEqual([]);
      return;
    }
    const declared = args(wanted(kind));
    const { paused, ...shown } = wanted(kind);
    await next.up(declared);
    const status = paused === undefined ? {} : { status: paused === true ? "paused" : "active" };
    expect(world.live).toMatchObject({ ...shown, ...status, id: next.state?.id });
    await next.findsNoDifference(declared);
  }

  describe.each(faultRowsOf(kind.noun))("$name", (row) => {
    test.each(columnsOf(kind))("$operation", async (column) => {
      world.reset();
      const stack = await prepared(column, row);
      const before = stack.state;
      strike(row, column, before?.id ?? "");
      const wanted = column.wanted(kind);
      const { command } = column;
      const texts = await (command === "up" ? stack.up(args(wanted, row.limit)) : stack[command]()).then(
        () => [],
        textsOf,
      );
      const id = before?.id ?? world.console.all()[0]?.id ?? "";
      const sent = world.api.requests.map(({ method, path }) => purposeOf([method, path], id));
      const { fails, ...expected } = row.expected(kind, column);
      const first = column.operation === "delete" && row.place === undefined ? kind.looks.beforeArchive : [];
      expect({ sent, state: stateOf(stack.state, before, wanted) }).toEqual({
        ...expected,
        sent: [...first.map((look) => purposeOf(look, id)), ...expected.sent],
      });
      expect(texts).toEqual(
        fails === undefined ? [] : expect.arrayContaining([expect.stringMatching(messageOf(fails))]),
      );
      expect(world.output.join("\n")).toMatch(printsOf(column, stack));
      expect([...texts, ...world.output].join("\n")).not.toContain(secret);
      world.api.clearFaults();
      if (row.truth === undefined) {
        await converge(stack, column);
      }
    });
  });

  function printsOf({ operation }: Column, { state }: SimulatedStack): RegExp {
    return operation === "read" && state === undefined
      ? /^Qoder.* so this refresh takes it out of the state$/
      : /^(error: .*(\n[A-Z].*)?)?$/;
  }

  function messageOf({ source }: RegExp): RegExp {
    return new RegExp(`^${kind.label} "(daily|nightly)".*(?:${source})`, "s");
  }
});

test("no request reaches a host that must not get the token", () => {
  expect(places.received).toEqual([]);
});
