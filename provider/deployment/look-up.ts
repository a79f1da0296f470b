import { LookUp } from "../program/look-up";
import { type LookedUp, questionOf } from "../program/look-up-arguments";
import type { QoderDeployment } from ".";
import { secretOutputs } from "./secret-members";
import { deploymentType } from "./type";

/**
 * The outputs of a {@link QoderDeployment}, as the service holds them; `metadata` has the keys of everybody.
 *
 * `environmentVariables` is an Output and a secret, also in what {@link getDeployment} resolves to: nobody knows which of the
 * variables are passwords. All else is plain, `metadata` too, which the service shows to everyone who may read the deployment.
 * Tokens of repositories are left out: the API gives none back.
 */
export interface GetDeploymentResult extends LookedUp<QoderDeployment, (typeof secretOutputs)[number]> {}

const deployments = new LookUp<GetDeploymentResult>({
  name: "getDeployment",
  question: questionOf,
  type: deploymentType,
  secretOutputs,
  load() {
    const { findDeployment }: typeof import("../look-ups") = require("../look-ups");
    return findDeployment;
  },
});

/**
 * Looks up a deployment that is managed elsewhere, by its id or by its name.
 *
 * ```typescript
 * const { status, lastRunAt } = await getDeployment({ name: "daily-report" });
 * ```
 *
 * It asks in every preview and every `up`, in the account that a resource would use. None or several of the name, and an archived
 * one by its id, are errors that say what was found.
 */
export const getDeployment = deployments.find;

/** {@link getDeployment} for values that come later. In a preview that does not know them, what is found is not known either. */
export const getDeploymentOutput = deployments.output;
