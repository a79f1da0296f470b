import { AskingPreview, tokenProbe } from "../../support/asking-preview";
import { World } from "../../support/world";

let world: World;
beforeAll(async () => {
  world = await World.start();
  world.api.vaults.create({ id: "vault_1" });
});
afterAll(() => world.stop());
beforeEach(() => world.reset());

describe("a failed request causes one warning, and the checks succeed:", () => {
  const always = { times: Number.POSITIVE_INFINITY };
  const permission = { type: "error", error: { type: "permission_error", message: "Not yours." } };

  test.each([
    ["is refused", { kind: "status", status: 403, body: permission }, "403 permission_error: Not yours"],
    ["fails again and again", { kind: "status", status: 503, body: "down" }, "503: down"],
    [
      "is answered with another object",
      { kind: "replace-body", transform: () => ({ id: "vault_2" }) },
      'the response describes "vault_2"',
    ],
    ["is answered by another server", { kind: "status", status: 404, body: "<html>404</html>" }, "404: 404"],
  ] as const)("a GET of a vault that %s", async (_, fault, reason) => {
    world.api.fault({ ...fault, path: "/vaults/vault_1", ...always });
    const preview = new AskingPreview(world);
    for (const name of ["one", "two"]) {
      expect(await preview.check(world.args({ vaultIds: ["vault_1"] }), { name })).toEqual([]);
    }
    const [warning, ...others] = await preview.warnings();
    expect(warning).toMatch('QoderDeployment "one": vaultIds[0]: whether vault_1 can be used is not verified: ');
    expect(warning).toMatch(reason);
    expect(others).toEqual([]);
  });

  test("a GET of a version", async () => {
    const path = `/agents/${world.agent}`;
    world.api.fault({ kind: "status", status: 403, body: permission, path, skip: 1, ...always });
    const preview = new AskingPreview(world);
    expect(await preview.check(world.args({ agent: { id: world.agent, version: 5 } }))).toEqual([]);
    expect(await preview.warnings()).toEqual([
      expect.stringMatching(/: agent\.version: whether agent_\w+ has a version 5 is not verified: /),
    ]);
  });

  test("a GET of the list for the name", async () => {
    world.api.fault({ kind: "status", status: 403, body: permission, path: "/deployments", ...always });
    const preview = new AskingPreview(world);
    expect(await preview.check(world.args())).toEqual([]);
    expect(await preview.check(world.args(), { name: "other" })).toEqual([]);
    expect(await preview.warnings()).toEqual([
      expect.stringMatching(/: name: whether it is free is not verified: .*403/),
    ]);
  });

  test("any GET, if the service never answers", async () => {
    world.api.fault({ kind: "reset-before", ...always });
    const preview = new AskingPreview(world);
    expect(await preview.check(world.args())).toEqual([]);
    expect(await preview.check(world.args(), { name: "other" })).toEqual([]);
    expect(await preview.warnings()).toEqual([
      expect.stringMatching(/^QoderDeployment "daily": nothing is verified: GET \/deployments got no answer/),
    ]);
    expect(new Set(preview.asked())).toEqual(new Set([tokenProbe]));
  });
});
