/**
 * The text without these secrets, also where they stand as in JSON. Before a text is cut: of a secret that the cut goes
 * through, the rest would stay.
 */
export function redacted(text: string, secrets: Iterable<string>): string {
  // Shorter ones than this the engine leaves in as well: a single letter would make the message unreadable
  // (pulumi/pulumi sdk/go/common/util/logging/log.go).
  const found = [...secrets].filter((secret) => secret.length >= 3).flatMap((secret) => [secret, asInJson(secret)]);
  // The longest first: a secret that holds another would keep its tail.
  return found
    .sort((one, other) => other.length - one.length)
    .reduce((clean, secret) => clean.replaceAll(secret, "[secret]"), text);
}

function asInJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** The values of the members with these names, however deep. */
export function textsNamed(names: readonly string[], value: unknown): string[] {
  if (typeof value !== "object" || value === null) {
    return [];
  }
  return Object.entries(value).flatMap(([name, member]) =>
    names.includes(name) && typeof member === "string" ? [member] : textsNamed(names, member),
  );
}
