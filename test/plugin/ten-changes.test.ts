import { agent } from "../kinds/agent";
import { deployment } from "../kinds/deployment";
import { skill, skillOf } from "../kinds/skill";
import { vaultCredential } from "../kinds/vault-credential";
import { skillMd } from "../support/skill-folder";
import { doors, useDoor, World } from "../support/world";

const world = World.ofTests(skill);
const rounds = Array.from({ length: 10 }, (_, round) => round + 2);

const server = "https://mcp.example.com";
const refresh = {
  clientId: "client",
  tokenEndpoint: "https://login.example.com/token",
  tokenEndpointAuth: { type: "none" },
};
const oauth = { type: "mcp_oauth", mcpServerUrl: server, accessToken: "access" };
const secrets = [
  ["a token", (round: number) => ({ type: "static_bearer", mcpServerUrl: server, token: `value-${round}` })],
  ["an access token", (round: number) => ({ ...oauth, accessToken: `value-${round}` })],
  ["a refresh token", (round: number) => ({ ...oauth, refresh: { ...refresh, refreshToken: `value-${round}` } })],
  [
    "a variable",
    (round: number) => ({ type: "environment_variable", secretName: "KEY", secretValue: `value-${round}` }),
  ],
] as const;

describe.each(doors)("door %s", (door) => {
  beforeEach(() => useDoor(door));

  test.each([0, 1, 46_039, 2_000_000])(
    "ten changes of a skill are one request each for the skill, its agents and their deployments, if the skill is updated %s microseconds after its version",
    async (skillUpdatedLateUs) => {
      world.reset({ skillUpdatedLateUs });
      deployment.prepare?.(world.api);
      const [one, other] = [world.stackOf(agent), world.stackOf(agent)];
      const [stack, nightly] = [world.stack(), world.stackOf(deployment)];
      const changed = async (round: number) => {
        await stack.up(skillOf({ "SKILL.md": skillMd("daily"), "notes.md": `round ${round}` }));
        const skills = [{ type: "custom", skillId: stack.state?.id, version: stack.state?.outputs["latestVersion"] }];
        for (const [index, user] of [one, other].entries()) {
          await user.up({ ...agent.least, name: `agent ${index}`, skills });
        }
        const { id, outputs } = one.state ?? {};
        await nightly.up({ ...deployment.least, agent: { id, version: outputs?.["version"] } });
      };
      await changed(1);
      const paths = [
        `/skills/${stack.state?.id}/versions`,
        ...[one, other].map(({ state }) => `/agents/${state?.id}`),
        `/deployments/${nightly.state?.id}`,
      ];
      world.sent();
      for (const round of rounds) {
        await changed(round);
        expect(world.sent()).toEqual(paths.map((path) => ["POST", path, expect.anything()]));
        expect(one.state?.outputs["version"]).toBe(round);
      }
    },
  );

  test.each(secrets)(
    "ten rotations of %s are one request each while the service renews tokens and moves updated_at between",
    async (_, authOf) => {
      const { stack, id, path, args } = await world.declared(vaultCredential, { auth: authOf(1) });
      const { type } = authOf(1);
      for (const round of rounds) {
        world.passTime(3_600_000);
        const renewal = type === "mcp_oauth" ? { expires_at: world.clock.date().toISOString() } : {};
        const { updated_at: before } = Object(world.console.edit(id, { auth: { type, ...renewal } }));
        const after = { ...args, auth: authOf(round) };
        expect(await stack.up(after)).toBe("update");
        const [request, ...others] = world.sent();
        expect(request).toEqual(["POST", path, { auth: expect.objectContaining({ type }) }]);
        expect(JSON.stringify(request)).toContain(`value-${round}"`);
        expect(others).toEqual([]);
        expect(Object(world.console.get(id)).updated_at).not.toBe(before);
        await stack.findsNoDifference(after);
        world.sent();
      }
    },
  );
});
