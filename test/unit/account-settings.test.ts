import { accountSettings } from "../../provider/account/settings";
import { QoderError } from "../../provider/api/errors";

type Values = Readonly<Record<string, string>>;
/** The settings of a stack with this configuration in a process with these variables. */
function settingsOf(config: Values | undefined, environment: Values = {}) {
  return accountSettings(config && { get: (key) => config[key] }, environment);
}

const pat = { "qoder:pat": "pt-config" };
const chinese = "https://api.qoder.com.cn/api/v1/cloud";
const fallback = "https://api.qoder.com/api/v1/cloud";

test.each<[string, Values, Values, string]>([
  ["configuration before the environment", pat, { QODER_ACCESS_TOKEN: "pt-1", QODER_PAT: "pt-2" }, "pt-config"],
  ["QODER_ACCESS_TOKEN before QODER_PAT", {}, { QODER_ACCESS_TOKEN: "pt-1", QODER_PAT: "pt-2" }, "pt-1"],
  ["QODER_PAT", {}, { QODER_PAT: "pt-2" }, "pt-2"],
  ["what is not empty", { "qoder:pat": " " }, { QODER_ACCESS_TOKEN: "", QODER_PAT: "pt-2" }, "pt-2"],
  ["without the line break of a file", {}, { QODER_PAT: " pt-2\n" }, "pt-2"],
])("the settings take the token: %s", (_, config, environment, token) => {
  expect(settingsOf(config, environment)).toMatchObject({ token });
});

test.each<[Values, Values, string]>([
  [pat, { QODER_PAT: "pt-2" }, "qoder:pat of the stack's configuration"],
  [{ ...pat, "qoder:account": "staging" }, {}, 'the QoderProvider "staging"'],
  [{}, { QODER_ACCESS_TOKEN: "pt-1", QODER_PAT: "pt-2" }, "QODER_ACCESS_TOKEN"],
  [{}, { QODER_ACCESS_TOKEN: " ", QODER_PAT: "pt-2" }, "QODER_PAT"],
])(
  "with the configuration %j and the environment %j, the settings name %s as the source of the token",
  (config, environment, tokenSource) => {
    expect(settingsOf(config, environment).caller).toEqual({ tokenSource });
  },
);

const own = { "qoder:ownToken": "true" };

test.each<[string, Values]>([
  ["the token of the stack", pat],
  ["the key of the stack", { "qoder:saKey": "sk-config" }],
  ["the token of a QoderProvider", { ...pat, "qoder:account": "staging" }],
])("with qoder:ownToken the settings take %s beside one of the environment", (_, config) => {
  expect(JSON.stringify(settingsOf({ ...config, ...own }, { QODER_PAT: "foreign" }))).not.toContain("foreign");
});

test.each([
  [{}, "qoder:workspaceId of the stack's configuration"],
  [{ "qoder:account": "staging" }, 'the QoderProvider "staging"'],
])("with the configuration %j, the settings name %s as the source of the workspace", (account, source) => {
  const config = { ...pat, "qoder:workspaceId": "ws-1", ...account };
  expect(settingsOf(config).caller?.workspace).toEqual({ id: "ws-1", source });
});

test.each<[string, Values, Values, string]>([
  ["from the configuration", { "qoder:baseUrl": chinese }, { QODER_BASE_URL: "https://one.example" }, chinese],
  ["from QODER_BASE_URL", {}, { QODER_BASE_URL: chinese, QODER_MANAGED_BASE_URL: "https://one.example" }, chinese],
  ["from QODER_MANAGED_BASE_URL", {}, { QODER_MANAGED_BASE_URL: chinese }, chinese],
  ["by default", {}, {}, fallback],
  ["by default if the values are empty", { "qoder:baseUrl": "" }, { QODER_BASE_URL: "  " }, fallback],
])("the settings take the base URL %s", (_, config, environment, baseUrl) => {
  expect(settingsOf({ ...pat, ...config }, environment).baseUrl).toBe(baseUrl);
});

