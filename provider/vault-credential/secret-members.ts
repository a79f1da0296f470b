/**
 * The secret members of each argument, at any depth; this is the only list of them. The program marks them as secrets,
 * messages and imported programs leave them out, and no reply shows them.
 */
export const secretMembers = {
  auth: ["token", "accessToken", "refreshToken", "clientSecret", "secretValue"],
} as const;
