import * as pulumi from "@pulumi/pulumi";
import { runningCommand } from "./command";
import { timeoutsInSeconds } from "./custom-timeouts";
import { warnOfPlainToken } from "./plain-token";
import { isComputed, withoutMembers, withSecretMembers } from "./secret-members";
import { type SiblingPlace, siblingFile, tellSiblings } from "./siblings";

/** What a program knows of a kind. It loads no HTTP, no zod and no cron. */
export interface ProgramKind {
  /** The class, which names the resource in messages. */
  readonly label: string;
  /** One of them, in words. */
  readonly noun: string;
  readonly type: string;
  /** See `source.ts`. */
  readonly source: string;
  /** Every output. The SDK gives a resource only those that its inputs name (pulumi issue 5174). */
  readonly outputs: Readonly<Record<string, undefined>>;
  /** The members of each argument that are secret. */
  readonly secretMembers: Readonly<Record<string, readonly string[]>>;
  /** The provider is told which arguments hold secrets, so that no message repeats one. */
  readonly namesSecrets?: true;
  /** The provider is told the ids of the other resources of the kind. */
  readonly tellsSiblings?: true;
  /** It has no name at Qoder. */
  readonly isNameless?: true;
  /** What to do instead of the resource option `import`, which cannot work; left out, what most kinds can do. */
  readonly insteadOfImport?: string;
}

type Arguments = Readonly<Record<string, pulumi.Input<unknown>>>;

/** What all resources of this package are to the engine. Without arguments it is looked up by `options.id`. */
export abstract class QoderResource extends pulumi.CustomResource {
  protected constructor(
    kind: ProgramKind,
    name: string,
    args: object | undefined,
    options: pulumi.CustomResourceOptions = {},
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
    const inputs = isLookUp ? {} : declaredInputs(kind, name, given, options, siblings);
    const { stackTraceLimit } = Error;
    // The SDK takes four stacks of each property, which its own debugging shows alone, and which take half of the time of a program
    // (pulumi/pulumi sdk/nodejs/runtime/debuggable.ts). The one that tells where the resource is declared it takes nevertheless.
    Error.stackTraceLimit = 0;
    try {
      super(kind.type, name, { ...kind.outputs, ...inputs, __provider: kind.source }, withDefaults(given, options));
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

function declaredInputs(
  kind: ProgramKind,
  name: string,
  args: Arguments,
  options: pulumi.CustomResourceOptions,
  siblings: SiblingPlace | undefined,
): pulumi.Inputs {
  const marked = Object.entries(kind.secretMembers).map(([name, members]) =>
    withSecretMembers({ [name]: args[name] }, members),
  );
  const command = runningCommand();
  return {
    ...args,
    ...Object.assign({}, ...marked),
    ...(kind.isNameless ? {} : { name: pulumi.all([args["name"]]).apply(([given]) => given ?? name) }),
    __origin: originOf(kind.type, name, options.parent),
    __timeouts: timeoutsInSeconds(options.customTimeouts),
    // With it, as a state would keep it, and the engine would draw it as a change among the others.
    __command: { ...command, secrets: command.showRequests ? secretArguments(kind, args) : undefined, siblings },
    ...(kind.namesSecrets ? { __secrets: secretArguments(kind, args) } : {}),
  };
}

/**
 * The arguments that hold secrets, besides the members that always are some. Undefined when there are none. As a promise, like
 * the origin.
 */
async function secretArguments({ secretMembers }: ProgramKind, args: Arguments): Promise<string[] | undefined> {
  const secret = await Promise.all(
    Object.entries(args).map(async ([name, value]) => {
      const others = withoutMembers(value, secretMembers[name] ?? []);
      return (await pulumi.isSecret(pulumi.output(others))) ? [name] : [];
    }),
  );
  const names = secret.flat().sort();
  return names.length === 0 ? undefined : names;
}

/**
 * Organization, project, stack, parents and name: what stays the same when the declaration is run again. As a plain promise,
 * because an Output of the parent would make this resource wait for its own siblings.
 */
function originOf(type: string, name: string, parent: pulumi.Resource | undefined): Promise<string> {
  const account = organization();
  return new Promise((resolve) => {
    pulumi.createUrn(name, type, parent).apply((urn) => resolve(`${account}${urn}`));
  });
}

// A program under test with mocks has none, and the SDK throws then.
function organization(): string {
  try {
    return `${pulumi.getOrganization()}/`;
  } catch {
    return "";
  }
}

/**
 * `effectiveMetadata` repeats the values of `metadata` under another name, where the engine does not mark secrets by itself.
 * A secret can only come as an Output.
 */
function withDefaults({ metadata }: Arguments, options: pulumi.CustomResourceOptions): pulumi.CustomResourceOptions {
  const mayBeSecret = isComputed(metadata) || Object.values(metadata ?? {}).some(isComputed);
  // The old object's name is free only after it was archived. A replacement that is asked for by hand (`--replace`,
  // `state taint`) asks no diff, so the order must stand here (pulumi/pulumi pkg/resource/deploy/step_generator.go).
  const defaults: pulumi.CustomResourceOptions = {
    deleteBeforeReplace: true,
    ...(mayBeSecret ? { additionalSecretOutputs: ["effectiveMetadata"] } : {}),
  };
  return pulumi.mergeOptions(defaults, options);
}
