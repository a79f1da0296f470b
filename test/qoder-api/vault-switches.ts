/** The points that the pages of vaults and of their credentials leave open. */
export interface VaultSwitches {
  /** The answer to an update of a vault, of which no page tells. */
  vaultUpdate: 404 | 405;
  /** "Archive a vault" says nothing of the credentials in it. */
  archivedVault: "keep-credentials" | "archive-credentials";
  /** A second live credential for one MCP server or one variable in a vault. No page of these says; similar services refuse it. */
  duplicateCredentials: "conflict" | "allow";
  /** How many live credentials a vault may hold. No page has a figure. */
  credentialsPerVault: number | undefined;
  /** "Update a credential" is about an active one; what an archived one answers is not said. */
  archivedCredentialWrite: 400 | 409 | 403;
  /** "neutral": the messages of refused credentials say nothing of what was sent, as "Forward: vaults" has it. */
  credentialMessages: "plain" | "neutral";
  /** "Create a credential" asks for the name and the value of a variable; the newest client's types want its hosts as well. */
  variableNetworking: "optional" | "required";
  /**
   * What becomes of `networking` and `injection_location` of a variable, which only the newest client's types have. "fixed": an
   * update of them is refused; "dropped": they are taken and not kept.
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
