/** Calls back at the first Ctrl-C, or when the system asks the process to end; a second one ends the process as ever. */
export function onInterruption(interrupted: () => void): () => void {
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  const heard = () => {
    stop();
    interrupted();
  };
  const stop = () => {
    for (const signal of signals) {
      process.removeListener(signal, heard);
    }
  };
  for (const signal of signals) {
    process.on(signal, heard);
  }
  return stop;
}
