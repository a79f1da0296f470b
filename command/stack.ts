import { z } from "zod";
import {
  type AccountSettings,
  accountSettings,
  type Configuration,
  type StackLimits,
  stackLimits,
} from "../provider/account/settings";
import { QoderError, reasonOf } from "../provider/api/errors";
import { parseJson } from "../provider/api/parse-json";
import { idAlone } from "../provider/deployment/agent";
import type { DeclaredPause } from "../provider/deployment/holds";
import { type Limits, limitsField } from "../provider/deployment/limits";
import {
  agents as agentKind,
  type DeclaredKind,
  isDeploymentType,
  kindOfType,
  nameInUrn,
} from "../provider/kinds/table";
import { mapMembers, type Properties, secretSignature, signature } from "../provider/resource/kind/program-values";
import { holdsSecret, sealed } from "../provider/resource/state/hidden-texts";
import type { Streams } from "./printer";
import { pulumiOutput } from "./pulumi-cli";
import type { Environment } from "./terminal";
import type { CommandTime } from "./time";

export interface StackDeployment extends DeclaredPause {
  readonly id: string;
  readonly resourceName: string;
  /** The name at Qoder; undefined if the state does not hold it. */
  readonly name: string | undefined;
  /** False if the program names the agent by its id alone, so that the version stays; undefined if the state does not show the agent. */
  readonly namesVersion?: boolean | undefined;
  /** The limits of the program of the last `up`. */
  readonly limits: Limits | undefined;
  /** The artifacts that the program expects of each run; undefined if it does not say. */
  readonly expectedArtifacts?: readonly string[] | undefined;
  /** The outputs that the state records; an encrypted one is `sealed`. */
  readonly recorded?: Properties | undefined;
}

/** Deployments of a stack with the same account, or with a `problem` if the stack does not determine their account. */
type StackAccount = { readonly deployments: readonly StackDeployment[] } & (
  | { readonly account: AccountSettings }
  | { readonly problem: QoderError }
);

/** The parts of a stack that a command needs. */
export interface StackContents {
  /** The name of the stack; undefined if the state is empty. */
  readonly name: string | undefined;
  readonly accounts: readonly StackAccount[];
  /** The limits of the whole stack. Throws if the configuration has another value than a number. */
  readonly limits: () => StackLimits;
  /** The recorded outputs of the agents that the stack manages, by their ids. */
  readonly agents: ReadonlyMap<string, Properties>;
}

/**
 * The deployments of a stack, each with the account that `up` would use. `name` is undefined for the selected stack of the
 * present folder. Decrypts the token alone, if it is in the configuration, and all secrets if `isOpen`, so that the command hides them.
 */
export async function readStack(
  name: string | undefined,
  environment: Environment,
  time: CommandTime,
  streams: Pick<Streams, "secrets">,
  isOpen = false,
): Promise<StackContents> {
  const ask = asking(name, environment, time, streams);
  const found = await resourcesOf(ask, streams.secrets, isOpen).catch(async (error: unknown) => {
    const selected = asking(undefined, environment, time, streams);
    const isUnknown = name !== undefined && /no stack named/.test(reasonOf(error));
    throw (isUnknown && (await deploymentNamed(name, () => resourcesOf(selected, streams.secrets, false)))) || error;
  });
  const used = new Set(found.map(({ provider }) => provider));
  const needed = found.filter((one) => isDeploymentType(one.type) || used.has(providerReference(one)));
  const resources = needed.some(isSealed) ? await resourcesOf(ask, streams.secrets, true) : found;
  const isAgent = (one: Resource) => kindOfType(one.type) === agentKind;
  const agents = new Map(
    resources.filter(isAgent).flatMap((one) => (hasObject(one) ? [[one.id, recordedIn(one) ?? {}] as const] : [])),
  );
  const managed = resources.filter((one) => isDeploymentType(one.type) && isManaged(one));
  if (managed.length === 0) {
    return { name: stackOf(resources), accounts: [], limits: () => stackLimits(undefined), agents };
  }
  const configuration = await configurationIn(ask, streams.secrets, isOpen);
  const configurations = new Map(
    resources.map((resource) => [providerReference(resource), configurationOf(resource, configuration)]),
  );
  const accounts = new Map<string, StackAccount>();
  for (const resource of managed) {
    const { urn, id = "", provider = "", inputs = {} } = resource;
    const found = accountOf(configurations.get(provider), environment);
    const key = JSON.stringify("account" in found ? found.account : found.problem.message);
    const deployment = {
      id,
      resourceName: nameInUrn(urn),
      name: z.string().safeParse(plainIn(inputs["name"])).data,
      namesVersion: namesVersion(plainIn(inputs["agent"])),
      isPaused: plainIn(inputs["paused"]) === true,
      limits: limitsIn(inputs["limits"]),
      expectedArtifacts: z
        .array(z.unknown().transform(plainIn).pipe(z.string()))
        .safeParse(plainIn(inputs["expectedArtifacts"])).data,
      recorded: recordedIn(resource),
    };
    accounts.set(key, { ...found, deployments: [...(accounts.get(key)?.deployments ?? []), deployment] });
  }
  const limits = () => stackLimits({ get: (key) => configuration[key]?.value });
  return { name: stackOf(resources), accounts: [...accounts.values()], limits, agents };
}

