import * as pulumi from "@pulumi/pulumi";
import {
  type GetAgentResult,
  type GetEnvironmentResult,
  type GetSkillResult,
  QoderAgent,
  QoderDeployment,
  type QoderDeploymentArgs,
  QoderDeploymentRun,
  QoderEnvironment,
  QoderFile,
  QoderMemoryStore,
  QoderSkill,
  QoderVault,
  QoderVaultCredential,
} from "../../../provider";
import { argumentFailures } from "../../../provider/resource/check/check";
import { kinds } from "../../kinds";
import { leastDeployment, mockEngine, registration } from "../../support/registrations";
import { reviewFiles, SkillFolders } from "../../support/skill-folder";

const folders = new SkillFolders();
afterAll(() => folders.remove());
beforeEach(mockEngine);

const reporter = () => new QoderAgent("reporter", { model: "ultimate" });
const review = () => new QoderSkill("review", { source: folders.write("review", reviewFiles) });
const notes = () => new QoderFile("notes", { content: "a" });

// Written as JSON: a new argument of these kinds then needs no line here.
const foundAgent: GetAgentResult = JSON.parse('{ "id": "agent_9", "version": 4, "effectiveMetadata": {} }');
const foundEnvironment: GetEnvironmentResult = JSON.parse('{ "id": "env_9", "effectiveMetadata": {} }');
const foundSkill: GetSkillResult = { id: "pdf", type: "qoder", displayTitle: "PDF", latestVersion: "2", metadata: {} };

type Deployed = Partial<QoderDeploymentArgs>;
const image = (fileId: QoderFile | string): Deployed => ({
  initialEvents: [{ type: "user.message", content: [{ type: "image", source: { type: "file", fileId } }] }],
});
const outcome = (fileId: QoderFile | string): Deployed => ({
  initialEvents: [{ type: "user.define_outcome", description: "Done", rubric: { type: "file", fileId } }],
});

const mounts = (fileId: QoderFile | string, memoryStoreId: QoderMemoryStore | string) => [
  { type: "file" as const, fileId },
  { type: "memory_store" as const, memoryStoreId },
  { type: "github_repository" as const, url: "https://github.com/acme/shop" },
];
const later = <Value>(value: Value) => pulumi.output(Promise.resolve(value));

const ofDeployment: [what: string, given: () => Deployed, ids: Deployed][] = [
  ["an agent", () => ({ agent: reporter() }), { agent: { id: "agent_1", version: 3 } }],
  ["the id of an agent", () => ({ agent: { id: reporter(), version: 2 } }), { agent: { id: "agent_1", version: 2 } }],
  ["a found agent", () => ({ agent: foundAgent }), { agent: { id: "agent_9", version: 4 } }],
  ["an environment", () => ({ environmentId: new QoderEnvironment("cloud") }), { environmentId: "env_1" }],
  [
    "an environment in an Output",
    () => ({ environmentId: later(new QoderEnvironment("cloud")) }),
    { environmentId: "env_1" },
  ],
  ["a found environment", () => ({ environmentId: foundEnvironment }), { environmentId: "env_9" }],
  ["what a look-up found in an Output", () => ({ environmentId: later(foundEnvironment) }), { environmentId: "env_9" }],
  ["a list of vaults", () => ({ vaultIds: [new QoderVault("a"), "vault_2"] }), { vaultIds: ["vault_1", "vault_2"] }],
  [
    "a file and a store among resources",
    () => ({ resources: mounts(notes(), new QoderMemoryStore("store")) }),
    { resources: mounts("file_1", "memstore_1") },
  ],
  ["the file of an image", () => image(notes()), image("file_1")],
  ["the file of a rubric", () => outcome(notes()), outcome("file_1")],
];

test.each(ofDeployment)("%s in a deployment is an id among the inputs", async (_, given, ids) => {
  const { inputs } = await registration(new QoderDeployment("daily", { ...leastDeployment, ...given() }));
  expect(inputs).toMatchObject({ ...leastDeployment, ...ids });
});

const auth = { type: "static_bearer", mcpServerUrl: "https://mcp.example.com", token: "t" } as const;
const model = "ultimate";
const team = (agents: unknown[]) => ({ multiagent: { type: "coordinator" as const, agents } });

