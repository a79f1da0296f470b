/**
 * The members of each argument that are secret, at any depth. The program side marks them, messages and programs that are
 * written leave them out, and no reply shows them: what is secret is said here alone.
 */
export const secretMembers = {
  resources: ["authorizationToken", "password"],
} as const;

/**
 * The outputs that are secret whoever set them. A program marks what it declares; of what it looks up, nobody knows which
 * variables are passwords.
 */
export const secretOutputs = ["environmentVariables"] as const;
