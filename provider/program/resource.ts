import { outputNames } from "../kinds/output-names";
import { type DeclaredKind, pluginType, repeatedArguments } from "../kinds/table";
import { programError, providersProblem, withOwnFrames } from "./errors";
import { expandedArguments, idOf, type OfResource } from "./expanded-arguments";
import { type Arguments, declaredInputs, holdsComputed, whenKnown } from "./inputs";
import { refuseMisplacedProvider, warnOfSettings } from "./qoder-provider";
import * as pulumi from "./sdk";
import { isKnown, pulumiTypeOf } from "./sdk-internals";

/** The description of a kind for programs. It loads no HTTP, no zod and no cron. */
export interface ProgramKind extends DeclaredKind {
  /**
   * A replacement archives the old object before it creates the new one, either because the name must be free or because the
   * kind archives nothing.
   */
  readonly archivesFirst?: true;
  /** The advice in the error for the resource option `import`. Left out: the advice for most kinds. */
  readonly insteadOfImport?: string;
}

/** The base class of all resources of this package. A resource without arguments is read by `options.id`. */
export abstract class QoderResource extends pulumi.CustomResource {
  /** @internal */
  protected constructor(
    kind: ProgramKind,
    name: string,
    args: object | undefined,
    options: pulumi.CustomResourceOptions = {},
  ) {
    if (options.import !== undefined) {
      // The engine would read the resource without the provider's code and fail with a stack trace of the SDK (pulumi/pulumi
      // pkg/resource/deploy/step.go, `ImportStep`).
      throw programError(
        `${kind.label} "${name}": the resource option import cannot read it; ${kind.insteadOfImport ?? adoption}`,
      );
    }
    if (Reflect.get(options, "providers") !== undefined) {
      throw programError(providersProblem(`${kind.label} "${name}"`));
    }
    if (options.provider === undefined) {
      refuseMisplacedProvider(`${kind.label} "${name}"`, options.parent);
    }
    warnOfSettings();
    // A program in JavaScript may forget the arguments: `check` then reports the missing ones.
    const isLookUp = args == null && options.id !== undefined;
    const { given, ...written } = isLookUp
      ? { given: {} }
      : expandedArguments(kind, { ...args }, name, { whenKnown, ofResource });
    const inputs = isLookUp ? {} : declaredInputs(kind, name, given, options, written);
    const names = outputNames[kind.label]?.split(" ") ?? [];
    // By itself the SDK gives a resource only the outputs that its inputs name (pulumi issue 5174).
    const outputs = Object.fromEntries(names.map((output) => [output, undefined]));
    const { stackTraceLimit } = Error;
    // The SDK records four stack traces for each property, used only by its own debugging, which take half of the time of a
    // program (pulumi/pulumi sdk/nodejs/runtime/debuggable.ts). It still records the stack trace of the declaration.
    Error.stackTraceLimit = 0;
    try {
      super(
        kind.type,
        name,
        { ...outputs, ...inputs, __provider: kind.source },
        withDefaults(kind, names, given, options),
      );
    } catch (error) {
      Error.stackTraceLimit = stackTraceLimit;
      throw withStack(error);
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
    giveOutputs(this, names);
  }
}

const ofResource: OfResource = (value, { kind: { type = "" }, written = idOf }) => {
  if (!pulumi.Resource.isInstance(value)) {
    return undefined;
  }
  // A resource of another type is replaced by its URN, so that `check` can name its type even while its id is unknown.
  return isOfType(value, type) ? written(value) : value.urn;
};

function withStack(error: unknown): unknown {
  if (error instanceof Error) {
    Error.captureStackTrace(error, QoderResource);
  }
  return withOwnFrames(error);
}

/**
 * Defines the outputs. Each is created when the program reads it, because most programs read few. A state lacks the arguments that are
 * not set, and in every preview the SDK takes an absent value for unknown (pulumi/pulumi sdk/nodejs/runtime/rpc.ts,
 * `resolveProperties`). Where a preview plans a change, the engine answers with the inputs: only a state holds the creation time.
 */
function giveOutputs(resource: pulumi.Resource, names: readonly string[]): void {
  const createdAt: unknown = Reflect.get(resource, "createdAt");
  for (const output of names) {
    const value: unknown = Reflect.get(resource, output);
    if (pulumi.Output.isInstance(value)) {
      let given: pulumi.Output<unknown> | undefined;
      const held = async () =>
        (await isKnown(value)) === true || (await isKnown(createdAt)) !== true ? value : undefined;
      const get = () => (given ??= resource.urn.apply(held).apply((present) => present ?? undefined));
      Object.defineProperty(resource, output, { get, enumerable: true, configurable: true });
    }
  }
}

/**
 * True if the value is a resource of this type, of a class or of the plugin: a rule of a policy pack for a class then also sees the
 * resources of a program in another language. The class itself would not do, because a project may contain two copies of this package.
 */
export function isOfType(value: unknown, type: string): boolean {
  const own = pulumiTypeOf(value);
  return own === type || own === pluginType(type);
}

const adoption = "use the argument adopt, or `npx pulumi-qoder import` (docs/import.md)";

/**
 * Options with the defaults of this package. The engine does not mark the outputs that repeat a secret argument. Only an Output can
 * be a secret, and an id is none.
 */
function withDefaults(
  { archivesFirst, type, named = [] }: ProgramKind,
  names: readonly string[],
  args: Arguments,
  options: pulumi.CustomResourceOptions,
): pulumi.CustomResourceOptions {
  const repeating = Object.entries(repeatedArguments).filter(
    ([output, argument]) => names.includes(output) && holdsComputed(args[argument]),
  );
  const ofIds = named.flatMap(({ at: [argument, ...rest] }) => (rest.every((step) => step === "*") ? argument : []));
  const holdsSecret = Object.entries(args).some(
    ([argument, value]) => !ofIds.includes(argument) && holdsComputed(value),
  );
  const secretOutputs = [...repeating.map(([output]) => output), ...(holdsSecret ? ["__shown"] : [])];
  const defaults: pulumi.CustomResourceOptions = {
    // A program in another language may have created the resource.
    aliases: [{ type: pluginType(type) }],
    // For a replacement by hand (`--replace`, `state taint`) the engine does not call `diff`, so the order must be an option
    // (pulumi/pulumi pkg/resource/deploy/step_generator.go).
    ...(archivesFirst ? { deleteBeforeReplace: true } : {}),
    ...(secretOutputs.length === 0 ? {} : { additionalSecretOutputs: secretOutputs }),
  };
  return pulumi.mergeOptions(defaults, options);
}

/**
 * An id, or a value that has one: the resource or the result of a look-up. State and requests contain the id in each
 * case.
 */
export type IdInput<Resource, Found = never> = pulumi.Input<string | Resource | Found>;

/** The outputs that the service computes for most kinds of objects. */
export interface CommonOutputs {
  /** The time of the archive, RFC 3339; undefined for a live object. */
  readonly archivedAt: string | undefined;
  /** RFC 3339, UTC. */
  readonly createdAt: string;
  /** RFC 3339, UTC. */
  readonly updatedAt: string;
  /** All metadata, set by this program, by other people or by the service. A secret if `metadata` may contain one. */
  readonly effectiveMetadata: Readonly<Record<string, unknown>>;
}

/**
 * The outputs of a resource: the computed outputs, and each argument with the value that was applied or, after a `refresh`,
 * the value at the service. For an argument that is also in `Computed`, the type there counts.
 */
export type ResourceOutputs<Args, Computed> = ComputedOutputs<Computed> &
  ArgumentOutputs<Args, Exclude<keyof Args, keyof Computed | OfTheProgram>>;

/** The arguments that matter in one command only, so they have no output. */
type OfTheProgram = "adopt" | "acknowledge";

type ComputedOutputs<Computed> = { readonly [Name in keyof Computed]: pulumi.Output<Computed[Name]> };
type ArgumentOutputs<Args, Name extends keyof Args> = {
  readonly [One in Name]-?: pulumi.Output<Applied<Args[One]>>;
};

/** The result of a look-up: every result has one of these members. */
type Found = { readonly effectiveMetadata: unknown } | { readonly displayTitle: unknown };

/**
 * The type of an argument as an output: with ids in place of resources and results of look-ups. Its lists are not readonly,
 * because Pulumi's own types treat readonly lists as objects (`Lifted`, and the `ResolvedResource` of policy packs), which a
 * program cannot iterate.
 */
export type Applied<Argument> = Writable<pulumi.Unwrap<Argument>>;

type Writable<Value> = Value extends pulumi.Resource | Found
  ? never
  : Value extends readonly (infer Element)[]
    ? Writable<Element>[]
    : Value extends object
      ? { [Member in keyof Value]: Writable<Value[Member]> }
      : Value;
