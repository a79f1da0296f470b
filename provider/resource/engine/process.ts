import * as pulumi from "@pulumi/pulumi";
import type { Surroundings } from "./answer";
import { type Address, addressText, engineAddress, surroundingsOf, written } from "./watch";

/**
 * Connects the SDK's log to the engine. The server of dynamic providers gets the engine's address and does not pass it to the
 * SDK (pulumi/pulumi sdk/nodejs/cmd/dynamic-provider).
 */
function engineLog(address: Address): (warning: string, urn: string | undefined) => Promise<void> {
  pulumi.runtime.resetOptions("", "", -1, addressText(address), "", false, "");
  return (warning, urn) => pulumi.log.warn(warning, urn === undefined ? undefined : new pulumi.DependencyResource(urn));
}

const engine = engineAddress(process.argv.slice(2));

/** The surroundings of the real process, which the engine runs. */
export const processSurroundings: Surroundings = surroundingsOf(
  engine,
  engine === undefined ? undefined : engineLog(engine),
  written,
);
