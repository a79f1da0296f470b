/** Arguments beside those that every declaration needs, and what is said of them. */
export type Mistake = readonly [arguments: object, failures: readonly string[]];

const notAgent = "is not the id of an agent: agent_ and letters, digits, _ or -";
const notEnvironment = "environmentId: is not the id of an environment: env_ and letters, digits, _ or -";
const notVault = "is not the id of a vault: vault_ and letters, digits, _ or -";
const notDeployment = "adopt: is not the id of a deployment: dep_ and letters, digits, _ or -";
const kinds = "is not one of user.message, user.define_outcome, system.message";
const misplaced = "a system.message must be the last event and follow a user.message";
const resourceKinds = "is not one of github_repository, git_repository, file, memory_store";
const notDecimal = "budget.maxCreditCost: is not a decimal with at most 12 digits before and 2 after the point";
const notName = (name: string) =>
  `environmentVariables.${name}: "${name}" is not a variable name: letters, digits and _, not starting with a digit`;
const reserved = (name: string) =>
  `environmentVariables.${name}: "${name}" is reserved by Qoder (SERVER_ENDPOINT, USER_ID, WORK_DIR and names that start with CAW_ or QODER_)`;
const separator = "the value holds ; or a line break, which the API reads as the next variable";
const long = (length: number) => "x".repeat(length);
const user = { type: "user.message", content: "Go" };
const system = { type: "system.message", content: "Be brief" };
const outcome = { type: "user.define_outcome", description: "Done", rubric: { type: "text", content: "Good" } };
const scheduleOf = (expression: string) => `{ expression: "${expression}", timezone: "Europe/Berlin" }`;
const aMessage = '{ type: "user.message", content: "..." }';
const keys = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, "v"]));