test.each<[string, string, unknown]>([
  ["workspaceId", "ws-1", "ws-1"],
  ["workspaceId", "", undefined],
  ["writesPerSecond", "60", 60],
  ["writesPerSecond", "", undefined],
  ["refresh", "exact", "exact"],
  ["refresh", "", "lists"],
])("the settings take %s from the configuration only: %j gives %j", (name, value, taken) => {
  const environment = { QODER_WORKSPACE_ID: "ws-2", QODER_WRITES_PER_SECOND: "3", QODER_REFRESH: "exact" };
  expect(settingsOf({ ...pat, [`qoder:${name}`]: value }, environment)).toMatchObject({ [name]: taken });
});

test.each([
  "https://api.qoder.com/api/v1/cloud/",
  "https://proxy.example:8443/qoder",
  "http://localhost:4010/api",
  "http://127.8.8.8",
  "http://[::1]:4010/api",
])("the settings accept the base URL %s", (baseUrl) => {
  expect(settingsOf({ ...pat, "qoder:baseUrl": baseUrl }).baseUrl).toBe(baseUrl);
});

const clear = (origin: string) => `the base URL ${origin} is not https; the token would travel in the clear`;
const extra = "the base URL must hold neither a user, a query nor a fragment";
test.each([
  ["http://api.qoder.com/api/v1/cloud", clear("http://api.qoder.com")],
  ["http://localhost.example", clear("http://localhost.example")],
  ["http://127.0.0.1.example", clear("http://127.0.0.1.example")],
  ["http://0.0.0.0", clear("http://0.0.0.0")],
  ["http://[::2]", clear("http://[::2]")],
  ["ftp://localhost", clear("ftp://localhost")],
  ["https://user@api.qoder.com", extra],
  ["https://api.qoder.com/?a=b", extra],
  ["https://api.qoder.com/#a", extra],
  ["api.qoder.com", `the base URL "api.qoder.com" is not a URL; the default is ${fallback}`],
  ["https://user:secret@host:99999", `the base URL is not a URL; the default is ${fallback}`],
])("the settings refuse the base URL %s: %s", (baseUrl, message) => {
  expect(() => settingsOf({ ...pat, "qoder:baseUrl": baseUrl })).toThrow(new QoderError(message));
});

const noToken =
  "no Qoder access token.\nRun `pulumi config set --secret qoder:pat`, set QODER_PAT, or use a QoderProvider (key of a service account: qoder:saKey, QODER_SA_KEY)";
const foreign = (variable: string) =>
  `qoder:ownToken is true, but this stack has no token of its own: ${variable} may belong to another account.\nRun \`pulumi config set --secret qoder:pat\`, or remove qoder:ownToken`;
const oddToken = "the Qoder access token holds a space, a line break or another character no token has";
const oddKey = "the Qoder service account key holds a space, a line break or another character no key has";
const oddWorkspace = "qoder:workspaceId holds a space, a line break or another character no workspace id has";
const noCount = (given: string) => `qoder:writesPerSecond must be a whole number from 1 to 1000, not "${given}"`;
const twoSources = (names: string) =>
  `${names} are both set, an access token and the key of a service account.\nRemove one of them`;

// No message repeats a token or a key.
test.each<[Values, Values, string]>([
  [{}, { QODER_PAT: " " }, noToken],
  [own, {}, noToken],
  [own, { QODER_ACCESS_TOKEN: "foreign" }, foreign("QODER_ACCESS_TOKEN")],
  [own, { QODER_PAT: "foreign" }, foreign("QODER_PAT")],
  [own, { QODER_SA_KEY: "foreign" }, foreign("QODER_SA_KEY")],
  [{ ...pat, "qoder:ownToken": "yes" }, {}, "qoder:ownToken is neither true nor false"],
  [{ "qoder:pat": "pt one" }, {}, oddToken],
  [{ "qoder:pat": "pt-é" }, {}, oddToken],
  [{}, { QODER_SA_KEY: "sa one" }, oddKey],
  [{ ...pat, "qoder:workspaceId": "ws\n1" }, {}, oddWorkspace],
  [{ ...pat, "qoder:refresh": "fast" }, {}, 'qoder:refresh must be lists or exact, not "fast"'],
  [{ ...pat, "qoder:writesPerSecond": "0" }, {}, noCount("0")],
  [{ ...pat, "qoder:writesPerSecond": "1.5" }, {}, noCount("1.5")],
  [{ ...pat, "qoder:writesPerSecond": "1001" }, {}, noCount("1001")],
  [{ ...pat, "qoder:saKey": "sa-config" }, {}, twoSources("qoder:pat and qoder:saKey")],
  [{}, { QODER_ACCESS_TOKEN: "pt-1", QODER_SA_KEY: "sa-1" }, twoSources("QODER_ACCESS_TOKEN and QODER_SA_KEY")],
  [{}, { QODER_PAT: "pt-1", QODER_SA_KEY: "sa-1" }, twoSources("QODER_PAT and QODER_SA_KEY")],
])("the settings refuse the configuration %j with the environment %j: %s", (config, environment, message) => {
  expect(() => settingsOf(config, environment)).toThrow(new QoderError(message));
});

