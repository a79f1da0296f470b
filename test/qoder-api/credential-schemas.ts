import { z } from "zod";
import { atMost, metadata } from "./request-schemas";

/** The bodies of "Create a credential" and "Update a credential". */

const text = z.string().min(1, "must not be empty");
const url = text.refine(atMost(2048), "must be at most 2048 characters");
const instant = z.iso.datetime({ offset: true }).nullable().optional();
const clearable = z.string().nullable().optional();

const tokenEndpointAuth = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("none") }),
  z.strictObject({ type: z.literal("client_secret_basic"), client_secret: text }),
  z.strictObject({ type: z.literal("client_secret_post"), client_secret: text }),
]);

const tokenEndpointAuthPatch = z.strictObject({
  type: z.enum(["client_secret_basic", "client_secret_post"]),
  client_secret: text.optional(),
});

const refresh = z.strictObject({
  client_id: text,
  refresh_token: text,
  token_endpoint: url,
  token_endpoint_auth: tokenEndpointAuth,
  scope: clearable,
  resource: clearable,
});

const refreshPatch = z.strictObject({
  refresh_token: text.optional(),
  scope: clearable,
  resource: clearable,
  token_endpoint_auth: tokenEndpointAuthPatch.optional(),
});

const variableSettings = {
  networking: z
    .discriminatedUnion("type", [
      z.strictObject({ type: z.literal("unrestricted") }),
      z.strictObject({ type: z.literal("limited"), allowed_hosts: z.array(z.string()) }),
    ])
    .optional(),
  injection_location: z
    .strictObject({ header: z.boolean().nullable().optional(), body: z.boolean().nullable().optional() })
    .optional(),
};

const secretName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "must be the name of a variable");

const auth = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("static_bearer"), mcp_server_url: url, token: text }),
  z.strictObject({
    type: z.literal("mcp_oauth"),
    mcp_server_url: url,
    access_token: text,
    expires_at: instant,
    refresh: refresh.optional(),
  }),
  z.strictObject({
    type: z.literal("environment_variable"),
    secret_name: secretName,
    secret_value: text,
    ...variableSettings,
  }),
]);

const authPatch = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("static_bearer"), token: text.optional() }),
  z.strictObject({
    type: z.literal("mcp_oauth"),
    access_token: text.optional(),
    expires_at: instant,
    refresh: refreshPatch.optional(),
  }),
  z.strictObject({ type: z.literal("environment_variable"), secret_value: text.optional(), ...variableSettings }),
]);

export const createCredentialSchema = z.strictObject({
  auth,
  // The service accepts this member for older clients, and does not store it.
  display_name: z.string().nullable().optional(),
  metadata: metadata.optional(),
});

export const updateCredentialSchema = z.strictObject({
  auth: authPatch.optional(),
  metadata: metadata.nullable().optional(),
});

export type CredentialAuth = z.infer<typeof auth>;
export type CredentialAuthPatch = z.infer<typeof authPatch>;
export type CredentialPatch = z.infer<typeof updateCredentialSchema>;
