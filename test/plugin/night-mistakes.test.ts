import { agent } from "../kinds/agent";
import { deployment } from "../kinds/deployment";
import { environment } from "../kinds/environment";
import type { KindRow } from "../kinds/kind-row";
import { vaultCredential } from "../kinds/vault-credential";
import { doors, useDoor } from "../support/door";
import { type Properties, textsOf } from "../support/provider";
import { type KindWorld, World } from "../support/world";

let world: KindWorld;
beforeAll(async () => {
  world = await World.start(deployment);
});
afterAll(() => world.stop());

/** The mistakes of a preview, and its warnings of this kind. */
async function previewed(kind: KindRow, args: Properties) {
  world.reset({}, kind);
  const provider = world.command({ kind });
  const declared = { ...world.args(args), __command: { isPreview: true } };
  const failures = await world
    .stackOf(kind, provider)
    .preview(declared)
    .then(() => [], textsOf);
  await provider.end();
  const kinds = /\[(repository|unknown-tool|environment|expired-token)\]$/;
  return { failures, warnings: world.output.filter((line) => kinds.test(line)) };
}

const limitedTo = (...allowedHosts: string[]) => ({
  config: { type: "cloud", networking: { type: "limited", allowedHosts } },
});
const github = (url: string) => ({ resources: [{ type: "github_repository", url, authorizationToken: "t" }] });
const git = (url: string, more = {}) => ({
  resources: [{ type: "git_repository", url, password: "hunter2", ...more }],
});
const refresh = {
  clientId: "client",
  refreshToken: "t",
  tokenEndpoint: "https://a.example/token",
  tokenEndpointAuth: { type: "none" },
};
const oauth = (more: object) => ({
  auth: { type: "mcp_oauth", mcpServerUrl: "https://a.example", accessToken: "t", ...more },
});
/** A JSON Web Token that expires with the beginning of the year. */
const webToken = (year: number) =>
  [{ alg: "HS256" }, { exp: Date.UTC(year, 0, 1) / 1_000 }, {}]
    .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
    .join(".");
const toolset = (members: object) => ({ tools: [{ type: "agent_toolset_20260401", ...members }] });
const host = 'is an address, and the service compares hosts; write "api.github.com"';
const ssh = (url: string) => `is an address for SSH, which the service has no key for; write "${url}"`;
const told = "contains a token or a password, which everybody who reads the deployment sees";

describe.each(doors)("in a preview by the %s door", (door) => {
  beforeEach(() => useDoor(door));

  test.each<[KindRow, Properties, string]>([
    [environment, limitedTo("a.example", "https://api.github.com/repos"), `config.networking.allowedHosts[1]: ${host}`],
    [environment, limitedTo("api.github.com/"), `config.networking.allowedHosts[0]: ${host}`],
    [environment, limitedTo("http://user@api.github.com:443"), `config.networking.allowedHosts[0]: ${host}`],
    [
      agent,
      { mcpServers: [{ name: "a", url: "a.example:443/mcp" }] },
      "mcpServers[0].url: is not an address that the service can call",
    ],
    [
      vaultCredential,
      oauth({ mcpServerUrl: "a.example" }),
      "auth.mcpServerUrl: is not an address that the service can call",
    ],
    [
      vaultCredential,
      oauth({ refresh: { ...refresh, tokenEndpoint: "a.example/token" } }),
      "auth.refresh.tokenEndpoint: is not an address that the service can call",
    ],
    [
      deployment,
      github("git@github.com:acme/shop.git"),
      `resources[0].url: ${ssh("https://github.com/acme/shop.git")}`,
    ],
    [deployment, github("ssh://git@github.com/acme/shop"), `resources[0].url: ${ssh("https://github.com/acme/shop")}`],
    [deployment, git("git@git.example:a/b.git"), `resources[0].url: ${ssh("https://git.example/a/b.git")}`],
    [deployment, git("ssh://git@git.example:22/a/b"), `resources[0].url: ${ssh("https://git.example/a/b")}`],
  ])("a mistake that can never work is an error: $0.noun $1", async (kind, args, mistake) => {
    expect((await previewed(kind, args)).failures).toEqual([expect.stringContaining(mistake)]);
  });

  test.each<[KindRow, Properties, string]>([
    [deployment, github("https://hunter2@github.com/acme/shop"), `resources[0].url: ${told}`],
    [deployment, github("https://x-access-token:hunter2@github.com/acme/shop"), "to authorizationToken"],
    [deployment, git("https://bot:hunter2@git.example/a"), "to password"],
    [deployment, git("https://git.example/a/b.git"), 'write "https://USER@git.example/a/b.git"'],
    [
      agent,
      toolset({ enabledTools: ["Raed"] }),
      'tools[0].enabledTools[0]: the toolset has no tool "Raed"; did you mean Read?',
    ],
    [
      agent,
      toolset({ disallowedTools: ["bash"] }),
      'tools[0].disallowedTools[0]: the toolset has no tool "bash"; did you mean Bash?',
    ],
    [
      agent,
      toolset({ configs: [{ name: "Telephone" }] }),
      'tools[0].configs[0].name: the toolset has no tool "Telephone"; its tools are Bash, Read,',
    ],
    [vaultCredential, oauth({ expiresAt: "2020-01-01T00:00:00Z" }), "its token expired at 2020-01-01T00:00:00.000Z"],
    [vaultCredential, oauth({ accessToken: webToken(2020) }), "its token expired at 2020-01-01T00:00:00.000Z"],
  ])("a mistake that only a run shows is a warning: $0.noun $1", async (kind, args, mistake) => {
    const { failures, warnings } = await previewed(kind, args);
    expect(failures).toEqual([]);
    expect(warnings).toEqual([expect.stringContaining(mistake)]);
    expect(warnings.join()).not.toContain("hunter2");
  });

  test.each<[KindRow, Properties]>([
    [environment, limitedTo("api.github.com", "*.example.com", "localhost:8080", "10.0.0.1")],
    [vaultCredential, oauth({ expiresAt: "2120-01-01T00:00:00Z", accessToken: webToken(2120) })],
    [vaultCredential, oauth({ expiresAt: "2020-01-01T00:00:00Z", refresh })],
    [vaultCredential, oauth({ accessToken: "eyJh.bm8ganNvbg.c2ln" })],
    [deployment, github("https://github.com/acme/shop.git")],
    [deployment, git("https://bot@git.example/a")],
    [deployment, git("https://git.example/a", { password: undefined })],
    [
      agent,
      toolset({
        enabledTools: ["Read", "DeliverArtifacts"],
        disallowedTools: ["WebFetch"],
        configs: [{ name: "Bash" }],
      }),
    ],
    [
      agent,
      {
        tools: [{ type: "mcp_toolset", mcpServerName: "a", configs: [{ name: "Raed" }] }],
        mcpServers: [{ name: "a", url: "https://a.example" }],
      },
    ],
  ])("what is right gives neither an error nor a warning: $0.noun $1", async (kind, args) => {
    expect(await previewed(kind, args)).toEqual({ failures: [], warnings: [] });
  });
});
