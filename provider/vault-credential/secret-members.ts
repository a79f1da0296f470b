/**
 * The members of each argument that are secret, at any depth. The program side marks them, messages and programs that are
 * written leave them out, and no reply shows them: what is secret is said here alone.
 */
export const secretMembers = {
  auth: ["token", "accessToken", "refreshToken", "clientSecret", "secretValue"],
} as const;
