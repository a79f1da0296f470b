import { environments } from "../kinds/table";
import { lookUps } from "../loaded-look-ups";
import { LookUp } from "../program/look-up";
import { questionOf } from "../program/question";
import type { GetEnvironmentResult } from ".";

const lookUp = new LookUp<GetEnvironmentResult>(environments, questionOf, () => lookUps().findEnvironment);

/**
 * Looks up an environment that another program or a person manages, by its id or by its name.
 *
 * ```typescript
 * const cloud = await getEnvironment({ name: "cloud" });
 * new QoderDeployment("daily-report", { ...args, environmentId: cloud.id });
 * ```
 *
 * Every preview and every `up` asks the service, in the account that resources use. The look-up fails if no environment or
 * more than one has the name, or if the id belongs to an archived environment; the error says which environments the service
 * showed.
 */
export const getEnvironment = lookUp.find;

/**
 * {@link getEnvironment} for arguments that are Outputs. While a preview does not know an argument, the result is unknown too.
 *
 * ```typescript
 * const found = getEnvironmentOutput({ name: pulumi.interpolate`cloud-${pulumi.getStack()}` });
 * new QoderDeployment("daily-report", { ...args, environmentId: found.id });
 * ```
 */
export const getEnvironmentOutput = lookUp.output;
