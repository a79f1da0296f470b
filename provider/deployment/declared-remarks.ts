import { agents, environments, files } from "../kinds/table";
import type { FindDeclaration } from "../resource/declared";
import { type PlanRemark, planWarning } from "../resource/plan-remark";
import { containsUnknown, isObject, type Properties } from "../resource/program-values";
import { expiryText, unfitEnvironment, waitingToolTexts } from "./named-remarks";

/** The remarks about the objects that a deployment names, for programs that cannot give them: see `program-remarks.ts`. */
export function declaredRemarks(inputs: Properties, find: FindDeclaration): PlanRemark[] {
  const { agent, environmentId, environmentVariables, resources, schedule } = inputs;
  const [named, environment] = [find(agents, isObject(agent) ? agent["id"] : agent), find(environments, environmentId)];
  const { tools, mcpServers } = named?.inputs ?? {};
  const isSecret = named?.command.secrets.includes("tools") === true;
  const waiting = containsUnknown(tools) ? [] : waitingToolTexts(tools, isSecret);
  const { config } = environment?.inputs ?? {};
  const servers = containsUnknown(mcpServers) ? [] : mcpServers;
  const unfit =
    environment === undefined || containsUnknown(config)
      ? []
      : unfitEnvironment(config, { variables: environmentVariables, mounted: resources, servers });
  const mounted = schedule === undefined || !Array.isArray(resources) ? [] : resources;
  return [
    ...waiting.map((text) => planWarning("waiting-tool", `its agent "${named?.name}" ${text}`)),
    ...unfit.map((text) => planWarning("environment", `its environment "${environment?.name}" ${text}`)),
    ...mounted.flatMap((one) => {
      const file = isObject(one) && one["type"] === files.noun ? find(files, one["fileId"]) : undefined;
      const text = expiryText(file?.inputs["expiresInSeconds"]);
      return text === undefined ? [] : [planWarning("expiring-file", `its file "${file?.name}" ${text}`)];
    }),
  ];
}
