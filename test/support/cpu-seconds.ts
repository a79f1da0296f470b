/**
 * How much work it was, in seconds of this process. A machine that is busy with other things makes it take longer, but does not
 * make it more.
 */
export function cpuSeconds(work: () => void): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}
