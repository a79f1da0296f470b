/**
 * The secret members of each argument, at any depth; this is the only list of them. The program marks them as secrets,
 * messages and imported programs leave them out, and no reply shows them.
 */
export const deploymentSecrets = { resources: ["authorizationToken", "password"] } as const;
export const credentialSecrets = {
  auth: ["token", "accessToken", "refreshToken", "clientSecret", "secretValue"],
} as const;

/**
 * The outputs of a deployment that are always secret. A program marks the secrets that it declares; in a deployment that it looks
 * up, any variable may be a password.
 */
export const secretOutputs = ["environmentVariables"] as const;
