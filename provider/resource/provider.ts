import { randomUUID } from "node:crypto";
import type * as pulumi from "@pulumi/pulumi";
import type { Configuration } from "../account/settings";
import { check, checkAgainstSiblings } from "./check/check";
import { wantedIn } from "./compare/arguments";
import { withoutIgnored, withRecorded } from "./compare/ignored";
import { isCoveredBy } from "./compare/replaced-places";
import { answerEngine, type Subject } from "./engine/answer";
import { asGiven, type DiffOutcome, ownerOf } from "./engine/ledger";
import { commandSettings, withoutCommand } from "./engine/settings";
import { type PriorState, parentIn, type ResourceKind } from "./kind/kind";
import { commonInputs, type Properties, same } from "./kind/program-values";
import { getRequest, parentOfId } from "./kind/requests";
import { withDefaultMetadata } from "./plan/default-metadata";
import { comparedRemarks, diff } from "./plan/diff";
import { leftRemark } from "./plan/ownership";
import { refuseRemoval, refuseReplacement, refuseSuccessor } from "./plan/protection";
import { type OwnLines, RequestPreview } from "./preview/show";
import { archivedNeeds, askedOfCheck, askedOfDiff } from "./preview/verify";
import type { Objects } from "./read/objects";
import { read } from "./read/read";
import { laidOver } from "./read/users-of";
import { EngineCall } from "./session/engine-call";
import type { Session } from "./session/session";
import { secretArguments, unmarkedPlaces } from "./state/hidden-texts";
import {
  hiddenInputs,
  hiddenOutputs,
  priorStateIn,
  shownMemory,
  stateOf,
  type Written,
  withState,
} from "./state/state";
import { create, type NewResource, sendRest } from "./write/create";
import { remove } from "./write/end";
import { update } from "./write/update";

/** The provider of one kind: takes apart the calls of the engine and puts together the answers. */
export class KindProvider implements pulumi.dynamic.ResourceProvider {
  #configuration: Configuration | undefined;
  readonly #requests: RequestPreview;

  constructor(
    private readonly kind: ResourceKind,
    protected readonly session: Session,
    own?: OwnLines,
  ) {
    this.#requests = new RequestPreview(kind, session, own);
  }

  /** True if a message about an object may repeat the secrets of any other resource. */
  protected readonly repeatsAny: boolean = false;
  /** The write that is unfinished if a create leaves an object behind. */
  protected readonly unfinishedCreate: "create" | "update" = "create";

  /** True if an update has something to find out, although nothing that this resource declares has changed. */
  protected isOpen(_call: EngineCall, _prior: PriorState, _wanted: Properties): boolean {
    return false;
  }

  /** Creates the object, or finds the one to continue with. */
  protected obtain(_: EngineCall, objects: Objects, resource: NewResource): Promise<Written> {
    return create(objects, resource, this.session.ledger);
  }

  /** Does what the first request of a create cannot. */
  protected sendRest(_: EngineCall, objects: Objects, made: Written, wanted: Properties): Promise<Written> {
    return sendRest(objects, made, wanted);
  }

  protected change(
    _: EngineCall,
    objects: Objects,
    id: string,
    prior: PriorState,
    wanted: Properties,
  ): Promise<Written> {
    return update(objects, id, prior, wanted);
  }

  protected look(...asked: Parameters<typeof read>): ReturnType<typeof read> {
    return read(...asked);
  }

  /**
   * Only stores the configuration: the server of dynamic providers lets other calls in while a `configure` waits, and after one
   * that throws it continues unconfigured (pulumi/pulumi sdk/nodejs/cmd/dynamic-provider, `getProvider`).
   */
  async configure({ config }: { readonly config: Configuration }): Promise<void> {
    this.#configuration = config;
  }

