import { AskingPreview, tokenProbe } from "../../support/asking-preview";
import { type Properties, World } from "../../support/world";

const world = World.ofTests();
beforeAll(() => void world.api.vaults.create({ id: "vault_1" }));

const body = { type: "error", error: { type: "permission_error", message: "Not yours." } };
const refused = { kind: "status", status: 403, body } as const;
const vault = { vaultIds: ["vault_1"] };
const ofVault = (reason: string) =>
  new RegExp(`^QoderDeployment "one": vaultIds\\[0\\]: whether vault_1 can be used is not verified: .*${reason}`);
const version = { agent: { id: world.agent, version: 5 } };
const nothing = /^QoderDeployment "one": nothing is verified: GET \/deployments got no answer/;

test.each<[string, string | RegExp, Parameters<World["api"]["fault"]>[0], Properties, RegExp]>([
  ["of a vault is refused", "/vaults/vault_1", refused, vault, ofVault("403 permission_error: Not yours")],
  [
    "of a vault fails always",
    "/vaults/vault_1",
    { ...refused, status: 503, body: "down" },
    vault,
    ofVault("503: down"),
  ],
  [
    "of a vault is answered with another object",
    "/vaults/vault_1",
    { kind: "replace-body", transform: () => ({ id: "vault_2" }) },
    vault,
    ofVault('the response describes "vault_2"'),
  ],
  [
    "of a vault is answered by another server",
    "/vaults/vault_1",
    { ...refused, status: 404, body: "<html>404</html>" },
    vault,
    ofVault("404: 404"),
  ],
  [
    "of a version is refused",
    `/agents/${world.agent}`,
    { ...refused, skip: 1 },
    version,
    /: agent\.version: whether agent_b has a version 5 is not verified: /,
  ],
  [
    "of the list for the name is refused",
    "/deployments",
    refused,
    {},
    /: name: whether it is free is not verified: .*403/,
  ],
  ["gets no answer", /^/, { kind: "reset-before" }, {}, nothing],
])("if a GET %s, the checks of two resources succeed with one warning", async (_, path, fault, args, warning) => {
  world.api.fault({ ...fault, path, times: Number.POSITIVE_INFINITY });
  const preview = new AskingPreview(world);
  for (const name of ["one", "two"]) {
    expect(await preview.check(world.args(args), { name })).toEqual([]);
  }
  expect(await preview.warnings()).toEqual([expect.stringMatching(warning)]);
  if (warning === nothing) expect(new Set(preview.asked())).toEqual(new Set([tokenProbe]));
});
