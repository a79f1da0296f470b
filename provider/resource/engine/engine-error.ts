/** In place of the stack of an error that the engine prints beside its resource. */
const alreadyTold = "(told beside the resource)";

/**
 * An error for the engine, and for no log. Of a failed check, diff, read or delete the server of dynamic providers also writes
 * message and stack to its standard error, and the CLI shows these as a second copy
 * (pulumi/pulumi sdk/nodejs/cmd/dynamic-provider: console.error(`${e}: ${e.stack}`)).
 */
export class EngineError extends Error {
  override stack = alreadyTold;
}

type Write = (...values: readonly unknown[]) => void;

/** The process is the server's: what others write passes. */
export function withoutSecondCopies(write: Write): Write {
  return (...values) => {
    const [first] = values;
    if (typeof first !== "string" || !first.endsWith(`: ${alreadyTold}`)) {
      write(...values);
    }
  };
}

console.error = withoutSecondCopies(console.error);
