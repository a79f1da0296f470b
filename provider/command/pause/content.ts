import { createHash } from "node:crypto";
import { isObject } from "../../resource/program-values";

/** The members that the service sets by itself or that a pause changes. */
const passing = {
  deployment: ["status", "paused_reason", "updated_at"],
  schedule: ["upcoming_runs_at", "last_run_at"],
  // `metadata.cas_config.stats` counts runs ("Create a deployment", June 2026).
  metadata: ["cas_config"],
} as const;

/** A digest of the declared content of a deployment, so that a receipt contains neither prompts nor environment variables. */
export function contentOf(reply: unknown): string {
  const deployment = isObject(reply) ? without(reply, passing.deployment) : {};
  const { schedule, metadata } = deployment;
  const lasting = {
    ...deployment,
    schedule: isObject(schedule) ? without(schedule, passing.schedule) : schedule,
    metadata: isObject(metadata) ? without(metadata, passing.metadata) : metadata,
  };
  return createHash("sha256")
    .update(JSON.stringify(sorted(lasting)))
    .digest("hex");
}

function without(value: Readonly<Record<string, unknown>>, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)));
}

/** The order of members has no meaning in JSON. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(sorted);
  }
  return isObject(value)
    ? Object.fromEntries(
        Object.entries(value)
          .sort(([one], [other]) => (one < other ? -1 : 1))
          .map(([name, member]) => [name, sorted(member)]),
      )
    : value;
}
