import { invalid } from "./errors";

const PARAM = "environment_variables";
const RESERVED_NAMES = ["SERVER_ENDPOINT", "USER_ID", "WORK_DIR"];
const RESERVED_PREFIXES = ["CAW_", "QODER_"];

/** "Create a deployment": `KEY=VALUE` pairs separated by `;` or a newline; some names belong to the service. */
export function checkEnvironmentVariables(text: string): void {
  for (const pair of pairs(text)) {
    const name = /^([A-Za-z_][A-Za-z0-9_]*)=/.exec(pair)?.[1];
    if (name === undefined) throw invalid("environment_variables must be KEY=VALUE pairs.", PARAM);
    if (RESERVED_NAMES.includes(name) || RESERVED_PREFIXES.some((prefix) => name.startsWith(prefix))) {
      throw invalid(`Environment variable name '${name}' is reserved.`, PARAM);
    }
  }
}

/** The same variables in another order and with one separator: only a comparison as a map finds them equal. */
export function canonicalEnvironmentVariables(text: string): string {
  return pairs(text).reverse().join("\n");
}

/** The variables as a session shows them. */
export function environmentVariables(text: string): Record<string, string> {
  return Object.fromEntries(pairs(text).map((pair) => [pair.split("=", 1)[0], pair.slice(pair.indexOf("=") + 1)]));
}

function pairs(text: string): string[] {
  return text
    .split(/[;\n]/)
    .map((pair) => pair.trim())
    .filter((pair) => pair !== "");
}
