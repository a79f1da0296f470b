/**
 * The secret members of each argument, at any depth; this is the only list of them. The program marks them as secrets,
 * messages and imported programs leave them out, and no reply shows them.
 */
export const secretMembers = {
  resources: ["authorizationToken", "password"],
} as const;

/**
 * The outputs that are always secret. A program marks the secrets that it declares; in a deployment that it looks up, any
 * variable may be a password.
 */
export const secretOutputs = ["environmentVariables"] as const;
