/** Where a mistake is caught first: by the compiler in the editor, by `pulumi preview`, by `pulumi up`, or by nothing. */
type Catcher = "editor" | "preview" | "up" | "never";

type Arguments = Readonly<Record<string, unknown>>;

/** A mistake that people make in a program, and where it is caught. */
export interface Mistake {
  /** What the person did, for the table in docs/troubleshooting.md. */
  readonly mistake: string;
  /** The class of the resource. */
  readonly of: string;
  /** The arguments besides the required ones. */
  readonly args: Arguments;
  /** A second resource of the same program. */
  readonly second?: Arguments;
  /** The arguments of an earlier `up`, for a mistake in a change. */
  readonly before?: Arguments;
  /** The settings of the stack. */
  readonly config?: Readonly<Record<string, string>>;
  readonly caught: Catcher;
  /**
   * A part of the message; empty if nothing catches the mistake. For a mistake of the editor it is the message of the preview of
   * a program that nothing compiles.
   */
  readonly words: string;
}

const cron = (expression: string, timezone = "UTC") => ({ schedule: { expression, timezone } });
const cloud = (members: Arguments) => ({ config: { type: "cloud", ...members } });
const limited = (allowedHosts: readonly string[]) => cloud({ networking: { type: "limited", allowedHosts } });
const repository = (url: string) => ({ resources: [{ type: "github_repository", url, authorizationToken: "t" }] });
const toolset = (members: Arguments) => ({ tools: [{ type: "agent_toolset_20260401", ...members }] });
const message = (content: string) => ({ initialEvents: [{ type: "user.message", content }] });
const bearer = (mcpServerUrl: string, token = "t") => ({ auth: { type: "static_bearer", mcpServerUrl, token } });
const expiredToken = [{ alg: "HS256" }, { exp: Date.UTC(2020, 0, 1) / 1_000 }]
  .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
  .concat("c2lnbmF0dXJl")
  .join(".");

type Row = readonly [
  mistake: string,
  args: Arguments,
  caught: Catcher,
  words: string,
  more?: Pick<Mistake, "second" | "before" | "config">,
];

