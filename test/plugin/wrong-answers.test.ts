import { KindWorld } from "../support/kind-world";
import { agent, deployment, environment } from "../support/kinds";

describe.each([deployment, agent, environment])("$label", (kind) => {
  let world: KindWorld;
  beforeAll(async () => {
    world = await KindWorld.start(kind);
  });
  afterAll(() => world.stop());
  beforeEach(() => world.reset());

  /** The service creates what it is asked for and answers with an object of somebody else. */
  async function answeredWithTheirs() {
    const other = world.stack();
    await other.up(world.args({ name: "theirs" }));
    const theirs = other.state?.id ?? "";
    const before = JSON.stringify(world.console.get(theirs));
    world.api.clearRequests();
    const another = () => ({ ...world.console.get(theirs) });
    world.api.fault({ kind: "another-object", method: "POST", path: world.create, another });
    return { theirs, isUntouched: () => JSON.stringify(world.console.get(theirs)) === before };
  }

  const ours = () => world.console.live().find(({ name }) => name === "daily")?.id;
  const creates = () =>
    world.api.requests.filter(({ method, path, body }) => {
      const isCreate = method === "POST" && path === world.create;
      return isCreate && JSON.stringify(body) !== "{}";
    });

  test("an answer about another object is not believed: ours is found by its name and proved by its key", async () => {
    const { theirs, isUntouched } = await answeredWithTheirs();
    const stack = world.again(world.stack());
    await stack.up(world.args());
    expect(stack.state?.id).toBe(ours());
    expect(stack.state?.id).not.toBe(theirs);
    expect(creates()).toHaveLength(1);
    expect(isUntouched()).toBe(true);
    expect(await stack.preview(world.args())).toBe("same");
  });

  test("where no key proves it, an error names what was found, and nothing more is sent", async () => {
    Object.assign(world.api.switches, { idempotencyKeys: "ignore", idempotencyKeysElsewhere: "ignore" });
    const { theirs, isUntouched } = await answeredWithTheirs();
    const stack = world.again(world.stack());
    const failed = expect(stack.up(world.args())).rejects;
    await failed.toThrow(`but it tells of ${theirs}, which is called "theirs"`);
    await failed.toThrow(`set adopt: "${ours()}"`);
    expect(stack.state).toBeUndefined();
    expect(creates()).toHaveLength(1);
    expect(isUntouched()).toBe(true);
  });

  test("an object that another resource of the stack manages is not believed, and no other life of the key begins", async () => {
    const command = world.command();
    const one = world.stack(command);
    await one.up(world.args({ name: "theirs" }));
    const held = one.state?.id ?? "";
    world.api.clearRequests();
    const another = () => ({ ...world.console.get(held), name: "daily" });
    world.api.fault({ kind: "another-object", method: "POST", path: world.create, another });
    const stack = world.stack(command);
    await stack.up(world.args());
    expect(stack.state?.id).toBe(ours());
    expect(stack.state?.id).not.toBe(held);
    expect(creates()).toHaveLength(1);
  });

  test("two creates that get each other's answers end each with its own object", async () => {
    const command = world.command();
    const [one, two] = [world.stack(command), world.stack(command)];
    world.api.fault({ kind: "crossed-answers", method: "POST", path: world.create });
    await Promise.all([one.up(world.args()), two.up(world.args({ name: "nightly" }))]);
    expect(world.console.get(one.state?.id ?? "").name).toBe("daily");
    expect(world.console.get(two.state?.id ?? "").name).toBe("nightly");
    expect(world.console.live()).toHaveLength(2);
    expect(creates()).toHaveLength(2);
  });

  test("a name that the service shows without surrounding spaces is the sent one", async () => {
    const stack = world.stack();
    const transform = (reply: object) => ({ ...reply, name: "daily" });
    world.api.fault({ kind: "replace-body", method: "POST", path: world.create, transform });
    await stack.up(world.args({ name: " daily " }));
    expect(stack.state?.id).toBe(world.live.id);
    expect(creates()).toHaveLength(1);
  });
});
