import { z } from "zod";
import { parseJson } from "../api/parse-json";
import type { JsonObject } from "../api/schema";
import { agents, vaultCredentials } from "../kinds/table";
import { brokenTokens } from "../resource/check/texts";
import { isSecretSent, type StateAndProgram } from "../resource/compare/one-time-secrets";
import { type PlanRemark, planWarning } from "../resource/kind/diagnostics";
import { type Field, type Sending, serverAddress, wholeValue } from "../resource/kind/field";
import type { ProgramChange } from "../resource/kind/kind";
import type { BaseReply } from "../resource/kind/outputs";
import { partName } from "../resource/kind/parts";
import {
  containsUnknown,
  isObject,
  mapMembers,
  membersOf,
  type Properties,
  same,
  without,
} from "../resource/kind/program-values";
import type { FindDeclaration } from "../resource/kind/references";
import { writable } from "../resource/kind/unknown-members";
import { fromWireCase, toWireCase, wireName } from "../resource/kind/wire-case";

const text = z.string().min(1);
/**
 * The text in an imported program in place of a token that the service renews. If it were sent, the credential would stop
 * working.
 */
const placeholder = "known to Qoder alone";
const secret = text.refine(
  (value) => value !== placeholder,
  'is the placeholder of a secret that only Qoder knows; keep ignoreChanges: ["auth"] on this resource, or write the secret itself',
);
const server = serverAddress(text.max(2_048));
const time = z.iso.datetime({ offset: true, error: 'write a time such as "2026-11-25T00:00:00Z"' });
const example =
  '{ type: "static_bearer", mcpServerUrl: "https://mcp.example.com", token: config.requireSecret("token") }';

const refresh = z.strictObject({
  clientId: text.meta({ secret: false }),
  refreshToken: secret,
  tokenEndpoint: serverAddress().meta({ secret: false }),
  tokenEndpointAuth: z.discriminatedUnion("type", [
    z.strictObject({ type: z.literal("none") }),
    z.strictObject({ type: z.enum(["client_secret_basic", "client_secret_post"]), clientSecret: secret }),
  ]),
  scope: text.optional(),
  resource: text.optional(),
});
const networking = z.discriminatedUnion(
  "type",
  [
    z.strictObject({ type: z.literal("unrestricted") }),
    z.strictObject({ type: z.literal("limited"), allowedHosts: z.array(text, { error: 'write ["example.com"]' }) }),
  ],
  { error: 'write { type: "unrestricted" }' },
);
const variableName = text.regex(
  /^[A-Za-z_][A-Za-z0-9_]*$/,
  "is not a variable name: letters, digits and _, not starting with a digit",
);

const schema = z.discriminatedUnion(
  "type",
  [
    z.strictObject({ type: z.literal("static_bearer"), mcpServerUrl: server, token: secret }),
    z.strictObject({
      type: z.literal("mcp_oauth"),
      mcpServerUrl: server,
      accessToken: secret,
      expiresAt: time.optional(),
      refresh: refresh.optional(),
    }),
    z.strictObject({
      type: z.literal("environment_variable"),
      secretName: variableName.meta({ secret: false }),
      secretValue: secret,
      networking: networking.optional(),
      injectionLocation: z.strictObject({ header: z.boolean().optional(), body: z.boolean().optional() }).optional(),
    }),
  ],
  { error: `write ${example}` },
);

const recorded = z.looseObject({ type: z.string() });

/** The `auth` of any kind of credential, including kinds that are newer than this version. */
type Auth = z.infer<typeof recorded>;

const shownAuth = z.looseObject({ type: z.string() }).optional();
interface Credential extends BaseReply {
  readonly auth?: z.infer<typeof shownAuth>;
}

function withoutSecrets(auth: Auth): Auth {
  return recorded.parse(withoutMembers(auth));
}

function withoutMembers(value: unknown): unknown {
  const names: readonly string[] = vaultCredentials.secretMembers.auth;
  if (!isObject(value)) {
    return value;
  }
  return mapMembers(without(value, names), withoutMembers);
}

/** The types of a client require `networking` for a variable. */
function withDefaults(auth: Auth): Auth {
  return auth.type === "environment_variable" && auth["networking"] === undefined
    ? { ...auth, networking: { type: "unrestricted" } }
    : auth;
}

