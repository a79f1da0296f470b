import type { JsonObject } from "../../provider/api/schema";
import type { DeploymentArguments } from "../../provider/deployment/argument-rows";
import type { DeploymentOutputs } from "../../provider/deployment/arguments";
import { deploymentKind } from "../../provider/deployment/kind";
import type { Deployment } from "../../provider/deployment/reply";
import * as checks from "../../provider/resource/check/check";
import * as common from "../../provider/resource/compare/arguments";
import * as patches from "../../provider/resource/compare/changes";
import * as baselines from "../../provider/resource/compare/views";
import * as kinds from "../../provider/resource/kind/kind";
import * as outputs from "../../provider/resource/kind/outputs";
import * as diffs from "../../provider/resource/plan/diff";
import { priorStateIn } from "../../provider/resource/state/state";

// The functions of the folder `resource/`, applied to deployments.

export type Arguments = DeploymentArguments;
export type ArgumentName = keyof Arguments;
type Properties = Readonly<Record<string, unknown>>;

export const { fields } = deploymentKind;
const isName = (name: string): name is ArgumentName => Object.hasOwn(fields, name);
export const argumentNames: readonly ArgumentName[] = kinds.argumentNames(deploymentKind).filter(isName);

export function check(oldInputs: Properties, newInputs: Properties, isReplacement?: boolean) {
  return checks.check(deploymentKind, oldInputs, newInputs, isReplacement);
}

export function wantedIn(inputs: Properties): Partial<Arguments> {
  return common.wantedIn(deploymentKind, inputs);
}

export function diff(properties: Properties, inputs: Properties) {
  return diffs.diff(deploymentKind, priorStateIn(deploymentKind, properties), inputs);
}

export function changesBetween(
  applied: Partial<Arguments>,
  wanted: Partial<Arguments>,
  computed: Partial<DeploymentOutputs> = {},
) {
  return patches.changesBetween(deploymentKind, { arguments: applied, outputs: computed }, wanted);
}

export function createBody(wanted: Partial<Arguments>): JsonObject {
  return patches.createBody(deploymentKind, wanted);
}

export function liveAsRecorded(
  deployment: Deployment,
  asked: Partial<Arguments>,
  baseline: kinds.Baseline = {},
): Partial<Arguments> {
  return common.liveAsRecorded(deploymentKind, deployment, asked, baseline);
}

export function shownAfterWrite(deployment: Deployment, sent: Partial<Arguments>): kinds.Baseline {
  return baselines.shownAfterWrite(deploymentKind, deployment, sent);
}

export function declarable(deployment: Deployment): Partial<Arguments> {
  return common.declarable(deploymentKind, deployment);
}

export function serverOutputs(deployment: Deployment, recorded?: Properties): Properties {
  return outputs.serverOutputs(deploymentKind, deployment, recorded);
}

export function toldOutputs(deployment: Deployment): Partial<DeploymentOutputs> {
  return outputs.shownOutputs(deploymentKind, deployment);
}
