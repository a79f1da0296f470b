import * as pulumi from "@pulumi/pulumi";
import type { Surroundings } from "./answer";
import { type Address, addressText, engineAddress, surroundingsOf, written } from "./watch";

/**
 * The server of dynamic providers is given the engine's address and connects nobody (pulumi/pulumi
 * sdk/nodejs/cmd/dynamic-provider), so the SDK is told here where its log goes.
 */
function engineLog(address: Address): (warning: string, urn: string | undefined) => Promise<void> {
  pulumi.runtime.resetOptions("", "", -1, addressText(address), "", false, "");
  return (warning, urn) => pulumi.log.warn(warning, urn === undefined ? undefined : new pulumi.DependencyResource(urn));
}

const engine = engineAddress(process.argv.slice(2));

/** Of the process that the engine runs. */
export const processSurroundings: Surroundings = surroundingsOf(
  engine,
  engine === undefined ? undefined : engineLog(engine),
  written,
);
