import * as pulumi from "@pulumi/pulumi";
import { type Address, addressText } from "./engine-watch";

/**
 * The engine's own log, in which a message belongs to a resource and has a severity, also with `--json` and in the event log.
 * The server of dynamic providers is given the engine's address and connects nobody (pulumi/pulumi
 * sdk/nodejs/cmd/dynamic-provider), so the SDK is told here where its log goes.
 */
export function engineLog(address: Address): (warning: string, urn: string | undefined) => Promise<void> {
  pulumi.runtime.resetOptions("", "", -1, addressText(address), "", false, "");
  return (warning, urn) => pulumi.log.warn(warning, urn === undefined ? undefined : new pulumi.DependencyResource(urn));
}
