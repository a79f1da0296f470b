import { z } from "zod";
import type { Field } from "./field";
import type { CommonReply } from "./outputs";
import { pathOf } from "./parts";
import { same } from "./program-values";

export type Metadata = Readonly<Record<string, string>>;

/** The label that says which project and stack manage an object (docs/import.md); undefined if nobody gave one. */
export function ownerIn(metadata: unknown): string | undefined {
  return owned.safeParse(metadata).data?.owner;
}

const owned = z.looseObject({ owner: z.string() });

/** A key in the user's map that the service reserves for itself. */
interface ReservedKey {
  readonly key: string;
  /** The end of the message that refuses the key: the remedy. */
  readonly advice: string;
}

/** An assignment to this member changes the prototype of an object (@pulumi/pulumi runtime/rpc.js, `serializeProperty`). */
const prototypeKey = "__proto__";

/**
 * The program owns only the keys that it gives: every other key belongs to somebody else, and no request changes it. `ownKeys`
 * are those of this provider, which no program declares.
 */
export function metadataField(reserved: ReservedKey | undefined, ownKeys: readonly string[] = []): Field<Metadata> {
  return {
    wire: "metadata",
    leftOut: "untouched",
    inParts: [],
    schema: z
      .record(z.string().min(1).max(64), z.string().max(512), { error: 'write { name: "value" }' })
      .refine((metadata) => Object.keys(metadata).length <= 16, "has more than 16 keys")
      .refine(
        (metadata) => reserved === undefined || !Object.hasOwn(metadata, reserved.key),
        `the key ${reserved?.key} is reserved by Qoder; ${reserved?.advice}`,
      ),
    recorded: z.record(z.string(), z.string()),
    change(applied, wanted, _outputs, sending) {
      // "Update a deployment": a key with a value is set, a key with null is deleted, all others stay.
      const again = (sending?.again ?? []).flatMap(pathOf);
      const keys = new Set([...changedKeys(applied, wanted), ...again]);
      const changed = [...keys].map((key) => [key, valueAt(wanted, key) ?? null] as const);
      return changed.length === 0 ? undefined : Object.fromEntries<string | null>(changed);
    },
    live(reply: CommonReply, own = {}) {
      const live = reply.metadata ?? {};
      const ours = Object.keys(own).filter((key) => Object.hasOwn(live, key));
      return Object.fromEntries(ours.map((key) => [key, asText(live[key])]));
    },
    describe(reply: CommonReply) {
      const keys = Object.keys(reply.metadata ?? {}).filter((key) => key !== reserved?.key && !ownKeys.includes(key));
      const declared = keys.filter((key) => key !== prototypeKey);
      const all = Object.fromEntries(declared.map((key) => [key, asText(reply.metadata?.[key])]));
      return keys.length === 0 ? undefined : all;
    },
    import: {
      caveat: ({ metadata }: CommonReply) =>
        Object.hasOwn(metadata ?? {}, prototypeKey)
          ? [`The label ${prototypeKey} stays at Qoder as it is: the SDK of Pulumi sends no member of this name.`]
          : [],
    },
    normal: (labels = {}) => labels,
    meansTheSame: (one = {}, other = {}) => same(one, other),
  };
}

function changedKeys(applied: Metadata = {}, wanted: Metadata = {}): string[] {
  const set = Object.keys(wanted).filter((key) => valueAt(applied, key) !== wanted[key]);
  return [...set, ...Object.keys(applied).filter((key) => !Object.hasOwn(wanted, key))];
}

function valueAt(values: Metadata | undefined, key: string): string | undefined {
  return values !== undefined && Object.hasOwn(values, key) ? values[key] : undefined;
}

function asText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
