import { LookUp } from "../program/look-up";
import { type LookedUp, questionOf } from "../program/look-up-arguments";
import type { QoderEnvironment } from ".";
import { environmentType } from "./type";

/** The outputs of a {@link QoderEnvironment}, as the service holds them; `metadata` has the keys of everybody. */
export interface GetEnvironmentResult extends LookedUp<QoderEnvironment> {}

const environments = new LookUp<GetEnvironmentResult>({
  name: "getEnvironment",
  question: questionOf,
  type: environmentType,
  secretOutputs: [],
  load() {
    const { findEnvironment }: typeof import("../look-ups") = require("../look-ups");
    return findEnvironment;
  },
});

/**
 * Looks up an environment that is managed elsewhere, by its id or by its name.
 *
 * ```typescript
 * const cloud = await getEnvironment({ name: "cloud" });
 * new QoderDeployment("daily-report", { ...args, environmentId: cloud.id });
 * ```
 *
 * It asks in every preview and every `up`, in the account that a resource would use. None or several of the name, and an archived
 * one by its id, are errors that say what was found.
 */
export const getEnvironment = environments.find;

/** {@link getEnvironment} for values that come later. In a preview that does not know them, what is found is not known either. */
export const getEnvironmentOutput = environments.output;
