import * as pulumi from "@pulumi/pulumi";

/**
 * An error whose message says all that a person needs. It has no stack, which the SDK hides but draws in colours first
 * (pulumi/pulumi sdk/nodejs/cmd/run/error.ts): with a frame of the SDK's own in it, that takes Node.js 20 half a minute.
 */
export function runError(message: string): pulumi.RunError {
  return Object.assign(new pulumi.RunError(message), { stack: "" });
}
