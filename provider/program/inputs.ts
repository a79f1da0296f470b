import * as pulumi from "@pulumi/pulumi";
import type { SiblingPlace } from "./siblings";
import type { WhenKnown } from "./when-known";

export type Arguments = Readonly<Record<string, pulumi.Input<unknown>>>;

/** What the inputs of a resource depend on, besides its arguments. */
export interface DeclaredKind {
  readonly type: string;
  /** The members of each argument that are secret. */
  readonly secretMembers: Readonly<Record<string, readonly string[]>>;
  /** The provider is told which arguments hold secrets, so that no message repeats one. */
  readonly namesSecrets?: true;
  /** It has no name at Qoder. */
  readonly isNameless?: true;
  /** The argument with its name at Qoder; absent where that is `name`. */
  readonly nameArgument?: string;
}

/** What a program read on its machine for a resource, and found there. No state has it: the check takes it out of the inputs. */
export interface SourceRead {
  /** Absolute: the provider runs in another folder. Empty where there is nothing to read. */
  readonly path: string;
  /** Each starts with the path of the argument. */
  readonly problems: readonly string[];
  readonly remarks: readonly { readonly severity: "info" | "warning"; readonly text: string }[];
}

/** What the engine is handed of a declaration: its arguments, and what the provider is to know beside them. */
export function declaredInputs(
  kind: DeclaredKind,
  name: string,
  args: Arguments,
  options: pulumi.CustomResourceOptions,
  siblings: SiblingPlace | undefined,
  source: pulumi.Input<SourceRead> | undefined,
): pulumi.Inputs {
  const marked = Object.entries(kind.secretMembers).map(([name, members]) =>
    withSecretMembers({ [name]: args[name] }, members),
  );
  const command = runningCommand();
  const { nameArgument = "name" } = kind;
  return {
    ...args,
    ...Object.assign({}, ...marked),
    ...(kind.isNameless ? {} : { [nameArgument]: pulumi.all([args[nameArgument]]).apply(([given]) => given ?? name) }),
    __origin: originOf(kind.type, name, options.parent),
    __timeouts: timeoutsInSeconds(options.customTimeouts),
    // With it, as a state would keep it, and the engine would draw it as a change among the others.
    __command: {
      ...command,
      secrets: command.showRequests ? secretArguments(kind, args) : undefined,
      siblings,
      source,
      replaceOnChanges: options.replaceOnChanges,
      retainOnDelete: options.retainOnDelete,
    },
    ...(kind.namesSecrets ? { __secrets: secretArguments(kind, args) } : {}),
  };
}

/**
 * The arguments that hold secrets, besides the members that always are some. Undefined when there are none. As a promise, like
 * the origin.
 */
async function secretArguments({ secretMembers }: DeclaredKind, args: Arguments): Promise<string[] | undefined> {
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

/** What the provider is to know of the command that runs; see `resource/engine/command.ts`. */
export function runningCommand() {
  const config = new pulumi.Config("qoder");
  return {
    isPreview: pulumi.runtime.isDryRun(),
    remarks: config.get("remarks"),
    showRequests: config.getBoolean("showRequests"),
    verify: config.getBoolean("verify"),
  };
}

/** The engine does not hand `customTimeouts` to a dynamic provider (pulumi/pulumi sdk/nodejs/cmd/dynamic-provider). */
function timeoutsInSeconds(timeouts: pulumi.CustomTimeouts | undefined): Record<string, number> | undefined {
  if (timeouts === undefined) {
    return undefined;
  }
  const given = Object.entries(timeouts).filter((entry): entry is [string, string] => typeof entry[1] === "string");
  const seconds = given.map(([operation, text]) => [operation, secondsOf(text)] as const);
  // For the engine, too, 0 is the default and not no time at all.
  return Object.fromEntries(seconds.filter(([, amount]) => amount > 0));
}

const secondsPerUnit: Readonly<Record<string, number>> = {
  h: 3_600,
  m: 60,
  s: 1,
  ms: 1e-3,
  us: 1e-6,
  µs: 1e-6,
  ns: 1e-9,
};

// Go's notation for durations, which Pulumi uses: 1h30m, 45s, 500ms.
function secondsOf(duration: string): number {
  const parts = [...duration.matchAll(/(\d+(?:\.\d+)?)(h|ms|us|µs|ns|m|s)/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join("") !== duration) {
    throw new Error(`customTimeouts: "${duration}" is not a duration such as 30s, 5m or 1h30m`);
  }
  return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (secondsPerUnit[unit ?? "s"] ?? 0), 0);
}

/** Whether the value comes later. */
export function isComputed(value: unknown): boolean {
  return pulumi.Output.isInstance(value) || value instanceof Promise;
}

export const whenKnown: WhenKnown = (given, then) =>
  isComputed(given) ? pulumi.all([given]).apply(([known]) => whenKnown(known, then)) : then(given);

/**
 * The value with its secret members marked, at any depth. Element by element where that is possible: an Output around a whole
 * list would hide it all in a preview in which one value is not known yet.
 */
export function withSecretMembers(value: unknown, names: readonly string[]): unknown {
  return withMembers(value, names, (member) =>
    member === undefined || member === null ? member : pulumi.secret(member),
  );
}

/** The value without these members, at any depth. What comes later stays as it is. */
function withoutMembers(value: unknown, names: readonly string[]): unknown {
  return isComputed(value) ? value : withMembers(value, names, () => undefined);
}

function withMembers(value: unknown, names: readonly string[], change: (member: unknown) => unknown): unknown {
  if (isComputed(value)) {
    return pulumi.all([value]).apply(([known]) => withMembers(known, names, change));
  }
  if (Array.isArray(value)) {
    return value.map((element) => withMembers(element, names, change));
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  const members = Object.entries(value).map(([name, member]) => [
    name,
    names.includes(name) ? change(member) : withMembers(member, names, change),
  ]);
  return Object.fromEntries(members);
}
