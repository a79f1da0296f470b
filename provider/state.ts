import { z } from "zod";
import type { Deployment } from "./api/schema";
import { settingsInMetadata } from "./arguments/cas-config";
import type { Live } from "./arguments/field";
import { type ArgumentName, type Arguments, argumentNames, fields } from "./fields";

/**
 * Inputs that the program side adds. The engine hides names that start with two underscores, except where it draws a
 * difference property by property (pulumi/pulumi pkg/engine/detailedDiff.go).
 */
const hiddenSchema = z.object({
  /** The URN under which the deployment was declared first: the seed of the idempotency key, and the name in messages. */
  __origin: z.string().optional().catch(undefined),
  /** `customTimeouts` of the resource in seconds: the engine does not hand them to a dynamic provider. */
  __timeouts: z
    .object({ create: z.number().optional(), update: z.number().optional(), delete: z.number().optional() })
    .optional()
    .catch(undefined),
  /**
   * An output, where a refresh must leave the engine's inputs as they are, as these outputs are not what they lead to.
   * "stale": one did, and the engine has forgotten by it that an update is unfinished.
   */
  __inputs: z.enum(["kept", "stale"]).optional().catch(undefined),
});
export type Hidden = z.infer<typeof hiddenSchema>;

export function hiddenInputs(properties: unknown): Hidden {
  const parsed = hiddenSchema.safeParse(properties);
  return parsed.success ? defined(parsed.data) : {};
}

/** The name people know the resource by: the last part of its URN. */
export function resourceName(properties: unknown): string | undefined {
  return hiddenInputs(properties).__origin?.split("::").pop();
}

/** In words: the resource that was declared there. One that was imported has the id of its deployment for an origin. */
export function resourceWith(origin: string): string {
  return origin.includes("::") ? `the resource "${origin.split("::").pop()}"` : "another resource";
}

/** The arguments that a state holds, whatever version wrote it; what cannot be read counts as not set. */
export function recordedArguments(properties: unknown): Partial<Arguments> {
  const held = z.record(z.string(), z.unknown()).safeParse(properties);
  return held.success ? collect((name) => fields[name].recorded.safeParse(held.data[name]).data) : {};
}

export function only(values: Partial<Arguments>, names: readonly ArgumentName[]): Partial<Arguments> {
  return Object.fromEntries(Object.entries(values).filter(([name]) => names.some((one) => one === name)));
}

/** What the comparison needs beside the arguments. */
export function recordedLive(properties: unknown): Live {
  const held = z
    .object({
      agentVersion: z.number().optional().catch(undefined),
      status: z.string().optional().catch(undefined),
      effectiveMetadata: z.unknown().optional(),
    })
    .safeParse(properties);
  if (!held.success) {
    return {};
  }
  const { agentVersion, status, effectiveMetadata } = held.data;
  const paused = pausedBy(status, recordedErrorPause(properties) !== undefined);
  return { agentVersion, paused, casConfig: settingsInMetadata(effectiveMetadata) };
}

function pausedBy(status: string | undefined, afterError: boolean): Live["paused"] {
  if (status !== "paused") {
    return undefined;
  }
  return afterError ? "by the service" : "by hand";
}

/** Whether these properties are outputs of an earlier read or write; `.get()` starts without any. */
export function isRecorded(properties: unknown): boolean {
  return Object.keys(recordedArguments(properties)).length > 0;
}

const pausedByError = z.object({
  pausedReason: z.object({ type: z.literal("error"), error: z.object({ type: z.string() }).optional() }),
});

/** The service's reason, when it paused the deployment itself after a failed run. */
export function recordedErrorPause(properties: unknown): string | undefined {
  const held = pausedByError.safeParse(properties);
  return held.success ? (held.data.pausedReason.error?.type ?? "no reason given") : undefined;
}

/** The live value of every argument that is ours, in the form of `asked` where it means the same. */
export function ownedArguments(deployment: Deployment, asked: Partial<Arguments>): Partial<Arguments> {
  return collect((name) => fields[name].read(deployment, asked[name]));
}

/** The same for a deployment that is not known to be as asked: what it does not tell, it does not hold. */
export function toldArguments(deployment: Deployment, asked: Partial<Arguments>): Partial<Arguments> {
  const told = argumentNames.filter((name) => {
    const { wire } = fields[name];
    return wire === undefined || deployment[wire] !== undefined;
  });
  return only(ownedArguments(deployment, asked), told);
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
    paused: pausedBy(deployment.status, deployment.paused_reason?.type === "error"),
    casConfig: settingsInMetadata(deployment.metadata),
  };
}

type Defined<Value> = { [Key in keyof Value]?: Exclude<Value[Key], undefined> };

/** Without the members that are undefined: one of them would fail the whole answer to the engine (pulumi issue 2205). */
function defined<Value extends object>(value: Value): Defined<Value> {
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(entries) as Defined<Value>;
}
