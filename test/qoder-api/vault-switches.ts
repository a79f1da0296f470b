/** The behaviour that the pages of vaults and credentials leave open. */
export interface VaultSwitches {
  /** The answer to an update of a vault, which no page describes. */
  vaultUpdate: 404 | 405;
  /** The effect of "Archive a vault" on the credentials in the vault. The page does not say. */
  archivedVault: "keep-credentials" | "archive-credentials";
  /** For a second live credential for one MCP server or variable in a vault. No page says; similar services refuse it. */
  duplicateCredentials: "conflict" | "allow";
  /** How many live credentials a vault may hold. No page has a number. */
  credentialsPerVault: number | undefined;
  /** The answer to an update of an archived credential: "Update a credential" speaks only of active ones. */
  archivedCredentialWrite: 400 | 409 | 403;
  /** "neutral": messages that refuse a credential repeat nothing of the body, as in "Forward: vaults". */
  credentialMessages: "plain" | "neutral";
  /** "Create a credential" needs the name and the value of a variable, and in the newest client's types also its hosts. */
  variableNetworking: "optional" | "required";
  /**
   * The handling of `networking` and `injection_location` of a variable, which only the newest client's types have. "fixed":
   * the service refuses an update of them; "dropped": it accepts and forgets them.
   */
  variableSettings: "stored" | "fixed" | "dropped";
  /** Whether an update may carry `refresh.resource`: "Update a credential" does not name it. */
  refreshResource: "fixed" | "updatable";
}

export function defaultVaultSwitches(): VaultSwitches {
  return {
    vaultUpdate: 404,
    archivedVault: "keep-credentials",
    duplicateCredentials: "conflict",
    credentialsPerVault: undefined,
    archivedCredentialWrite: 400,
    credentialMessages: "plain",
    variableNetworking: "optional",
    variableSettings: "stored",
    refreshResource: "fixed",
  };
}
