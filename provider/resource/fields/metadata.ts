import { z } from "zod";
import { type Field, same } from "./field";

export type Metadata = Readonly<Record<string, string>>;

interface WithMetadata {
  readonly metadata?: Readonly<Record<string, unknown>> | null | undefined;
}

/** A key of the user's map that the service keeps for itself. */
interface ReservedKey {
  readonly key: string;
  /** What to do instead of setting it. */
  readonly advice: string;
}

/** Metadata is owned key by key: what we set is ours, every other key belongs to somebody else and is left alone. */
export function metadataField<Outputs, Reply extends WithMetadata>(
  reserved: ReservedKey | undefined,
): Field<Metadata, Outputs, Reply> {
  return {
    wire: "metadata",
    leftOut: "untouched",
    schema: z
      .record(z.string().min(1).max(64), z.string().max(512), { error: 'write { name: "value" }' })
      .refine((metadata) => Object.keys(metadata).length <= 16, "has more than 16 keys")
      .refine(
        (metadata) => reserved === undefined || !Object.hasOwn(metadata, reserved.key),
        `the key ${reserved?.key} is reserved by Qoder; ${reserved?.advice}`,
      ),
    recorded: z.record(z.string(), z.string()),
    change(applied = {}, wanted = {}) {
      const removed = Object.keys(applied).filter((key) => !Object.hasOwn(wanted, key));
      const set = Object.entries(wanted).filter(
        ([key, value]) => !Object.hasOwn(applied, key) || applied[key] !== value,
      );
      // "Update a deployment": a key with a value is set, a key with null is deleted, all others stay.
      const patch = Object.fromEntries<string | null>([...set, ...removed.map((key) => [key, null] as const)]);
      return Object.keys(patch).length === 0 ? undefined : patch;
    },
    read(reply, asked) {
      if (asked === undefined || reply.metadata === undefined) {
        return asked;
      }
      const live = reply.metadata ?? {};
      const ours = Object.keys(asked).filter((key) => Object.hasOwn(live, key));
      return Object.fromEntries(ours.map((key) => [key, asText(live[key])]));
    },
    describe(reply) {
      const keys = Object.keys(reply.metadata ?? {}).filter((key) => key !== reserved?.key);
      const all = Object.fromEntries(keys.map((key) => [key, asText(reply.metadata?.[key])]));
      return keys.length === 0 ? undefined : all;
    },
    both: (older, newer) => ({ ...older, ...newer }),
    meansTheSame: (one = {}, other = {}) => same(one, other),
    meaning: {
      leftOut: "none",
      removed: "`null` for each key we set before",
      sameWhen: "our keys are equal; keys of others and of the service are neither shown nor touched",
    },
  };
}

function asText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
