import * as pulumi from "@pulumi/pulumi";
import {
  type Address,
  addressText,
  engineAddress,
  onCommandEnd,
  surroundingsOf,
  written,
} from "./resource/engine/watch";
import type { ResourceKind } from "./resource/kind";
import { KindProvider } from "./resource/provider";
import { Session } from "./resource/session";

/**
 * Connects the SDK's log to the engine. The server of dynamic providers gets the engine's address and does not pass it to the
 * SDK (pulumi/pulumi sdk/nodejs/cmd/dynamic-provider).
 */
function engineLog(address: Address): (warning: string, urn: string | undefined) => Promise<void> {
  pulumi.runtime.resetOptions("", "", -1, addressText(address), "", false, "");
  return (warning, urn) => pulumi.log.warn(warning, urn === undefined ? undefined : new pulumi.DependencyResource(urn));
}

const engine = engineAddress(process.argv.slice(2));

const session = new Session(surroundingsOf(engine, engine === undefined ? undefined : engineLog(engine), written));
onCommandEnd(() => session.remarks.end());

// The functions load a kind with its first resource: most stacks need a few of the kinds, and their schemas take time to build.
const deploymentKind = (): typeof import("./deployment/kind") => require("./deployment/kind");
const agentKind = (): typeof import("./agent/kind") => require("./agent/kind");
const deploymentRunKind = (): typeof import("./deployment-run/kind") => require("./deployment-run/kind");
const environmentKind = (): typeof import("./environment/kind") => require("./environment/kind");
const fileKind = (): typeof import("./file/kind") => require("./file/kind");
const memoryStoreKind = (): typeof import("./memory-store/kind") => require("./memory-store/kind");
const skillKind = (): typeof import("./skill/kind") => require("./skill/kind");
const vaultKind = (): typeof import("./vault/kind") => require("./vault/kind");
const vaultCredentialKind = (): typeof import("./vault-credential/kind") => require("./vault-credential/kind");

function providerOf(load: () => ResourceKind): pulumi.dynamic.ResourceProvider {
  let loaded: KindProvider | undefined;
  const provider = (): KindProvider => {
    loaded ??= new KindProvider(load(), session);
    return loaded;
  };
  return {
    configure: (request) => provider().configure(request),
    check: (olds, news) => provider().check(olds, news),
    diff: (id, olds, news) => provider().diff(id, olds, news),
    create: (inputs) => provider().create(inputs),
    update: (id, olds, news) => provider().update(id, olds, news),
    read: (id, properties) => provider().read(id, properties),
    delete: (id, properties) => provider().delete(id, properties),
  };
}

/** The providers that the engine loads, by the names in `program/source.ts`. Old states have the name `provider` for deployments. */
export const provider = providerOf(() => deploymentKind().deploymentKind);
export const agent = providerOf(() => agentKind().agentKind);
export const deploymentRun = providerOf(() => deploymentRunKind().deploymentRunKind);
export const environment = providerOf(() => environmentKind().environmentKind);
export const file = providerOf(() => fileKind().fileKind);
export const memoryStore = providerOf(() => memoryStoreKind().memoryStoreKind);
export const skill = providerOf(() => skillKind().skillKind);
export const vault = providerOf(() => vaultKind().vaultKind);
export const vaultCredential = providerOf(() => vaultCredentialKind().vaultCredentialKind);
