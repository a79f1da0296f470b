import { agent } from "../kinds/agent";
import { deployment } from "../kinds/deployment";
import { deploymentRun } from "../kinds/deployment-run";
import { environment } from "../kinds/environment";
import type { KindRow } from "../kinds/kind-row";
import { vaultCredential } from "../kinds/vault-credential";
import { unknown } from "../support/plugin-calls";
import { doors, type Properties, textsOf, useDoor, World } from "../support/world";

const world = World.ofTests(deployment);

type Declared = readonly [kind: KindRow, args: Properties];

/** The mistakes of a preview of the last resource, behind these others, and the warnings of these kinds. */
async function previewed(kind: KindRow, args: Properties, beside: readonly Declared[] = [], config = {}) {
  world.reset({}, kind);
  const providerOf = world.together({ config });
  const failures: string[] = [];
  const ends: (() => Promise<unknown>)[] = [];
  for (const [one, given] of [...beside, [kind, args] as const]) {
    const provider = providerOf(one);
    const declared = { ...one.least, ...given, __command: { isPreview: true, verify: "qoder:verify" in config } };
    failures.push(
      ...(await world
        .stackOf(one, provider)
        .preview(declared)
        .then(() => [], textsOf)),
    );
    ends.push(() => provider.end());
  }
  for (const end of ends) {
    await end();
  }
  const kinds = /\[(repository|unknown-tool|environment|expired-token|likely-mistake|plain-secret|verify)\]$/;
  const [warnings, gates] = [kinds, /\[gate\]$/].map((of) => world.output.filter((line) => of.test(line)));
  return { failures, warnings: warnings ?? [], gates: gates ?? [] };
}

const limitedTo = (...allowedHosts: string[]) => ({
  config: { type: "cloud", networking: { type: "limited", allowedHosts } },
});
const github = (url: string, authorizationToken = "t") => ({
  resources: [{ type: "github_repository", url, authorizationToken }],
});
const cron = (expression: string, timezone = "UTC") => ({ schedule: { expression, timezone } });
const message = (content: unknown) => ({ initialEvents: [{ type: "user.message", content }] });
const png = { type: "base64", mediaType: "image/png" };
const outcome = { type: "user.define_outcome", description: "A report", rubric: { type: "text", content: "Short" } };
const bearer = (mcpServerUrl: string, token = "t") => ({ auth: { type: "static_bearer", mcpServerUrl, token } });
const serverAt = (url: string) => ({
  mcpServers: [{ name: "a", url }],
  tools: [{ type: "mcp_toolset", mcpServerName: "a" }],
});
const declaredAgent: Declared = [agent, {}];
const declaredDeployment: Declared = [deployment, { agent: unknown }];
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
const host = 'is an address, and the service compares hosts; write "api.github.com"';
const ssh = (url: string) => `is an address for SSH, which the service has no key for; write "${url}"`;
const hosts = "config.networking.allowedHosts";
const uncallable = "is not an address that the service can call";
const readTwice = { enabledTools: ["Read"], disallowedTools: ["Read"] };
const expired = "its token expired at 2020-01-01T00:00:00.000Z";
const tools = (...each: Properties[]) => ({ tools: each.map((one) => ({ type: "agent_toolset_20260401", ...one })) });
const noTool = (name: string) => `the toolset has no tool "${name}"`;
const told = "contains a token or a password, which everybody who reads the deployment sees";

/** The rows with a title. */
const titled = <Rest extends readonly unknown[]>(rows: readonly (readonly [KindRow, Properties, ...Rest])[]) =>
  rows.map((row) => [`${row[0].noun} ${JSON.stringify(row[1]).slice(0, 100)}`, ...row] as const);

