import { z } from "zod";
import type { Deployment } from "./api/schema";
import { settingsInMetadata } from "./arguments/cas-config";
import type { Field, Live } from "./arguments/field";
import { livePause, pausedBy } from "./arguments/paused";
import { type ArgumentName, type Arguments, argumentNames, fields } from "./fields";

/**
 * Inputs that the program side adds. The engine hides names that start with two underscores, except where it draws a
 * difference property by property (pulumi/pulumi pkg/engine/detailedDiff.go).
 */
const hiddenInputsSchema = z.object({
  /**
   * The URN under which the deployment was declared first, or what an import gave in its place: the seed of the idempotency
   * key, and the name in messages.
   */
  __origin: z.string().optional().catch(undefined),
  /** `customTimeouts` of the resource in seconds: the engine does not hand them to a dynamic provider. */
  __timeouts: z
    .object({ create: z.number().optional(), update: z.number().optional(), delete: z.number().optional() })
    .optional()
    .catch(undefined),
});
export type HiddenInputs = z.infer<typeof hiddenInputsSchema>;

/** Outputs that only this package reads. */
const hiddenOutputsSchema = z.object({
  /**
   * Tells the resource from every other one of the stack that may come to the same deployment: after a rename, a new resource
   * under the old name has the same origin.
   */
  __entry: z.string().optional().catch(undefined),
  /**
   * What the next refresh does with the inputs, which only the engine knows. "kept", after an update that was done in part: it
   * answers without any, so that the engine keeps those it has, with their marks of secrets. "stale": that refresh took place,
   * or the resource is only looked up; the engine took the update for finished then, so the next diff says that there is a
   * change. "told", after a create that was done in part: it answers with what is there, so that the engine draws the rest.
   */
  __inputs: z.enum(["kept", "stale", "told"]).optional().catch(undefined),
  /** Nobody knows what the last write did: the arguments are what it may have done, and the next update reads first. */
  __open: z.literal(true).optional().catch(undefined),
});
export type HiddenOutputs = z.infer<typeof hiddenOutputsSchema>;

export function hiddenInputs(properties: unknown): HiddenInputs {
  return hiddenInputsSchema.safeParse(properties).data ?? {};
}

export function hiddenOutputs(properties: unknown): HiddenOutputs {
  return hiddenOutputsSchema.safeParse(properties).data ?? {};
}

/** The Pulumi name of the resource, as it was declared first: the last part of its URN. */
export function pulumiName(properties: unknown): string | undefined {
  return hiddenInputs(properties).__origin?.split("::").pop();
}

/** The arguments among inputs or outputs, whatever version wrote them; what cannot be read counts as not set. */
export function argumentsIn(properties: unknown): Partial<Arguments> {
  const held = z.record(z.string(), z.unknown()).safeParse(properties);
  return held.success ? collect((name) => fields[name].recorded.safeParse(held.data[name]).data) : {};
}

export function only(values: Partial<Arguments>, names: readonly ArgumentName[]): Partial<Arguments> {
  return Object.fromEntries(Object.entries(values).filter(([name]) => names.some((one) => one === name)));
}

const pausedReason = z.object({ type: z.string(), error: z.object({ type: z.string() }).optional() });

/** What the comparison needs beside the arguments. */
export function recordedLive(properties: unknown): Live {
  const held = z
    .object({
      agentVersion: z.number().optional().catch(undefined),
      status: z.string().optional().catch(undefined),
      pausedReason: pausedReason.optional().catch(undefined),
      effectiveMetadata: z.unknown().optional(),
    })
    .safeParse(properties);
  if (!held.success) {
    return {};
  }
  const { agentVersion, status, effectiveMetadata } = held.data;
  const paused = pausedBy(status, held.data.pausedReason?.type);
  return { agentVersion, paused, casConfig: settingsInMetadata(effectiveMetadata) };
}

/** Whether these properties are outputs of an earlier read or write; `.get()` starts without any. */
export function isRecorded(properties: unknown): boolean {
  return Object.keys(argumentsIn(properties)).length > 0;
}

/** Why the service paused the deployment, in words; undefined where it did not. */
export function recordedServicePause(properties: unknown): string | undefined {
  const held = z.object({ pausedReason }).safeParse(properties);
  if (!held.success || pausedBy("paused", held.data.pausedReason.type) !== "by the service") {
    return undefined;
  }
  const { type, error } = held.data.pausedReason;
  return type === "error" ? `after a failed run (${error?.type ?? "no reason given"})` : `for the reason ${type}`;
}

/** The live value of every argument that is ours, in the form of `asked` where it means the same. */
export function ownedArguments(deployment: Deployment, asked: Partial<Arguments>): Partial<Arguments> {
  return collect((name) => fields[name].read(deployment, asked[name]));
}

/** The same for a deployment that is not known to be as asked: what it does not show, it does not hold. */
export function shownArguments(deployment: Deployment, asked: Partial<Arguments>): Partial<Arguments> {
  const told = argumentNames.filter((name) => {
    const { wire } = fields[name];
    return wire === undefined || deployment[wire] !== undefined;
  });
  return only(ownedArguments(deployment, visible(asked)), told);
}

/** What is ours while it is open which of the two the service holds. */
export function openArguments(older: Partial<Arguments>, newer: Partial<Arguments>): Partial<Arguments> {
  return visible(collect((name) => either(fields[name], older[name], newer[name])));
}

function either<Value>(field: Field<Value>, one: Value | undefined, other: Value | undefined): Value | undefined {
  return one === undefined || other === undefined ? (other ?? one) : (field.both?.(one, other) ?? other);
}

/** The arguments as far as replies show them. */
function visible(values: Partial<Arguments>): Partial<Arguments> {
  return collect((name) => visiblePart(fields[name], values[name]));
}

function visiblePart<Value>(field: Field<Value>, value: Value | undefined): Value | undefined {
  return value === undefined ? undefined : (field.shown?.(value) ?? value);
}

/** Arguments as outputs; null where there is none, see `serverOutputs`. */
export function argumentOutputs(held: Partial<Arguments>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(argumentNames.map((name) => [name, held[name] ?? null]));
}

/** Every argument as a program would have to write it, for a deployment that nobody declared yet. */
export function describedArguments(deployment: Deployment): Partial<Arguments> {
  return collect((name) => fields[name].describe(deployment));
}

function collect(value: <Name extends ArgumentName>(name: Name) => Arguments[Name] | undefined): Partial<Arguments> {
  return defined(Object.fromEntries(argumentNames.map((name) => [name, value(name)])));
}

export function liveOf(deployment: Deployment): Live {
  return {
    agentVersion: deployment.agent?.version ?? undefined,
    paused: livePause(deployment),
    casConfig: settingsInMetadata(deployment.metadata),
  };
}

type Defined<Value> = { [Key in keyof Value]?: Exclude<Value[Key], undefined> };

/** Without the members that are undefined: one of them would fail the whole answer to the engine (pulumi issue 2205). */
function defined<Value extends object>(value: Value): Defined<Value> {
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(entries) as Defined<Value>;
}
