import { deploymentKind } from "../../provider/deployment/kind";
import { argumentFailures } from "../../provider/resource/check/check";
import { kinds } from "../kinds";

/** The failures of the check for the required arguments of the kind and `more`. */
function told(label: string, more: object): string[] {
  const row = kinds.find((one) => one.label === label);
  if (row === undefined) {
    throw new Error(`no kind is called ${label}`);
  }
  const name = "name" in row.kind.fields ? { name: "daily" } : {};
  return argumentFailures(row.kind, { ...row.least, ...name, ...more });
}

const message = 'write initialEvents: "..."';
const schedule = 'write schedule: { expression: "0 9 * * *", timezone: "Europe/Berlin" }';

test.each<[label: string, given: object, instead: string]>([
  ["QoderDeployment", { prompt: "Go" }, message],
  ["QoderDeployment", { message: "Go" }, message],
  ["QoderDeployment", { messages: ["Go"] }, message],
  ["QoderDeployment", { cron: "0 9 * * *" }, schedule],
  ["QoderDeployment", { timezone: "UTC" }, schedule],
  [
    "QoderDeployment",
    { instructions: "Be brief" },
    "system of the QoderAgent has the instructions of the agent, initialEvents what each run starts with",
  ],
  [
    "QoderDeployment",
    { env: { A: "1" } },
    "environmentVariables has the variables of each run, and environmentId names the environment that it runs in",
  ],
  [
    "QoderDeployment",
    { environment: "env_a" },
    "write environmentId, which takes a QoderEnvironment, its id, or what getEnvironment found",
  ],
  ["QoderDeployment", { model: "ultimate" }, "it is an argument of a QoderAgent"],
  ["QoderAgent", { prompt: "Be brief" }, 'write system: "..."'],
  ["QoderAgent", { instructions: "Be brief" }, 'write system: "..."'],
  ["QoderAgent", { schedule: {} }, "it is an argument of a QoderDeployment"],
  ["QoderEnvironment", { env: {} }, "environmentVariables of a QoderDeployment has the variables of each run"],
  [
    "QoderEnvironment",
    { networking: {} },
    'write config: { type: "cloud", networking: ..., packages: ..., setupScript: ... }',
  ],
  ["QoderVaultCredential", { token: "x" }, 'write auth: { type: "static_bearer", mcpServerUrl: "...", token: ... }'],
  [
    "QoderDeploymentRun",
    { deployment: "dep_a" },
    "write deploymentId, which takes a QoderDeployment, its id, or what getDeployment found",
  ],
  ["QoderSkill", { path: "skills/a" }, 'write source: "..."'],
  ["QoderFile", { sourc: "a.md" }, "did you mean source?"],
  ["QoderSkill", { bytes: "x" }, "the arguments are source, ignore, displayTitle, metadata, adopt, acknowledge"],
  [
    "QoderFile",
    { bytes: "x" },
    "the arguments are source, content, name, metadata, expiresInSeconds, adopt, acknowledge",
  ],
  [
    "QoderDeployment",
    { notificationChannel: "x" },
    `the arguments are ${Object.keys(deploymentKind.fields).join(", ")}`,
  ],
])("%s has no argument %j, and the check names the argument to write", (label, given, instead) => {
  const [name] = Object.keys(given);
  expect(told(label, given)).toEqual([`${name}: is not an argument of a ${label}; ${instead}`]);
});

test("a QoderVault has no argument name, and the check names displayName", () => {
  expect(told("QoderVault", { name: "tracker" })).toEqual([
    'name: is not an argument of a QoderVault; write displayName: "..."',
  ]);
});

test("the table of wrong names has more than 40 names, and no name of an argument", () => {
  const tried = kinds.map(({ kind }) => [kind, Object.keys(kind.insteadOf ?? {})] as const);
  for (const [{ fields }, names] of tried) {
    expect(names.filter((name) => name in fields)).toEqual([]);
  }
  expect(tried.flatMap(([, names]) => names).length).toBeGreaterThan(40);
});
