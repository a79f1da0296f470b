import type * as pulumi from "@pulumi/pulumi";
import { accountSettings, type Configuration } from "./account-settings";
import { QoderClient } from "./api/client";
import type { Deployment } from "./api/schema";
import type { Arguments } from "./fields";
import { appliedNow, applyChanges } from "./lifecycle/apply";
import { check, wantedArguments } from "./lifecycle/check";
import { create } from "./lifecycle/create";
import { diff } from "./lifecycle/diff";
import { answerEngine, type Properties, printRemarks, type Subject } from "./lifecycle/engine";
import { KnownDeployments } from "./lifecycle/known-deployments";
import { PartialFailure } from "./lifecycle/partial-failure";
import { get, refresh } from "./lifecycle/read";
import { remove } from "./lifecycle/remove";
import { serverOutputs } from "./server-outputs";
import {
  argumentOutputs,
  argumentsIn,
  describedArguments,
  hiddenInputs,
  isRecorded,
  liveOf,
  ownedArguments,
  recordedLive,
  resourceWith,
} from "./state";

/** How long one call of the engine may take, where `customTimeouts` says nothing. */
const defaultSeconds = 300;

/** The dynamic provider that the engine drives: it takes apart what the engine sends and puts together what it answers. */
export class DeploymentProvider implements pulumi.dynamic.ResourceProvider {
  #configuration: Configuration | undefined;
  readonly #clients = new Map<string, QoderClient>();
  readonly #known = new KnownDeployments();
  #hasToldAccount = false;

  /**
   * Stores, and does nothing else: the engine's server lets other calls in before a `configure` that waits is done, and
   * after one that throws it goes on unconfigured (pulumi/pulumi sdk/nodejs/cmd/dynamic-provider, `getProvider`).
   */
  async configure(request: pulumi.dynamic.ConfigureRequest): Promise<void> {
    this.#configuration = request.config;
  }

