import { kinds } from "../kinds";
import type { KindRow } from "../kinds/kind-row";
import { type KindWorld, textsOf, World } from "../support/world";

const hourMs = 3_600_000;
const refusal = (type: string) => ({ type: "error", error: { type, message: "Injected." } });

/** Matches the names of other kinds, and of arguments that only other kinds have. */
function foreignTo(kind: KindRow): RegExp {
  const others = kinds.filter(({ noun }) => noun !== kind.noun);
  const names = others
    .flatMap(({ fields }) => Object.keys(fields))
    .filter((name) => !(name in kind.fields) && name !== kind.noun && name !== kind.collection && name !== "name");
  const strange = others.filter(({ noun }) => !kind.about?.includes(noun));
  const words = [...strange.flatMap(({ label, noun }) => [label, `${noun}s?`]), ...names];
  return new RegExp(`\\b(${words.join("|")})\\b`);
}

/** The ways in which a create fails. */
const failures: readonly [string, (world: KindWorld) => Promise<unknown>, "may be adopted"?][] = [
  [
    "is refused",
    async (world) => {
      const body = refusal("invalid_request_error");
      world.api.fault({ kind: "status", status: 400, method: "POST", path: world.create, body });
      return world.stack().up(world.args());
    },
  ],
  [
    "gets the service's answer of two hours ago",
    async (world) => {
      const stack = world.stack();
      await world.interrupt(stack, world.args());
      world.passTime(2 * hourMs);
      return world.again(stack).up(world.args());
    },
    "may be adopted",
  ],
  [
    "gets the answer of an archived object each time",
    async (world) => {
      const run = world.command();
      const stack = world.stack(run);
      await stack.up(world.args());
      const [body] = world.console.all();
      await stack.destroy();
      const always = { times: Number.POSITIVE_INFINITY };
      world.api.fault({ kind: "status", status: 200, method: "POST", path: world.create, body, ...always });
      return world.again(stack, run).up(world.args());
    },
  ],
];

describe.each(kinds)("$label", (kind) => {
  const world = World.ofTests(kind);

  const possible = failures.filter(([, , remedy]) => remedy === undefined || "adopt" in kind.fields);
  test.each(possible)("the error of a create that %s names no other kind or its arguments", async (_, fail) => {
    const [message = "nothing failed"] = await fail(world).then(() => [], textsOf);
    expect(message).toMatch(`${kind.label} "daily": create failed: `);
    expect(message).not.toMatch(foreignTo(kind));
  });

  test("the error of a create that was answered with 404 names the arguments with ids", async () => {
    const body = refusal("not_found_error");
    world.api.fault({ kind: "status", status: 404, method: "POST", path: world.create, body });
    const [message] = await world
      .stack()
      .up(world.args())
      .then(() => [], textsOf);
    const ids = kind.references === undefined ? "" : `the ids of ${kind.references}, the token, and `;
    expect(message).toMatch(/Check [^.]*$/);
    expect(message?.split("\n").at(-1)).toBe(`Check ${ids}the path of qoder:baseUrl`);
  });
});
