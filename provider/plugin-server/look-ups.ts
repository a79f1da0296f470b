import { deployments } from "../kinds/table";
import { findAgent, findDeployment, findDeploymentRuns, findEnvironment, findSkill } from "../look-ups";
import type { Find } from "../program/look-up";
import { type Question, questionOf, runsQuestion, skillQuestion } from "../program/question";
import type { Properties } from "../resource/kind/program-values";
import { holdsSecret } from "../resource/state/hidden-texts";
import { bare, mapped, secret } from "./marks";
import type { CallSettings } from "./settings";

type Search = Pick<Parameters<Find>[0], "isSecret" | "configuration" | "tell">;

function asks<Args>(question: (called: string, args: unknown) => Question<Args>, find: Find<Args>) {
  return (called: string, args: Properties, search: Search) => find({ ...question(called, args), ...search });
}

/** The look-ups by the names of their functions in the SDK. */
const lookUps = new Map([
  ["getAgent", asks(questionOf, findAgent)],
  ["getDeployment", asks(questionOf, findDeployment)],
  ["getEnvironment", asks(questionOf, findEnvironment)],
  ["getSkill", asks(skillQuestion, findSkill)],
  ["getDeploymentRuns", asks(runsQuestion, findDeploymentRuns)],
]);

/** Runs a look-up and returns the found object. Its messages belong to no resource. */
export async function lookUp(
  token: string,
  args: Properties,
  { session, configuration }: CallSettings,
): Promise<Properties> {
  const name = token.split(":").at(-1) ?? "";
  const find = lookUps.get(name);
  if (find === undefined) {
    throw new Error(`there is no function ${token}`);
  }
  const tell = (text: string, isWarning: boolean) =>
    session.surroundings.tell({ severity: isWarning ? "warning" : "info", text, urn: undefined });
  const isSecret = holdsSecret(args);
  const found = await find(name, bare(args), { isSecret, configuration, tell });
  const secrets: readonly string[] = name === deployments.lookUp ? deployments.secretOutputs : [];
  // The result may repeat a secret argument. The engine marks it only for providers without secrets (pulumi/pulumi
  // pkg/resource/plugin/provider_plugin.go).
  return mapped({ ...found }, (output, value) =>
    isSecret || secrets.includes(output) ? secret(inLongForm(output, value)) : inLongForm(output, value),
  );
}

/** The schema has only one type for each output of a function, so an id that may come with settings is always an object. */
function inLongForm(output: string, value: unknown): unknown {
  return ["agent", "model"].includes(output) && typeof value === "string" ? { id: value } : value;
}