describe("the key of a service account", () => {
  const key = { "qoder:saKey": "sa-config" };
  const exchanged = { tokenSource: "QODER_SA_KEY, exchanged for the service account key there" };
  test.each<[Values, Values, object]>([
    [key, { QODER_SA_KEY: "sa-1" }, { saKey: "sa-config", keySource: "qoder:saKey of the stack's configuration" }],
    [{ ...key, "qoder:account": "ci" }, {}, { saKey: "sa-config", keySource: 'the QoderProvider "ci"' }],
    [{}, { QODER_SA_KEY: " sa-1\n" }, { saKey: "sa-1", keySource: "QODER_SA_KEY", caller: exchanged }],
    [key, { QODER_PAT: "pt-2" }, { saKey: "sa-config" }],
    [pat, { QODER_SA_KEY: "sa-1" }, { token: "pt-config" }],
  ])("with the configuration %j and the environment %j gives the settings %j", (config, environment, settings) => {
    expect(settingsOf(config, environment)).toMatchObject(settings);
  });

  const exchangedAt = (baseUrl: string, exchangeHost: string) =>
    settingsOf({}, { QODER_SA_KEY: "sa-1", QODER_BASE_URL: baseUrl, QODER_OPENAPI_BASE_URL: exchangeHost });

  test.each([
    [fallback, "", "https://openapi.qoder.sh/api/v1"],
    [chinese, "", "https://openapi.qoder.com.cn/api/v1"],
    ["http://127.0.0.1:4010/api/v1/cloud", "", "http://127.0.0.1:4010/api/v1"],
    ["https://proxy.example", "https://openapi.qoder.com.cn", "https://openapi.qoder.com.cn/api/v1"],
    [fallback, "https://proxy.example/qoder/", "https://proxy.example/qoder/api/v1"],
  ])("with the base URL %s and QODER_OPENAPI_BASE_URL %j is exchanged at %s", (baseUrl, exchangeHost, exchangeUrl) => {
    expect(exchangedAt(baseUrl, exchangeHost)).toMatchObject({ exchangeUrl });
  });

  const unclear =
    /the base URL https:\/\/proxy\.example does not say where to exchange the key of a service account: set QODER_OPENAPI_BASE_URL to /;
  const mixed = (edition: string) =>
    new RegExp(`^QODER_OPENAPI_BASE_URL \\(${edition}\\) and the base URL .* belong to different editions`);

  test.each([
    ["https://proxy.example", "", unclear],
    [fallback, "https://openapi.qoder.com.cn", mixed("China")],
    [chinese, "https://openapi.qoder.sh", mixed("global")],
    [fallback, "http://openapi.qoder.sh", /is not https; the token would travel in the clear$/],
    [fallback, "openapi.qoder.sh", /^QODER_OPENAPI_BASE_URL "openapi\.qoder\.sh" is not a URL; the default is /],
  ])("with the base URL %s and QODER_OPENAPI_BASE_URL %j is refused", (baseUrl, exchangeHost, message) => {
    expect(() => exchangedAt(baseUrl, exchangeHost)).toThrow(message);
  });
});
