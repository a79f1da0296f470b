/**
 * The CPU seconds of the work in this process. Other work of the machine makes the work last longer, but does not raise this
 * number.
 */
export function cpuSeconds(work: () => void): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}