/** The error about a name after `--stack` that is no stack, but a deployment of the selected stack. */
async function deploymentNamed(name: string, selected: () => Promise<Resource[]>): Promise<QoderError | undefined> {
  const resources = await selected().catch((): Resource[] => []);
  const isNamed = ({ urn, inputs = {} }: Resource) => nameInUrn(urn) === name || plainIn(inputs["name"]) === name;
  return resources.some((one) => isDeploymentType(one.type) && isManaged(one) && isNamed(one))
    ? new QoderError(
        `there is no stack ${name}, but the selected stack ${stackOf(resources)} has a deployment of this name. --stack takes the name of a stack: write the deployment first, \`${name} --stack\``,
      )
    : undefined;
}

/** A resource of a stack. */
export interface ManagedResource {
  readonly id: string;
  readonly kind: DeclaredKind;
  readonly resourceName: string;
  readonly outputs: Properties;
}

/** The objects at Qoder that a stack manages, and the account of its configuration. */
export async function readManaged(
  name: string | undefined,
  environment: Environment,
  workspace: string | undefined,
  time: CommandTime,
  streams: Pick<Streams, "secrets">,
): Promise<{ readonly resources: readonly ManagedResource[]; readonly account: AccountSettings }> {
  const ask = asking(name, environment, time, streams);
  const resources = (await resourcesOf(ask, streams.secrets, true)).flatMap((one) => {
    const kind = kindOfType(one.type);
    const { outputs = {}, urn } = one;
    return kind === undefined || !hasObject(one) ? [] : [{ id: one.id, kind, resourceName: nameInUrn(urn), outputs }];
  });
  const configuration = await configurationIn(ask, streams.secrets, true);
  const get = (key: string) =>
    key === "qoder:workspaceId" && workspace !== undefined ? workspace : configuration[key]?.value;
  return { resources, account: accountSettings({ get }, environment) };
}

type Ask = (...args: readonly string[]) => Promise<string>;

/** Asks the CLI about a stack. */
const asking =
  (name: string | undefined, environment: Environment, time: CommandTime, streams: Pick<Streams, "secrets">): Ask =>
  (...args) =>
    pulumiOutput([...args, ...(name === undefined ? [] : [`--stack=${name}`])], environment, time, streams);

const shown = "--show-secrets";

/** The resources; their secrets, which are encrypted unless `isOpen`, become secrets of the command. */
async function resourcesOf(ask: Ask, secrets: Set<string>, isOpen: boolean): Promise<Resource[]> {
  const text = await ask("stack", "export", ...(isOpen ? [shown] : []));
  const { resources = [] } = parsed(exportSchema, text, "stack export").deployment;
  addSecretsIn(resources, secrets);
  return resources;
}

/** The configuration of the stack. Unless `isOpen`, its secrets have no value, except for those of this provider. */
async function configurationIn(ask: Ask, secrets: Set<string>, isOpen: boolean): Promise<StackConfiguration> {
  const text = await ask("config", "--json", isOpen ? shown : "--open");
  const read = parsed(configurationSchema, text, "config");
  for (const [key, { value }] of Object.entries(read)) {
    if (value === undefined && key.startsWith("qoder:")) {
      read[key] = parsed(valueSchema, await ask("config", "get", key, "--json"), "config get");
    }
  }
  for (const { value, secret } of Object.values(read)) {
    addTexts(secret === true ? value : undefined, secrets);
  }
  return read;
}

const members = z.record(z.string(), z.unknown()).optional();

/** pulumi/pulumi sdk/go/common/apitype/core.go, `ResourceV3`. */
const resourceSchema = z.looseObject({
  urn: z.string(),
  type: z.string(),
  id: z.string().optional(),
  provider: z.string().optional(),
  inputs: members,
  outputs: members,
  /** The resource has left the program, but the engine has not deleted it yet. */
  delete: z.boolean().optional(),
  /** The resource was deleted, but the engine has not created its replacement yet. */
  pendingReplacement: z.boolean().optional(),
  /** The program only reads the resource (`QoderDeployment.get`), which others manage. */
  external: z.boolean().optional(),
});
type Resource = z.infer<typeof resourceSchema>;

const exportSchema = z.looseObject({ deployment: z.looseObject({ resources: z.array(resourceSchema).optional() }) });

/** pulumi/pulumi pkg/cmd/pulumi/config, `configValueJSON`. Includes the values of Pulumi ESC environments. */
const valueSchema = z.looseObject({ value: z.string().optional(), secret: z.boolean().optional() });
const configurationSchema = z.record(z.string(), valueSchema);
type StackConfiguration = z.infer<typeof configurationSchema>;

