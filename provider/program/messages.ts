import * as pulumi from "@pulumi/pulumi";

/**
 * An error whose message says all that a person needs. It has no stack, which the SDK hides but draws in colours first
 * (pulumi/pulumi sdk/nodejs/cmd/run/error.ts): with a frame of the SDK's own in it, that takes Node.js 20 half a minute.
 */
export function runError(message: string): pulumi.RunError {
  return Object.assign(new pulumi.RunError(message), { stack: "" });
}

const key = "qoder:pat";
let hasWarned = false;

/** Once a program: the engine encrypts what it is told is a secret, and nothing else. */
export function warnOfPlainToken(): void {
  if (hasWarned || (pulumi.runtime.getConfig(key) ?? "").trim() === "" || isSecret() !== false) {
    return;
  }
  hasWarned = true;
  pulumi.log.warn(
    `${key} is in the stack's configuration in plain text: run \`pulumi config set --secret ${key}\`, and revoke the token if anybody else can read the file`,
  );
}

// Part of the SDK, not of its types (@pulumi/pulumi runtime/config.js): without it nobody knows.
function isSecret(): unknown {
  const ask: unknown = Reflect.get(pulumi.runtime, "isConfigSecret");
  return typeof ask === "function" ? ask(key) : undefined;
}
