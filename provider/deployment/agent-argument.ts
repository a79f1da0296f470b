import * as pulumi from "@pulumi/pulumi";
import { QoderAgent } from "../agent";
import { isComputed } from "../program/secret-members";

/**
 * A resource in place of an id: an agent means the version that it has after this `up`. Any other is named by its URN, so that
 * the check tells what it is, also where its id is not known yet.
 */
export function agentArgument(given: unknown): unknown {
  if (isComputed(given)) {
    return pulumi.all([given]).apply(([known]) => agentArgument(known));
  }
  if (!pulumi.Resource.isInstance(given)) {
    return given;
  }
  // Member by member: in the preview of a change only the version is not known.
  return QoderAgent.isInstance(given) ? { id: given.id, version: given.version } : given.urn;
}