describe.each(doors)("in a preview by the %s door", (door) => {
  beforeEach(() => useDoor(door));

  test.each(
    titled<[string]>([
      [environment, limitedTo("a.example", "https://api.github.com/repos"), `${hosts}[1]: ${host}`],
      [environment, limitedTo("api.github.com/"), `${hosts}[0]: ${host}`],
      [environment, limitedTo("http://user@api.github.com:443"), `${hosts}[0]: ${host}`],
      [agent, { mcpServers: [{ name: "a", url: "a.example:443/mcp" }] }, `mcpServers[0].url: ${uncallable}`],
      [vaultCredential, oauth({ mcpServerUrl: "a.example" }), `auth.mcpServerUrl: ${uncallable}`],
      [
        vaultCredential,
        oauth({ refresh: { ...refresh, tokenEndpoint: "a/b" } }),
        `auth.refresh.tokenEndpoint: ${uncallable}`,
      ],
      [deployment, github("ssh://git@github.com/a/b"), `resources[0].url: ${ssh("https://github.com/a/b")}`],
      [deployment, git("git@git.example:a/b.git"), `resources[0].url: ${ssh("https://git.example/a/b.git")}`],
      [deployment, git("ssh://git@git.example:22/a/b"), `resources[0].url: ${ssh("https://git.example/a/b")}`],
    ]),
  )("a mistake that can never work is an error: %s", async (_, kind, args, mistake) => {
    expect((await previewed(kind, args)).failures).toEqual([expect.stringContaining(mistake)]);
  });

  test.each(
    titled<[string]>([
      [deployment, github("https://hunter2@github.com/acme/shop"), `resources[0].url: ${told}`],
      [deployment, github("https://x-access-token:hunter2@github.com/acme/shop"), "to authorizationToken"],
      [deployment, git("https://bot:hunter2@git.example/a"), "to password"],
      [deployment, git("https://git.example/a/b.git"), 'write "https://USER@git.example/a/b.git"'],
      [
        agent,
        tools({ disallowedTools: ["bash"] }),
        `tools[0].disallowedTools[0]: ${noTool("bash")}; did you mean Bash?`,
      ],
      [
        agent,
        tools({ configs: [{ name: "Fax" }] }),
        `tools[0].configs[0].name: ${noTool("Fax")}; its tools are Bash, Read,`,
      ],
      [vaultCredential, oauth({ expiresAt: "2020-01-01T00:00:00Z" }), expired],
      [vaultCredential, oauth({ accessToken: webToken(2020) }), expired],
      [deployment, message("Report of undefined"), 'initialEvents[0].content: contains "undefined", as a template'],
      [agent, { system: "[object Object], go" }, 'system: contains "[object Object]"'],
      [agent, { name: " daily " }, "name: has spaces around it"],
      [deployment, cron("0 9 * * *", "EST"), 'late by the clocks of America/New_York. Write "America/New_York"'],
      [deployment, cron("*/45 * * * *"), "*/45 is due at minute 0, 45 of each hour, and not every 45 minutes"],
      [deployment, cron("0 */7 * * *"), "*/7 is due at hour 0, 7, 14, 21 of each day, and not every 7 hours"],
      [deployment, message("a".repeat(2_000_000)), "initialEvents: each run sends 20000"],
      [
        deployment,
        message(`Use ghp_${"a1".repeat(18)}`),
        "initialEvents[0].content: contains what looks like a GitHub",
      ],
      [
        deployment,
        { limits: { creditsPerDay: 50, creditsPerMonth: 10 } },
        "creditsPerDay (50) is above creditsPerMonth",
      ],
      [deployment, github("https://github.com/acme/shop", "hunter2\n"), "authorizationToken: has a line break"],
      [vaultCredential, bearer("https://a.example", "hunter2\nhunter2"), "auth.token: has a line break"],
      [agent, tools({}, {}), "tools[0] and tools[1] are both agent_toolset"],
      [agent, tools(readTwice), "tools[0] has Read in enabledTools and in disallowedTools"],
      [
        agent,
        { ...serverAt("https://a.example"), tools: [...serverAt("").tools, ...serverAt("").tools] },
        "tools[0] and tools[1] are both mcp_toolset a: no page",
      ],
      [
        environment,
        limitedTo("api.github.com:443"),
        'has a port, and the service compares hosts; write "api.github.com"',
      ],
      [deploymentRun, { waitForResult: { timeoutSeconds: 1_800_000 } }, "waits up to 21 days; the unit is seconds"],
    ]),
  )("a mistake that only a run shows is a warning: %s", async (_, kind, args, mistake) => {
    const { failures, warnings } = await previewed(kind, args);
    expect(failures).toEqual([]);
    expect(warnings).toEqual([expect.stringContaining(mistake)]);
    expect(warnings.join()).not.toContain("hunter2");
  });

  test.each<[string, (now: Date) => unknown]>([
    ["text", (now) => [now.toISOString()]],
    ["number", (now) => ({ at: now.getTime() })],
  ])("triggers that are the present time, a %s, are a warning", async (_, triggersAt) => {
    // The table above has its rows long before the last of them runs.
    const { warnings } = await previewed(deploymentRun, { triggers: triggersAt(new Date()) });
    expect(warnings).toEqual([
      expect.stringContaining("is the present time, so each `pulumi up` starts a run and pays for it"),
    ]);
  });

  const server = (url: string, more = {}): Declared => [agent, { ...serverAt(url), ...more }];
  const slashed = server("https://a.example/t/");
  const secretly = server("https://a.example/t/", { __secrets: ["mcpServers"] });
  const credential: Declared = [vaultCredential, bearer("https://a.example/t")];
  const run: Declared = [deploymentRun, { deploymentId: unknown }];
  const triggered: Declared = [deploymentRun, { deploymentId: unknown, triggers: [1] }];
  const near =
    'has the same address but for the slash at its end, and the service compares addresses as they are: write "https://a.example/t/"';
  const once = "without triggers it runs once: a later change of the agent";
  const ofProgram = [declaredAgent, declaredDeployment];
  test.each<[string, readonly Declared[], Declared, string | undefined]>([
    ["a credential whose server differs by a slash", [slashed], credential, near],
    [
      "a credential whose server differs by a slash from a secret address",
      [secretly],
      credential,
      "compares addresses as they are: write it as the agent does",
    ],
    [
      "a credential for the server of one of two agents",
      [slashed, server("https://a.example/t")],
      credential,
      undefined,
    ],
    ["a run without triggers beside the agent of the program", ofProgram, run, once],
    ["a run with triggers beside the agent of the program", ofProgram, triggered, undefined],
  ])("a mistake that two resources make together is a warning: %s", async (_, beside, [kind, args], mistake) => {
    const { failures, warnings } = await previewed(kind, args, beside);
    expect(failures).toEqual([]);
    expect(warnings).toEqual(mistake === undefined ? [] : [expect.stringContaining(mistake)]);
  });

  const [gate, budget] = [{ waitForResult: true }, { budget: { maxCreditCost: "12.50" } }];
  test.each<[Properties, Properties, string | undefined]>([
    [gate, budget, "may cost up to 12.50 credits (budget), and waits"],
    [gate, { ...budget, __secrets: ["budget"] }, "whose cost its secret budget limits, and waits"],
    [gate, {}, "whose cost no budget of this program limits, and waits for its end"],
    [{ waitForResult: { mustPass: false } }, {}, undefined],
    [{}, {}, undefined],
  ])("a preview says what the start of a gate may cost: %j of a deployment with %j", async (run, more, text) => {
    const beside: Declared[] = [declaredAgent, [deployment, { agent: unknown, ...more }]];
    const { gates } = await previewed(deploymentRun, { deploymentId: unknown, triggers: [1], ...run }, beside);
    expect(gates).toEqual(text === undefined ? [] : [expect.stringContaining(text)]);
  });

  test.each([
    ["turbo", ['model.effort: the model ultimate has no effort "turbo"; its efforts are ']],
    ["high", []],
  ])("with qoder:verify a preview knows the efforts of a model: %s", async (effort, mistakes) => {
    const config = { "qoder:verify": "true" };
    const { failures, warnings } = await previewed(agent, { model: { id: "ultimate", effort } }, [], config);
    expect([failures, warnings]).toEqual([[], mistakes.map((text) => expect.stringContaining(text))]);
  });

  test("a resource option among the arguments is an error that names its place", async () => {
    for (const option of ["protect", "dependsOn", "provider"]) {
      const { failures } = await previewed(agent, { [option]: true });
      expect(failures).toEqual([expect.stringMatching(`${option}: .* belongs in the third parameter, the options`)]);
    }
  });

  test.each(
    titled<[]>([
      [deployment, message("Find each `undefined` in the code, and each 'undefined', too")],
      [deployment, message("Look for undefined behaviour, and for values that may be undefined")],
      [deployment, message("Correct `if (x == null)` and if (x === undefined) of open, closed, undefined")],
      // "Outcomes": the outcome itself is the task.
      [deployment, { initialEvents: [outcome] }],
      // A model reads an image by its pixels.
      [deployment, message([{ type: "image", source: { ...png, data: "a".repeat(600_000) } }])],
      [deployment, cron("*/15 */6 * * *", "UTC")],
      // A part of an hour has no even steps to promise.
      [deployment, cron("0-30/7 * * * *")],
      [deployment, { limits: { creditsPerDay: 10, creditsPerMonth: 10 } }],
      [vaultCredential, { auth: { type: "environment_variable", secretName: "KUBE", secretValue: "a: b\nc: d" } }],
      [deploymentRun, { triggers: ["2020-01-01T00:00:00Z", 7], waitForResult: { timeoutSeconds: 86_400 } }],
      [environment, limitedTo("api.github.com", "*.example.com", "localhost:8080", "10.0.0.1")],
      [vaultCredential, oauth({ expiresAt: "2120-01-01T00:00:00Z", accessToken: webToken(2120) })],
      [vaultCredential, oauth({ expiresAt: "2020-01-01T00:00:00Z", refresh })],
      [vaultCredential, oauth({ accessToken: "eyJh.bm8ganNvbg.c2ln" })],
      [deployment, github("https://github.com/acme/shop.git")],
      [deployment, git("https://bot@git.example/a")],
      [deployment, git("https://git.example/a", { password: undefined })],
      [
        agent,
        tools({
          enabledTools: ["Read", "DeliverArtifacts"],
          disallowedTools: ["WebFetch"],
          configs: [{ name: "Bash" }],
        }),
      ],
      [agent, { ...serverAt("https://a.example"), tools: [{ ...serverAt("").tools[0], configs: [{ name: "Raed" }] }] }],
    ]),
  )("what is right gives neither an error nor a warning: %s", async (_, kind, args) => {
    expect(await previewed(kind, args)).toMatchObject({ failures: [], warnings: [] });
  });
});

test("a run without triggers finds the agent of its deployment among several, by what each of them uses", async () => {
  world.reset({}, deploymentRun);
  const providerOf = world.together();
  const declare = async ([kind, args]: Declared, uses: readonly string[] = []) => {
    const provider = providerOf(kind);
    const stack = world.stackOf(kind, provider);
    await stack.preview({ ...kind.least, ...args, __command: { isPreview: true, uses } });
    return { urn: stack.origin, end: () => provider.end() };
  };
  const [, used, other] = [await declare(declaredAgent), await declare(declaredAgent), await declare(declaredAgent)];
  const one = await declare(declaredDeployment, [used.urn]);
  await declare([deployment, { agent: unknown, name: "another" }], [other.urn]);
  const run = await declare([deploymentRun, { deploymentId: unknown }], [one.urn]);
  await run.end();
  expect(world.output.join()).toContain("without triggers it runs once: a later change of the agent");
});
