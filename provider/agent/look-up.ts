import { agents } from "../kinds/table";
import { lookUps } from "../loaded-look-ups";
import { LookUp } from "../program/look-up";
import { questionOf } from "../program/question";
import type { GetAgentResult } from "./arguments";

const lookUp = new LookUp<GetAgentResult>(agents, questionOf, () => lookUps().findAgent);

/**
 * Looks up an agent that another program or a person manages, by its id or by its name.
 *
 * ```typescript
 * const reporter = await getAgent({ name: "reporter" });
 * new QoderDeployment("daily-report", { ...args, agent: reporter });
 * ```
 *
 * Every preview and every `up` asks the service, in the account that resources use. The look-up fails if no agent or more
 * than one has the name, or if the id belongs to an archived agent; the error says which agents the service showed.
 */
export const getAgent = lookUp.find;

/**
 * {@link getAgent} for arguments that are Outputs. While a preview does not know an argument, the result is unknown too.
 *
 * ```typescript
 * const found = getAgentOutput({ name: config.require("agentName") });
 * new QoderDeployment("daily-report", { ...args, agent: found });
 * ```
 */
export const getAgentOutput = lookUp.output;
