import { membersOf, type Properties, without } from "../resource/kind/program-values";

/**
 * The members that the service computes inside the arguments of a deployment. This package neither keeps nor compares them: they change
 * without a change of the deployment.
 */
const computed = {
  // "Sessions: resources": the service adds these members to its own copy of an event or a resource.
  element: ["id", "created_at", "updated_at", "processed_at"],
  // "Create a deployment".
  schedule: ["upcoming_runs_at", "last_run_at"],
  // The counts of the runs ("Create a deployment", June 2026).
  settings: ["stats"],
} as const;

/** A member of a reply without what the service computes. */
export function withoutComputed(what: keyof typeof computed, shown: unknown): Properties {
  return without(membersOf(shown), computed[what]);
}