const others: [what: string, declare: () => pulumi.CustomResource, ids: object][] = [
  [
    "a skill in an agent",
    () => new QoderAgent("reporter", { model, skills: [review(), foundSkill] }),
    {
      skills: [
        { type: "custom", skillId: "skill_1", version: "7" },
        { type: "qoder", skillId: "pdf", version: "2" },
      ],
    },
  ],
  [
    "the id of a skill in an agent",
    () => new QoderAgent("reporter", { model, skills: [{ type: "custom", skillId: review(), version: "1" }] }),
    { skills: [{ type: "custom", skillId: "skill_1", version: "1" }] },
  ],
  [
    "the members of a team",
    () => {
      const agents = [reporter(), foundAgent, { type: "agent" as const, id: reporter() }, "agent_5"];
      return new QoderAgent("lead", {
        model,
        multiagent: { type: "coordinator", agents: [...agents, { type: "self" }] },
      });
    },
    team([
      { type: "agent", id: "agent_1", version: 3 },
      { type: "agent", id: "agent_9", version: 4 },
      { type: "agent", id: "agent_1" },
      "agent_5",
      { type: "self" },
    ]),
  ],
  [
    "the deployment of a run",
    () => new QoderDeploymentRun("go", { deploymentId: new QoderDeployment("daily", leastDeployment) }),
    { deploymentId: "dep_1" },
  ],
  [
    "the vault of a credential",
    () => new QoderVaultCredential("token", { vaultId: new QoderVault("tracker"), auth }),
    { vaultId: "vault_1" },
  ],
];

test.each(others)("%s is an id among the inputs", async (_, declare, ids) => {
  expect((await registration(declare())).inputs).toMatchObject(ids);
});

const toy = "urn:pulumi:dev::project::pulumi-nodejs:dynamic/qoder:Toy::toy";

test.each<[label: string, args: object, place: string, noun: string]>([
  ["QoderDeployment", { agent: toy }, "agent", "an agent"],
  ["QoderDeployment", { agent: { id: toy } }, "agent.id", "an agent"],
  ["QoderDeployment", { environmentId: toy }, "environmentId", "an environment"],
  ["QoderDeployment", { vaultIds: [toy] }, "vaultIds[0]", "a vault"],
  ["QoderDeployment", { resources: [{ type: "file", fileId: toy }] }, "resources[0].fileId", "a file"],
  ["QoderDeployment", { resources: mounts("file_1", toy) }, "resources[1].memoryStoreId", "a memory store"],
  ["QoderDeployment", image(toy), "initialEvents[0].content[0].source.fileId", "a file"],
  ["QoderDeployment", outcome(toy), "initialEvents[0].rubric.fileId", "a file"],
  ["QoderAgent", { skills: [{ type: "custom", skillId: toy }] }, "skills[0].skillId", "a skill"],
  ["QoderAgent", team([toy]), "multiagent.agents[0]", "an agent"],
  ["QoderDeploymentRun", { deploymentId: toy }, "deploymentId", "a deployment"],
  ["QoderVaultCredential", { vaultId: toy }, "vaultId", "a vault"],
])(
  "the check of a %s refuses a resource of another type in %j and names that resource and its type",
  (label, args, place, noun) => {
    const row = kinds.find((one) => one.label === label);
    const failures = row === undefined ? [] : argumentFailures(row.kind, { name: "daily", ...row.least, ...args });
    const said = `${place}: is the resource "toy" of the type qoder:Toy, not ${noun}; give a Qoder`;
    expect(failures.filter((text) => text.includes("toy"))).toEqual([expect.stringContaining(said)]);
  },
);

test("a resource of another kind becomes its URN among the inputs", async () => {
  const wrong = JSON.parse("null") ?? new QoderVault("tracker");
  const { inputs } = await registration(new QoderDeployment("daily", { ...leastDeployment, environmentId: wrong }));
  expect(inputs["environmentId"]).toBe("urn:pulumi:dev::project::pulumi-nodejs:dynamic/qoder:Vault::tracker");
});
