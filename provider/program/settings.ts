import { runError } from "./errors";
import * as pulumi from "./sdk";

/** The argument of {@link requireSettings}: names of settings, as for `config.require`. */
export interface RequiredSettings {
  /** The settings that may be plain text. */
  readonly plain?: readonly string[];
  /** The settings that are secrets. */
  readonly secret?: readonly string[];
}

/**
 * Checks that the stack has each setting that the program needs. One error lists all that are missing, with the commands that
 * set them; `config.require` reports only the first one. Call it at the top of the program.
 *
 * ```typescript
 * requireSettings({ plain: ["commit"], secret: ["trackerToken"] });
 * ```
 *
 * @throws If a setting is missing.
 */
export function requireSettings({ plain = [], secret = [] }: RequiredSettings): void {
  const commands = [
    ...plain.filter(isMissing).map((name) => `pulumi config set ${name} VALUE`),
    ...secret.filter(isMissing).map((name) => `pulumi config set --secret ${name}`),
  ];
  if (commands.length > 0) {
    const settings = commands.length === 1 ? "a setting" : `${commands.length} settings`;
    throw runError(
      `The stack ${pulumi.getStack()} lacks ${settings}:\n${commands.map((line) => `  ${line}`).join("\n")}`,
    );
  }
}

function isMissing(name: string): boolean {
  const key = name.includes(":") ? name : `${pulumi.getProject()}:${name}`;
  return pulumi.runtimeConfig.getConfig(key) === undefined;
}
