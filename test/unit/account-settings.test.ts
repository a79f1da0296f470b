import { accountSettings, type Configuration } from "../../provider/account/settings";
import { QoderError } from "../../provider/api/errors";

function configuration(values: Readonly<Record<string, string>>): Configuration {
  return { get: (key) => values[key] };
}

const pat = { "qoder:pat": "pt-config" };
const chinese = "https://api.qoder.com.cn/api/v1/cloud";
const fallback = "https://api.qoder.com/api/v1/cloud";

test.each<[string, Record<string, string>, Record<string, string>, string]>([
  ["configuration before the environment", pat, { QODER_ACCESS_TOKEN: "pt-1", QODER_PAT: "pt-2" }, "pt-config"],
  ["QODER_ACCESS_TOKEN before QODER_PAT", {}, { QODER_ACCESS_TOKEN: "pt-1", QODER_PAT: "pt-2" }, "pt-1"],
  ["QODER_PAT", {}, { QODER_PAT: "pt-2" }, "pt-2"],
  [
    "QODER_PAT if the other values are empty",
    { "qoder:pat": " " },
    { QODER_ACCESS_TOKEN: "", QODER_PAT: "pt-2" },
    "pt-2",
  ],
  ["without the line break of a file", {}, { QODER_PAT: " pt-2\n" }, "pt-2"],
])("the settings take the token: %s", (_, config, environment, token) => {
  expect(accountSettings(configuration(config), environment)).toMatchObject({ token });
});

test.each<[Record<string, string>, Record<string, string>, string]>([
  [pat, { QODER_PAT: "pt-2" }, "qoder:pat of the stack's configuration"],
  [{ ...pat, "qoder:account": "staging" }, {}, 'the QoderProvider "staging"'],
  [{}, { QODER_ACCESS_TOKEN: "pt-1", QODER_PAT: "pt-2" }, "QODER_ACCESS_TOKEN"],
  [{}, { QODER_ACCESS_TOKEN: " ", QODER_PAT: "pt-2" }, "QODER_PAT"],
])(
  "with the configuration %j and the environment %j, the settings name %s as the source of the token",
  (config, environment, source) => {
    expect(accountSettings(configuration(config), environment).caller).toEqual({ tokenSource: source });
  },
);

describe("with qoder:ownToken", () => {
  const own = { "qoder:ownToken": "true" };
  const refusal =
    "qoder:ownToken is true, but this stack has no token of its own: QODER_PAT may belong to another account.\nRun `pulumi config set --secret qoder:pat`, or remove qoder:ownToken";

  test.each([["QODER_ACCESS_TOKEN"], ["QODER_PAT"], ["QODER_SA_KEY"]])("the settings refuse %s", (variable) => {
    expect(() => accountSettings(configuration(own), { [variable]: "foreign" })).toThrow(
      refusal.replace("QODER_PAT", variable),
    );
  });

  test.each<[string, Record<string, string>]>([
    ["the token of the stack", pat],
    ["the key of the stack", { "qoder:saKey": "sk-config" }],
    ["the token of a QoderProvider", { ...pat, "qoder:account": "staging" }],
  ])("the settings take %s beside one of the environment", (_, config) => {
    const settings = accountSettings(configuration({ ...config, ...own }), { QODER_PAT: "foreign" });
    expect(JSON.stringify(settings)).not.toContain("foreign");
  });

  test("the settings without any token say how to set one", () => {
    expect(() => accountSettings(configuration(own), {})).toThrow("no Qoder access token");
  });

  test("the settings refuse a value that is neither true nor false", () => {
    expect(() => accountSettings(configuration({ ...pat, "qoder:ownToken": "yes" }), {})).toThrow(
      "qoder:ownToken is neither true nor false",
    );
  });
});

test("the settings name the source of the workspace", () => {
  const config = { ...pat, "qoder:workspaceId": "ws-1" };
  expect(accountSettings(configuration(config), {}).caller?.workspace).toEqual({
    id: "ws-1",
    source: "qoder:workspaceId of the stack's configuration",
  });
  const explicit = configuration({ ...config, "qoder:account": "staging" });
  expect(accountSettings(explicit, {}).caller?.workspace?.source).toBe('the QoderProvider "staging"');
});

test.each<[string, Record<string, string>, Record<string, string>, string]>([
  ["from the configuration", { "qoder:baseUrl": chinese }, { QODER_BASE_URL: "https://one.example" }, chinese],
  ["from QODER_BASE_URL", {}, { QODER_BASE_URL: chinese, QODER_MANAGED_BASE_URL: "https://one.example" }, chinese],
  ["from QODER_MANAGED_BASE_URL", {}, { QODER_MANAGED_BASE_URL: chinese }, chinese],
  ["by default", {}, {}, fallback],
  ["by default if the values are empty", { "qoder:baseUrl": "" }, { QODER_BASE_URL: "  " }, fallback],
])("the settings take the base URL %s", (_, config, environment, baseUrl) => {
  expect(accountSettings(configuration({ ...pat, ...config }), environment).baseUrl).toBe(baseUrl);
});

