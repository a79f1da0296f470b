import { QoderAgent, QoderDeployment, QoderEnvironment, QoderFile, QoderSkill } from "pulumi-qoder";

const review = new QoderSkill("review", { source: "skills/review" });
const glossary = new QoderFile("glossary", { source: "glossary.md" });

const reviewer = new QoderAgent("reviewer", {
  model: "ultimate",
  system: "You review what was merged since yesterday.",
  tools: [{ type: "agent_toolset_20260401", enabledTools: ["Bash", "Read", "Grep", "DeliverArtifacts"] }],
  skills: [review],
});
const mentor = new QoderAgent("mentor", {
  model: "ultimate",
  system: "You explain to newcomers what reviews of the last week were about.",
  tools: [{ type: "agent_toolset_20260401", enabledTools: ["Read", "Grep", "DeliverArtifacts"] }],
  skills: [review],
});
const cloud = new QoderEnvironment("cloud", { config: { type: "cloud", networking: { type: "unrestricted" } } });

new QoderDeployment("nightly-review", {
  agent: reviewer,
  environmentId: cloud.id,
  schedule: { expression: "0 2 * * *", timezone: "UTC" },
  initialEvents: "Review what was merged since yesterday",
});
new QoderDeployment("weekly-lesson", {
  agent: mentor,
  environmentId: cloud.id,
  schedule: { expression: "0 8 * * 1", timezone: "UTC" },
  resources: [{ type: "file", fileId: glossary.id }],
  initialEvents: "Write the lesson of the week, in the words of the glossary",
});
