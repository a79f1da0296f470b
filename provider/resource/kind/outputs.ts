import { z } from "zod";
import { archivedAt, idSchema, timeSchema } from "../../api/schema";
import { isObject, membersOf, type Properties } from "./program-values";

/** The members that replies of every kind may have. An absent member means that the reply does not show the value. */
export interface BaseReply {
  readonly id: string;
  readonly name?: string | undefined;
  readonly created_at?: string | undefined;
  /** When the object was archived (RFC 3339); null or absent while it is live. */
  readonly archived_at?: string | null | undefined;
  readonly [member: string]: unknown;
}

/** The members of a reply that a kind reads. A reply to a new version shows only some. */
export type ReplyOf<Whole> = BaseReply & { readonly [Member in keyof Whole]?: Whole[Member] | undefined };

/**
 * The members of a reply that most kinds have. The API is in beta, so only those are required that decide what happens to the object.
 */
export const commonReply = {
  id: idSchema,
  name: z.string().optional(),
  // `z.record` would leave out a label with the name `__proto__`.
  metadata: z.custom<Properties>(isObject, "is not an object").nullish(),
  archived_at: archivedAt,
  created_at: timeSchema,
  updated_at: timeSchema,
};

/** A value that the service computes: its form in the state, and its place in a reply. */
interface OutputRow<Value> {
  readonly recorded: z.ZodType<Value>;
  /** Undefined if the reply does not show the value; null if the object has none. */
  read(reply: BaseReply): Value | null | undefined;
}
export type OutputRows<Outputs = Properties> = {
  readonly [Name in keyof Outputs]-?: OutputRow<Exclude<Outputs[Name], undefined>>;
};

/** A time by the service's clock, in milliseconds since the epoch; undefined if the reply does not show it. */
export function creationTime(createdAt: unknown): number | undefined {
  const second = Date.parse(typeof createdAt === "string" ? createdAt : "");
  if (Number.isNaN(second)) {
    return undefined;
  }
  // Agents and environments show fractions of seconds. For a deployment, which shows whole seconds, this function takes the end of the
  // second, so that a new object never counts as an old one.
  return /:\d\d\.\d/.test(String(createdAt)) ? second : second + 999;
}

interface WithOutputs {
  readonly outputs: OutputRows;
}

/**
 * The outputs that the service computes. A value that the reply does not show stays as recorded. An output without a value is null,
 * because a generated SDK takes an absent one for unknown in every preview, also if the resource moved to it from this package.
 */
export function serverOutputs({ outputs }: WithOutputs, reply: BaseReply, recorded: Properties = {}): Properties {
  const computed = Object.entries(outputs).map(([name, row]) => {
    const shown = row.read(reply);
    return [name, (shown === undefined ? recorded[name] : shown) ?? null] as const;
  });
  return Object.fromEntries(computed);
}

/** The outputs of the kind in a state of any version. A value that the kind cannot read counts as absent. */
export function recordedOutputs({ outputs }: WithOutputs, properties: unknown): Properties {
  const held = membersOf(properties);
  const shown = Object.entries(outputs).filter(([name]) => held[name] != null);
  const read = shown.map(([name, { recorded }]) => [name, recorded.safeParse(held[name]).data] as const);
  return Object.fromEntries(read.filter(([, value]) => value !== undefined));
}

export function shownOutputs(kind: WithOutputs, reply: BaseReply): Properties {
  return recordedOutputs(kind, serverOutputs(kind, reply));
}

export interface CommonReply extends BaseReply {
  readonly updated_at?: string | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | null | undefined;
}

const text = z.string();
const labels = z.record(text, z.unknown());

export const commonOutputRows = {
  archivedAt: { recorded: text, read: ({ archived_at: at }: BaseReply) => at },
  createdAt: { recorded: text, read: ({ created_at: at }: BaseReply) => at },
  updatedAt: { recorded: text, read: ({ updated_at: at }: CommonReply) => at },
  effectiveMetadata: {
    recorded: labels,
    read: ({ metadata }: CommonReply) => (metadata === null ? {} : labels.safeParse(metadata).data),
  },
} satisfies OutputRows;
