import type { z } from "zod";
import { membersOf } from "./program-values";

/** What every kind of object answers with. A member that is absent is not told. */
export interface BaseReply {
  readonly id: string;
  readonly name?: string | undefined;
  readonly created_at?: string | undefined;
  /** Set once it is archived, which is for ever. */
  readonly archived_at?: string | null | undefined;
  readonly [member: string]: unknown;
}

/** What the service computes: how a state holds it, and where a reply tells it. */
interface OutputRow<Value, Reply> {
  readonly recorded: z.ZodType<Value>;
  /** Undefined: the reply does not tell. Null: there is none. */
  read(reply: Reply): Value | null | undefined;
}
export type OutputRows<Outputs, Reply> = { readonly [Name in keyof Outputs]: OutputRow<Outputs[Name], Reply> };

interface WithOutputs<Outputs, Reply> {
  readonly outputs: OutputRows<Outputs, Reply>;
}

function outputNames<Outputs>({ outputs }: WithOutputs<Outputs, never>): (keyof Outputs & string)[] {
  return Object.keys(outputs).filter((name): name is keyof Outputs & string => Object.hasOwn(outputs, name));
}

/**
 * What the object tells; what it does not tell stays as it was recorded. Null where there is none: the SDK takes an output
 * that is absent for unknown in every preview (pulumi/pulumi sdk/nodejs/runtime/rpc.ts, `resolveProperties`).
 */
export function serverOutputs<Outputs, Reply>(
  kind: WithOutputs<Outputs, Reply>,
  reply: Reply,
  recorded: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
  const outputs = outputNames(kind).map((name) => {
    const told = kind.outputs[name].read(reply);
    return [name, (told === undefined ? recorded[name] : told) ?? null] as const;
  });
  return Object.fromEntries(outputs);
}

/** The outputs of the kind among those of a state, whatever version wrote them; what cannot be read counts as not told. */
export function recordedOutputs<Outputs, Reply>(
  kind: WithOutputs<Outputs, Reply>,
  properties: unknown,
): Partial<Outputs> {
  const held = membersOf(properties);
  const outputs: Partial<Outputs> = {};
  for (const name of outputNames(kind).filter((name) => held[name] !== undefined)) {
    const read = kind.outputs[name].recorded.safeParse(held[name]);
    if (read.success) {
      outputs[name] = read.data;
    }
  }
  return outputs;
}

/** The outputs that the object tells now. */
export function toldOutputs<Outputs, Reply>(kind: WithOutputs<Outputs, Reply>, reply: Reply): Partial<Outputs> {
  return recordedOutputs(kind, serverOutputs(kind, reply));
}
