import { randomUUID } from "node:crypto";
import type * as pulumi from "@pulumi/pulumi";
import { accountSettings, type Configuration } from "./account-settings";
import { QoderClient } from "./api/client";
import { QoderError, reasonOf } from "./api/errors";
import { redacted } from "./api/redacted";
import type { Deployment } from "./api/schema";
import { same } from "./arguments/field";
import type { Arguments } from "./fields";
import { finish, update } from "./lifecycle/apply";
import { check, wantedArguments } from "./lifecycle/check";
import { create } from "./lifecycle/create";
import { diff } from "./lifecycle/diff";
import { answerEngine, type Properties, printRemarks, type Subject } from "./lifecycle/engine";
import { type Holder, KnownDeployments } from "./lifecycle/known-deployments";
import { PartialFailure } from "./lifecycle/partial-failure";
import { get, refresh } from "./lifecycle/read";
import { remove } from "./lifecycle/remove";
import { processSurroundings, type Surroundings } from "./lifecycle/surroundings";
import { serverOutputs } from "./server-outputs";
import {
  argumentOutputs,
  argumentsIn,
  describedArguments,
  type HiddenOutputs,
  hiddenInputs,
  hiddenOutputs,
  isRecorded,
  liveOf,
  ownedArguments,
  pulumiName,
  recordedLive,
  shownArguments,
} from "./state";

/** How long one call of the engine may take, where `customTimeouts` says nothing. */
const defaultSeconds = 300;

/** The dynamic provider that the engine drives: it takes apart what the engine sends and puts together what it answers. */
export class DeploymentProvider implements pulumi.dynamic.ResourceProvider {
  #configuration: Configuration | undefined;
  readonly #clients = new Map<string, QoderClient>();
  readonly #known = new KnownDeployments();
  /** Checked inputs that are as they were: `diff` is not told the old ones. */
  readonly #unchanged: Properties[] = [];
  #hasToldAccount = false;

  constructor(private readonly surroundings: Surroundings = processSurroundings) {}

  /**
   * Stores, and does nothing else: the engine's server lets other calls in before a `configure` that waits is done, and
   * after one that throws it goes on unconfigured (pulumi/pulumi sdk/nodejs/cmd/dynamic-provider, `getProvider`).
   */
  async configure(request: pulumi.dynamic.ConfigureRequest): Promise<void> {
    this.#configuration = request.config;
  }

