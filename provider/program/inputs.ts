import type { DeclaredKind, SourceRead, WhenKnown } from "../kinds/table";
import { programError } from "./errors";
import * as pulumi from "./sdk";
import { dependenciesOf } from "./sdk-internals";

export type Arguments = Readonly<Record<string, pulumi.Input<unknown>>>;

/** The inputs of a resource for the engine: its arguments, and further values for the provider. */
export function declaredInputs(
  kind: DeclaredKind,
  name: string,
  args: Arguments,
  options: pulumi.CustomResourceOptions,
  { read: source, defaultName }: { readonly read?: SourceRead | undefined; readonly defaultName?: unknown },
): pulumi.Inputs {
  const marked = Object.entries(kind.secretMembers ?? {}).map(([name, members]) =>
    withSecretMembers({ [name]: args[name] }, members),
  );
  return {
    ...args,
    ...Object.assign({}, ...marked),
    __origin: originOf(kind.type, name, options.parent),
    __timeouts: timeoutsInSeconds(options.customTimeouts),
    // Within `__command`, because the state would otherwise keep the value, and the engine would show its changes.
    __command: {
      ...runningCommand(),
      secretPlaces: secretPlaces(kind, args),
      source,
      defaultName,
      uses: usedResources(kind, args),
      replaceOnChanges: options.replaceOnChanges,
      ignoreChanges: options.ignoreChanges,
      retainOnDelete: options.retainOnDelete,
    },
  };
}

/**
 * The resources, by the URNs of `originOf`, from which the ids in the arguments come: a preview does not know the ids of new objects.
 * Undefined for a kind that names none.
 */
async function usedResources({ named }: DeclaredKind, args: Arguments): Promise<string[] | undefined> {
  if (named === undefined) {
    return undefined;
  }
  const names = new Set(named.map(({ at: [argument] }) => argument));
  const naming = Object.fromEntries(Object.entries(args).filter(([name]) => names.has(name)));
  const urns = (await dependenciesOf(pulumi.output(naming))).map(
    ({ urn }) => new Promise<string>((resolve) => urn.apply(resolve)),
  );
  return (await Promise.all(urns)).map((urn) => `${organization()}${urn}`);
}

type Path = readonly (string | number)[];

/**
 * The paths of the secrets in the arguments, apart from the members that are always secret; undefined if there are none. A promise,
 * for the same reason as in `originOf`.
 */
async function secretPlaces({ secretMembers = {} }: DeclaredKind, args: Arguments): Promise<Path[] | undefined> {
  const within = async (value: unknown, path: Path, hidden: readonly string[]): Promise<Path[]> => {
    // Only an Output can be a secret.
    if (!holdsComputed(value)) {
      return [];
    }
    if (isComputed(value)) {
      return (await pulumi.isSecret(pulumi.output(value))) ? [path] : [];
    }
    const members = Object.entries(Object(value)).filter(([name]) => !hidden.includes(name));
    const all = members.map(([name, member]) =>
      within(member, [...path, Array.isArray(value) ? Number(name) : name], hidden),
    );
    return (await Promise.all(all)).flat();
  };
  const all = Object.entries(args).map(([name, value]) => within(value, [name], secretMembers[name] ?? []));
  const places = (await Promise.all(all)).flat();
  return places.length === 0 ? undefined : places;
}

/**
 * Organization, project, stack, parents and name, which identify a declaration in later runs of the program. A plain promise,
 * because an Output of the parent would make this resource wait for its own siblings.
 */
function originOf(type: string, name: string, parent: pulumi.Resource | undefined): Promise<string> {
  const account = organization();
  return new Promise((resolve) => {
    pulumi.createUrn(name, type, parent).apply((urn) => resolve(`${account}${urn}`));
  });
}

// In a test with mocks there is no organization, and the SDK throws.
function organization(): string {
  try {
    return `${pulumi.getOrganization()}/`;
  } catch {
    return "";
  }
}

/** The properties of the running command that the provider needs; see `resource/engine/settings.ts`. */
export function runningCommand() {
  const config = new pulumi.Config("qoder");
  return {
    isPreview: pulumi.isDryRun(),
    diagnostics: config.get("diagnostics"),
    showRequests: config.getBoolean("showRequests"),
    verify: config.getBoolean("verify"),
  };
}

/**
 * The engine does not pass `customTimeouts` to a dynamic provider (pulumi/pulumi sdk/nodejs/cmd/dynamic-provider), so the
 * inputs contain them.
 */
function timeoutsInSeconds(timeouts: pulumi.CustomTimeouts | undefined): Record<string, number> | undefined {
  if (timeouts === undefined) {
    return undefined;
  }
  const given = Object.entries(timeouts).filter((entry): entry is [string, string] => typeof entry[1] === "string");
  const seconds = given.map(([operation, text]) => [operation, secondsOf(text)] as const);
  // As in the engine, 0 means the default.
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

// The seconds of a duration in Go's notation, which Pulumi uses: 1h30m, 45s, 500ms.
function secondsOf(duration: string): number {
  const parts = [...duration.matchAll(/(\d+(?:\.\d+)?)(h|ms|us|µs|ns|m|s)/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join("") !== duration) {
    throw programError(`customTimeouts: "${duration}" is not a duration such as 30s, 5m or 1h30m`);
  }
  return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (secondsPerUnit[unit ?? "s"] ?? 0), 0);
}

function isComputed(value: unknown): boolean {
  return pulumi.Output.isInstance(value) || value instanceof Promise;
}

/** True if the value is or contains an Output or a promise. */
export function holdsComputed(value: unknown): boolean {
  const isNested = typeof value === "object" && value !== null && !pulumi.Resource.isInstance(value);
  return isComputed(value) || (isNested && Object.values(value).some(holdsComputed));
}

export const whenKnown: WhenKnown = (given, then) =>
  isComputed(given) ? pulumi.all([given]).apply(([known]) => whenKnown(known, then)) : then(given);

/**
 * Marks the secret members of the value, at any depth. Each element by itself if possible: one unknown value would otherwise
 * make the whole list unknown in a preview.
 */
export function withSecretMembers(value: unknown, names: readonly string[]): unknown {
  return withMembers(value, names, (member) =>
    member === undefined || member === null ? member : pulumi.secret(member),
  );
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
