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

test.each([
  ["the quotation ends", "ghp_0123456789abcdefghij", (secret: string) => `${"x".repeat(285)}${secret}`],
  ["JSON is quoted", 'pa"ss\\w0rd', (secret: string) => `Bad body: ${JSON.stringify({ password: secret })}`],
])("a repository token does not show where %s", async (_, secret, body) => {
  const resources = [
    { type: "github_repository", url: "https://github.com/acme/a", authorizationToken: secret },
    { type: "git_repository", url: "https://git.example/b", password: secret },
  ];
  const fault = { status: 400, contentType: "text/plain", body: body(secret) };
  world.api.fault({ kind: "status", method: "POST", path: "/deployments", ...fault });
  const up = world.stack().up(world.args({ resources }));
  await expect(up).rejects.toThrow("was answered with 400");
  await expect(up).rejects.not.toThrow(/ghp|w0rd/);
});

test("a conflict about something else than the name is not answered with another name", async () => {
  world.api.fault({ kind: "status", method: "POST", status: 409, body: refusal("version mismatch", "agent.version") });
  const up = world.stack().up(world.args());
  await expect(up).rejects.toThrow("Compare what the program gives for it with what the service holds now");
  await expect(up).rejects.not.toThrow("another name");
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

  test("is left as the service says it when the list cannot be read", async () => {
    create("name");
    world.api.fault({ kind: "status", status: 403, method: "GET", path: "/deployments" });
    await expect(world.stack().up(world.args())).rejects.toThrow("in conflict");
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