  async check(olds: Properties, news: Properties): Promise<pulumi.dynamic.CheckResult> {
    const labelled = withDefaultMetadata(this.kind, olds, news, this.#configuration);
    const given = withoutCommand(labelled);
    return this.#answer("check", undefined, given, async (call) => {
      const { kind, session, subject } = call;
      const { __origin: urn = "" } = hiddenInputs(news);
      const command = commandSettings(news);
      const outcome = check(kind, olds, given, session.ledger.isReplacement(urn), command);
      const { inputs } = outcome;
      const isUnchanged = same(asGiven(inputs), asGiven(olds));
      const declared = { label: kind.label, urn, given, inputs, isUnchanged, command };
      const marked = secretArguments(olds, inputs);
      session.ledger.declare({ ...declared, secretArguments: marked }, outcome.exists);
      call.hide(olds);
      call.hide(inputs);
      const checked = checkAgainstSiblings(kind, outcome, session.ledger, urn, command);
      // For `ignoreChanges: ["*"]` the engine passes the recorded inputs, which tell nothing of the command.
      if (news["__command"] !== undefined) {
        session.remarks.runs(command);
      }
      const asked = await askedOfCheck(call, checked);
      session.remarks.ofPlan(subject, [...checked.remarks, ...asked.remarks], call.secrets);
      const failures = [...asked.failures, ...checked.failures];
      if (failures.length === 0) {
        await this.#requests.ofCheck(subject, outcome, call.secrets);
      }
      // `property` stays empty: the engine prints the value of the property that is named, even if it is a token.
      return { inputs, failures: failures.map((reason) => ({ property: "", reason })) };
    });
  }

  async diff(id: string, olds: Properties, given: Properties): Promise<pulumi.dynamic.DiffResult> {
    return this.#answer("diff", id, withoutCommand(given), async (call) => {
      const { account, kind, session, subject } = call;
      const { __unfinished } = hiddenOutputs(olds);
      const ignored = ignoredIn(call, given);
      const prior = withoutIgnored(kind, priorStateIn(kind, olds), ignored);
      const news = withRecorded(kind, prior, withoutCommand(given));
      // A refresh compares every resource of the state, also resources that left the program, after it has recorded the present account.
      const { declaration, other } = session.ledger.compared(kind, subject, { id, prior }, olds);
      const { command, isUnchanged = false } = declaration ?? {};
      session.accountProofs.record(id, hiddenOutputs(olds).__maker, getRequest(kind, id));
      call.hide(olds);
      const found = diff(kind, prior, news, olds, command?.replaceOnChanges);
      // After a failure in part the engine holds the wanted inputs, sees no difference in them, and replaces nothing by itself.
      const covered = __unfinished === undefined ? [] : found.covered;
      const outcome = { ...found, replaces: [...new Set([...found.replaces, ...covered])] };
      refuseReplacement({ kind, id, prior, declaration, outcome }, call);
      const { changes, replaces } = outcome;
      const compared = comparedRemarks({ kind, id, prior, olds, news, declaration, other, account, outcome });
      const asked = await askedOfDiff(call, { id, prior, declaration, outcome });
      session.remarks.ofPlan(subject, [...compared, ...asked], call.secrets);
      // The engine updates a resource whose last write failed, whatever this diff says.
      const isOpen = this.isOpen(call, prior, outcome.wanted);
      const isChanged = changes || __unfinished !== undefined || isOpen;
      const isUnmarked = unmarkedPlaces(declaration, olds).length > 0;
      session.remarks.diffed(subject, isChanged || isUnmarked);
      if (isChanged && replaces.length === 0) {
        await this.#requests.ofUpdate(subject, id, prior, { inputs: news, wanted: outcome.wanted }, call.secrets);
      }
      const isPartLeft = __unfinished === "update, refreshed" || isOpen;
      // The mark of a secret replaces nothing.
      const isKept = isUnmarked && !isChanged && isCoveredBy(command?.replaceOnChanges ?? [], "__secrets", olds, news);
      const isLeft = isPartLeft || isUnmarked;
      // The inputs may hold a label that was ignored until now.
      const isUnseen = isUnchanged && (isLeft || ignored.length === 0);
      return answered(outcome, isLeft, covered.length > 0 || isKept || isUnseen);
    });
  }

  async create(inputs: Properties): Promise<pulumi.dynamic.CreateResult> {
    return this.#answer("create", undefined, inputs, async (call) => {
      const { account, kind, session } = call;
      const { ledger, lists } = session;
      const wanted = wantedIn(kind, inputs);
      const { name = "", adopt } = commonInputs(inputs);
      const { __origin: origin = name, __timeouts: timeouts } = hiddenInputs(inputs);
      const objects = call.objects(timeouts?.create, { parent: parentIn(kind, wanted) });
      const entry = { __entry: randomUUID(), __account: account, __maker: call.maker, ...nameLeftOut(call, wanted) };
      const self = ownerOf(origin, { ...inputs, ...entry });
      const declaration = { wanted, adopt, origin, self, isReplacement: ledger.isReplacement(origin) };
      const isKept = ledger.of(call.subject)?.command.retainOnDelete === true;
      refuseSuccessor(kind, { urn: origin, adopt, isKept }, ledger, call);
      try {
        const obtained = await this.obtain(call, objects, declaration);
        const { id } = obtained.object;
        ledger.has(origin, id, self);
        ledger.written(kind, id, wanted);
        lists.wrote(laidOver(kind, wanted, obtained.object));
        const { object, baseline } = await this.sendRest(call, objects, obtained, wanted);
        const outs = stateOf(kind, object, wanted, inputs, { ...entry, ...shownMemory(baseline) });
        return { id: object.id, outs };
      } catch (error) {
        throw withState(kind, error, inputs, this.unfinishedCreate, entry);
      }
    });
  }

  async update(id: string, olds: Properties, news: Properties): Promise<pulumi.dynamic.UpdateResult> {
    return this.#answer("update", id, withoutCommand(news), async (call) => {
      const { account, kind, session } = call;
      const ignored = ignoredIn(call, news);
      const prior = withoutIgnored(kind, priorStateIn(kind, olds), ignored);
      const wanted = wantedIn(kind, withRecorded(kind, prior, news));
      const objects = call.objects(hiddenInputs(news).__timeouts?.update, { prior, olds });
      const { __entry } = hiddenOutputs(olds);
      const kept = () => {
        const __maker = objects.recorded?.makerAfterUpdate();
        return { __entry, __account: account, __maker, ...nameLeftOut(call, wanted) };
      };
      session.ledger.written(kind, id, wanted);
      try {
        const { object, baseline } = await this.change(call, objects, id, prior, wanted);
        session.lists.wrote(laidOver(kind, wanted, object));
        return { outs: stateOf(kind, object, wanted, news, { ...kept(), ...shownMemory(baseline) }, olds) };
      } catch (error) {
        // After a failed update the engine keeps the older inputs, whose marks say which values are secret.
        throw withState(kind, error, news, "update", kept(), olds);
      }
    });
  }

  async read(id: string, properties: Properties): Promise<pulumi.dynamic.ReadResult> {
    return this.#answer("read", id, properties, async (call) => {
      const { account, configuration, kind, session, subject } = call;
      // Pulumi has no time limit for reads, so the limit of updates counts here too.
      const { update } = hiddenInputs(properties).__timeouts ?? {};
      const prior = priorStateIn(kind, properties);
      const objects = call.objects(update, { prior, parent: parentOfId(kind, id) });
      if (objects.recorded !== undefined) {
        session.accountProofs.record(id, hiddenOutputs(properties).__maker, getRequest(kind, id));
      }
      const isExact = session.clients.account(configuration).refresh === "exact";
      const reads = isExact ? undefined : session.reads.of(objects);
      const reader = session.readerForRefresh(configuration);
      const found = await this.look(
        objects,
        reads,
        { id, properties, prior, account, maker: call.maker },
        async (live) => (reader === undefined ? [] : archivedNeeds(kind, live, call.asking().client, reader)),
      );
      if (objects.recorded !== undefined && found.id !== "") {
        session.ledger.hasRefreshed(subject, { id, prior });
      }
      if (Object.keys(prior.arguments).length === 0) {
        session.ledger.hasRead(id, { name: commonInputs(found.inputs).name ?? id, inputs: { ...found.inputs } });
      }
      return found;
    });
  }

  async delete(id: string, properties: Properties): Promise<void> {
    await this.#answer("delete", id, properties, async (call) => {
      const { kind, session, subject } = call;
      const { ledger, lists, remarks } = session;
      const prior = priorStateIn(kind, properties);
      const { __timeouts: timeouts } = hiddenInputs(properties);
      const objects = call.objects(timeouts?.delete, { prior });
      const self = ownerOf(id, properties);
      const left = leftRemark(kind, { id, prior }, self, ledger);
      if (left !== undefined) {
        await remarks.of(subject, [left]);
        return {};
      }
      refuseRemoval(kind, { id, prior }, "remove", call);
      ledger.written(kind, id, prior.arguments);
      await remarks.of(subject, kind.removal?.remarks?.(prior.arguments, prior.outputs) ?? []);
      await remove(objects, id, prior, lists);
      ledger.removed(subject, { id, prior }, self);
      lists.wrote({ id, archived_at: "by this command" });
      return {};
    });
  }

  #answer<Result extends object>(
    operation: Subject["operation"],
    id: string | undefined,
    properties: Properties,
    answer: (call: EngineCall) => Promise<Result>,
  ): Promise<Result> {
    const { kind, session } = this;
    const subject = { kind, operation, id, properties };
    const answered = () =>
      answerEngine(
        session,
        subject,
        (secrets) => answer(new EngineCall(kind, session, this.#configuration, subject, secrets)),
        this.repeatsAny,
      );
    return isWrite(operation) ? session.reads.apartFrom(answered) : answered();
  }
}

/**
 * The engine shows the difference property by property, and honours `replaceOnChanges`, only if `changes` is absent. `isUnseen`: the
 * engine sees no difference in the inputs, so the answer must report one.
 */
function answered(
  { changes, replaces, deleteBeforeReplace }: DiffOutcome,
  isLeft: boolean,
  isUnseen: boolean,
): pulumi.dynamic.DiffResult {
  const seen = isUnseen ? { changes: true } : {};
  return changes || isLeft ? { ...seen, replaces: [...replaces], deleteBeforeReplace } : { changes };
}

/** The paths of `ignoreChanges`. The engine names them to the plugin, but not in its check, and the program to the check. */
function ignoredIn({ session, subject }: EngineCall, given: Properties): string[] {
  return [session.ledger.of(subject)?.command, commandSettings(given)].flatMap(
    (command) => command?.ignoreChanges ?? [],
  );
}

/** The output with the name of an object to which the program gives none. */
function nameLeftOut({ session, subject }: EngineCall, wanted: Properties): { readonly __name?: string } {
  const { [session.ledger.of(subject)?.command.defaultName ?? ""]: name } = wanted;
  return typeof name === "string" ? { __name: name } : {};
}

function isWrite(operation: Subject["operation"]): boolean {
  return operation === "create" || operation === "update" || operation === "delete";
}
