import type { QoderProviderArgs } from "./provider";

const known: readonly string[] = [
  "pat",
  "saKey",
  "baseUrl",
  "workspaceId",
  "verify",
  "writesPerSecond",
] satisfies (keyof QoderProviderArgs)[];

/**
 * The error in the arguments of the provider; undefined for valid ones. A program in JavaScript has no compiler that reports
 * it, and a provider that ignores a wrong argument would act in another account.
 */
export function providerProblem(name: string, args: Readonly<Record<string, unknown>>): string | undefined {
  const other = Object.keys(args).find((key) => !known.includes(key));
  if (other !== undefined) {
    const remedy =
      args["pat"] == null && args["saKey"] == null
        ? "the access token is called pat"
        : `the arguments are ${known.join(", ")}`;
    return `QoderProvider "${name}": ${other} is not an argument; ${remedy}`;
  }
  if (args["pat"] === undefined && args["saKey"] === undefined) {
    return `QoderProvider "${name}": pat is missing: the access token of this account; a service account has saKey instead`;
  }
  return args["pat"] !== undefined && args["saKey"] !== undefined
    ? `QoderProvider "${name}": pat and saKey are both given: a token or a key, one of them`
    : undefined;
}

/** The error in the token or the key, as soon as its value is known; undefined for a valid one. */
export function credentialProblem(name: string, key: "pat" | "saKey", text: unknown): string | undefined {
  const what = key === "pat" ? "the access token of this account" : "the key of this service account";
  const isGiven = text !== null && text !== undefined && !(typeof text === "string" && text.trim() === "");
  return isGiven ? undefined : `QoderProvider "${name}": ${key} is empty; set ${what}`;
}