function parsed<Schema extends z.ZodType>(schema: Schema, text: string, command: string): z.output<Schema> {
  const read = schema.safeParse(parseJson(text).value);
  if (!read.success) {
    // The message does not quote the text, which contains secrets.
    throw new QoderError(
      `\`pulumi ${command}\` prints what this version of pulumi-qoder cannot read. Select by ids, --all or --agent`,
    );
  }
  return read.data;
}

function isManaged(resource: Resource): boolean {
  return hasObject(resource) && resource.delete !== true;
}

function hasObject(resource: Resource): resource is Resource & { readonly id: string } {
  const { id, external, pendingReplacement } = resource;
  return id !== undefined && id !== "" && external !== true && pendingReplacement !== true;
}

function stackOf([resource]: readonly Resource[]): string | undefined {
  return resource?.urn.split("::")[0]?.replace(/^urn:pulumi:/, "");
}

/** The reference by which resources name a provider in the state (pulumi/pulumi sdk/go/common/providers/reference.go). */
function providerReference({ urn, id = "" }: Resource): string {
  return `${urn}::${id}`;
}

/** The configuration that the provider receives in an `up`. */
function configurationOf({ urn, inputs = {} }: Resource, stack: StackConfiguration): Configuration {
  const ofStack = (key: string) => stack[key]?.value;
  // The state contains the inputs of the last `up`.
  const own = (key: string) => z.string().safeParse(plainIn(inputs[key])).data;
  if (own("qoder:account") !== undefined) {
    // If a program leaves these out, a `QoderProvider` uses the values of the stack. Token, key and workspace of the stack
    // belong to the stack's own account.
    const shared = ["qoder:baseUrl", "qoder:writesPerSecond"];
    return { get: (key) => own(key) ?? (shared.includes(key) ? ofStack(key) : undefined) };
  }
  // The engine recognises default providers by their names (pulumi/pulumi pkg/resource/deploy/providers,
  // `IsDefaultProvider`), and passes them the present configuration.
  return { get: nameInUrn(urn).startsWith("default") ? ofStack : own };
}

/** pulumi/pulumi sdk/go/common/resource/sig and pkg/resource/stack, `SecretV1`. */
const secretSchema = z.looseObject({
  [signature]: z.literal(secretSignature),
  plaintext: z.string(),
});

const sealedSchema = z.looseObject({ [signature]: z.literal(secretSignature), ciphertext: z.string() });

/** True if a value that a command needs is encrypted: the account of a `QoderProvider`, or a member of a deployment. */
function isSealed({ type, inputs = {} }: Resource): boolean {
  const needed = isDeploymentType(type)
    ? ["name", "paused", "limits"].map((key) => inputs[key])
    : Object.entries(inputs).flatMap(([key, value]) =>
        "qoder:account" in inputs && key.startsWith("qoder:") ? [value] : [],
      );
  return needed
    .flatMap((value) => [value, ...Object.values(Object(value))])
    .some((value) => sealedSchema.safeParse(value).success);
}

/** A value in the state; a secret in plain text. */
function plainIn(value: unknown): unknown {
  const secret = secretSchema.safeParse(value).data;
  return secret === undefined ? value : parseJson(secret.plaintext).value;
}

function recordedIn({ outputs }: Resource): Properties | undefined {
  const readable = (value: unknown) => (holdsSecret(value) ? sealed : value);
  return (
    outputs && Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, readable(plainIn(value))]))
  );
}

function namesVersion(agent: unknown): boolean | undefined {
  const known = mapMembers(agent, plainIn);
  return agent === undefined || holdsSecret(known) ? undefined : idAlone(known) === undefined;
}

/** The limits in the state, of which a program may make a secret. */
function limitsIn(value: unknown): Limits | undefined {
  const limits = Object.entries(Object(plainIn(value))).map(([name, member]) => [name, plainIn(member)] as const);
  return limits.length === 0 ? undefined : limitsField.recorded.safeParse(Object.fromEntries(limits)).data;
}

/** Adds the texts of the secrets within the value. The state contains no value that is nested too deep for this. */
function addSecretsIn(value: unknown, secrets: Set<string>): void {
  if (secretSchema.safeParse(value).success) {
    addTexts(plainIn(value), secrets);
  } else if (typeof value === "object" && value !== null) {
    for (const member of Object.values(value)) {
      addSecretsIn(member, secrets);
    }
  }
}

/** Adds the texts within a secret, which may be an object. */
function addTexts(secret: unknown, secrets: Set<string>): void {
  if (typeof secret === "string") {
    secrets.add(secret);
  } else if (typeof secret === "object" && secret !== null) {
    for (const member of Object.values(secret)) {
      addTexts(member, secrets);
    }
  }
}

function accountOf(
  configuration: Configuration | undefined,
  environment: Environment,
): { readonly account: AccountSettings } | { readonly problem: QoderError } {
  if (configuration === undefined) {
    return { problem: new QoderError("the state of the stack does not hold its provider; run `pulumi refresh`") };
  }
  try {
    return { account: accountSettings(configuration, environment) };
  } catch (error) {
    if (error instanceof QoderError) {
      return { problem: error };
    }
    throw error;
  }
}
