/** Where a mistake is caught first: by the compiler in the editor, by `pulumi preview`, by `pulumi up`, or by nothing. */
type Catcher = "editor" | "preview" | "up" | "never";

type Arguments = Readonly<Record<string, unknown>>;

/** A mistake that people make in a program, and where it is caught. */
export interface Mistake {
  /** What the person did, for the table in docs/troubleshooting.md. */
  readonly mistake: string;
  readonly of: "QoderAgent" | "QoderDeployment" | "QoderEnvironment" | "QoderVault" | "QoderVaultCredential";
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

const ofDeployment: readonly Omit<Mistake, "of">[] = [
  {
    mistake: "`prompt` for `initialEvents`",
    args: { prompt: "Go" },
    caught: "editor",
    words: 'write initialEvents: "..."',
  },
  {
    mistake: "`cron` for `schedule`",
    args: { cron: "0 9 * * *" },
    caught: "editor",
    words: 'write schedule: { expression: "0 9 * * *", timezone: "Europe/Berlin" }',
  },
  {
    mistake: "`model` in a deployment",
    args: { model: "ultimate" },
    caught: "editor",
    words: "it is an argument of a QoderAgent",
  },
  {
    mistake: "`schedule` as a string",
    args: { schedule: "0 9 * * *" },
    caught: "editor",
    words: "schedule: is a string; write { expression:",
  },
  {
    mistake: "a schedule without `timezone`",
    args: { schedule: { expression: "0 9 * * *" } },
    caught: "editor",
    words: "schedule.timezone: is missing",
  },
  {
    mistake: "one id in `vaultIds` without a list",
    args: { vaultIds: "vault_a" },
    caught: "editor",
    words: 'vaultIds: is a string; write ["vault_..."]',
  },
  {
    mistake: "a number as the value of an environment variable",
    args: { environmentVariables: { RETRIES: 3 } },
    caught: "editor",
    words: "is a number; write it as a string",
  },
  {
    mistake: "a repository with `token`",
    args: { resources: [{ type: "github_repository", url: "https://github.com/acme/shop", token: "t" }] },
    caught: "editor",
    words: "known are type, url, authorizationToken",
  },
  {
    mistake: "a schedule with the hour 24",
    args: cron("0 24 * * *"),
    caught: "preview",
    words: "hour 24 is out of range 0-23",
  },
  {
    mistake: "a schedule with a field for seconds",
    args: cron("0 0 9 * * *"),
    caught: "preview",
    words: "has 6 fields, but the API takes 5",
  },
  {
    mistake: "a schedule for 31 February",
    args: cron("0 9 31 2 *"),
    caught: "preview",
    words: "is never due: none of its months has such a day",
  },
  {
    mistake: "a zone that does not exist",
    args: cron("0 9 * * *", "Europe/Berln"),
    caught: "preview",
    words: "is not an IANA time zone; did you mean Europe/Berlin?",
  },
  {
    mistake: "a day of the month and a day of the week",
    args: cron("0 9 1 * 1"),
    caught: "preview",
    words: "it is due when either of the two fits",
  },
  {
    mistake: "a schedule for 29 February",
    args: cron("0 9 29 2 *"),
    caught: "preview",
    words: "is due in leap years only",
  },
  {
    mistake: "a time that the clocks skip",
    args: cron("30 2 * * *", "Europe/Berlin"),
    caught: "preview",
    words: "the clocks of Europe/Berlin skip 02:00 to 02:59",
  },
  {
    mistake: "`* 9 * * *` for once a day",
    args: cron("* 9 * * *"),
    caught: "preview",
    words: "runs start 1 minute apart",
  },
  {
    mistake: "a schedule that is removed",
    before: cron("0 9 * * *"),
    args: {},
    caught: "preview",
    words: "`paused: true` stops the runs and keeps the schedule",
  },
  {
    mistake: "one name for two deployments",
    args: { name: "report" },
    second: { name: "report" },
    caught: "preview",
    words: "give one of them another name",
  },
  { mistake: "an empty name", args: { name: "" }, caught: "preview", words: "name: is empty" },
  { mistake: "an empty prompt", args: message(""), caught: "preview", words: "initialEvents[0].content: is empty" },
  {
    mistake: "an empty list of `initialEvents`",
    args: { initialEvents: [] },
    caught: "preview",
    words: "initialEvents: is empty",
  },
  {
    mistake: "the address of a clone by SSH",
    args: repository("git@github.com:acme/shop.git"),
    caught: "preview",
    words: "is an address for SSH",
  },
  {
    mistake: "a token in the address of a repository",
    args: repository("https://hunter2@github.com/acme/shop"),
    caught: "preview",
    words: "move it from the address to authorizationToken",
  },
  {
    mistake: "a token as plain text in `environmentVariables`",
    args: { environmentVariables: { GITHUB: "ghp_abcdefghijklmnopqrstuvwxyz0123456789" } },
    caught: "preview",
    words: "contains what looks like a GitHub token",
  },
  {
    mistake: "an agent that does not exist",
    args: { agent: "agent_gone" },
    caught: "up",
    words: "Agent 'agent_gone' was not found",
  },
  {
    mistake: "an environment that does not exist",
    args: { environmentId: "env_gone" },
    caught: "up",
    words: "Environment 'env_gone' was not found",
  },
  { mistake: "a vault that does not exist", args: { vaultIds: ["vault_gone"] }, caught: "never", words: "" },
  {
    mistake: "a vault that does not exist, with `qoder:verify`",
    args: { vaultIds: ["vault_gone"] },
    config: { "qoder:verify": "true" },
    caught: "preview",
    words: "vaultIds[0]: no vault vault_gone is visible to this token",
  },
  {
    mistake: "a file that does not exist",
    args: { resources: [{ type: "file", fileId: "file_gone" }] },
    caught: "never",
    words: "",
  },
  {
    mistake: "a file that does not exist, with `qoder:verify`",
    args: { resources: [{ type: "file", fileId: "file_gone" }] },
    config: { "qoder:verify": "true" },
    caught: "preview",
    words: "resources[0].fileId: no file file_gone is visible to this token",
  },
  { mistake: "9 o'clock for 21 o'clock", args: cron("0 9 * * *"), caught: "never", words: "" },
  {
    mistake: "a misspelled name of an environment variable",
    args: { environmentVariables: { GITHUB_TOEKN: "t" } },
    caught: "never",
    words: "",
  },
  {
    mistake: "a misspelled repository",
    args: repository("https://github.com/acme/shpo"),
    caught: "never",
    words: "",
  },
  { mistake: "the id of another agent", args: { agent: "agent_a" }, caught: "never", words: "" },
  {
    mistake: "a prompt that names a wrong file",
    args: message("Summarize the file raodmap.md"),
    caught: "never",
    words: "",
  },
];

const ofAgent: readonly Omit<Mistake, "of">[] = [
  { mistake: "`prompt` for `system`", args: { prompt: "Be brief" }, caught: "editor", words: 'write system: "..."' },
  {
    mistake: "`schedule` in an agent",
    args: cron("0 9 * * *"),
    caught: "editor",
    words: "it is an argument of a QoderDeployment",
  },
  {
    mistake: "`tools` as a list of names",
    args: { tools: ["Read"] },
    caught: "editor",
    words: 'write { type: "agent_toolset_20260401" }',
  },
  {
    mistake: "an MCP server without a toolset",
    args: { mcpServers: [{ name: "tracker", url: "https://mcp.example.com" }] },
    caught: "preview",
    words: "the agent has none of its tools",
  },
  {
    mistake: "a toolset of an MCP server that the agent does not have",
    args: { tools: [{ type: "mcp_toolset", mcpServerName: "tracker" }] },
    caught: "preview",
    words: "names no server; mcpServers is empty",
  },
  {
    mistake: "a misspelled tool",
    args: toolset({ enabledTools: ["Raed"] }),
    caught: "preview",
    words: "did you mean Read?",
  },
  { mistake: "a model that does not exist", args: { model: "ultimat" }, caught: "never", words: "" },
  {
    mistake: "a model that does not exist, with `qoder:verify`",
    args: { model: "ultimat" },
    config: { "qoder:verify": "true" },
    caught: "preview",
    words: "did you mean ultimate?",
  },
  { mistake: "a prompt for another task", args: { system: "Review recipes" }, caught: "never", words: "" },
  {
    mistake: "the address of an MCP server without `https://`",
    args: { mcpServers: [{ name: "tracker", url: "mcp.example.com" }] },
    caught: "preview",
    words: "mcpServers[0].url: is not an address that the service can call",
  },
  {
    mistake: "a misspelled host of an MCP server",
    args: {
      mcpServers: [{ name: "tracker", url: "https://mcp.exmaple.com" }],
      tools: [{ type: "mcp_toolset", mcpServerName: "tracker" }],
    },
    caught: "never",
    words: "",
  },
];

const ofEnvironment: readonly Omit<Mistake, "of">[] = [
  {
    mistake: "`networking` beside `config`",
    args: { networking: { type: "unrestricted" } },
    caught: "editor",
    words: 'write config: { type: "cloud", networking:',
  },
  {
    mistake: "`open` as the type of a network",
    args: cloud({ networking: { type: "open" } }),
    caught: "editor",
    words: "is not one of unrestricted, limited",
  },
  {
    mistake: "an address in `allowedHosts`",
    args: limited(["https://api.github.com/repos"]),
    caught: "preview",
    words: 'write "api.github.com"',
  },
  {
    mistake: "an environment without `networking`",
    args: cloud({}),
    caught: "preview",
    words: "without config.networking the network is limited",
  },
  {
    mistake: "packages in a network without package managers",
    args: cloud({ networking: { type: "limited", allowedHosts: [] }, packages: { pip: ["requests"] } }),
    caught: "preview",
    words: "set config.networking.allowPackageManagers: true",
  },
  { mistake: "a misspelled host", args: limited(["api.gihtub.com"]), caught: "never", words: "" },
  {
    mistake: "a package that does not exist",
    args: cloud({ networking: { type: "unrestricted" }, packages: { pip: ["reqeusts"] } }),
    caught: "never",
    words: "",
  },
];

const ofVault: readonly Omit<Mistake, "of">[] = [
  {
    mistake: "`name` for `displayName`",
    args: { name: "tracker" },
    caught: "editor",
    words: 'write displayName: "..."',
  },
  {
    mistake: "another `displayName` for an existing vault",
    before: { displayName: "tracker" },
    args: { displayName: "issues" },
    caught: "preview",
    words: "another vault is created",
  },
];

const ofCredential: readonly Omit<Mistake, "of">[] = [
  {
    mistake: "`token` beside `auth`",
    args: { token: "t" },
    caught: "editor",
    words: 'write auth: { type: "static_bearer"',
  },
  {
    mistake: "the address of an MCP server without `https://`",
    args: bearer("mcp.example.com"),
    caught: "preview",
    words: "auth.mcpServerUrl: is not an address that the service can call",
  },
  {
    mistake: "a JSON Web Token that has expired",
    args: bearer("https://mcp.example.com", expiredToken),
    caught: "preview",
    words: "its token expired at 2020-01-01T00:00:00.000Z",
  },
  { mistake: "another token that has expired", args: bearer("https://mcp.example.com"), caught: "never", words: "" },
];

/** The mistakes of the table in docs/troubleshooting.md. */
export const mistakes: readonly Mistake[] = [
  ...ofDeployment.map((row) => ({ of: "QoderDeployment", ...row }) as const),
  ...ofAgent.map((row) => ({ of: "QoderAgent", ...row }) as const),
  ...ofEnvironment.map((row) => ({ of: "QoderEnvironment", ...row }) as const),
  ...ofVault.map((row) => ({ of: "QoderVault", ...row }) as const),
  ...ofCredential.map((row) => ({ of: "QoderVaultCredential", ...row }) as const),
];
