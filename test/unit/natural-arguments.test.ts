import { deploymentKind } from "../../provider/deployment/kind";
import { argumentFailures } from "../../provider/resource/check/check";
import { kinds } from "../kinds";
import type { KindRow } from "../kinds/kind-row";
import { compilerSaysOf } from "../support/document-programs";

function kindOf(label: string): KindRow {
  const row = kinds.find((one) => one.label === label);
  if (row === undefined) {
    throw new Error(`no kind is called ${label}`);
  }
  return row;
}

/** The failures of the check for the required arguments of the kind and `more`. */
function told(label: string, more: object): string[] {
  const { kind, least } = kindOf(label);
  const name = "name" in kind.fields ? { name: "daily" } : {};
  return argumentFailures(kind, { ...least, ...name, ...more });
}

const message = 'write initialEvents: "..."';
const schedule = 'write schedule: { expression: "0 9 * * *", timezone: "Europe/Berlin" }';
const prompts = "system of the QoderAgent has the instructions of the agent, initialEvents what each run starts with";
const variables =
  "environmentVariables has the variables of each run, and environmentId names the environment that it runs in";
const reference = (argument: string, kind: string) =>
  `write ${argument}, which takes a Qoder${kind}, its id, or what get${kind} found`;
const config = 'write config: { type: "cloud", networking: ..., packages: ..., setupScript: ... }';
const takes = (names: string) => `the arguments are ${names}`;

const unknown: readonly (readonly [label: string, given: object, instead: string])[] = [
  ["QoderDeployment", { prompt: "Go" }, message],
  ["QoderDeployment", { message: "Go" }, message],
  ["QoderDeployment", { messages: ["Go"] }, message],
  ["QoderDeployment", { cron: "0 9 * * *" }, schedule],
  ["QoderDeployment", { timezone: "UTC" }, schedule],
  ["QoderDeployment", { instructions: "Be brief" }, prompts],
  ["QoderDeployment", { env: { A: "1" } }, variables],
  ["QoderDeployment", { environment: "env_a" }, reference("environmentId", "Environment")],
  ["QoderDeployment", { model: "ultimate" }, "it is an argument of a QoderAgent"],
  ["QoderAgent", { prompt: "Be brief" }, 'write system: "..."'],
  ["QoderAgent", { instructions: "Be brief" }, 'write system: "..."'],
  ["QoderAgent", { schedule: {} }, "it is an argument of a QoderDeployment"],
  ["QoderEnvironment", { env: {} }, "environmentVariables of a QoderDeployment has the variables of each run"],
  ["QoderEnvironment", { networking: {} }, config],
  ["QoderVaultCredential", { token: "x" }, 'write auth: { type: "static_bearer", mcpServerUrl: "...", token: ... }'],
  ["QoderDeploymentRun", { deployment: "dep_a" }, reference("deploymentId", "Deployment")],
  ["QoderVault", { name: "tracker" }, 'write displayName: "..."'],
  ["QoderSkill", { path: "skills/a" }, 'write source: "..."'],
  ["QoderFile", { sourc: "a.md" }, "did you mean source?"],
  ["QoderSkill", { bytes: "x" }, takes("source, ignore, displayTitle, metadata, adopt, acknowledge")],
  ["QoderFile", { bytes: "x" }, takes("source, content, name, metadata, expiresInSeconds, adopt, acknowledge")],
  ["QoderDeployment", { notificationChannel: "x" }, takes(Object.keys(deploymentKind.fields).join(", "))],
];

test.each(unknown)("%s has no argument %j, and the check names the argument to write", (label, given, instead) => {
  const [name] = Object.keys(given);
  expect(told(label, given)).toEqual([`${name}: is not an argument of a ${label}; ${instead}`]);
});

test("the table of wrong names has more than 40 names, and no name of an argument", () => {
  const tried = kinds.map(({ kind }) => [kind, Object.keys(kind.insteadOf ?? {})] as const);
  for (const [{ fields }, names] of tried) {
    expect(names.filter((name) => name in fields)).toEqual([]);
  }
  expect(tried.flatMap(([, names]) => names).length).toBeGreaterThan(40);
});

test("the compiler refuses each of these arguments in the editor, and values of another type", () => {
  const repository = { type: "github_repository", url: "https://github.com/acme/shop", token: "t" };
  const strange: readonly (readonly [label: string, given: object])[] = [
    ["QoderDeployment", { schedule: "0 9 * * *" }],
    ["QoderDeployment", { schedule: { expression: "0 9 * * *" } }],
    ["QoderDeployment", { vaultIds: "vault_a" }],
    ["QoderDeployment", { environmentVariables: { RETRIES: 3 } }],
    ["QoderDeployment", { resources: [repository] }],
    ["QoderAgent", { tools: ["Read"] }],
    ["QoderEnvironment", { config: { type: "cloud", networking: { type: "open" } } }],
  ];
  const programs = [...unknown, ...strange].map(([label, given], index) => ({
    file: `mistake ${index}`,
    line: 1,
    text: `import { ${label} } from "pulumi-qoder";\nnew ${label}("daily", ${JSON.stringify({ ...kindOf(label).least, ...given })});`,
  }));
  const said = compilerSaysOf(programs);
  const refusal = /does not exist in type|is not assignable to type|is missing in type/;
  const isRefused = ({ file }: { readonly file: string }) =>
    said.some((line) => line.startsWith(`${file}:`) && refusal.test(line));
  expect(programs.filter((program) => !isRefused(program))).toEqual([]);
});