  async check(olds: Properties, news: Properties): Promise<pulumi.dynamic.CheckResult> {
    const subject: Subject = { operation: "check", id: undefined, properties: news };
    return answerEngine(subject, async () => {
      const { __origin: origin } = hiddenInputs(news);
      const isReplacement = origin !== undefined && this.#known.hasMet(origin);
      const { inputs, failures, remarks } = check(olds, news, isReplacement);
      await printRemarks(subject, [...remarks, ...this.#accountRemarks()]);
      // Without a property: beside one the engine prints its value, tokens included.
      return { inputs, failures: failures.map((reason) => ({ property: "", reason })) };
    });
  }

  async diff(id: string, olds: Properties, news: Properties): Promise<pulumi.dynamic.DiffResult> {
    const subject: Subject = { operation: "diff", id, properties: news };
    return answerEngine(subject, async () => {
      const other = this.#known.meet(id, originOf(id, news));
      const { changes, remarks } = diff(olds, news);
      await printRemarks(subject, [...remarks, ...(other === undefined ? [] : [sharedWarning(id, other)])]);
      if (hiddenInputs(olds).__inputs === "stale") {
        // Half of an update was done, so inputs that are equal prove nothing.
        return { changes: true, deleteBeforeReplace: true };
      }
      // Only without a verdict does the engine draw the difference property by property and honour `replaceOnChanges`.
      return changes ? { deleteBeforeReplace: true } : { changes: false };
    });
  }

  async create(inputs: Properties): Promise<pulumi.dynamic.CreateResult> {
    return answerEngine({ operation: "create", id: undefined, properties: inputs }, async (secrets) => {
      const wanted = wantedArguments(inputs);
      const { __origin: origin = wanted.name ?? "", __timeouts: timeouts } = hiddenInputs(inputs);
      const client = this.#client(secrets, timeouts?.create);
      const { deployment, held } = await create(client, wanted, origin, this.#known);
      this.#known.hold(deployment.id, origin);
      const applied = { arguments: held, live: liveOf(deployment) };
      try {
        const changed = await applyChanges(client, deployment.id, applied, wanted);
        const now = changed ?? deployment;
        return { id: now.id, outs: outputs(now, wanted, inputs) };
      } catch (error) {
        // Whatever failed, there is a deployment, and it must reach the state.
        throw recorded(error instanceof PartialFailure ? error : new PartialFailure(deployment, error, held), inputs);
      }
    });
  }

  async update(id: string, olds: Properties, news: Properties): Promise<pulumi.dynamic.UpdateResult> {
    return answerEngine({ operation: "update", id, properties: news }, async (secrets) => {
      const wanted = wantedArguments(news);
      const client = this.#client(secrets, hiddenInputs(news).__timeouts?.update);
      const recordedState = { arguments: argumentsIn(olds), live: recordedLive(olds) };
      const applied = await appliedNow(client, id, recordedState, wanted);
      try {
        const changed = await applyChanges(client, id, applied, wanted);
        // Nothing to send: an earlier try did it all, but its answer did not reach the state.
        return { outs: outputs(changed ?? (await client.getDeployment(id)), wanted, news, olds) };
      } catch (error) {
        // The engine keeps the inputs of before then, and knows by them which values are secret.
        throw error instanceof PartialFailure ? recorded(error, { ...news, __inputs: "kept" }, olds) : error;
      }
    });
  }

  async read(id: string, properties: Properties): Promise<pulumi.dynamic.ReadResult> {
    return answerEngine({ operation: "read", id, properties }, async (secrets) => {
      // Pulumi knows no time limit for reads; whoever bounds updates wants no longer waits there either.
      const client = this.#client(secrets, hiddenInputs(properties).__timeouts?.update);
      if (!isRecorded(properties)) {
        const found = await get(client, id);
        const described = describedArguments(found);
        const props = { ...argumentOutputs(described), ...serverOutputs(found), __inputs: "kept" };
        return { id, props, inputs: described };
      }
      const recorded = argumentsIn(properties);
      const deployment = await refresh(client, id, recorded);
      if (deployment === undefined) {
        return { id: "" };
      }
      const held = ownedArguments(deployment, recorded);
      const hidden = hiddenInputs(properties);
      const props = outputs(deployment, held, properties, properties);
      return hidden.__inputs === undefined
        ? { id, props, inputs: { ...held, ...hidden } }
        : { id, props: { ...props, __inputs: "stale" } };
    });
  }

  async delete(id: string, properties: Properties): Promise<void> {
    const subject: Subject = { operation: "delete", id, properties };
    await answerEngine(subject, async (secrets) => {
      const client = this.#client(secrets, hiddenInputs(properties).__timeouts?.delete);
      const origin = originOf(id, properties);
      const holder = this.#known.holder(id);
      if (this.#known.isTakenOver(id) || (holder !== undefined && holder !== origin)) {
        // Another resource has it, or the same one took it over in place of a new one.
        await printRemarks(subject, [`left as it is: ${resourceWith(holder ?? origin)} manages it now`]);
        return {};
      }
      await remove(client, id, argumentsIn(properties));
      this.#known.release(id, origin);
      return {};
    });
  }

  /** Told at the first resource only, as it is the same for all. */
  #accountRemarks(): string[] {
    if (this.#hasToldAccount) {
      return [];
    }
    this.#hasToldAccount = true;
    try {
      accountSettings(this.#configuration, process.env);
      return [];
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return [`warning: ${reason}. A preview needs no account, \`pulumi up\` does`];
    }
  }

  #client(secrets: Set<string>, seconds: number = defaultSeconds): QoderClient {
    const account = accountSettings(this.#configuration, process.env);
    secrets.add(account.token);
    const key = JSON.stringify(account);
    const client = this.#clients.get(key) ?? QoderClient.connect(account);
    this.#clients.set(key, client);
    return client.within(seconds * 1_000);
  }
}

// A state that was made by hand may know no origin; the deployment's own id tells it from all others.
function originOf(id: string, properties: Properties): string {
  return hiddenInputs(properties).__origin ?? id;
}

function sharedWarning(id: string, other: string): string {
  return `warning: ${resourceWith(other)} of this stack manages ${id} too; take one of the two out of the state with \`pulumi state delete\` and out of the program`;
}

/**
 * What was applied, as the program says it, and what the service computes. What else somebody changed since the last
 * refresh is not taken in here: the engine draws differences between inputs only, so an update would send what no preview
 * showed.
 */
function outputs(
  deployment: Deployment,
  held: Partial<Arguments>,
  inputs: Properties,
  olds: Properties = {},
): Properties {
  return { ...argumentOutputs(held), ...serverOutputs(deployment, olds), ...hiddenInputs(inputs) };
}

function recorded(failure: PartialFailure, inputs: Properties, olds: Properties = {}): PartialFailure {
  return failure.withProperties(outputs(failure.deployment, failure.held, inputs, olds));
}

/** What `providerSource` in `host.ts` hands to the engine. */
export const provider = new DeploymentProvider();
