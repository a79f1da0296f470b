import { z } from "zod";
import { type JsonObject, jsonObjectSchema } from "../api/schema";
import { type PlanRemark, planWarning } from "../resource/kind/diagnostics";
import { checkedText, type Field, type Sending, wholeValue } from "../resource/kind/field";
import type { ProgramChange } from "../resource/kind/kind";
import type { BaseReply } from "../resource/kind/outputs";
import { containsUnknown, membersOf, type Properties, same, sorted } from "../resource/kind/program-values";
import { fromWireCase, strangeShape, toWireCase } from "../resource/kind/wire-case";

const text = z.string().min(1);
const list = z.array(text, { error: 'write ["git"]' }).optional();
const packages = z.strictObject({ apt: list, cargo: list, gem: list, go: list, npm: list, pip: list });
type PackageKind = keyof z.infer<typeof packages>;
const packageKinds: readonly PackageKind[] = packages.keyof().options;

/** Replies contain a list for each package manager; an empty list equals a missing one. */
const noLists: Readonly<Record<string, readonly string[]>> = Object.fromEntries(packageKinds.map((kind) => [kind, []]));

const host = checkedText((given) => {
  const [, meant] = /^(?:[a-z][a-z0-9+.-]*:\/\/)?(?:[^/@\s]*@)?([^/:@\s]+)/i.exec(given) ?? [];
  return !/[/@\s]/.test(given)
    ? undefined
    : `is an address, and the service compares hosts; write "${meant ?? "example.com"}"`;
}, text);

const networking = z.discriminatedUnion(
  "type",
  [
    z.strictObject({ type: z.literal("unrestricted") }),
    z.strictObject({
      type: z.literal("limited"),
      allowedHosts: z.array(host, { error: 'write ["example.com"]' }).optional(),
      allowPackageManagers: z.boolean().optional(),
      allowMcpServers: z.boolean().optional(),
    }),
  ],
  { error: 'write { type: "unrestricted" }' },
);

const longestScriptBytes = 65_536;
const setupScript = z
  .string()
  .min(1)
  .refine((script) => Buffer.byteLength(script) <= longestScriptBytes, `has more than ${longestScriptBytes} bytes`)
  .optional();

const schema = z.discriminatedUnion(
  "type",
  [
    z.strictObject({
      type: z.literal("cloud"),
      networking: networking.optional(),
      packages: packages.optional(),
      setupScript,
    }),
    z.strictObject({ type: z.literal("self_hosted"), setupScript }),
  ],
  { error: 'write { type: "cloud" }' },
);

const recorded = z.looseObject({
  type: z.string(),
  networking: z.looseObject({ type: z.string() }).optional(),
  packages: z.record(z.string(), z.unknown()).optional(),
  setupScript: z.string().optional(),
});

export type Config = z.infer<typeof recorded>;
/** The configuration in a reply; `deployment/reply.ts` says why so little is required. */
const shownConfig = z.looseObject({ type: z.string() }).optional();
type LiveConfig = NonNullable<Environment["config"]>;
interface Environment extends BaseReply {
  readonly config?: z.infer<typeof shownConfig>;
}

/** "Create an environment": the network of a cloud environment without `networking`. */
const limited = { type: "limited", allowedHosts: [], allowPackageManagers: false, allowMcpServers: false };

function networkingOf({ networking: given }: Config): Readonly<Record<string, unknown>> {
  return given === undefined || given.type === "limited" ? { ...limited, ...given } : given;
}

function installed({ packages: given = {} }: Config): [kind: string, names: unknown[]][] {
  return Object.entries(given).flatMap(([kind, names]) =>
    Array.isArray(names) && names.length > 0 ? [[kind, names]] : [],
  );
}

function normal(config: Config): unknown {
  const setupScript = config.setupScript || undefined;
  if (config.type !== "cloud") {
    return { ...config, setupScript };
  }
  const { allowedHosts, ...rest } = networkingOf(config);
  const sets = installed(config).map(([kind, names]) => [kind, sorted(names)]);
  return {
    ...config,
    setupScript,
    networking: { ...rest, hosts: sorted(allowedHosts) },
    packages: { ...config.packages, ...noLists, ...Object.fromEntries(sets) },
  };
}

const whole = {
  schema,
  ...wholeValue<Config>({
    wire: "config",
    leftOut: "refused",
    recorded,
    reply: shownConfig,
    normal,
    toWire: (config) => toWireCase(config),
    fromWire: ({ config }: Environment) => (config === undefined ? undefined : asWritten(config)),
    described: withoutDefaults,
    resolved: withLimits,
    omits: ({ config }: Environment) => config !== undefined && hidesNetworking(config),
    import: {
      undescribable: ({ config }: Environment) =>
        config === undefined || describable.safeParse(config).success ? undefined : strangeShape,
      caveat: ({ config }: Environment) => (config !== undefined && hidesNetworking(config) ? networkingCaveat : []),
    },
  }),
};

export const configField = {
  ...whole,
  change(applied: Config | undefined, wanted: Config | undefined, outputs: Properties, sending?: Sending) {
    const config = whole.change(applied, wanted, outputs, sending);
    return config === undefined || applied === undefined || wanted === undefined
      ? config
      : { ...emptied(applied, wanted, sending?.isAgain === true), ...jsonObjectSchema.parse(config) };
  },
  // No page says that an update can change the type.
  fixed: (applied, wanted) => (applied && wanted && applied.type !== wanted.type ? ["config.type"] : []),
} satisfies Field<Config>;