test("the settings take the workspace from the configuration only", () => {
  expect(accountSettings(configuration({ ...pat, "qoder:workspaceId": "ws-1" }), {}).workspaceId).toBe("ws-1");
  expect(accountSettings(configuration({ ...pat, "qoder:workspaceId": "" }), {}).workspaceId).toBeUndefined();
  expect(accountSettings(undefined, { QODER_PAT: "pt-2", QODER_WORKSPACE_ID: "ws-2" }).workspaceId).toBeUndefined();
});

test.each([
  "https://api.qoder.com/api/v1/cloud/",
  "https://proxy.example:8443/qoder",
  "http://localhost:4010/api",
  "http://127.0.0.1:4010",
  "http://127.8.8.8",
  "http://[::1]:4010/api",
])("the settings accept the base URL %s", (baseUrl) => {
  expect(accountSettings(configuration({ ...pat, "qoder:baseUrl": baseUrl }), {}).baseUrl).toBe(baseUrl);
});

const clear = (origin: string) => `the base URL ${origin} is not https; the token would travel in the clear`;
const extra = "the base URL must hold neither a user, a query nor a fragment";
test.each([
  ["http://api.qoder.com/api/v1/cloud", clear("http://api.qoder.com")],
  ["http://localhost.example", clear("http://localhost.example")],
  ["http://notlocalhost", clear("http://notlocalhost")],
  ["http://127.0.0.1.example", clear("http://127.0.0.1.example")],
  ["http://10.0.0.1", clear("http://10.0.0.1")],
  ["http://0.0.0.0", clear("http://0.0.0.0")],
  ["http://[::2]", clear("http://[::2]")],
  ["ftp://localhost", clear("ftp://localhost")],
  ["https://user@api.qoder.com", extra],
  ["https://:secret@api.qoder.com", extra],
  ["https://api.qoder.com/?a=b", extra],
  ["https://api.qoder.com/#a", extra],
  ["http://user@localhost", extra],
  ["api.qoder.com", `the base URL "api.qoder.com" is not a URL; the default is ${fallback}`],
  ["https://user:secret@host:99999", `the base URL is not a URL; the default is ${fallback}`],
])("the settings refuse the base URL %s: %s", (baseUrl, message) => {
  expect(() => accountSettings(configuration({ ...pat, "qoder:baseUrl": baseUrl }), {})).toThrow(
    new QoderError(message),
  );
});

test("the error about a missing token names every way to give a token", () => {
  expect(() => accountSettings(undefined, { QODER_PAT: " " })).toThrow(
    "no Qoder access token.\nRun `pulumi config set --secret qoder:pat`, set QODER_PAT, or use a QoderProvider",
  );
});

test.each(["pt one", "pt\none", "pt-é", "pt\u0000"])(
  "the settings refuse the token %j, and the error does not repeat the token",
  (token) => {
    expect(() => accountSettings(configuration({ "qoder:pat": token }), {})).toThrow(
      new QoderError("the Qoder access token holds a space, a line break or another character no token has"),
    );
  },
);

test("the settings refuse a workspace id with a line break", () => {
  const config = configuration({ ...pat, "qoder:workspaceId": "ws\n1" });
  expect(() => accountSettings(config, {})).toThrow(/workspace/);
});

test("the settings take the number of writes per second from the configuration", () => {
  expect(accountSettings(configuration({ ...pat, "qoder:writesPerSecond": "60" }), {}).writesPerSecond).toBe(60);
  expect(accountSettings(configuration(pat), {}).writesPerSecond).toBeUndefined();
});

test("the settings take qoder:refresh, and a refresh reads lists without it", () => {
  expect(accountSettings(configuration({ ...pat, "qoder:refresh": "exact" }), {}).refresh).toBe("exact");
  expect(accountSettings(configuration(pat), {}).refresh).toBe("lists");
  expect(() => accountSettings(configuration({ ...pat, "qoder:refresh": "fast" }), {})).toThrow(
    'qoder:refresh must be lists or exact, not "fast"',
  );
});

test.each(["0", "-1", "1.5", "1001", "many"])("the settings refuse %s writes per second", (writesPerSecond) => {
  expect(() => accountSettings(configuration({ ...pat, "qoder:writesPerSecond": writesPerSecond }), {})).toThrow(
    `qoder:writesPerSecond must be a whole number from 1 to 1000, not "${writesPerSecond}"`,
  );
});

