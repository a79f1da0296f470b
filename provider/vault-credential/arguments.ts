import type * as pulumi from "@pulumi/pulumi";
import type { CommonOutputs, IdInput } from "../program/resource";
import type { DiagnosticKind } from "../resource/kind/diagnostics";
import type { QoderVault } from "../vault";

/** A fixed token for an MCP server. */
export interface VaultCredentialStaticBearerAuth {
  /** The kind of credential. */
  readonly type: "static_bearer";
  /** The address of the MCP server: at most 2,048 characters, as in `mcpServers` of the agent. A change replaces the credential. */
  readonly mcpServerUrl: pulumi.Input<string>;
  /** Always a secret. The API never returns the token, so the provider notices only changes in the program. */
  readonly token: pulumi.Input<string>;
}

/** The authentication of a client at the token endpoint of an authorization server. */
export type VaultCredentialTokenEndpointAuth =
  | {
      /** The client has no secret. */
      readonly type: "none";
    }
  | {
      /** `client_secret_basic` sends the secret in the header `Authorization`, `client_secret_post` in the body. */
      readonly type: "client_secret_basic" | "client_secret_post";
      /** Always a secret. */
      readonly clientSecret: pulumi.Input<string>;
    };

/** The parameters by which the service gets a new access token when the old one expires. */
export interface VaultCredentialOAuthRefresh {
  /** The id of the client. A change replaces the credential. */
  readonly clientId: pulumi.Input<string>;
  /** Always a secret. */
  readonly refreshToken: pulumi.Input<string>;
  /** The address of the token endpoint. A change replaces the credential. */
  readonly tokenEndpoint: pulumi.Input<string>;
  /** The authentication of the client at this endpoint. An update sends all of it. */
  readonly tokenEndpointAuth: pulumi.Input<VaultCredentialTokenEndpointAuth>;
  /** The scopes, separated by spaces. Left out: none. Removed: the update sends null. */
  readonly scope?: pulumi.Input<string | undefined>;
  /** The resource that the token is for (RFC 8707). Left out: none. A change replaces the credential. */
  readonly resource?: pulumi.Input<string | undefined>;
}

/** An access token of OAuth for an MCP server. */
export interface VaultCredentialMcpOAuthAuth {
  /** The kind of credential. */
  readonly type: "mcp_oauth";
  /** The address of the MCP server, as in `mcpServers` of the agent. A change replaces the credential. */
  readonly mcpServerUrl: pulumi.Input<string>;
  /** Always a secret. The service replaces it when it refreshes the credential. */
  readonly accessToken: pulumi.Input<string>;
  /**
   * The time at which the access token expires, RFC 3339. The service changes it with each refresh, so the provider compares
   * it only if the program gives it. Removed: the update sends null.
   */
  readonly expiresAt?: pulumi.Input<string | undefined>;
  /**
   * The parameters for new access tokens. Left out: the credential ends with its access token. Adding or removing this
   * argument replaces the credential.
   */
  readonly refresh?: pulumi.Input<VaultCredentialOAuthRefresh | undefined>;
}

/** The hosts to which a session may send the value of a variable. */
export type VaultCredentialSecretNetworking =
  | {
      /** All hosts that a session can reach in its environment. */
      readonly type: "unrestricted";
    }
  | {
      /** Only the hosts of this list. */
      readonly type: "limited";
      /** The hosts, such as `api.github.com`. */
      readonly allowedHosts: pulumi.Input<readonly pulumi.Input<string>[]>;
    };

/** The parts of a request in which the service inserts the value. */
export interface VaultCredentialInjectionLocation {
  /** True if the service inserts the value in headers. Left out: the service decides. */
  readonly header?: pulumi.Input<boolean | undefined>;
  /** True if the service inserts the value in the body. Left out: the service decides. */
  readonly body?: pulumi.Input<boolean | undefined>;
}

/** A secret that a session has as an environment variable. */
export interface VaultCredentialEnvironmentVariableAuth {
  /** The kind of credential. */
  readonly type: "environment_variable";
  /** The name of the variable: letters, digits and `_`, not starting with a digit. A change replaces the credential. */
  readonly secretName: pulumi.Input<string>;
  /** Always a secret. */
  readonly secretValue: pulumi.Input<string>;
  /**
   * The hosts to which the value may go. Left out: `{ type: "unrestricted" }`. An update sends all of it, and fails if the
   * API refuses the change.
   */
  readonly networking?: pulumi.Input<VaultCredentialSecretNetworking | undefined>;
  /**
   * The parts of a request that may hold the value. Left out: the service decides. An update sends all of it, and fails if
   * the API refuses the change.
   */
  readonly injectionLocation?: pulumi.Input<VaultCredentialInjectionLocation | undefined>;
}

/** The token or secret of a credential, and where it is valid. */
export type VaultCredentialAuth =
  | VaultCredentialStaticBearerAuth
  | VaultCredentialMcpOAuthAuth
  | VaultCredentialEnvironmentVariableAuth;

/** The arguments of a {@link QoderVaultCredential}. All changes of `auth` and `metadata` go in one request. */
export interface QoderVaultCredentialArgs {
  /** The vault that holds the credential: a {@link QoderVault} or its id (`vault_...`). A change replaces the credential. Required. */
  readonly vaultId: IdInput<QoderVault>;
  /**
   * The token or secret, and where it is valid. An update sends the type and the members that changed. If the API cannot
   * change a member in place, a change of it replaces the credential, and the preview names the member. Required.
   */
  readonly auth: pulumi.Input<VaultCredentialAuth>;
  /**
   * Labels: at most 16 keys of at most 64 characters, with values of at most 512. An update sends only the keys that changed,
   * and null for each removed key. Keys that other people set stay; `effectiveMetadata` shows all keys.
   */
  readonly metadata?: pulumi.Input<Readonly<Record<string, pulumi.Input<string>>> | undefined>;
  /**
   * Any text or number. If it changes, the provider sends the secrets of `auth` again, even if they did not change. That
   * helps if a person has overwritten them at Qoder, because the API never shows them. The argument itself is never sent.
   * Removing it sends nothing.
   */
  readonly secretVersion?: pulumi.Input<string | number | undefined>;
  /**
   * True if the provider asks the service, after each write of a `static_bearer` or `mcp_oauth` credential, to try the
   * credential at the MCP server. If the server refuses the credential, a warning says so. Left out: false.
   */
  readonly validate?: pulumi.Input<boolean | undefined>;
  /**
   * The ids of the vault and of an existing credential in it (`vault_.../vcred_...`), which this resource adopts instead
   * of creating one. The provider sends the arguments that differ, and always the secrets. Only the creation of the resource
   * reads `adopt`; later changes do nothing.
   */
  readonly adopt?: pulumi.Input<string | undefined>;
  /**
   * The kinds of warnings and notes that previews leave out for this credential, such as `["adopt"]`. A warning ends with its kind in
   * brackets. Never sent.
   */
  readonly acknowledge?: pulumi.Input<readonly DiagnosticKind[] | undefined>;
}

/** The outputs of a {@link QoderVaultCredential} that the service computes, and the argument that is always set. */
export interface VaultCredentialOutputs extends CommonOutputs {
  /** See {@link QoderVaultCredentialArgs.vaultId}. */
  readonly vaultId: string;
  /**
   * The time at which the access token of `mcp_oauth` expires, RFC 3339. The service changes it with each refresh. As of the
   * last `up` or `refresh`.
   */
  readonly expiresAt: string | undefined;
}
