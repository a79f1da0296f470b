import type { AgentReference } from "../../../provider/deployment/agent";
import type { ArgumentRow } from "../argument-row";

export const notAgent =
  'is not the id of an agent: agent_ and letters, digits, _ or -; give the QoderAgent itself, or look one up by its name: await getAgent({ name: "..." })';
const notEnvironment =
  'environmentId: is not the id of an environment: env_ and letters, digits, _ or -; give the QoderEnvironment itself, or look one up by its name: await getEnvironment({ name: "..." })';
const notDeployment = "adopt: is not the id of a deployment: dep_ and letters, digits, _ or -";

export const name: ArgumentRow<string> = {
  leftOut: "refused",
  value: "report",
  limits: ["x".repeat(256), "😀".repeat(256)],
  sent: { name: "report" },
  removed: {},
  drift: [["report", { name: "Report" }]],
  edited: { by: { name: "nightly" }, to: "nightly" },
  mistakes: [
    ["", ["name: is empty"]],
    ["x".repeat(257), ["name: has more than 256 characters"]],
    [5, ["name: is a number; write it as a string"]],
    [null, ["name: is missing"]],
  ],
};

export const description: ArgumentRow<string> = {
  leftOut: "cleared",
  value: "Daily",
  otherForms: { "that is empty": "" },
  sent: { description: "Daily" },
  removed: { description: "" },
  unset: { description: "" },
  same: [
    ["", { description: null }],
    ["", { description: "" }],
    [undefined, { description: null }],
    [undefined, { description: "" }],
    [undefined, {}],
  ],
  drift: [
    ["Daily", { description: null }],
    ["Daily", { status: "active" }],
    ["Daily", { description: "daily" }],
    [undefined, { description: "by hand" }],
  ],
  edited: { by: { description: "edited" }, to: "edited" },
  mistakes: [[["x"], ["description: is not a string"]]],
};

export const agent: ArgumentRow<AgentReference> = {
  leftOut: "refused",
  value: { id: "agent_a", version: 2 },
  otherForms: { "as an id": "agent_a", "as an object without a version": { id: "agent_a" } },
  sent: { agent: { id: "agent_a", type: "agent", version: 2 } },
  removed: {},
  same: [
    ["agent_a", { agent: { id: "agent_a", type: "agent", version: 7 } }],
    [{ id: "agent_a" }, { agent: { id: "agent_a", type: "agent", version: 7 } }],
    ["agent_a", { agent: { id: "agent_a", type: "agent" } }],
    [{ id: "agent_a", version: 2 }, { agent: { id: "agent_a", type: "agent", version: 2 } }],
  ],
  drift: [
    ["agent_a", { agent: { id: "agent_b", type: "agent", version: 7 } }],
    [{ id: "agent_a", version: 2 }, { agent: { id: "agent_a", type: "agent", version: 3 } }],
  ],
  edited: { declared: "agent_a", by: { agent: "agent_b" }, to: "agent_b", repaired: { agent: "agent_a" } },
  mistakes: [
    [null, ["agent: is missing"]],
    ["env_a", [`agent: ${notAgent}`]],
    ["reporter", [`agent: ${notAgent}`]],
    ["agent_../x", [`agent: ${notAgent}`]],
    ["agent_a/b", [`agent: ${notAgent}`]],
    ["agent_%2f", [`agent: ${notAgent}`]],
    [{ id: "x" }, [`agent.id: ${notAgent}`]],
    [{ version: 1 }, ["agent.id: is missing"]],
    [{ id: "agent_a", version: 0 }, ["agent.version: is below 1"]],
    [{ id: "agent_a", version: 1.5 }, ["agent.version: is not a whole number"]],
    [{ id: "agent_a", version: "2" }, ["agent.version: is a string; write it as a number"]],
    [{ id: "agent_a", type: "agent" }, ["agent.type: is not known here; known are id, version"]],
    [5, ["agent: is not a string or an object"]],
  ],
};

export const environmentId: ArgumentRow<string> = {
  leftOut: "refused",
  value: "env_a",
  sent: { environment_id: "env_a" },
  removed: {},
  drift: [["env_a", { environment_id: "env_b" }]],
  edited: { by: { environment_id: "env_b" }, to: "env_b" },
  mistakes: [
    ["agent_a", [notEnvironment]],
    ["env_a/../b", [notEnvironment]],
    ["env_a\n", [notEnvironment]],
    ["env_", [notEnvironment]],
  ],
};

export const adopt: ArgumentRow<string> = {
  leftOut: "ignored",
  value: "dep_b",
  sent: {},
  removed: {},
  shown: { id: "dep_b" },
  described: undefined,
  unset: { id: "dep_b" },
  same: [["dep_b", { name: "report" }]],
  mistakes: [
    ["agent_a", [notDeployment]],
    ["dep_../agents", [notDeployment]],
  ],
};
