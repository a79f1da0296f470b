import { LookUp } from "../program/look-up";
import { type LookedUp, questionOf } from "../program/look-up-arguments";
import type { QoderAgent } from ".";
import { agentType } from "./type";

/** The outputs of a {@link QoderAgent}, as the service holds them; `metadata` has the keys of everybody. */
export interface GetAgentResult extends LookedUp<QoderAgent> {}

const agents = new LookUp<GetAgentResult>({
  name: "getAgent",
  question: questionOf,
  type: agentType,
  secretOutputs: [],
  load() {
    const { findAgent }: typeof import("../look-ups") = require("../look-ups");
    return findAgent;
  },
});

/**
 * Looks up an agent that is managed elsewhere, by its id or by its name.
 *
 * ```typescript
 * const reporter = await getAgent({ name: "reporter" });
 * new QoderDeployment("daily-report", { ...args, agent: reporter });
 * ```
 *
 * It asks in every preview and every `up`, in the account that a resource would use. None or several of the name, and an archived
 * one by its id, are errors that say what was found.
 */
export const getAgent = agents.find;

/** {@link getAgent} for values that come later. In a preview that does not know them, what is found is not known either. */
export const getAgentOutput = agents.output;
