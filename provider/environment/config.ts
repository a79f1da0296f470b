import { z } from "zod";
import { type JsonObject, jsonObjectSchema } from "../api/schema";
import { type Field, same, wholeValue } from "../resource/fields/field";
import { strangeMembers, strangeShape } from "../resource/fields/strange-members";
import { fromWireCase, toWireCase } from "../resource/fields/wire-case";
import type { EnvironmentOutputs } from "./outputs";
import type { Environment } from "./reply";

const text = z.string().min(1);
const list = z.array(text, { error: 'write ["git"]' }).optional();
const packages = z.strictObject({ apt: list, cargo: list, gem: list, go: list, npm: list, pip: list });
export type PackageKind = keyof z.infer<typeof packages>;
const packageKinds: readonly PackageKind[] = packages.keyof().options;

const networking = z.discriminatedUnion(
  "type",
  [
    z.strictObject({ type: z.literal("unrestricted") }),
    z.strictObject({
      type: z.literal("limited"),
      allowedHosts: z.array(text, { error: 'write ["example.com"]' }).optional(),
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

const recorded = z.object({
  type: z.string(),
  networking: z.looseObject({ type: z.string() }).optional(),
  packages: z.record(z.string(), z.array(z.string()).optional()).optional(),
  setupScript: z.string().optional(),
});

/** Where and with what the agents of an environment run. */
export type Config = z.infer<typeof recorded>;
type LiveConfig = NonNullable<Environment["config"]>;

/** "Create an environment": what a cloud environment without `networking` has. */
const limited = { type: "limited", allowedHosts: [], allowPackageManagers: false, allowMcpServers: false };

export function networkingOf({ networking: given }: Config): Readonly<Record<string, unknown>> {
  return given === undefined || given.type === "limited" ? { ...limited, ...given } : given;
}

/** Those of which there are any. */
export function installed({ packages: given = {} }: Config): [kind: string, names: string[]][] {
  return Object.entries(given).flatMap(([kind, names = []]) => (names.length === 0 ? [] : [[kind, names]]));
}

function normal(config: Config): unknown {
  const { type, setupScript: script } = config;
  if (type !== "cloud") {
    return { type, script };
  }
  const { allowedHosts, ...rest } = networkingOf(config);
  const hosts = Array.isArray(allowedHosts) ? [...new Set(allowedHosts)].sort() : [];
  const sets = installed(config).map(([kind, names]) => [kind, [...new Set(names)].sort()]);
  return { type, script, networking: { ...rest, hosts }, packages: Object.fromEntries(sets) };
}

const whole = wholeValue<Config, EnvironmentOutputs, Environment>({
  wire: "config",
  leftOut: "refused",
  schema,
  recorded,
  normal,
  toWire: (config) => toWireCase(config),
  fromWire: ({ config }, asked) => (config === undefined ? undefined : asWritten(config, asked)),
  undescribable: ({ config }) => (config === undefined ? undefined : strangeness(config)),
  caveat: ({ config }) => (config !== undefined && hidesNetworking(config) ? networkingCaveat : []),
  provenBy: ({ config }) =>
    config !== undefined && hidesNetworking(config)
      ? asWritten(config, { type: config.type, networking: notShown })
      : undefined,
  meaning: {
    leftOut: '`{ type: "cloud" }`',
    removed: '`{ type: "cloud" }`',
    sameWhen:
      "equal as a whole; lists in any order, no `networking` is `limited` without any permission, an empty list of packages is none. Always sent whole; another `type` replaces the environment",
  },
});

export const configField: Field<Config, EnvironmentOutputs, Environment> = {
  ...whole,
  change(applied, wanted, outputs) {
    const config = whole.change(applied, wanted, outputs);
    return config === undefined || applied === undefined || wanted === undefined
      ? config
      : { ...emptied(applied, wanted), ...jsonObjectSchema.parse(config) };
  },
};

/**
 * What leaves the program, in the form that means none: the page says that `config` is replaced as a whole, the types of a
 * client say that members which are left out stay.
 */
function emptied(applied: Config, wanted: Config): JsonObject {
  const isOpened = applied.networking !== undefined && wanted.networking === undefined;
  const isEmptied = applied.packages !== undefined && wanted.packages === undefined;
  return wanted.type !== "cloud"
    ? {}
    : { ...(isOpened ? { networking: { type: "limited" } } : {}), ...(isEmptied ? { packages: noPackages } : {}) };
}

// Those that every page lets a request name.
const noPackages: JsonObject = { apt: [], npm: [], pip: [] };

/** A page of the China edition calls a cloud environment managed. */
const types: Readonly<Record<string, string>> = { managed: "cloud" };

const network = z.looseObject({ type: z.string() });
const names = z.array(z.string());
const describable = z.looseObject({
  networking: network.nullish(),
  packages: z.looseObject(Object.fromEntries(packageKinds.map((kind) => [kind, names.nullish()]))).nullish(),
  setup_script: z.string().nullish(),
});

// What the networking holds is described as it is, so the check sees to that.
function strangeness(live: LiveConfig): string | undefined {
  const known = describable.safeParse(live).data;
  return known === undefined
    ? strangeShape
    : (strangeMembers(live, ["type", "networking", "packages", "setup_script"]) ??
        strangeMembers(known.packages ?? {}, ["type", ...packageKinds]));
}

// Some replies show none of a limited environment, others never show any.
function hidesNetworking({ type, networking: shown }: LiveConfig): boolean {
  return shown == null && (types[type] ?? type) === "cloud";
}

const networkingCaveat = [
  "The API shows no networking here. If it is not limited, say so as the first change after the import:",
  'networking: { type: "unrestricted" },',
];

/** It may be open or limited, so it is neither. */
const notShown = { type: "not shown" };

/** The live configuration as a program would write it. A reply that shows no `networking` may have left it out. */
function asWritten(live: LiveConfig, asked: Config | undefined): Config {
  const { networking: shown, packages: shownLists, setup_script: script, type } = live;
  const told = network.safeParse(fromWireCase(shown ?? null)).data ?? asked?.networking;
  const lists = z.record(z.string(), z.unknown()).safeParse(shownLists).data ?? {};
  const held = packageKinds.flatMap((kind) => {
    const some = names.min(1).safeParse(lists[kind]).data;
    return some === undefined ? [] : [[kind, some] as const];
  });
  return {
    type: types[type] ?? type,
    ...(told === undefined || (shown != null && isDefault(told)) ? {} : { networking: told }),
    ...(held.length === 0 ? {} : { packages: Object.fromEntries(held) }),
    ...(typeof script === "string" && script !== "" ? { setupScript: script } : {}),
  };
}

function isDefault(told: Config["networking"]): boolean {
  return same(networkingOf({ type: "cloud", networking: told }), limited);
}
