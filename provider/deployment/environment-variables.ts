/** Variables by name. The API keeps them as one string of `NAME=VALUE` pairs. */
export type EnvironmentVariables = Readonly<Record<string, string>>;

/**
 * The API's one string, sorted by name so that the same map is always the same string. A line feed parts the pairs:
 * of the two separators that the API takes it is the one that values hold less often.
 */
export function formatEnvironmentVariables(variables: EnvironmentVariables): string {
  return Object.keys(variables)
    .sort()
    .map((name) => `${name}=${variables[name]}`)
    .join("\n");
}

/** Reads the API's string, whichever separator and order it has; of a repeated name the last value counts. */
export function parseEnvironmentVariables(text: string): EnvironmentVariables {
  const pairs = text
    .split(/[;\n\r]/)
    .map((pair) => [pair, pair.indexOf("=")] as const)
    .filter(([, equals]) => equals > 0)
    .map(([pair, equals]) => [pair.slice(0, equals).trim(), pair.slice(equals + 1)] as const);
  return Object.fromEntries(pairs);
}

/** Why the API would refuse the variable name. */
export function environmentVariableNameProblem(name: string): string | undefined {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    return `"${name}" is not a variable name: letters, digits and _, not starting with a digit`;
  }
  // "Create a deployment": names that the runtime sets itself.
  if (["SERVER_ENDPOINT", "USER_ID", "WORK_DIR"].includes(name) || /^(CAW_|QODER_)/.test(name)) {
    return `"${name}" is reserved by Qoder (SERVER_ENDPOINT, USER_ID, WORK_DIR and names that start with CAW_ or QODER_)`;
  }
  return undefined;
}

/** Why the value cannot be carried: the API has no quoting, so a separator would start a new pair. */
export function environmentVariableValueProblem(value: string): string | undefined {
  return /[;\n\r]/.test(value)
    ? "the value holds ; or a line break, which the API reads as the next variable"
    : undefined;
}
