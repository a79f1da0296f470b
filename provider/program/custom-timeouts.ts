import type * as pulumi from "@pulumi/pulumi";

/** The engine does not hand `customTimeouts` to a dynamic provider (pulumi/pulumi sdk/nodejs/cmd/dynamic-provider). */
export function timeoutsInSeconds(timeouts: pulumi.CustomTimeouts | undefined): Record<string, number> | undefined {
  if (timeouts === undefined) {
    return undefined;
  }
  const given = Object.entries(timeouts).filter((entry): entry is [string, string] => typeof entry[1] === "string");
  const seconds = given.map(([operation, text]) => [operation, secondsOf(text)] as const);
  // For the engine, too, 0 is the default and not no time at all.
  return Object.fromEntries(seconds.filter(([, amount]) => amount > 0));
}

const secondsPerUnit: Readonly<Record<string, number>> = {
  h: 3_600,
  m: 60,
  s: 1,
  ms: 1e-3,
  us: 1e-6,
  µs: 1e-6,
  ns: 1e-9,
};

// Go's notation for durations, which Pulumi uses: 1h30m, 45s, 500ms.
function secondsOf(duration: string): number {
  const parts = [...duration.matchAll(/(\d+(?:\.\d+)?)(h|ms|us|µs|ns|m|s)/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join("") !== duration) {
    throw new Error(`customTimeouts: "${duration}" is not a duration such as 30s, 5m or 1h30m`);
  }
  return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (secondsPerUnit[unit ?? "s"] ?? 0), 0);
}
