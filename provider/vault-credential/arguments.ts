import type * as pulumi from "@pulumi/pulumi";
import type { Named } from "../program/named";
import type { CommonOutputs } from "../program/resource";
import type { RemarkKind } from "../resource/plan-remark";
import type { QoderVault } from "../vault";

/** A fixed token for an MCP server. */
export interface StaticBearerAuthArgs {
  /** Tells it from the other kinds. */
  readonly type: "static_bearer";
  /** The address of the MCP server: at most 2,048 characters, as in `mcpServers` of the agent. A change replaces the credential. */
  readonly mcpServerUrl: pulumi.Input<string>;
  /** Always kept as a secret. The API never returns it, so only a change in the program is seen. */
  readonly token: pulumi.Input<string>;
}

/** How a client proves itself at the token endpoint of an authorization server. */
export type TokenEndpointAuthArgs =
  | {
      /** The client has no secret. */
      readonly type: "none";
    }
  | {
      /** The secret travels in the header `Authorization`, or in the body. */
      readonly type: "client_secret_basic" | "client_secret_post";
      /** Always kept as a secret. */
      readonly clientSecret: pulumi.Input<string>;
    };

/** How the service gets a new access token when the old one expires. */
export interface OAuthRefreshArgs {
  /** The id of the client. A change replaces the credential. */
  readonly clientId: pulumi.Input<string>;
  /** Always kept as a secret. */
  readonly refreshToken: pulumi.Input<string>;
  /** The address that gives tokens. A change replaces the credential. */
  readonly tokenEndpoint: pulumi.Input<string>;
  /** How the client proves itself there. A change sends all of it. */
  readonly tokenEndpointAuth: pulumi.Input<TokenEndpointAuthArgs>;
  /** The scopes, parted by spaces. Left out: none. Removed: cleared with null. */
  readonly scope?: pulumi.Input<string | undefined>;
  /** The resource that the token is for (RFC 8707). Left out: none. A change replaces the credential. */
  readonly resource?: pulumi.Input<string | undefined>;
}

/** An access token of OAuth for an MCP server. */
export interface McpOAuthAuthArgs {
  /** Tells it from the other kinds. */
  readonly type: "mcp_oauth";
  /** The address of the MCP server, as in `mcpServers` of the agent. A change replaces the credential. */
  readonly mcpServerUrl: pulumi.Input<string>;
  /** Always kept as a secret. The service replaces it when it refreshes the credential. */
  readonly accessToken: pulumi.Input<string>;
  /**
   * When the access token expires, RFC 3339. The service moves it with each refresh, so it is compared only where the program gives it.
   * Removed: cleared with null.
   */
  readonly expiresAt?: pulumi.Input<string | undefined>;
  /** Left out: the credential ends with its access token. Adding or removing it replaces the credential. */
  readonly refresh?: pulumi.Input<OAuthRefreshArgs | undefined>;
}

/** Where the value of a variable may go. */
export type SecretNetworkingArgs =
  | {
      /** To every host that the environment lets a session reach. */
      readonly type: "unrestricted";
    }
  | {
      /** To these hosts alone. */
      readonly type: "limited";
      /** The hosts, such as `api.github.com`. */
      readonly allowedHosts: pulumi.Input<readonly pulumi.Input<string>[]>;
    };

/** In which parts of a request the service puts the value. */
export interface InjectionLocationArgs {
  /** Whether in headers. Left out: the service decides. */
  readonly header?: pulumi.Input<boolean | undefined>;
  /** Whether in the body. Left out: the service decides. */
  readonly body?: pulumi.Input<boolean | undefined>;
}

/** A secret that a session sees as a variable of its environment. */
export interface EnvironmentVariableAuthArgs {
  /** Tells it from the other kinds. */
  readonly type: "environment_variable";
  /** Letters, digits and `_`, not starting with a digit. A change replaces the credential. */
  readonly secretName: pulumi.Input<string>;
  /** Always kept as a secret. */
  readonly secretValue: pulumi.Input<string>;
  /** Left out: `{ type: "unrestricted" }`. A change sends all of it; an error says so where the API does not take that. */
  readonly networking?: pulumi.Input<SecretNetworkingArgs | undefined>;
  /** Left out: the service decides. A change sends all of it; an error says so where the API does not take that. */
  readonly injectionLocation?: pulumi.Input<InjectionLocationArgs | undefined>;
}

/** What a credential proves, and where. */
export type CredentialAuthArgs = StaticBearerAuthArgs | McpOAuthAuthArgs | EnvironmentVariableAuthArgs;

/** The arguments of a {@link QoderVaultCredential}. Several changes of `auth` and `metadata` are one request. */
export interface QoderVaultCredentialArgs {
  /** The vault that holds the credential: a {@link QoderVault} or its id (`vault_...`). A change replaces the credential. Required. */
  readonly vaultId: Named<QoderVault>;
  /**
   * What the credential proves. A change sends its type and the members that changed, and nothing else; what the API cannot change in
   * place replaces the credential, and the preview names the member. Required.
   */
  readonly auth: pulumi.Input<CredentialAuthArgs>;
  /**
   * Labels: at most 16 keys of at most 64 characters, with values of at most 512. A change sends the changed keys alone, a removed
   * key is sent as null. Keys that others set are left alone; `effectiveMetadata` shows all.
   */
  readonly metadata?: pulumi.Input<Readonly<Record<string, pulumi.Input<string>>> | undefined>;
  /**
   * Any text or number that stands for the secrets. Another one sends the secrets of `auth` again although they did not change, as when
   * somebody overwrote them at Qoder: the API never shows them. The state keeps the argument; no request carries it.
   */
  readonly secretVersion?: pulumi.Input<string | number | undefined>;
  /**
   * Whether each write of a `static_bearer` or `mcp_oauth` credential is followed by one request that asks the service to try the
   * credential at the MCP server. A refusal is a warning. Left out: false.
   */
  readonly validate?: pulumi.Input<boolean | undefined>;
  /**
   * The ids of the vault and of an existing credential in it (`vault_.../vcred_...`), to take that one over instead of creating one. What
   * differs from the arguments is sent, secrets included. Counts at creation only; later changes and its removal do nothing.
   */
  readonly adopt?: pulumi.Input<string | undefined>;
  /** Kinds of remarks that no preview tells of this credential, such as `["adopt"]`: docs/preview.md lists them. No request carries it. */
  readonly acknowledge?: pulumi.Input<readonly RemarkKind[] | undefined>;
}

/** The outputs of a {@link QoderVaultCredential} that the service computes, and the argument that it always has. */
export interface VaultCredentialOutputs extends CommonOutputs {
  /** See {@link QoderVaultCredentialArgs.vaultId}. */
  readonly vaultId: string;
  /** When the access token of `mcp_oauth` expires, RFC 3339; moves with each refresh. As of the last `up` or `refresh`. */
  readonly expiresAt: string | undefined;
}
