import * as pulumi from "@pulumi/pulumi";
import { whenKnown } from "../program/inputs";
import { QoderSkill } from "../skill";
import { lookedUpSkill, skillReference } from "./written-out";

/**
 * Skills in place of their ids and versions, one by one: a `QoderSkill` means the version that it has after this `up`, and what a
 * look-up found the version that it has now. Any other resource is named by its URN, which the check refuses.
 */
export function skillsArgument(given: unknown): unknown {
  return whenKnown(given, (known) =>
    Array.isArray(known) ? known.map((one) => whenKnown(one, skillArgument)) : known,
  );
}

function skillArgument(given: unknown): unknown {
  if (!pulumi.Resource.isInstance(given)) {
    return lookedUpSkill(given);
  }
  return QoderSkill.isInstance(given) ? skillReference("custom", given) : given.urn;
}
