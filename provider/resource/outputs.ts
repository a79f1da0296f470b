import { z } from "zod";
import { archivedAt } from "../api/schema";
import { membersOf, type Properties } from "./program-values";

/** What every kind of object answers with. A member that is absent is not told. */
export interface BaseReply {
  readonly id: string;
  readonly name?: string | undefined;
  readonly created_at?: string | undefined;
  /** Set once it is archived, which is for ever. */
  readonly archived_at?: string | null | undefined;
  readonly [member: string]: unknown;
}

/** The members of a reply that most kinds have. The API is in beta, so only the id is demanded. */
export const commonReply = {
  id: z.string().min(1),
  name: z.string().optional(),
  metadata: z.record(z.string(), z.unknown()).nullish(),
  archived_at: archivedAt,
  created_at: z.string().optional(),
  updated_at: z.string().optional(),
};

/** What the service computes: how a state holds it, and where a reply tells it. */
interface OutputRow<Value> {
  readonly recorded: z.ZodType<Value>;
  /** Undefined: the reply does not tell. Null: there is none. */
  read(reply: BaseReply): Value | null | undefined;
}
export type OutputRows<Outputs = Properties> = {
  readonly [Name in keyof Outputs]-?: OutputRow<Exclude<Outputs[Name], undefined>>;
};

interface WithOutputs {
  readonly outputs: OutputRows;
}

/**
 * What the object tells; what it does not tell stays as it was recorded. Null where there is none: the SDK takes an output
 * that is absent for unknown in every preview (pulumi/pulumi sdk/nodejs/runtime/rpc.ts, `resolveProperties`).
 */
export function serverOutputs({ outputs }: WithOutputs, reply: BaseReply, recorded: Properties = {}): Properties {
  const computed = Object.entries(outputs).map(([name, row]) => {
    const told = row.read(reply);
    return [name, (told === undefined ? recorded[name] : told) ?? null] as const;
  });
  return Object.fromEntries(computed);
}

/** The outputs of the kind among those of a state, whatever version wrote them; what cannot be read counts as not told. */
export function recordedOutputs({ outputs }: WithOutputs, properties: unknown): Properties {
  const held = membersOf(properties);
  const told = Object.entries(outputs).filter(([name]) => held[name] != null);
  const read = told.map(([name, { recorded }]) => [name, recorded.safeParse(held[name]).data] as const);
  return Object.fromEntries(read.filter(([, value]) => value !== undefined));
}

/** The outputs that the object tells now. */
export function toldOutputs(kind: WithOutputs, reply: BaseReply): Properties {
  return recordedOutputs(kind, serverOutputs(kind, reply));
}

/** What most kinds answer with. */
export interface CommonReply extends BaseReply {
  readonly updated_at?: string | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | null | undefined;
}

const text = z.string();

/** What the service computes for most kinds of objects. */
export const commonOutputRows = {
  archivedAt: { recorded: text, read: ({ archived_at: at }: BaseReply) => at },
  createdAt: { recorded: text, read: ({ created_at: at }: BaseReply) => at },
  updatedAt: { recorded: text, read: ({ updated_at: at }: CommonReply) => at },
  effectiveMetadata: {
    recorded: z.record(text, z.unknown()),
    read: ({ metadata }: CommonReply) => (metadata === null ? {} : metadata),
  },
} satisfies OutputRows;
