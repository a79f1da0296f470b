/** Calls the function at the first Ctrl-C or signal to end. A second one ends the process at once. */
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
