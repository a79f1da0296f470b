import * as pulumi from "@pulumi/pulumi";
import { QoderAgent } from "../agent";
import { isComputed } from "../program/inputs";

/**
 * A resource in place of an id: an agent means the version that it has after this `up`, and what a look-up found the version that
 * it has now. Any other resource is named by its URN, so that the check tells what it is, also where its id is not known yet.
 */
export function agentArgument(given: unknown): unknown {
  if (isComputed(given)) {
    return pulumi.all([given]).apply(([known]) => agentArgument(known));
  }
  if (!pulumi.Resource.isInstance(given)) {
    return isLookedUp(given) ? idAndVersion(given) : given;
  }
  // Member by member: in the preview of a change only the version is not known.
  return QoderAgent.isInstance(given) ? idAndVersion(given) : given.urn;
}

function idAndVersion(agent: object) {
  return { id: Reflect.get(agent, "id"), version: Reflect.get(agent, "version") };
}

/** Nobody writes this member by hand, and `getAgent` finds it with every agent. */
function isLookedUp(given: unknown): given is object {
  return typeof given === "object" && given !== null && "effectiveMetadata" in given;
}