const rows: Readonly<Record<string, readonly Row[]>> = {
  QoderDeployment: [
    ["`prompt` for `initialEvents`", { prompt: "Go" }, "editor", 'write initialEvents: "..."'],
    [
      "`cron` for `schedule`",
      { cron: "0 9 * * *" },
      "editor",
      'write schedule: { expression: "0 9 * * *", timezone: "Europe/Berlin" }',
    ],
    ["`model` in a deployment", { model: "ultimate" }, "editor", "it is an argument of a QoderAgent"],
    ["`schedule` as a string", { schedule: "0 9 * * *" }, "editor", "schedule: is a string; write { expression:"],
    [
      "a schedule without `timezone`",
      { schedule: { expression: "0 9 * * *" } },
      "editor",
      "schedule.timezone: is missing",
    ],
    [
      "one id in `vaultIds` without a list",
      { vaultIds: "vault_a" },
      "editor",
      'vaultIds: is a string; write ["vault_..."]',
    ],
    [
      "a number as the value of an environment variable",
      { environmentVariables: { RETRIES: 3 } },
      "editor",
      "is a number; write it as a string",
    ],
    [
      "a repository with `token`",
      { resources: [{ type: "github_repository", url: "https://github.com/acme/shop", token: "t" }] },
      "editor",
      "known are type, url, authorizationToken",
    ],
    ["a schedule with the hour 24", cron("0 24 * * *"), "preview", "hour 24 is out of range 0-23"],
    ["a schedule with a field for seconds", cron("0 0 9 * * *"), "preview", "has 6 fields, but the API takes 5"],
    ["a schedule for 31 February", cron("0 9 31 2 *"), "preview", "is never due: none of its months has such a day"],
    [
      "a zone that does not exist",
      cron("0 9 * * *", "Europe/Berln"),
      "preview",
      "is not an IANA time zone; did you mean Europe/Berlin?",
    ],
    ["a day of the month and a day of the week", cron("0 9 1 * 1"), "preview", "it is due when either of the two fits"],
    ["a schedule for 29 February", cron("0 9 29 2 *"), "preview", "is due in leap years only"],
    [
      "a time that the clocks skip",
      cron("30 2 * * *", "Europe/Berlin"),
      "preview",
      "the clocks of Europe/Berlin skip 02:00 to 02:59",
    ],
    ["`* 9 * * *` for once a day", cron("* 9 * * *"), "preview", "runs start 1 minute apart"],
    [
      "a schedule that is removed",
      {},
      "preview",
      "`paused: true` stops the runs and keeps the schedule",
      { before: cron("0 9 * * *") },
    ],
    [
      "one name for two deployments",
      { name: "report" },
      "preview",
      "give one of them another name",
      { second: { name: "report" } },
    ],
    ["an empty name", { name: "" }, "preview", "name: is empty"],
    ["an empty prompt", message(""), "preview", "initialEvents[0].content: is empty"],
    ["an empty list of `initialEvents`", { initialEvents: [] }, "preview", "initialEvents: is empty"],
    [
      "the address of a clone by SSH",
      repository("git@github.com:acme/shop.git"),
      "preview",
      'resources[0].url: is an address for SSH, which the service has no key for; write "https://github.com/acme/shop.git"',
    ],
    [
      "a token in the address of a repository",
      repository("https://hunter2@github.com/acme/shop"),
      "preview",
      "move it from the address to authorizationToken",
    ],
    [
      "a token as plain text in `environmentVariables`",
      { environmentVariables: { GITHUB: "ghp_abcdefghijklmnopqrstuvwxyz0123456789" } },
      "preview",
      "contains what looks like a GitHub token",
    ],
    ["an agent that does not exist", { agent: "agent_gone" }, "up", "Agent 'agent_gone' was not found"],
    ["an environment that does not exist", { environmentId: "env_gone" }, "up", "Environment 'env_gone' was not found"],
    ["a vault that does not exist", { vaultIds: ["vault_gone"] }, "never", ""],
    [
      "a vault that does not exist, with `qoder:verify`",
      { vaultIds: ["vault_gone"] },
      "preview",
      "vaultIds[0]: no vault vault_gone is visible to this token",
      { config: { "qoder:verify": "true" } },
    ],
    ["a file that does not exist", { resources: [{ type: "file", fileId: "file_gone" }] }, "never", ""],
    [
      "a file that does not exist, with `qoder:verify`",
      { resources: [{ type: "file", fileId: "file_gone" }] },
      "preview",
      "resources[0].fileId: no file file_gone is visible to this token",
      { config: { "qoder:verify": "true" } },
    ],
    ["9 o'clock for 21 o'clock", cron("0 9 * * *"), "never", ""],
    ["a misspelled name of an environment variable", { environmentVariables: { GITHUB_TOEKN: "t" } }, "never", ""],
    ["a misspelled repository", repository("https://github.com/acme/shpo"), "never", ""],
    ["the id of another agent", { agent: "agent_a" }, "never", ""],
    ["a prompt that names a wrong file", message("Summarize the file raodmap.md"), "never", ""],
  ],
  QoderAgent: [
    ["`prompt` for `system`", { prompt: "Be brief" }, "editor", 'write system: "..."'],
    ["`schedule` in an agent", cron("0 9 * * *"), "editor", "it is an argument of a QoderDeployment"],
    ["`tools` as a list of names", { tools: ["Read"] }, "editor", 'write { type: "agent_toolset_20260401" }'],
    [
      "an MCP server without a toolset",
      { mcpServers: [{ name: "tracker", url: "https://mcp.example.com" }] },
      "preview",
      "the agent has none of its tools",
    ],
    [
      "a toolset of an MCP server that the agent does not have",
      { tools: [{ type: "mcp_toolset", mcpServerName: "tracker" }] },
      "preview",
      "names no server; mcpServers is empty",
    ],
    [
      "a misspelled tool",
      toolset({ enabledTools: ["Raed"] }),
      "preview",
      'tools[0].enabledTools[0]: the toolset has no tool "Raed"; did you mean Read?',
    ],
    ["a model that does not exist", { model: "ultimat" }, "never", ""],
    [
      "a model that does not exist, with `qoder:verify`",
      { model: "ultimat" },
      "preview",
      "did you mean ultimate?",
      { config: { "qoder:verify": "true" } },
    ],
    ["a prompt for another task", { system: "Review recipes" }, "never", ""],
    [
      "the address of an MCP server without `https://`",
      { mcpServers: [{ name: "tracker", url: "mcp.example.com" }] },
      "preview",
      "mcpServers[0].url: is not an address that the service can call",
    ],
    [
      "a misspelled host of an MCP server",
      {
        mcpServers: [{ name: "tracker", url: "https://mcp.exmaple.com" }],
        tools: [{ type: "mcp_toolset", mcpServerName: "tracker" }],
      },
      "never",
      "",
    ],
  ],
  QoderEnvironment: [
    [
      "`networking` beside `config`",
      { networking: { type: "unrestricted" } },
      "editor",
      'write config: { type: "cloud", networking:',
    ],
    [
      "`open` as the type of a network",
      cloud({ networking: { type: "open" } }),
      "editor",
      "is not one of unrestricted, limited",
    ],
    ["an address in `allowedHosts`", limited(["https://api.github.com/repos"]), "preview", 'write "api.github.com"'],
    ["an environment without `networking`", cloud({}), "preview", "without config.networking the network is limited"],
    [
      "packages in a network without package managers",
      cloud({ networking: { type: "limited", allowedHosts: [] }, packages: { pip: ["requests"] } }),
      "preview",
      "set config.networking.allowPackageManagers: true",
    ],
    ["a misspelled host", limited(["api.gihtub.com"]), "never", ""],
    [
      "a package that does not exist",
      cloud({ networking: { type: "unrestricted" }, packages: { pip: ["reqeusts"] } }),
      "never",
      "",
    ],
  ],
  QoderVault: [
    ["`name` for `displayName`", { name: "tracker" }, "editor", 'write displayName: "..."'],
    [
      "another `displayName` for an existing vault",
      { displayName: "issues" },
      "preview",
      "another vault is created",
      { before: { displayName: "tracker" } },
    ],
  ],
  QoderVaultCredential: [
    ["`token` beside `auth`", { token: "t" }, "editor", 'write auth: { type: "static_bearer"'],
    [
      "the address of an MCP server without `https://`",
      bearer("mcp.example.com"),
      "preview",
      "auth.mcpServerUrl: is not an address that the service can call",
    ],
    [
      "a JSON Web Token that has expired",
      bearer("https://mcp.example.com", expiredToken),
      "preview",
      "its token expired at 2020-01-01T00:00:00.000Z",
    ],
    ["another token that has expired", bearer("https://mcp.example.com"), "never", ""],
  ],
};

/** The mistakes of the table in docs/troubleshooting.md. */
export const mistakes: readonly Mistake[] = Object.entries(rows).flatMap(([of, ofClass]) =>
  ofClass.map(([mistake, args, caught, words, more]) => ({ of, mistake, args, caught, words, ...more })),
);