export const simpleMistakes: readonly Mistake[] = [
  [{ name: "" }, ["name: is empty"]],
  [{ name: long(257) }, ["name: has more than 256 characters"]],
  [{ name: 5 }, ["name: is a number; write it as a string"]],
  [{ name: null }, ["name: is missing"]],
  [{ description: ["x"] }, ["description: is not a string"]],
  [{ agent: null }, ["agent: is missing"]],
  [{ agent: "env_a" }, [`agent: ${notAgent}`]],
  [{ agent: "agent_../x" }, [`agent: ${notAgent}`]],
  [{ agent: "agent_a/b" }, [`agent: ${notAgent}`]],
  [{ agent: "agent_%2f" }, [`agent: ${notAgent}`]],
  [{ agent: { id: "x" } }, [`agent.id: ${notAgent}`]],
  [{ agent: { version: 1 } }, ["agent.id: is missing"]],
  [{ agent: { id: "agent_a", version: 0 } }, ["agent.version: is below 1"]],
  [{ agent: { id: "agent_a", version: 1.5 } }, ["agent.version: is not a whole number"]],
  [{ agent: { id: "agent_a", version: "2" } }, ["agent.version: is a string; write it as a number"]],
  [{ agent: { id: "agent_a", type: "agent" } }, ["agent.type: is not known here; known are id, version"]],
  [{ agent: 5 }, ["agent: is not a string or an object"]],
  [{ environmentId: "agent_a" }, [notEnvironment]],
  [{ environmentId: "env_a/../b" }, [notEnvironment]],
  [{ environmentId: "env_a\n" }, [notEnvironment]],
  [{ environmentId: "env_" }, [notEnvironment]],
  [{ schedule: "0 9 * * *" }, [`schedule: is a string; write ${scheduleOf("0 9 * * *")}`]],
  [{ schedule: "@hourly" }, [`schedule: is a string; write ${scheduleOf("0 * * * *")}`]],
  [{ schedule: "cron(30 6 ? * 2 *)" }, [`schedule: is a string; write ${scheduleOf("30 6 * * MON")}`]],
  [{ schedule: "every day" }, [`schedule: is a string; write ${scheduleOf("0 9 * * *")}`]],
  [{ schedule: ["0 9 * * *", "UTC"] }, [`schedule: is an array; write ${scheduleOf("0 9 * * *")}`]],
  [
    { schedule: { expression: "75 * * * *" } },
    ["schedule.expression: minute 75 is out of range 0-59", "schedule.timezone: is missing"],
  ],
  [
    { schedule: { cron: "0 9 * * *", expression: "0 9 * * *", timezone: "UTC" } },
    ["schedule.cron: is not known here; known are expression, timezone"],
  ],
  [{ vaultIds: "vault_a" }, ['vaultIds: is a string; write ["vault_..."]']],
  [{ vaultIds: ["vault_a", "v", "vault_../x"] }, [`vaultIds[1]: ${notVault}`, `vaultIds[2]: ${notVault}`]],
  [{ vaultIds: Array(51).fill("vault_a") }, ["vaultIds: has more than 50 elements"]],
  [{ metadata: keys(17) }, ["metadata: has more than 16 keys"]],
  [{ metadata: { k: long(513) } }, ["metadata.k: has more than 512 characters"]],
  [{ metadata: { k: 1 } }, ["metadata.k: is a number; write it as a string"]],
  [{ metadata: ["k"] }, ['metadata: is an array; write { name: "value" }']],
  [{ metadata: { [long(65)]: "v" } }, [`metadata.${long(65)}: the key has more than 64 characters`]],
  [{ metadata: { "": "v" } }, ["metadata.: the key is empty"]],
  [
    { metadata: { cas_config: "x" } },
    ["metadata: the key cas_config is reserved by Qoder; use the argument casConfig for its settings"],
  ],
  [{ casConfig: {} }, ["casConfig: names no setting"]],
  [{ casConfig: { maxRetries: 1, retries: 1 } }, ["casConfig.retries: is not known here; did you mean maxRetries?"]],
  [
    { casConfig: { maxRetries: -1, timeoutMs: 0, maxConcurrent: 0, sessionStrategy: "" } },
    [
      "casConfig.sessionStrategy: is empty",
      "casConfig.maxRetries: is below 0",
      "casConfig.timeoutMs: is below 1",
      "casConfig.maxConcurrent: is below 1",
    ],
  ],
  [
    { casConfig: { maxRetries: 0.5, timeoutMs: 1.5, maxConcurrent: 1.5 } },
    ["maxRetries", "timeoutMs", "maxConcurrent"].map((name) => `casConfig.${name}: is not a whole number`),
  ],
  [{ environmentVariables: { "1A": "x" } }, [notName("1A")]],
  [{ environmentVariables: { "A-B": "x" } }, [notName("A-B")]],
  [{ environmentVariables: { "A=B": "x" } }, [notName("A=B")]],
  ...["SERVER_ENDPOINT", "USER_ID", "WORK_DIR", "CAW_X", "QODER_PAT"].map(
    (name): Mistake => [{ environmentVariables: { [name]: "x" } }, [reserved(name)]],
  ),
  [
    { environmentVariables: { A: "x;y", B: "x\ny", C: "x\ry" } },
    ["A", "B", "C"].map((name) => `environmentVariables.${name}: ${separator}`),
  ],
  [{ environmentVariables: { A: true } }, ["environmentVariables.A: is a boolean; write it as a string"]],
  [{ environmentVariables: "A=1;B=2" }, ['environmentVariables: is a string; write { NAME: "value" }']],
  [{ budget: "12" }, ['budget: is a string; write { maxCreditCost: "12" }']],
  [{ budget: 12.5 }, ['budget: is a number; write { maxCreditCost: "12.5" }']],
  [{ budget: ["x"] }, ['budget: is an array; write { maxCreditCost: "12.50" }']],
  [{ budget: {} }, ["budget.maxCreditCost: is missing"]],
  [{ budget: { maxCreditCost: "1", type: "limit" } }, ["budget.type: is not known here; known are maxCreditCost"]],
  [{ budget: { maxCreditCost: 12.5 } }, ['budget.maxCreditCost: is a number; write it as a string: "12.5"']],
  [{ budget: { maxCreditCost: [1] } }, ['budget.maxCreditCost: is an array; write it as a string: "12.50"']],
  ...["1.234", "1234567890123", "1e3", "12.", ".5", " 1", "１"].map(
    (maxCreditCost): Mistake => [{ budget: { maxCreditCost } }, expectDecimal(maxCreditCost)],
  ),
  [{ budget: { maxCreditCost: "0" } }, ["budget.maxCreditCost: is not above 0"]],
  [{ budget: { maxCreditCost: "0.00" } }, ["budget.maxCreditCost: is not above 0"]],
  [{ paused: "yes" }, ["paused: is a string; write true or false"]],
  [{ adopt: "agent_a" }, [notDeployment]],
  [{ adopt: "dep_../agents" }, [notDeployment]],
  [{ nmae: "x" }, ["nmae: is not an argument of a QoderDeployment; did you mean name?"]],
  [
    { environment_id: "env_a" },
    ["environment_id: is not an argument of a QoderDeployment; did you mean environmentId?"],
  ],
  [{ notificationChannel: "x" }, ["notificationChannel: is not an argument of a QoderDeployment"]],
];

// Not a number at all is not above 0 either.
function expectDecimal(text: string): string[] {
  return Number.isNaN(Number(text)) ? [notDecimal, "budget.maxCreditCost: is not above 0"] : [notDecimal];
}

