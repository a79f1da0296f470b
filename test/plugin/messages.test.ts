import { PluginWorld } from "../support/plugin-world";

let world: PluginWorld;
beforeAll(async () => {
  world = await PluginWorld.start();
});
afterAll(() => world.stop());
beforeEach(() => world.reset());

const refusal = (message: string, param?: string) => ({
  type: "error",
  error: { type: "invalid_request_error", message, ...(param === undefined ? {} : { param }) },
});

test("a token that the service repeats does not show; one of two letters does not make the message unreadable", async () => {
  const resources = [
    { type: "github_repository", url: "https://github.com/acme/a", authorizationToken: "ghp_secret" },
    { type: "git_repository", url: "https://git.example/b", password: "re" },
  ];
  world.api.fault({ kind: "status", method: "POST", status: 400, body: refusal("ghp_secret is refused here") });
  await expect(world.stack().up(world.args({ resources }))).rejects.toThrow("[secret] is refused here");
});

describe("a conflict while another deployment has the name", () => {
  const create = (param: string) =>
    world.api.fault({ kind: "status", method: "POST", status: 409, body: refusal("in conflict", param) });

  test("is explained by that one when it is about the name", async () => {
    await world.stack().up(world.args());
    create("name");
    await expect(world.stack().up(world.args())).rejects.toThrow(`The name is taken by ${world.live.id}`);
  });

  test("is left as the service says it when it is about something else", async () => {
    await world.stack().up(world.args());
    world.sent();
    create("agent");
    const up = world.stack().up(world.args());
    await expect(up).rejects.toThrow("in conflict");
    await expect(up).rejects.not.toThrow("The name is taken");
    expect(world.sent()).toEqual([["POST", "/deployments", expect.anything()]]);
  });

  test("is told as a perhaps when an answer was lost before: it may be this one", async () => {
    world.api.switches.idempotencyKeys = "ignore";
    world.api.fault({ kind: "reset-after", method: "POST", path: "/deployments" });
    // The list does not know the new one yet.
    world.api.fault({ kind: "replace-body", method: "GET", transform: (list) => ({ ...list, data: [] }) });
    const message = await world
      .stack()
      .up(world.args())
      .catch((error: unknown) => String(error));
    expect(message).toContain(`A deployment of this name stands, ${world.live.id}`);
    expect(message).not.toContain("The name is taken");
  });
});
