import type * as pulumi from "@pulumi/pulumi";
import { warning } from "../api/remark";
import { jsonObjectSchema } from "../api/schema";
import { requestLabel } from "../api/transport";
import { isDeploymentType } from "../kinds/table";
import { only } from "../resource/compare/arguments";
import { idempotencyKey } from "../resource/kind/idempotency";
import { argumentNames, type PriorState } from "../resource/kind/kind";
import { type Properties, withWordsForUnknown } from "../resource/kind/program-values";
import { KindProvider } from "../resource/provider";
import type { Objects } from "../resource/read/objects";
import { answerAbout, described, get, isNew, type read, type State } from "../resource/read/read";
import type { EngineCall } from "../resource/session/engine-call";
import type { Session } from "../resource/session/session";
import { hiddenInputs, PartialFailure, type Written } from "../resource/state/state";
import type { NewResource } from "../resource/write/create";
import { unknownWord } from "../resource/write/request-lines";
import { ending, type StartedRun } from "./ending";
import { deploymentRunKind } from "./kind";
import type { DeploymentRunReply, RunArguments } from "./reply";
import type { RecordedEnd } from "./result-outputs";
import { type Attempt, begin, isOfInterruptedUp, startRequests } from "./start";

/** The requests of a new run in a preview. */
export const startLines = (wanted: Properties) => [
  ...startRequests(wanted).map((request) => withWordsForUnknown(requestLabel(request), unknownWord)),
  ...ending.shown(wanted, {}),
];

/**
 * A run is started and waited for. No update changes a run, a removal sends nothing, and a run that the service no longer shows stays in
 * the state.
 */
export class RunProvider extends KindProvider {
  // A run knows the secrets of its deployment, of the vaults and of the agent: its texts may repeat any of them.
  protected override readonly repeatsAny = true;
  // A run has no arguments left to send: the next update waits for its end.
  protected override readonly unfinishedCreate = "update";
  /** What this command has started, by the ids of the deployments. */
  readonly #started = new Map<string, DeploymentRunReply[]>();

  constructor(session: Session) {
    const update = (wanted: Properties, outputs: Properties) =>
      ending.shown(wanted, outputs, session.ledger.finder({}));
    super(deploymentRunKind, session, { create: startLines, update });
  }

  protected override isOpen({ session: { ledger } }: EngineCall, { outputs }: PriorState, wanted: Properties): boolean {
    return ending.isOpen(wanted, outputs, ledger.finder({}));
  }

  protected override async obtain(
    { session: { ledger } }: EngineCall,
    objects: Objects,
    { wanted, origin, isReplacement }: NewResource,
  ): Promise<Written> {
    const { client, kind } = objects;
    const args: Partial<RunArguments> = wanted;
    const { deploymentId = "" } = args;
    const fixed = argumentNames(kind).filter((name) => kind.fields[name]?.replaces);
    const body = jsonObjectSchema.parse(only(wanted, fixed));
    const replaced = isReplacement ? ledger.predecessor(origin)?.id : undefined;
    // Lists may show them late.
    const started = this.#started.get(deploymentId) ?? [];
    this.#started.set(deploymentId, started);
    const attempt: Attempt = {
      ...{ client, command: "up", wanted: args },
      // A change of the triggers back to earlier ones asks for another run: it replaces another one.
      key: (generation) => idempotencyKey(origin, body, generation, client.account.workspaceId, replaced),
      // If this command does not know the replaced run, nothing tells it from the run of an interrupted replacement.
      continuesWith: (run, shown, listed) =>
        (!isReplacement || replaced !== undefined) &&
        isOfInterruptedUp(run, shown, [...listed, ...started], args, (ids) => ledger.lastChange(ids)),
      by: `by an interrupted \`up\`. Change triggers to run ${deploymentId} once more`,
      isTaken: (id) => !ledger.mayTake(id),
      send: async (request, problem) => (await objects.send(request, problem)).object,
    };
    // Each start depends on the runs that the earlier ones of its deployment have started.
    const object = await ledger.alone(deploymentId, () => begin(attempt));
    started.push(object);
    return { object, recorded: wanted, baseline: {} };
  }

  protected override sendRest(
    call: EngineCall,
    objects: Objects,
    { object }: Written,
    wanted: Properties,
  ): Promise<Written> {
    const { __origin: urn = "" } = hiddenInputs(call.subject.properties);
    const before: RecordedEnd | undefined = call.session.ledger.predecessor(urn)?.prior.outputs;
    // The deployment of the replaced run, if this command does not know it.
    const __expects = before?.__expects && { ...before.__expects, asked: false };
    return ended(call, objects, { object, outputs: { __expects } }, wanted);
  }

  protected override change(
    call: EngineCall,
    objects: Objects,
    id: string,
    { outputs }: PriorState,
    wanted: Properties,
  ): Promise<Written> {
    return ended(call, objects, { object: { id }, outputs }, wanted);
  }

  protected override async look(
    objects: Objects,
    _: unknown,
    state: State,
    warnings: Parameters<typeof read>[3],
  ): Promise<pulumi.dynamic.ReadResult> {
    const { id, prior } = state;
    const { client } = objects;
    if (isNew(prior)) {
      const object = await get(objects, id);
      return described(objects.kind, await ending.look({ client, object, outputs: {} }, undefined), state);
    }
    const object = await objects.find(id);
    if (object === undefined) {
      return { id, props: state.properties };
    }
    const now = await ending.look({ client, object, outputs: prior.outputs }, prior.arguments);
    const { result, live } = answerAbout(objects, now, state);
    for (const text of await warnings(live)) {
      await client.remark(warning(text));
    }
    return result;
  }
}

/** The run costs credits already, so a failure carries what is known: the next update waits again and starts no second run. */
async function ended(
  { session: { ledger }, subject }: EngineCall,
  { client }: Objects,
  run: Pick<StartedRun, "object" | "outputs">,
  wanted: Properties,
): Promise<Written> {
  const { uses = [] } = ledger.of(subject)?.command ?? {};
  const isDeclaredElsewhere = uses.some((urn) => isDeploymentType(urn.split("::")[2]?.split("$").at(-1) ?? ""));
  const { object, failure } = await ending.wait(
    { client, ...run, declared: ledger.finder({}), isDeclaredElsewhere },
    wanted,
  );
  const written = { object, recorded: wanted, baseline: {}, unanswered: {} };
  if (failure !== undefined) {
    // Only GETs were sent, so the service changed nothing.
    throw new PartialFailure(written, failure, false);
  }
  return written;
}