  async check(olds: Properties, news: Properties): Promise<pulumi.dynamic.CheckResult> {
    const subject: Subject = { operation: "check", id: undefined, properties: news };
    return answerEngine(this.surroundings.print, subject, async () => {
      const { __origin: urn = "" } = hiddenInputs(news);
      const { inputs, failures, remarks, exists } = check(olds, news, this.#known.isDeclared(urn));
      if (exists) {
        this.#known.declare(urn);
      }
      this.#known.declareOrigin(hiddenInputs(inputs).__origin);
      if (same(withoutSource(inputs), withoutSource(olds))) {
        this.#unchanged.push(withoutSource(inputs));
      }
      await printRemarks(this.surroundings.print, subject, [...remarks, ...this.#accountRemarks()]);
      // Without a property: beside one the engine prints its value, tokens included.
      return { inputs, failures: failures.map((reason) => ({ property: "", reason })) };
    });
  }

  async diff(id: string, olds: Properties, news: Properties): Promise<pulumi.dynamic.DiffResult> {
    const subject: Subject = { operation: "diff", id, properties: news };
    return answerEngine(this.surroundings.print, subject, async () => {
      const isOfProgram = this.#known.isOfProgram(hiddenInputs(news).__origin);
      const other = isOfProgram ? this.#known.meet(id, holderOf(id, olds)) : undefined;
      const { changes, remarks } = diff(olds, news);
      await printRemarks(this.surroundings.print, subject, [
        ...remarks,
        ...(other === undefined ? [] : [sharedWarning(id, other)]),
      ]);
      if (hiddenOutputs(olds).__inputs === "stale") {
        // Half of an update was done. Where inputs are as they were, the engine would see nothing to do; where they differ,
        // it draws them and honours `replaceOnChanges`, as below.
        const isUnchanged = this.#unchanged.some((inputs) => same(inputs, withoutSource(news)));
        return { ...(isUnchanged ? { changes: true } : {}), deleteBeforeReplace: true };
      }
      // Only without a verdict does the engine draw the difference property by property and honour `replaceOnChanges`.
      return changes ? { deleteBeforeReplace: true } : { changes: false };
    });
  }

  async create(inputs: Properties): Promise<pulumi.dynamic.CreateResult> {
    const subject: Subject = { operation: "create", id: undefined, properties: inputs };
    return answerEngine(this.surroundings.print, subject, async (secrets) => {
      const wanted = wantedArguments(inputs);
      const { __origin: origin = wanted.name ?? "", __timeouts: timeouts } = hiddenInputs(inputs);
      const client = this.#client(subject, secrets, timeouts?.create);
      const entry = { __entry: randomUUID() };
      const self = holderOf(origin, { ...inputs, ...entry });
      const declaration = { wanted, origin, self, isReplacement: this.#known.isDeclared(origin) };
      try {
        const { deployment, held } = await create(client, declaration, this.#known);
        this.#known.hold(deployment.id, self);
        const now = await finish(client, deployment, held, wanted);
        return { id: now.id, outs: outputs(now, wanted, inputs, entry) };
      } catch (error) {
        throw error instanceof PartialFailure ? recorded(error, inputs, { ...entry, __inputs: "told" }) : error;
      }
    });
  }

  async update(id: string, olds: Properties, news: Properties): Promise<pulumi.dynamic.UpdateResult> {
    const subject: Subject = { operation: "update", id, properties: news };
    return answerEngine(this.surroundings.print, subject, async (secrets) => {
      const wanted = wantedArguments(news);
      const client = this.#client(subject, secrets, hiddenInputs(news).__timeouts?.update);
      const recordedState = { arguments: argumentsIn(olds), live: recordedLive(olds) };
      const { __entry, __open } = hiddenOutputs(olds);
      try {
        const now = await update(client, id, recordedState, wanted, __open === true);
        return { outs: outputs(now, wanted, news, { __entry }, olds) };
      } catch (error) {
        // The engine keeps the inputs of before then, and knows by them which values are secret.
        throw error instanceof PartialFailure ? recorded(error, news, { __entry, __inputs: "kept" }, olds) : error;
      }
    });
  }

  async read(id: string, properties: Properties): Promise<pulumi.dynamic.ReadResult> {
    const subject: Subject = { operation: "read", id, properties };
    return answerEngine(this.surroundings.print, subject, async (secrets) => {
      // Pulumi knows no time limit for reads; whoever bounds updates wants no longer waits there either.
      const client = this.#client(subject, secrets, hiddenInputs(properties).__timeouts?.update);
      if (!isRecorded(properties)) {
        const found = await get(client, id);
        const described = describedArguments(found);
        const props = { ...argumentOutputs(described), ...serverOutputs(found), __inputs: "stale" };
        return { id, props, inputs: described };
      }
      const recorded = argumentsIn(properties);
      const deployment = await refresh(client, id, { arguments: recorded, createdAt: properties["createdAt"] });
      if (deployment === undefined) {
        return { id: "" };
      }
      const { __entry, __inputs, __open } = hiddenOutputs(properties);
      const held = __open ? shownArguments(deployment, recorded) : ownedArguments(deployment, recorded);
      if (__inputs === "kept" || __inputs === "stale") {
        return { id, props: outputs(deployment, held, properties, { __entry, __inputs: "stale" }, properties) };
      }
      const props = outputs(deployment, held, properties, { __entry }, properties);
      // What left the program without an update is among the outputs still: inputs made of them would bring it back.
      const isAsRecorded = same(held, recorded) && same(liveOf(deployment), recordedLive(properties));
      return isAsRecorded && __inputs === undefined
        ? { id, props }
        : { id, props, inputs: { ...held, ...hiddenInputs(properties) } };
    });
  }

  async delete(id: string, properties: Properties): Promise<void> {
    const subject: Subject = { operation: "delete", id, properties };
    await answerEngine(this.surroundings.print, subject, async (secrets) => {
      const client = this.#client(subject, secrets, hiddenInputs(properties).__timeouts?.delete);
      const holder = this.#known.holder(id);
      if (holder !== undefined && holder.entry !== holderOf(id, properties).entry) {
        if (this.#known.isClaimed(id)) {
          throw new QoderError(
            `${holder.description} was to take it over and does not have it; run \`pulumi up\` again when that is mended`,
          );
        }
        await printRemarks(this.surroundings.print, subject, [`left as it is: ${holder.description} manages it now`]);
        return {};
      }
      await remove(client, id, { arguments: argumentsIn(properties), createdAt: properties["createdAt"] });
      this.#known.release(id);
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
      accountSettings(this.#configuration, this.surroundings.environment);
      return [];
    } catch (error) {
      return [`warning: ${reasonOf(error)}. A preview needs no account, \`pulumi up\` does`];
    }
  }

  #client(subject: Subject, secrets: Set<string>, seconds: number = defaultSeconds): QoderClient {
    const account = accountSettings(this.#configuration, this.surroundings.environment);
    secrets.add(account.token);
    const key = JSON.stringify(account);
    const client = this.#clients.get(key) ?? QoderClient.connect(account, this.surroundings.clock);
    this.#clients.set(key, client);
    const tell = (remark: string) => printRemarks(this.surroundings.print, subject, [redacted(remark, secrets)]);
    return client.within(seconds * 1_000, tell);
  }
}

function withoutSource({ __provider: _, ...properties }: Properties): Properties {
  return properties;
}

/** The resource with these outputs. A state that was imported knows no entry, and one that was made by hand no origin. */
function holderOf(fallback: string, outputs: Properties): Holder {
  const entry = hiddenOutputs(outputs).__entry ?? hiddenInputs(outputs).__origin ?? fallback;
  const name = pulumiName(outputs);
  return { entry, description: name === undefined ? "another resource" : `the resource "${name}"` };
}

function sharedWarning(id: string, { description }: Holder): string {
  return `warning: ${description} of this stack manages ${id} too; take one of the two out of the state with \`pulumi state delete\` and out of the program`;
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
  hidden: HiddenOutputs,
  olds: Properties = {},
): Properties {
  return { ...argumentOutputs(held), ...serverOutputs(deployment, olds), ...hiddenInputs(inputs), ...hidden };
}

function recorded(
  failure: PartialFailure,
  inputs: Properties,
  hidden: HiddenOutputs,
  olds: Properties = {},
): PartialFailure {
  const open = failure.isOpen ? ({ __open: true } as const) : {};
  return failure.withProperties(outputs(failure.deployment, failure.held, inputs, { ...hidden, ...open }, olds));
}

/** What `providerSource` in `host.ts` hands to the engine. */
export const provider = new DeploymentProvider();
