import * as pulumi from "@pulumi/pulumi";
import { type KindName, kindNames, kinds } from "./kinds/table";
import { loadedKinds } from "./loaded-kinds";
import { providerOf } from "./provider-of";
import {
  type Address,
  addressText,
  engineAddress,
  onCommandEnd,
  surroundingsOf,
  written,
} from "./resource/engine/watch";
import type { ResourceKind } from "./resource/kind/kind";
import type { KindProvider } from "./resource/provider";
import { Session } from "./resource/session/session";

/**
 * Connects the SDK's log to the engine. The server of dynamic providers gets the engine's address and does not pass it to the
 * SDK (pulumi/pulumi sdk/nodejs/cmd/dynamic-provider).
 */
function engineLog(address: Address) {
  pulumi.runtime.resetOptions("", "", -1, addressText(address), "", false, "");
  return {
    warn: (text: string, urn: string | undefined) =>
      pulumi.log.warn(text, urn === undefined ? undefined : new pulumi.DependencyResource(urn)),
    // `--diff` shows an empty line below each message, and each line that a provider prints is a message of its own.
    info: (text: string) => pulumi.log.info(text),
  };
}

const engine = engineAddress(process.argv.slice(2));

const log = engine === undefined ? undefined : engineLog(engine);
const session = new Session(surroundingsOf(engine, log?.warn, log?.info ?? written));
onCommandEnd(() => session.remarks.end());

function lazily(load: () => ResourceKind): pulumi.dynamic.ResourceProvider {
  let loaded: KindProvider | undefined;
  const provider = (): KindProvider => {
    loaded ??= providerOf(load(), session);
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

type Exported = (typeof kinds)[KindName]["exported"];
type Providers = Readonly<Record<Exported, pulumi.dynamic.ResourceProvider>>;

// `Exported` has the names of the same rows.
const providers = Object.fromEntries(
  kindNames.map((name) => [kinds[name].exported, lazily(loadedKinds[name])]),
) as Providers;

export { verdict } from "./evaluation/verdict";

/** The providers that the engine loads, by the names in the table of kinds. */
export const { environment, skill, file, agent, vault, vaultCredential, memoryStore, deployment, deploymentRun } =
  providers;