/**
 * The members that leave the program, with a value that clears them. The page says that an update replaces `config` as a whole, but the
 * types of a client say that omitted members stay. `isAgain`: a lost update may have set any member.
 */
function emptied(applied: Config, wanted: Config, isAgain: boolean): JsonObject {
  const isCloud = wanted.type === "cloud";
  const isOpened = isCloud && (isAgain || applied.networking !== undefined) && wanted.networking === undefined;
  const isEmptied = isCloud && (isAgain || installed(applied).length > 0) && wanted.packages === undefined;
  return {
    ...(isOpened ? { networking: { type: "limited" } } : {}),
    ...(isEmptied ? { packages: noPackages } : {}),
    ...((isAgain || applied.setupScript) && wanted.setupScript === undefined ? { setup_script: "" } : {}),
  };
}

// The package managers that all pages allow in a request.
const noPackages: JsonObject = { apt: [], npm: [], pip: [] };

/** A page of the China edition calls a cloud environment `managed`. */
const types: Readonly<Record<string, string>> = { managed: "cloud" };

const network = z.looseObject({ type: z.string() });
const names = z.array(z.string());
/** What a program can express. An import copies \`networking\` as it is, and \`check\` refuses a wrong one. */
const describable = z.looseObject({
  networking: network.nullish(),
  packages: z.looseObject(Object.fromEntries(packageKinds.map((kind) => [kind, names.nullish()]))).nullish(),
  setup_script: z.string().nullish(),
});

// Some replies omit `networking` for a limited environment, others always omit it.
function hidesNetworking({ type, networking: shown }: LiveConfig): boolean {
  return shown == null && (types[type] ?? type) === "cloud";
}

const networkingCaveat = [
  "The API shows no networking here. If it is not limited, say so as the first change after the import:",
  'networking: { type: "unrestricted" },',
];

function asWritten(live: LiveConfig): Config | undefined {
  const { type, networking: shown, packages: shownLists, ...rest } = live;
  const { type: listType, ...others } = membersOf(fromWireCase(shownLists ?? null));
  const held = Object.fromEntries(
    Object.entries(others).filter(([, names]) => !Array.isArray(names) || names.length > 0),
  );
  // Programs leave out the only documented type, and lists without a package.
  const lists = listType === undefined || listType === "packages" ? held : { type: listType, ...held };
  return recorded.safeParse({
    ...membersOf(fromWireCase(rest)),
    type: types[type] ?? type,
    ...(shown == null ? {} : { networking: fromWireCase(shown) }),
    ...(Object.keys(lists).length === 0 ? {} : { packages: lists }),
  }).data;
}

/** Without the members that equal their defaults. */
function withoutDefaults({ networking: shown, packages: lists, setupScript: script, ...rest }: Config): Config {
  const isSaid = shown !== undefined && !same(networkingOf({ ...rest, networking: shown }), limited);
  return {
    ...rest,
    ...(isSaid ? { networking: withoutLimits(shown) } : {}),
    ...(lists === undefined ? {} : { packages: lists }),
    ...(script ? { setupScript: script } : {}),
  };
}

/** A service may show the limits at their defaults beside an open network. */
function withLimits({ networking: given, ...rest }: Config): Config {
  return given?.type === "unrestricted"
    ? { ...rest, networking: { ...limited, ...given } }
    : { ...rest, ...(given === undefined ? {} : { networking: given }) };
}

/** A service may show limits beside an open network. They have no effect, and a program cannot write them. */
function withoutLimits(shown: NonNullable<Config["networking"]>): NonNullable<Config["networking"]> {
  const others = Object.entries(shown).filter(([name]) => name === "type" || !(name in limited));
  return shown.type === "unrestricted" ? { type: shown.type, ...Object.fromEntries(others) } : shown;
}

/** These package managers are in every reply, but the service has refused them in requests. */
const oftenRefused: readonly string[] = ["cargo", "gem", "go"] satisfies PackageKind[];

export function configRemarks({
  before,
  after: { config },
  inputs,
}: ProgramChange<{ readonly config: Config }>): PlanRemark[] {
  if (config === undefined || containsUnknown(inputs["config"]) || same(before.config, config)) {
    return [];
  }
  if (config.type !== "cloud") {
    return [];
  }
  const packages = installed(config).map(([kind]) => kind);
  const { type, allowPackageManagers, allowedHosts } = networkingOf(config);
  const isShut = type === "limited" && allowPackageManagers !== true && packages.length > 0;
  const refused = packages.filter((kind) => oftenRefused.includes(kind));
  const withPort = (Array.isArray(allowedHosts) ? allowedHosts : []).filter((one) => /:(?:443|80)$/.test(one));
  return [
    ...withPort.map((one) => planWarning("likely-mistake", portText(one))),
    ...(config.networking === undefined ? [withoutNetworking] : []),
    ...(isShut ? [planWarning("packages", `${packages.join(", ")}: ${shutPackages}`)] : []),
    ...(refused.length === 0 ? [] : [planWarning("packages", `${refused.join(", ")}: ${refusedPackages}`)]),
  ];
}

function portText(host: string): string {
  return `config.networking.allowedHosts: "${host}" has a port, and the service compares hosts; write "${host.replace(/:\d+$/, "")}"`;
}

const withoutNetworking = planWarning(
  "network",
  'without config.networking the network is limited: no hosts, no package managers, no MCP servers. Set networking: { type: "unrestricted" } to open it',
);
const shutPackages =
  "a limited network refuses these packages at the start of a session; set config.networking.allowPackageManagers: true";
const refusedPackages = "the service was seen to refuse these packages; if it does, install them in config.setupScript";
