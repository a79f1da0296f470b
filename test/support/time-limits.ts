/** `customTimeouts` of this many seconds for every operation, as they reach the provider. */
export const timeLimits = (seconds: number) => ({ __timeouts: { create: seconds, update: seconds, delete: seconds } });