function normal(auth: Auth): unknown {
  const { expiresAt, ...rest } = withDefaults(auth);
  const moment = typeof expiresAt === "string" ? Date.parse(expiresAt) : Number.NaN;
  return { ...rest, expiresAt: Number.isNaN(moment) ? expiresAt : moment };
}

const whole = wholeValue<Auth>({
  wire: "auth",
  secretMembers: vaultCredentials.secretMembers.auth,
  resentBy: "secretVersion",
  fixed: fixedMembers,
  leftOut: "refused",
  recorded,
  reply: shownAuth,
  normal,
  toWire: (auth) => toWireCase(withDefaults(auth)),
  fromWire: ({ auth }: Credential) => (auth === undefined ? undefined : recorded.parse(fromWireCase(auth))),
  shown: withoutSecrets,
});

export const authField = {
  schema,
  ...whole,
  inParts: ["refresh"],
  // A null is a part, too.
  carried: (auth) => fromWireCase(JSON.parse(JSON.stringify(auth, (_, member) => member ?? true))),
  usedOnce: ["refreshToken"],
  filledIn: ["expires_at"],
  change(applied: Auth | undefined, wanted: Auth | undefined, _: Properties, sending?: Sending) {
    if (wanted === undefined || applied === undefined) {
      return wanted === undefined ? undefined : toWireCase(withDefaults(wanted));
    }
    const version = [sending?.applied["secretVersion"], sending?.wanted["secretVersion"]] as const;
    const changed = changedMembers(applied, wanted, version, sending?.again ?? []);
    return Object.keys(changed).length === 0 ? undefined : { type: wanted.type, ...changed };
  },
  // The service may add members, and changes `expires_at` with each refresh of the token: the program's own is the exception.
  live({ auth }: Credential, own: Auth | undefined) {
    if (auth === undefined) {
      return undefined;
    }
    const shown = withoutSecrets(recorded.parse(fromWireCase(auth)));
    const { expiresAt, ...live } = membersOf(writable(schema, shown));
    return recorded.parse({
      ...live,
      ...(own?.["expiresAt"] === undefined || expiresAt === undefined ? {} : { expiresAt }),
    });
  },
  import: {
    chosen: describedPart,
    heldByService: ({ type }: Auth) => (type === "mcp_oauth" ? { reason: renewal, placeholder } : undefined),
  },
} satisfies Field<Auth>;

// "Credentials": the service gets a new access token before the old one expires, and may get a new refresh token with it.
const renewal =
  "Qoder renews these tokens and never shows them, so no program can know them: ignoreChanges leaves them to Qoder.";

/**
 * The members that an imported program declares: neither members that the service changes by itself nor members at their
 * default.
 */
function describedPart(live: Auth): Auth {
  const { expiresAt: _, networking, ...rest } = withoutSecrets(live);
  const isDefault = networking === undefined || same(networking, { type: "unrestricted" });
  return isDefault ? rest : { ...rest, networking };
}

/** "Update a credential": omitted members stay, so null clears a member that has left the program. */
function changedMembers(applied: Auth, wanted: Auth, version: StateAndProgram, again: readonly string[]): JsonObject {
  const [before, after] = [membersOf(withDefaults(applied)), membersOf(withDefaults(wanted))];
  const [older, newer] = [membersOf(before["refresh"]), membersOf(after["refresh"])];
  const isAgain = (...path: readonly string[]) => again.includes(partName(...path));
  const refresh = changes(older, newer, version, fixedInRefresh, (name) => isAgain("refresh", name));
  return {
    ...changes(before, after, version, [...fixed, "refresh"], isAgain),
    ...(Object.keys(refresh).length === 0 ? {} : { refresh }),
  };
}

function changes(
  before: Properties,
  after: Properties,
  version: StateAndProgram,
  others: readonly string[],
  isAgain: (name: string) => boolean,
): JsonObject {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((name) => !others.includes(name));
  const hasSecret = (name: string) => !same(withoutMembers({ [name]: after[name] }), { [name]: after[name] });
  const isSent = (name: string) =>
    isAgain(name) ||
    (hasSecret(name) ? isSecretSent([before[name], after[name]], version) : !same(before[name], after[name]));
  return Object.fromEntries(names.filter(isSent).map((name) => [wireName(name), toWireCase(after[name] ?? null)]));
}

