import * as pulumi from "@pulumi/pulumi";
import { isComputed } from "../program/inputs";
import { QoderSkill } from "../skill";

/**
 * Skills in place of their ids and versions, one by one: a `QoderSkill` means the version that it has after this `up`, and what a
 * look-up found the version that it has now. Any other resource is named by its URN, which the check refuses.
 */
export function skillsArgument(given: unknown): unknown {
  if (isComputed(given)) {
    return pulumi.all([given]).apply(([known]) => skillsArgument(known));
  }
  return Array.isArray(given) ? given.map(skillArgument) : given;
}

function skillArgument(given: unknown): unknown {
  if (isComputed(given)) {
    return pulumi.all([given]).apply(([known]) => skillArgument(known));
  }
  if (pulumi.Resource.isInstance(given)) {
    return QoderSkill.isInstance(given) ? reference("custom", given) : given.urn;
  }
  return isLookedUp(given) ? reference(Reflect.get(given, "type"), given) : given;
}

// Member by member: in the preview of changed files only the version is not known.
function reference(type: unknown, skill: object) {
  return { type, skillId: Reflect.get(skill, "id"), version: Reflect.get(skill, "latestVersion") };
}

/** Nobody writes this member by hand, and `getSkill` finds it with every skill. */
function isLookedUp(given: unknown): given is object {
  return typeof given === "object" && given !== null && "displayTitle" in given;
}
