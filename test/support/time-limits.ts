/** The inputs that set the `customTimeouts` of every operation to this number of seconds. */
export const timeLimits = (seconds: number) => ({ __timeouts: { create: seconds, update: seconds, delete: seconds } });
