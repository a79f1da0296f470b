import { z } from "zod";
import { reasonOf } from "../api/errors";
import { warning } from "../api/remark";
import { idSchema } from "../api/schema";
import { vaultCredentials, vaults } from "../kinds/table";
import { acknowledgeField, adoptField, keptValue, localValue, namedId } from "../resource/kind/common-fields";
import { type Field, idReference } from "../resource/kind/field";
import { type ResourceKind, replyOf } from "../resource/kind/kind";
import { metadataField } from "../resource/kind/metadata";
import { type BaseReply, commonOutputRows, type OutputRows } from "../resource/kind/outputs";
import { actionRequest } from "../resource/kind/requests";
import { rowsOf, type ValuesOf } from "../resource/kind/rows";
import type { Service } from "../resource/kind/uploads";
import type { QoderVaultCredentialArgs, VaultCredentialOutputs } from "./arguments";
import { authField, expiryRemarks, serverSlashRemarks, tokenRemarks } from "./auth";

const vaultIdField: Field<string> = {
  ...keptValue(namedId(vaults)),
  leftOut: "refused",
  replaces: true,
  // The id of a credential starts with the id of its vault.
  live: ({ id }, own) => id.split("/").at(-2) ?? own,
  describe: ({ vault_id: id }) => z.string().safeParse(id).data,
  import: { referring: idReference },
};

/** The id of a resource: the vault's id and the credential's. */
export const vaultCredentialId = z
  .string()
  .regex(/^vault_[A-Za-z0-9_-]+\/vcred_[A-Za-z0-9_-]+$/, "is not the id of a credential: vault_.../vcred_...");

/** "API reference: vault credentials". */
const fields = rowsOf<QoderVaultCredentialArgs>()({
  vaultId: vaultIdField,
  auth: authField,
  metadata: metadataField(undefined),
  secretVersion: localValue(z.union([z.string().meta({ secret: false }), z.number()])),
  validate: localValue(z.boolean()),
  adopt: adoptField(vaultCredentialId),
  acknowledge: acknowledgeField,
});
type Values = ValuesOf<typeof fields>;

const auth = 'write auth: { type: "static_bearer", mcpServerUrl: "...", token: ... }';
const variable = 'write auth: { type: "environment_variable", secretName: "...", secretValue: ... }';

const identified = z.looseObject({
  auth: z.looseObject({ type: z.string(), mcp_server_url: z.string().optional(), secret_name: z.string().optional() }),
});
const expiring = z.looseObject({ auth: z.looseObject({ expires_at: z.string().nullish() }) });

/** "API reference: vault credentials". */
export const vaultCredentialKind: ResourceKind<Values> = {
  ...vaultCredentials,
  references: "its vault",
  reply: replyOf(fields, { vault_id: idSchema.optional() }),
  fields,
  insteadOf: {
    vault: "write vaultId, which takes a QoderVault or its id",
    type: auth,
    token: auth,
    mcpServerUrl: auth,
    secretName: variable,
    secretValue: variable,
  },
  outputs: {
    expiresAt: {
      recorded: z.string(),
      read(reply: BaseReply) {
        const { data } = expiring.safeParse(reply);
        return data && (data.auth.expires_at ?? null);
      },
    },
    ...commonOutputRows,
  } satisfies OutputRows<Omit<VaultCredentialOutputs, keyof QoderVaultCredentialArgs>>,
  removal: { deletes: () => true },
  distinction: { words: "MCP server or variable" },
  naming: {
    identity(object) {
      const { type, mcp_server_url: server, secret_name: variable } = identified.safeParse(object).data?.auth ?? {};
      return type === undefined ? undefined : `${type} ${server ?? variable ?? ""}`;
    },
  },
  remarks: {
    change: (change, now) => [...expiryRemarks(change, now), ...tokenRemarks(change)],
    declared: serverSlashRemarks,
  },
  afterWrite: validate,
};

const validation = z.looseObject({
  status: z.string(),
  mcp_probe: z.looseObject({ http_response: z.looseObject({ status_code: z.number() }).nullish() }).nullish(),
});

/**
 * "Validate a credential": the service asks the MCP server. The request is sent once only, because it may consume a token
 * that is valid for one use.
 */
async function validate({ client }: Service, id: string, { auth, validate: isAsked }: Partial<Values>): Promise<void> {
  if (isAsked !== true || auth === undefined || auth.type === "environment_variable") {
    return;
  }
  const request = { ...actionRequest(vaultCredentialKind, id, "mcp_oauth_validate"), repeat: "never" } as const;
  const answer = await client.send(request).then(({ body }) => validation.parse(body), reasonOf);
  if (typeof answer === "string") {
    await client.remark(warning(`it is unknown whether the MCP server accepts the credential: ${answer}`));
  } else if (answer.status !== "valid") {
    const code = answer.mcp_probe?.http_response?.status_code;
    const said = code === undefined ? "" : `, which answered ${code}`;
    await client.remark(
      warning(
        `the service tried the credential at its MCP server${said}: ${answer.status}. Check the token and mcpServerUrl`,
      ),
    );
  }
}
