import * as pulumi from "@pulumi/pulumi";
import { agentType } from "../agent/type";
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
  // By its type, not by its class: a project may hold two copies of this package.
  return typeOf(given) === agentType
    ? // Member by member: in the preview of a change only the version is not known.
      { id: Reflect.get(given, "id"), version: Reflect.get(given, "version") }
    : given.urn;
}

// Part of the SDK, not of its types (@pulumi/pulumi resource.js).
function typeOf(resource: pulumi.Resource): unknown {
  return Reflect.get(resource, "__pulumiType");
}
