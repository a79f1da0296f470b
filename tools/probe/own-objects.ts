import type { JsonObject } from "../../provider/api/schema";
import { at, entriesIn, type Lab, type Made, type Reply } from "./lab";

// Small objects that do not run by themselves, and whose names, texts and hosts belong to nobody.

const toolset = { type: "agent_toolset_20260401", enabled_tools: ["Write", "Read"] };

export function ownAgent(lab: Lab): Promise<Made> {
  return lab.once("agent", ["agents"], async () => ({
    name: lab.name,
    model: await cheapestModel(lab),
    system: "Answer with the word ok, and do nothing else.",
    tools: [toolset],
    metadata: { purpose: "probe" },
  }));
}

/** An agent with the same name and only the required arguments. */
export function agentOfSameName(lab: Lab): Promise<Made> {
  return lab.once("second agent", ["agents"], async () => {
    const { sent } = await ownAgent(lab);
    return { name: sent["name"] ?? lab.name, model: sent["model"] ?? "auto", system: "Answer with the word ok." };
  });
}

const limitedConfig = {
  type: "cloud",
  networking: { type: "limited", allowed_hosts: ["example.org", "example.com"], allow_package_managers: true },
  packages: { npm: ["semver", "ms"] },
  setup_script: "true",
};

export function ownEnvironment(lab: Lab): Promise<Made> {
  return lab.once("environment", ["environments"], async () => ({
    name: lab.name,
    config: limitedConfig,
    metadata: { purpose: "probe" },
  }));
}

export function environmentOfSameName(lab: Lab): Promise<Made> {
  return lab.once("second environment", ["environments"], async () => {
    await ownEnvironment(lab);
    return { name: lab.name, config: { type: "cloud" } };
  });
}

const message = { type: "user.message", content: [{ type: "text", text: "Answer with the word ok." }] };

/** A deployment without a schedule, which is paused right after its creation. */
export function ownDeployment(lab: Lab): Promise<Made> {
  const body = async () => {
    const [agent, environment] = [await ownAgent(lab), await ownEnvironment(lab)];
    return {
      name: lab.name,
      agent: { id: agent.id, type: "agent", version: 1 },
      environment_id: environment.id,
      initial_events: [message],
      metadata: { purpose: "probe" },
    };
  };
  return lab.once("deployment", ["deployments"], body, ({ path }) => lab.post([...path, "pause"]));
}

export async function updateOwn(lab: Lab, patch: JsonObject): Promise<Reply> {
  return lab.post((await ownDeployment(lab)).path, patch);
}

/** The model with the lowest price in "List models"; without a list, the model that all pages name. */
async function cheapestModel(lab: Lab): Promise<string> {
  const fallback = "ultimate";
  const priced = entriesIn(await lab.get(["models"]).catch(() => ({ body: {} }))).flatMap((model) => {
    const [id, factor] = [at(model, "id"), at(model, "price_factor")];
    return typeof id === "string" && typeof factor === "number" ? [{ id, factor }] : [];
  });
  return priced.sort((one, other) => one.factor - other.factor)[0]?.id ?? fallback;
}

/** An invented secret, which no service accepts. */
const value = "qoder-probe-no-secret";

export function ownVault(lab: Lab): Promise<Made> {
  return lab.once("vault", ["vaults"], async () => ({ display_name: lab.name }));
}

const variable = {
  auth: {
    type: "environment_variable",
    secret_name: "QP_PROBE",
    secret_value: value,
    networking: { type: "limited", allowed_hosts: ["example.com"] },
  },
};

export async function ownCredential(lab: Lab): Promise<Made> {
  const vault = await ownVault(lab);
  return lab.once("credential", [...vault.path, "credentials"], async () => variable);
}
