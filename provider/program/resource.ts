import * as pulumi from "@pulumi/pulumi";
import { type Arguments, type DeclaredKind, declaredInputs, isComputed, type SourceRead } from "./inputs";
import { warnOfPlainToken } from "./provider";
import { siblingFile, tellSiblings } from "./siblings";
import { pluginType } from "./source";

/** What a program knows of a kind. It loads no HTTP, no zod and no cron. */
export interface ProgramKind extends DeclaredKind {
  /** The class, which names the resource in messages. */
  readonly label: string;
  /** One of them, in words. */
  readonly noun: string;
  /** See `source.ts`. */
  readonly source: string;
  /** Every output. The SDK gives a resource only those that its inputs name (pulumi issue 5174). */
  readonly outputs: Readonly<Record<string, undefined>>;
  /** A replacement is created after the old object was archived: its name is free only then, or nothing is archived. */
  readonly archivesFirst?: true;
  /** The provider is told the ids of the other resources of the kind. */
  readonly tellsSiblings?: true;
  /** What to do instead of the resource option `import`, which cannot work; left out, what most kinds can do. */
  readonly insteadOfImport?: string;
}

/** What all resources of this package are to the engine. Without arguments it is looked up by `options.id`. */
export abstract class QoderResource extends pulumi.CustomResource {
  protected constructor(
    kind: ProgramKind,
    name: string,
    args: object | undefined,
    options: pulumi.CustomResourceOptions = {},
    source?: pulumi.Input<SourceRead>,
  ) {
    if (options.import !== undefined) {
      // The engine would read it without the provider's code, and fail with a trace of the SDK
      // (pulumi/pulumi pkg/resource/deploy/step.go, `ImportStep`).
      throw new Error(
        `${kind.label} "${name}": the resource option import cannot read it; ${kind.insteadOfImport ?? adoption}`,
      );
    }
    warnOfPlainToken();
    const given: Arguments = { ...args };
    // A plain JavaScript program may give no arguments either: the check tells it what is missing.
    const isLookUp = args == null && options.id !== undefined;
    const file = kind.tellsSiblings && !isLookUp ? siblingFile() : undefined;
    const siblings = file?.declare();
    const inputs = isLookUp ? {} : declaredInputs(kind, name, given, options, siblings, source);
    const { stackTraceLimit } = Error;
    // The SDK takes four stacks of each property, which its own debugging shows alone, and which take half of the time of a program
    // (pulumi/pulumi sdk/nodejs/runtime/debuggable.ts). The one that tells where the resource is declared it takes nevertheless.
    Error.stackTraceLimit = 0;
    try {
      super(
        kind.type,
        name,
        { ...kind.outputs, ...inputs, __provider: kind.source },
        withDefaults(kind, given, options),
      );
    } catch (error) {
      Error.stackTraceLimit = stackTraceLimit;
      throw withStack(error);
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
    giveOutputs(this, kind.outputs);
    if (file !== undefined && siblings !== undefined) {
      tellSiblings(file, siblings, this);
    }
  }
}

function withStack(error: unknown): unknown {
  if (error instanceof Error) {
    Error.captureStackTrace(error, QoderResource);
  }
  return error;
}

/** The state holds null where there is none, see `serverOutputs`. Made when a program asks for one, as most ask for none. */
function giveOutputs(resource: object, outputs: Readonly<Record<string, undefined>>): void {
  for (const output of Object.keys(outputs)) {
    const value: unknown = Reflect.get(resource, output);
    if (pulumi.Output.isInstance(value)) {
      let given: pulumi.Output<unknown> | undefined;
      const get = () => (given ??= value.apply((present) => present ?? undefined));
      Object.defineProperty(resource, output, { get, enumerable: true, configurable: true });
    }
  }
}

/** By its type, not by its class: a project may hold two copies of this package. Pulumi's own packages do it like this. */
export function isOfType(value: unknown, type: string): boolean {
  // Part of the SDK, not of its types (@pulumi/pulumi resource.js).
  return typeof value === "object" && value !== null && Reflect.get(value, "__pulumiType") === type;
}

const adoption = "use the argument adopt, or `npx pulumi-qoder import`";

/** Whether a value comes later, at any depth. */
function holdsComputed(value: unknown): boolean {
  const isNested = typeof value === "object" && value !== null && !pulumi.Resource.isInstance(value);
  return isComputed(value) || (isNested && Object.values(value).some(holdsComputed));
}

/**
 * `effectiveMetadata` repeats the values of `metadata` under another name, and `__shown` those of any argument, where the engine does
 * not mark secrets by itself. A secret can only come as an Output.
 */
function withDefaults(
  { archivesFirst, type }: ProgramKind,
  args: Arguments,
  options: pulumi.CustomResourceOptions,
): pulumi.CustomResourceOptions {
  const secretOutputs = [
    ...(holdsComputed(args["metadata"]) ? ["effectiveMetadata"] : []),
    ...(holdsComputed(args) ? ["__shown"] : []),
  ];
  const defaults: pulumi.CustomResourceOptions = {
    // A program in another language may have made it.
    aliases: [{ type: pluginType(type) }],
    // A replacement that is asked for by hand (`--replace`, `state taint`) asks no diff, so the order must stand here
    // (pulumi/pulumi pkg/resource/deploy/step_generator.go).
    ...(archivesFirst ? { deleteBeforeReplace: true } : {}),
    ...(secretOutputs.length === 0 ? {} : { additionalSecretOutputs: secretOutputs }),
  };
  return pulumi.mergeOptions(defaults, options);
}

/** What the service computes for most kinds of objects. */
export interface CommonOutputs {
  /** RFC 3339; set once the object is archived, which is for ever. */
  readonly archivedAt: string | undefined;
  /** RFC 3339, UTC. */
  readonly createdAt: string;
  /** RFC 3339, UTC. */
  readonly updatedAt: string;
  /** All metadata: this program's, other people's and the service's own. A secret where `metadata` may hold one. */
  readonly effectiveMetadata: Readonly<Record<string, unknown>>;
}

/**
 * The outputs of a resource: what the service computes, and each argument as it was applied or, after a `refresh`, as the service holds
 * it. An argument that `Computed` names too has the type that stands there.
 */
export type ResourceOutputs<Args, Computed> = ComputedOutputs<Computed> &
  ArgumentOutputs<Args, Exclude<keyof Args, keyof Computed | OfTheProgram>>;

/** Arguments that count in one command, so no output has them. */
type OfTheProgram = "adopt" | "acknowledge";

type ComputedOutputs<Computed> = { readonly [Name in keyof Computed]: pulumi.Output<Computed[Name]> };
type ArgumentOutputs<Args, Name extends keyof Args> = {
  readonly [One in Name]-?: pulumi.Output<Applied<Args[One]>>;
};

/** Every output of a resource by its name. */
export type OutputNames<Args, Computed> = {
  readonly [Name in Exclude<keyof Args, OfTheProgram> | keyof Computed]: undefined;
};

/** What a look-up found: each finds one of these members with every object. */
type Found = { readonly effectiveMetadata: unknown } | { readonly displayTitle: unknown };

/**
 * An argument as an output: an id in place of the resource, or of what a look-up found. Its lists are not readonly ones: Pulumi's own types take those for objects (`Lifted`, and the
 * `ResolvedResource` of policy packs), and a program could not go through them.
 */
export type Applied<Argument> = Writable<pulumi.Unwrap<Argument>>;

type Writable<Value> = Value extends pulumi.Resource | Found
  ? never
  : Value extends readonly (infer Element)[]
    ? Writable<Element>[]
    : Value extends object
      ? { [Member in keyof Value]: Writable<Value[Member]> }
      : Value;