const events = (...initialEvents: readonly unknown[]) => ({ initialEvents });
const resources = (...list: readonly unknown[]) => ({ resources: list });
const content = (...blocks: readonly unknown[]) => events({ type: "user.message", content: blocks });

export const nestedMistakes: readonly Mistake[] = [
  [events(), ["initialEvents: is empty"]],
  [events(...Array(51).fill(user)), ["initialEvents: has more than 50 elements"]],
  [{ initialEvents: "Go" }, [`initialEvents: is a string; write [${aMessage}]`]],
  [{ initialEvents: user }, [`initialEvents: is an object; write [${aMessage}]`]],
  [events("Go"), [`initialEvents[0]: is a string; write ${aMessage}`]],
  [events(user, null), [`initialEvents[1]: is null; write ${aMessage}`]],
  [events({ content: "Go" }), [`initialEvents[0].type: ${kinds}`]],
  [events({ type: "user.shout" }), [`initialEvents[0].type: ${kinds}`]],
  [events({ type: "user.message" }), ["initialEvents[0].content: is missing"]],
  [events({ type: "user.message", content: "" }), ["initialEvents[0].content: is empty"]],
  [events({ type: "user.message", content: 5 }), ["initialEvents[0].content: is not a string or an array"]],
  [events({ ...user, role: "x" }), ["initialEvents[0].role: is not known here; known are type, content"]],
  [content(), ["initialEvents[0].content: is empty"]],
  [content({ type: "video" }), ["initialEvents[0].content[0].type: is not one of text, image, document"]],
  [
    content({ type: "image", source: { type: "ftp" } }),
    ["initialEvents[0].content[0].source.type: is not one of base64, url, file"],
  ],
  [content({ type: "image", source: { type: "url" } }), ["initialEvents[0].content[0].source.url: is missing"]],
  [events({ ...outcome, maxIterations: 0 }), ["initialEvents[0].maxIterations: is below 1"]],
  [events({ ...outcome, maxIterations: 21 }), ["initialEvents[0].maxIterations: is above 20"]],
  [
    events({ ...outcome, rubric: { type: "text", content: long(262_145) } }),
    ["initialEvents[0].rubric.content: has more than 262144 characters"],
  ],
  [
    events({ type: "user.define_outcome" }),
    ["initialEvents[0].description: is missing", "initialEvents[0].rubric: is missing"],
  ],
  [events(user, { ...system, content: [] }), ["initialEvents[1].content: is empty"]],
  [events(system), [`initialEvents[0]: ${misplaced}`]],
  [events(system, user), [`initialEvents[0]: ${misplaced}`]],
  [events(user, system, system), [`initialEvents[1]: ${misplaced}`, `initialEvents[2]: ${misplaced}`]],
  [events(outcome, system), [`initialEvents[1]: ${misplaced}`]],
  [resources(...Array(501).fill({ type: "file", fileId: "file_a" })), ["resources: has more than 500 elements"]],
  [
    { resources: { type: "file", fileId: "file_a" } },
    ['resources: is an object; write [{ type: "file", fileId: "file_..." }]'],
  ],
  [resources("file_a"), ['resources[0]: is a string; write { type: "file", fileId: "file_..." }']],
  [resources({ type: "disk" }), [`resources[0].type: ${resourceKinds}`]],
  [resources({ type: "github_repository" }), ["resources[0].url: is missing"]],
  [
    resources({ type: "file", fileId: "file_a", tunnelId: "x" }),
    ["resources[0].tunnelId: is not known here; known are type, fileId, mountPath"],
  ],
  [
    resources({ type: "github_repository", url: "https://example.com/one", password: "x" }),
    ["resources[0].password: is not known here; known are type, url, authorizationToken, checkout, mountPath"],
  ],
  [
    resources({ type: "file", file_id: "file_a" }),
    ["resources[0].fileId: is missing", "resources[0].file_id: is not known here; did you mean fileId?"],
  ],
  [
    events({ ...user, max_iterations: 3 }),
    ["initialEvents[0].max_iterations: is not known here; known are type, content"],
  ],
  [
    resources({ type: "file", fileId: "", mountPath: "" }),
    ["resources[0].fileId: is empty", "resources[0].mountPath: is empty"],
  ],
  [
    resources({ type: "memory_store", memoryStoreId: "memstore_a", access: "rw" }),
    ["resources[0].access: is not one of read_write, read_only"],
  ],
  [
    resources({ type: "memory_store", memoryStoreId: "memstore_a", instructions: long(4_097) }),
    ["resources[0].instructions: has more than 4096 characters"],
  ],
  [
    resources({ type: "git_repository", url: "https://example.com/one", checkout: { type: "tag" } }),
    ["resources[0].checkout.type: is not one of branch, commit"],
  ],
];