describe("the key of a service account", () => {
  const key = { "qoder:saKey": "sa-config" };
  const ofCase = (config: Record<string, string>, environment: Record<string, string>) =>
    accountSettings(configuration(config), environment);

  test.each<[Record<string, string>, Record<string, string>, object]>([
    [key, { QODER_SA_KEY: "sa-1" }, { saKey: "sa-config", keySource: "qoder:saKey of the stack's configuration" }],
    [{ ...key, "qoder:account": "ci" }, {}, { saKey: "sa-config", keySource: 'the QoderProvider "ci"' }],
    [{}, { QODER_SA_KEY: " sa-1\n" }, { saKey: "sa-1", keySource: "QODER_SA_KEY" }],
    [key, { QODER_PAT: "pt-2" }, { saKey: "sa-config" }],
    [pat, { QODER_SA_KEY: "sa-1" }, { token: "pt-config" }],
  ])("with the configuration %j and the environment %j gives the settings %j", (config, environment, settings) => {
    expect(ofCase(config, environment)).toMatchObject(settings);
  });

  test("is named as the source of the exchanged token", () => {
    expect(ofCase({}, { QODER_SA_KEY: "sa-1" }).caller?.tokenSource).toBe(
      "QODER_SA_KEY, exchanged for the service account key there",
    );
  });

  test.each<[Record<string, string>, Record<string, string>, string]>([
    [{ ...pat, ...key }, {}, "qoder:pat and qoder:saKey"],
    [{}, { QODER_ACCESS_TOKEN: "pt-1", QODER_SA_KEY: "sa-1" }, "QODER_ACCESS_TOKEN and QODER_SA_KEY"],
    [{}, { QODER_PAT: "pt-1", QODER_SA_KEY: "sa-1" }, "QODER_PAT and QODER_SA_KEY"],
  ])("beside a token is refused: %j %j", (config, environment, names) => {
    expect(() => ofCase(config, environment)).toThrow(`${names} are both set`);
  });

  test("is refused if it holds a space, and the error does not repeat the key", () => {
    expect(() => ofCase({}, { QODER_SA_KEY: "sa one" })).toThrow(
      new QoderError("the Qoder service account key holds a space, a line break or another character no key has"),
    );
  });

  test.each([
    [fallback, undefined, "https://openapi.qoder.sh/api/v1"],
    [chinese, undefined, "https://openapi.qoder.com.cn/api/v1"],
    ["https://openapi.qoder.sh/api/v1/cloud", undefined, "https://openapi.qoder.sh/api/v1"],
    ["http://127.0.0.1:4010/api/v1/cloud", undefined, "http://127.0.0.1:4010/api/v1"],
    ["https://proxy.example", "https://openapi.qoder.com.cn", "https://openapi.qoder.com.cn/api/v1"],
    [fallback, "https://proxy.example/qoder/", "https://proxy.example/qoder/api/v1"],
  ])("with the base URL %s and QODER_OPENAPI_BASE_URL %s is exchanged at %s", (baseUrl, exchangeHost, exchangeUrl) => {
    const environment = { QODER_SA_KEY: "sa-1", QODER_BASE_URL: baseUrl, QODER_OPENAPI_BASE_URL: exchangeHost ?? "" };
    expect(ofCase({}, environment)).toMatchObject({ exchangeUrl });
  });

  test.each([
    [
      "https://proxy.example",
      "",
      /the base URL https:\/\/proxy\.example does not say where to exchange the key of a service account: set QODER_OPENAPI_BASE_URL to /,
    ],
    [
      fallback,
      "https://openapi.qoder.com.cn",
      /^QODER_OPENAPI_BASE_URL \(China\) and the base URL .* belong to different editions/,
    ],
    [
      chinese,
      "https://openapi.qoder.sh",
      /^QODER_OPENAPI_BASE_URL \(global\) and the base URL .* belong to different editions/,
    ],
    [fallback, "http://openapi.qoder.sh", /is not https; the token would travel in the clear$/],
    [fallback, "openapi.qoder.sh", /^QODER_OPENAPI_BASE_URL "openapi\.qoder\.sh" is not a URL; the default is /],
  ])("with the base URL %s and QODER_OPENAPI_BASE_URL %j is refused", (baseUrl, exchangeHost, message) => {
    const environment = { QODER_SA_KEY: "sa-1", QODER_BASE_URL: baseUrl, QODER_OPENAPI_BASE_URL: exchangeHost };
    expect(() => ofCase({}, environment)).toThrow(message);
  });
});