/** The members that the API cannot update in place ("Update a credential"). */
const fixed = ["type", "mcpServerUrl", "secretName"];
const fixedInRefresh = ["clientId", "tokenEndpoint", "resource"];

/** The changed ones of them, with their names in the program. */
function fixedMembers(applied: Auth | undefined, wanted: Auth | undefined): string[] {
  if (applied === undefined || wanted === undefined) {
    return [];
  }
  const [before, after] = [membersOf(applied["refresh"]), membersOf(wanted["refresh"])];
  const isOtherRefresh = (applied["refresh"] === undefined) !== (wanted["refresh"] === undefined);
  const ofRefresh = fixedInRefresh.filter((name) => !same(before[name], after[name]));
  return [
    ...fixed.filter((name) => !same(applied[name], wanted[name])),
    ...(isOtherRefresh ? ["refresh"] : ofRefresh.map((name) => `refresh.${name}`)),
  ].map((name) => `auth.${name}`);
}

/** The secrets that the service sends in a header. A variable may hold a file. */
const tokens = vaultCredentials.secretMembers.auth.filter((member) => member !== "secretValue");

export function tokenRemarks({ before, after }: ProgramChange<{ readonly auth: Auth }>): PlanRemark[] {
  return same(before.auth, after.auth) ? [] : brokenTokens("auth", after.auth, tokens);
}

/**
 * Warns of an agent whose server differs from the one of this credential only by a slash at its end. The service compares the addresses,
 * so the agent gets no token.
 */
export function serverSlashRemarks({ auth }: Properties, find: FindDeclaration): PlanRemark[] {
  const { mcpServerUrl: own } = membersOf(auth);
  if (typeof own !== "string" || containsUnknown(own)) {
    return [];
  }
  const used = find.all(agents).flatMap(({ name, inputs, secrets }) => {
    const isSecret = secrets.includes("mcpServers");
    const servers = Array.isArray(inputs["mcpServers"]) ? inputs["mcpServers"] : [];
    return servers.map((server) => ({ name, isSecret, url: membersOf(server)["url"] }));
  });
  const withoutSlash = (url: unknown) => (typeof url === "string" ? url.replace(/\/$/, "") : undefined);
  const near = used.find(({ url }) => withoutSlash(url) === withoutSlash(own));
  if (near === undefined || used.some(({ url }) => url === own)) {
    return [];
  }
  const remedy = near.isSecret ? "write it as the agent does" : `write ${JSON.stringify(near.url)}`;
  return [
    planWarning(
      "likely-mistake",
      `auth.mcpServerUrl: the agent "${near.name}" has the same address but for the slash at its end, and the service compares addresses as they are: ${remedy}`,
    ),
  ];
}

/** A remark about a token that the service cannot renew and that has expired, as `expiresAt` or the token itself (RFC 7519) says. */
export function expiryRemarks({ after: { auth } }: ProgramChange<{ readonly auth: Auth }>, now: Date): PlanRemark[] {
  const { token, accessToken, expiresAt, refresh: renewal }: Properties = auth ?? {};
  const ends = [typeof expiresAt === "string" ? Date.parse(expiresAt) : undefined, endOf(token), endOf(accessToken)];
  const end = renewal === undefined ? ends.find((time) => time !== undefined && time <= now.getTime()) : undefined;
  return end === undefined
    ? []
    : [
        planWarning(
          "expired-token",
          `auth: its token expired at ${new Date(end).toISOString()}: no run can use it. Give the credential a new one`,
        ),
      ];
}

const claims = z.looseObject({ exp: z.number().max(8.64e12) });

/** The time at which a JSON Web Token expires; undefined for any other token. */
function endOf(token: unknown): number | undefined {
  const [, payload] = (typeof token === "string" && /^eyJ[\w-]+\.([\w-]+)\.[\w-]*$/.exec(token)) || [];
  const { value } = parseJson(Buffer.from(payload ?? "", "base64url").toString());
  const { exp } = claims.safeParse(value).data ?? {};
  return exp === undefined ? undefined : exp * 1_000;
}
