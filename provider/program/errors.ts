import * as pulumi from "./sdk";

// Only this file makes the errors that a program of a user meets. The SDK prints an error with `util.inspect` and colours
// (pulumi/pulumi sdk/nodejs/cmd/run/error.ts), also one whose stack trace it hides. Node.js 20.19 to 24.x does not end there if a
// frame is a file directly in a folder of node_modules (nodejs/node issue 64011, mended by 64022), and the source maps of the SDK
// give its frames such names: node_modules/@pulumi/config.ts.

/** An error with a complete message, of which the CLI shows nothing else. */
export function runError(message: string): pulumi.RunError {
  return Object.assign(new pulumi.RunError(message), { stack: "" });
}

/** An error whose stack trace has the frames of the user's own files. */
export function programError(message: string): Error {
  return withOwnFrames(new Error(message));
}

/** The option of a component, which also takes a map, in place of the option of a resource or a look-up. */
export function providersProblem(label: string): string {
  return `${label}: providers is an option of components; write provider: account in its place`;
}

/** Removes the frames of Node.js and of packages from an error that a program will throw. */
export function withOwnFrames<Thrown>(error: Thrown): Thrown {
  if (error instanceof Error && error.stack !== undefined) {
    error.stack = error.stack.replace(/\n {4}at .*(?:[\\/]node_modules[\\/]|node:).*/g, "");
  }
  return error;
}
