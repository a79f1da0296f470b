import { deployments } from "../kinds/table";
import { lookUps } from "../loaded-look-ups";
import { LookUp } from "../program/look-up";
import { questionOf } from "../program/question";
import type { GetDeploymentResult } from ".";

const lookUp = new LookUp<GetDeploymentResult>(deployments, questionOf, () => lookUps().findDeployment);

/**
 * Looks up a deployment that another program or a person manages, by its id or by its name.
 *
 * ```typescript
 * const { status, lastRunAt } = await getDeployment({ name: "daily-report" });
 * ```
 *
 * Every preview and every `up` asks the service, in the account that resources use. The look-up fails if no deployment or
 * more than one has the name, or if the id belongs to an archived deployment; the error says which deployments the service
 * showed.
 */
export const getDeployment = lookUp.find;

/**
 * {@link getDeployment} for arguments that are Outputs. While a preview does not know an argument, the result is unknown too.
 *
 * ```typescript
 * const daily = getDeploymentOutput({ id: review.id });
 * export const nextRun = daily.upcomingRunsAt.apply(([next]) => next);
 * ```
 */
export const getDeploymentOutput = lookUp.output;
