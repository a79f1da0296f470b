import * as fc from "fast-check";
import type { AgentReference } from "../../provider/deployment/agent";
import type { EventValue } from "../../provider/deployment/initial-events";
import type { ResourceValue } from "../../provider/deployment/resources";
import { diagnosticKinds } from "../../provider/resource/kind/diagnostics";
import type { ArgumentName, Arguments } from "../support/deployment";

/** One of a few values in most draws, so that two draws are often equal, and any value in the others. */
function mostly<Value>(few: readonly Value[], anything: fc.Arbitrary<Value>): fc.Arbitrary<Value> {
  return fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...few) }, { weight: 1, arbitrary: anything });
}

const anyText = fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 });
const text = mostly(["Go", "Stop", "line one\nline two"], anyText);

/** No member is `undefined`: the engine cannot send `undefined`. */
function object<Required extends object, Optional extends object>(
  required: { readonly [Key in keyof Required]: fc.Arbitrary<Required[Key]> },
  optional: { readonly [Key in keyof Optional]: fc.Arbitrary<Optional[Key]> },
): fc.Arbitrary<Required & Partial<Optional>> {
  const all = { ...required, ...optional };
  const requiredKeys = Object.keys(required);
  return fc.record(all, { requiredKeys: requiredKeys as never }) as fc.Arbitrary<Required & Partial<Optional>>;
}

export const agentId = fc.constantFrom("agent_a", "agent_b");
export const agentVersion = fc.integer({ min: 1, max: 4 });
const agent: fc.Arbitrary<AgentReference> = fc.oneof(agentId, object({ id: agentId }, { version: agentVersion }));

export const environmentId = fc.constantFrom("env_a", "env_b");
export const schedule = fc.record({
  expression: fc.constantFrom("0 9 * * *", "30 9 * * 1-5", "*/15 * * * *"),
  timezone: fc.constantFrom("Asia/Shanghai", "UTC"),
});

const textBlock = fc.record({ type: fc.constant("text"), text });
const source = fc.oneof(
  fc.record({ type: fc.constant("url"), url: fc.constant("https://example.com/x.png") }),
  fc.record({ type: fc.constant("file"), fileId: fc.constantFrom("file_a", "file_b") }),
  fc.record({ type: fc.constant("base64"), mediaType: fc.constant("image/png"), data: fc.constant("AAAA") }),
);
const userBlock = fc.oneof(
  textBlock,
  fc.record({ type: fc.constant("image"), source }),
  object({ type: fc.constant("document"), source }, { title: text, context: text }),
);
const userMessage = fc.record({
  type: fc.constant("user.message"),
  content: fc.oneof(text, fc.array(userBlock, { minLength: 1, maxLength: 2 })),
});
const outcome = object(
  {
    type: fc.constant("user.define_outcome"),
    description: text,
    rubric: fc.oneof(
      fc.record({ type: fc.constant("text"), content: text }),
      fc.record({ type: fc.constant("file"), fileId: fc.constant("file_a") }),
    ),
  },
  { maxIterations: fc.constantFrom(3, 5) },
);
const systemMessage = fc.record({
  type: fc.constant("system.message"),
  content: fc.oneof(text, fc.array(textBlock, { minLength: 1, maxLength: 2 })),
});
const initialEvents: fc.Arbitrary<EventValue[]> = fc
  .tuple(fc.array(fc.oneof(userMessage, outcome), { maxLength: 2 }), userMessage, fc.option(systemMessage))
  .map(([first, last, system]) => [...first, last, ...(system === null ? [] : [system])]);

const token = fc.constantFrom("token-1", "token-2");
const mountPath = fc.constantFrom("/data/a", "/data/b");
const checkout = fc.oneof(
  fc.record({ type: fc.constant("branch"), name: fc.constantFrom("main", "next") }),
  fc.record({ type: fc.constant("commit"), sha: fc.constant("0123456789abcdef0123456789abcdef01234567") }),
);
const repositoryUrl = fc.constantFrom("https://example.com/one", "https://example.com/two");
const resource: fc.Arbitrary<ResourceValue> = fc.oneof(
  object(
    { type: fc.constant("github_repository"), url: repositoryUrl },
    { authorizationToken: token, checkout, mountPath },
  ),
  object({ type: fc.constant("git_repository"), url: repositoryUrl }, { password: token, checkout, mountPath }),
  object({ type: fc.constant("file"), fileId: fc.constantFrom("file_a", "file_b") }, { mountPath }),
  object(
    { type: fc.constant("memory_store"), memoryStoreId: fc.constant("memstore_a") },
    { access: fc.constantFrom("read_write", "read_only"), instructions: text },
  ),
);
const resources: fc.Arbitrary<ResourceValue[]> = fc.uniqueArray(resource, {
  maxLength: 3,
  selector: ({ type, url, fileId, memoryStoreId }) => JSON.stringify([type, url, fileId, memoryStoreId]),
});

export const vaultIds = fc.array(fc.constantFrom("vault_a", "vault_b", "vault_c"), { maxLength: 3 });

/** Names of members of JavaScript's objects are ordinary keys here. */
const metadataKey = mostly(
  ["team", "tier", "toString", "constructor"],
  anyText.filter((key) => key !== "cas_config" && key !== "__proto__"),
);
const metadata = fc.dictionary(metadataKey, mostly(["platform", "data", ""], anyText), { maxKeys: 3 });

/** No value is a default of the service. */
const casConfig = object(
  {},
  {
    sessionStrategy: fc.constant("reuse_session"),
    maxRetries: fc.constantFrom(1, 2),
    timeoutMs: fc.constantFrom(1_000, 2_000),
    maxConcurrent: fc.constantFrom(2, 3),
  },
).filter((settings) => Object.keys(settings).length > 0);

export const variableName = mostly(
  ["FEATURE_FLAG", "LOG_LEVEL", "A"],
  fc
    .stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,9}$/)
    .filter((name) => !/^(CAW_|QODER_|SERVER_ENDPOINT$|USER_ID$|WORK_DIR$|__proto__$)/.test(name)),
);
const anyValue = fc.string({ unit: "grapheme", maxLength: 12 }).map((value) => value.replace(/[;\r\n]/g, "="));
export const variableValue = mostly(["on", "off", "", "a=b", " spaced "], anyValue);
export const environmentVariables = fc.dictionary(variableName, variableValue, { maxKeys: 3 });

const budget = fc.record({ maxCreditCost: fc.constantFrom("12.5", "12.50", "012.5", "12", "0.01") });

const limits = object(
  {},
  {
    creditsPerDay: fc.constantFrom(0.5, 50),
    creditsPerMonth: fc.constantFrom(100, 1_000),
    runsPerDay: fc.constantFrom(1, 30),
  },
).filter((given) => Object.keys(given).length > 0);

/** Valid values of each argument. */
const generators: { readonly [Name in ArgumentName]: fc.Arbitrary<Arguments[Name]> } = {
  name: mostly(["report", "audit"], anyText),
  description: mostly(["", "Daily report"], anyText),
  agent,
  environmentId,
  schedule,
  initialEvents,
  resources,
  vaultIds,
  metadata,
  casConfig,
  environmentVariables,
  budget,
  limits,
  expectedArtifacts: fc.subarray(["report.md", "table.csv"]),
  paused: fc.boolean(),
  adopt: fc.constantFrom("dep_a", "dep_b"),
  acknowledge: fc.subarray([...diagnosticKinds]),
};

/** Valid arguments of a program. */
export const wantedIn: fc.Arbitrary<Partial<Arguments>> = fc.record(generators, {
  requiredKeys: ["name", "agent", "environmentId", "initialEvents"],
});
