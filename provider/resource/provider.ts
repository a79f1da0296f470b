import { randomUUID } from "node:crypto";
import type * as pulumi from "@pulumi/pulumi";
import type { Configuration } from "../account/settings";
import { redacted } from "../api/redacted";
import type { Remark } from "../api/remark";
import { wantedIn } from "./arguments";
import { type CheckOutcome, check } from "./check/check";
import { asGiven, declarationRemarks } from "./declared";
import { type DiffOutcome, diff } from "./diff";
import { answerEngine, type Subject, secretTexts } from "./engine/answer";
import { commandOf, withoutCommand } from "./engine/command";
import { same } from "./fields/comparison";
import { holderIn, type Known, type ProgramChange, type ResourceKind } from "./kind";
import { Objects } from "./objects";
import type { BaseReply } from "./outputs";
import { claimError, holderOf, leftRemark, sharedRemarks } from "./ownership";
import { type PlanRemark, planWarning } from "./plan-remark";
import { RequestPreview } from "./preview/shown-requests";
import { archivedNeeds, type Findings, noFindings, verify } from "./preview/verify";
import { commonInputs, containsUnknown, type Properties } from "./program-values";
import { read } from "./read";
import { getRequest, holderOfId } from "./requests";
import type { Session } from "./session";
import { hiddenInputs, hiddenOutputs, knownIn, shownOutput, stateOf, withState } from "./state";
import { create } from "./write/create";
import { createBody } from "./write/plan";
import { remove } from "./write/remove";
import { forgetStarted } from "./write/run";
import { endSteps } from "./write/steps";
import { finish, update } from "./write/update";

/** The time limit of one call of the engine for a resource without `customTimeouts`. */
const defaultSeconds = 300;
/** The time limit of the questions of a preview or refresh about the objects that one resource names. */
const verifySeconds = 30;

/** The provider of one kind: takes apart the calls of the engine and puts together the answers. */
export class KindProvider implements pulumi.dynamic.ResourceProvider {
  #configuration: Configuration | undefined;
  readonly #requests: RequestPreview;

  constructor(
    private readonly kind: ResourceKind,
    private readonly session: Session,
  ) {
    this.#requests = new RequestPreview(kind, session);
  }

  /**
   * Only stores the configuration: the server of dynamic providers lets other calls in while a `configure` waits, and after one
   * that throws it continues unconfigured (pulumi/pulumi sdk/nodejs/cmd/dynamic-provider, `getProvider`).
   */
  async configure({ config }: { readonly config: Configuration }): Promise<void> {
    this.#configuration = config;
  }

  async check(olds: Properties, news: Properties): Promise<pulumi.dynamic.CheckResult> {
    const given = withoutCommand(news);
    return this.#answer("check", undefined, given, async (subject, secrets) => {
      const { ownership, remarks } = this.session;
      const { __origin: urn = "" } = hiddenInputs(news);
      const command = commandOf(news);
      const outcome = check(this.kind, olds, given, ownership.isReplacement(urn), command);
      const { inputs, exists } = outcome;
      ownership.declare(urn, exists);
      const isUnchanged = same(asGiven(inputs), asGiven(olds));
      this.session.declared.declare({ label: this.kind.label, urn, given, inputs, isUnchanged, command });
      const { declaredRemarks } = outcome.failures.length > 0 ? {} : this.kind;
      // For `ignoreChanges: ["*"]` the engine passes the recorded inputs, which tell nothing of the command.
      if (news["__command"] !== undefined) {
        remarks.runs(command);
      }
      const settings = this.session.settingFindings(this.#configuration);
      const asked = outcome.failures.length > 0 ? noFindings : await this.#verify(subject, olds, outcome, secrets);
      const namesakes = this.session.namesakes.met(this.kind, urn, outcome.body);
      const failures = [...settings.failures, ...outcome.failures, ...namesakes.failures, ...asked.failures];
      remarks.ofPlan(subject, [
        ...outcome.remarks,
        ...(declaredRemarks?.(inputs, this.session.declared.finder(command)) ?? []),
        ...namesakes.remarks,
        ...settings.warnings.map((text) => planWarning("token", text)),
        ...asked.warnings.map((text) => planWarning("verify", text)),
        ...(asked.remarks ?? []),
        ...(await this.#askedRemarks(
          subject,
          adoptedIn(outcome),
          { before: {}, after: outcome.wanted, inputs },
          secrets,
        )),
      ]);
      if (failures.length === 0) {
        await this.#requests.ofCheck(subject, outcome, secrets);
      }
      // `property` stays empty: the engine prints the value of the property that is named, even if it is a token.
      return { inputs, failures: failures.map((reason) => ({ property: "", reason })) };
    });
  }

  async diff(id: string, olds: Properties, news: Properties): Promise<pulumi.dynamic.DiffResult> {
    return this.#answer("diff", id, news, async (subject, secrets) => {
      const { ownership, sightings } = this.session;
      const { __unfinished, __account: account } = hiddenOutputs(olds);
      forgetStarted(this.kind, hiddenInputs(olds).__origin, id);
      const known = knownIn(this.kind, olds);
      // A refresh compares every resource of the state, also resources that left the program.
      const declaration = this.session.declared.ofDiff(subject, id, olds);
      const urn = declaration?.urn;
      const other = urn === undefined ? undefined : ownership.seen(id, holderOf(id, olds, urn));
      if (urn !== undefined) {
        // A refresh compares after it has recorded the present account.
        sightings.isRecorded(id, account, getRequest(this.kind, id));
        ownership.setPredecessor(urn, { id, known });
      }
      ownership.uses.recorded(this.kind, id, olds);
      const outcome = diff(this.kind, known, news);
      const { changes, replaces, deleteBeforeReplace } = outcome;
      const shown = declarationRemarks(this.kind, id, declaration, { olds, news, known }, outcome, this.#account);
      const change = { before: known.arguments, after: outcome.wanted, inputs: news };
      const asked = await this.#askedRemarks(subject, id, change, secrets);
      const files = await this.#changedFiles(subject, id, known, outcome, secrets);
      const shared = sharedRemarks(this.kind, id, known, other);
      this.session.remarks.ofPlan(subject, [...outcome.remarks, ...shared, ...shown, ...asked, ...files]);
      // The engine updates a resource whose last write failed, whatever this diff says.
      const isChanged = changes || __unfinished !== undefined;
      this.session.remarks.diffed(subject, isChanged);
      if (isChanged && replaces.length === 0) {
        await this.#requests.ofUpdate(subject, id, known, { inputs: news, wanted: outcome.wanted }, secrets);
      }
      if (__unfinished === "update, refreshed") {
        // A part of an update is left to do. If the inputs are unchanged, the engine sees no difference, so this answer must
        // report one. If they differ, the engine shows them and honours `replaceOnChanges`, as below.
        return { ...(declaration?.isUnchanged ? { changes: true } : { replaces: [...replaces] }), deleteBeforeReplace };
      }
      // The engine shows the difference property by property, and honours `replaceOnChanges`, only if `changes` is absent.
      return changes ? { replaces: [...replaces], deleteBeforeReplace } : { changes: false };
    });
  }

  async create(inputs: Properties): Promise<pulumi.dynamic.CreateResult> {
    return this.#answer("create", undefined, inputs, async (subject, secrets) => {
      const { lists, ownership } = this.session;
      const wanted = wantedIn(this.kind, inputs);
      const { name = "", adopt } = commonInputs(inputs);
      const { __origin: origin = name, __timeouts: timeouts } = hiddenInputs(inputs);
      const holder = holderIn(this.kind, wanted);
      const objects = this.#objects(subject, secrets, timeouts?.create, { holder });
      const entry = { __entry: randomUUID(), __account: this.#account };
      const self = holderOf(origin, { ...inputs, ...entry });
      const { isNameDrawn = false } = this.session.declared.of(subject)?.command ?? {};
      const isReplacement = ownership.isReplacement(origin);
      const declaration = { wanted, adopt, origin, self, isReplacement, isNameDrawn };
      try {
        const obtained = await create(objects, declaration, ownership, lists);
        ownership.hold(obtained.object.id, self);
        this.session.declared.has({ urn: origin }, obtained.object.id);
        ownership.uses.written(this.kind, obtained.object.id, wanted);
        this.session.atEnd.push(() => forgetStarted(this.kind, origin, obtained.object.id));
        lists.wrote(laidOver(this.kind, wanted, obtained.object));
        const { object, baseline } = await finish(objects, obtained, wanted);
        return {
          id: object.id,
          outs: stateOf(this.kind, object, wanted, inputs, { ...entry, ...shownOutput(baseline) }),
        };
      } catch (error) {
        // A run has no arguments left to send: the next update waits for its end.
        throw withState(this.kind, error, inputs, this.kind.start === undefined ? "create" : "update", entry);
      }
    });
  }

  async update(id: string, olds: Properties, news: Properties): Promise<pulumi.dynamic.UpdateResult> {
    return this.#answer("update", id, news, async (subject, secrets) => {
      // An error may also repeat a secret that this update replaces.
      for (const text of secretTexts(this.session, { ...subject, properties: olds })) {
        secrets.add(text);
      }
      const wanted = wantedIn(this.kind, news);
      const known = knownIn(this.kind, olds);
      const objects = this.#objects(subject, secrets, hiddenInputs(news).__timeouts?.update, { known, olds });
      const kept = { __entry: hiddenOutputs(olds).__entry, __account: this.#account };
      this.session.ownership.uses.written(this.kind, id, wanted);
      try {
        const { object, baseline } = await update(objects, id, known, wanted);
        this.session.lists.wrote(laidOver(this.kind, wanted, object));
        return { outs: stateOf(this.kind, object, wanted, news, { ...kept, ...shownOutput(baseline) }, olds) };
      } catch (error) {
        // After a failed update the engine keeps the older inputs, whose marks say which values are secret.
        throw withState(this.kind, error, news, "update", kept, olds);
      }
    });
  }

  async read(id: string, properties: Properties): Promise<pulumi.dynamic.ReadResult> {
    return this.#answer("read", id, properties, async (subject, secrets) => {
      // Pulumi has no time limit for reads, so the limit of updates counts here too.
      const { update } = hiddenInputs(properties).__timeouts ?? {};
      const known = knownIn(this.kind, properties);
      const objects = this.#objects(subject, secrets, update, { known, holder: holderOfId(this.kind, id) });
      if (objects.recorded !== undefined) {
        this.session.sightings.isRecorded(id, hiddenOutputs(properties).__account, getRequest(this.kind, id));
      }
      const isExact = this.session.clients.account(this.#configuration).refresh === "exact";
      const reads = isExact ? undefined : this.session.reads.of(objects);
      const account = this.session.readerForRefresh(this.#configuration);
      const asked = () => this.#objects(subject, secrets, verifySeconds).client;
      const state = { id, properties, known, account: this.#account };
      const found = await read(objects, reads, state, async (live) =>
        account === undefined ? [] : archivedNeeds(this.kind, live, asked(), account),
      );
      if (Object.keys(known.arguments).length === 0) {
        this.session.declared.hasRead(id, { name: commonInputs(found.inputs).name ?? id, inputs: { ...found.inputs } });
      }
      return found;
    });
  }

  async delete(id: string, properties: Properties): Promise<void> {
    await this.#answer("delete", id, properties, async (subject, secrets) => {
      const known = knownIn(this.kind, properties);
      const objects = this.#objects(subject, secrets, hiddenInputs(properties).__timeouts?.delete, { known });
      const { lists, ownership } = this.session;
      const self = holderOf(id, properties);
      const ends = endSteps(this.kind, known.arguments).length > 0;
      const other = ends ? ownership.mayArchive(id, self) : undefined;
      if (other?.isClaim) {
        throw claimError(other.holder);
      }
      if (other !== undefined) {
        await this.session.remarks.of(subject, [leftRemark(self, other.holder)]);
        return {};
      }
      ownership.uses.written(this.kind, id, known.arguments);
      await this.session.remarks.of(subject, this.kind.endRemarks?.(known.arguments, known.outputs) ?? []);
      await remove(objects, id, known, lists);
      forgetStarted(this.kind, hiddenInputs(properties).__origin, id);
      // For `--replace` the engine calls no diff, which would record the predecessor.
      const declaration = this.session.declared.of(subject);
      if (declaration !== undefined) {
        ownership.setPredecessor(declaration.urn, { id, known });
      }
      ownership.archived(id, self);
      lists.wrote({ id, archived_at: "by this command" });
      return {};
    });
  }

  /** The name of the QoderProvider; undefined for the stack's own account. */
  get #account(): string | undefined {
    return this.#configuration?.get("qoder:account") || undefined;
  }

  #answer<Result extends object>(
    operation: Subject["operation"],
    id: string | undefined,
    properties: Properties,
    call: (subject: Subject, secrets: Set<string>) => Promise<Result>,
  ): Promise<Result> {
    const subject = { kind: this.kind, operation, id, properties };
    const answer = () => answerEngine(this.session, subject, (secrets) => call(subject, secrets));
    return isWrite(operation) ? this.session.reads.apartFrom(answer) : answer();
  }

  async #verify(subject: Subject, olds: Properties, outcome: CheckOutcome, secrets: Set<string>): Promise<Findings> {
    const account = this.session.accountReader(this.#configuration);
    if (account === undefined) {
      return noFindings;
    }
    const objects = this.#objects(subject, secrets, verifySeconds);
    return verify(this.kind, { ...outcome, olds }, objects, account, this.session.declared.secretNames);
  }

  /** `id`: the object that exists and that the change is about; undefined if there is none. */
  async #askedRemarks(
    subject: Subject,
    id: string | undefined,
    change: Omit<ProgramChange, "replaces">,
    secrets: Set<string>,
  ): Promise<readonly PlanRemark[]> {
    const { kind } = this;
    const account = this.session.accountReader(this.#configuration);
    if (id === undefined || kind.askedRemarks === undefined || account === undefined) {
      return [];
    }
    const { client } = this.#objects(subject, secrets, verifySeconds);
    return kind.askedRemarks(client, id, change, new Date());
  }

  /** In a preview that verifies: the changed lines of the files, whose contents no state has. */
  async #changedFiles(
    subject: Subject,
    id: string,
    known: Known,
    { changed, replaces, wanted }: DiffOutcome,
    secrets: Set<string>,
  ): Promise<PlanRemark[]> {
    const { upload } = this.kind;
    // A refresh, whose diff compares in the other direction, declares nothing and so has no folder.
    const isChanged = upload !== undefined && changed.includes(upload.argument) && replaces.length === 0;
    if (!isChanged || this.session.accountReader(this.#configuration) === undefined) {
      return [];
    }
    const objects = this.#objects(subject, secrets, verifySeconds, { known });
    const { folder } = objects.files;
    const work = async () =>
      folder === undefined ? [] : (upload.changedFiles?.(objects, id, known.outputs, wanted, folder) ?? []);
    const remarks = await objects.files.inTurn(work);
    return remarks.map((one) => ({ ...one, lines: (one.lines ?? []).map((line) => redacted(line, secrets)) }));
  }

  #objects(
    subject: Subject,
    secrets: Set<string>,
    seconds: number | undefined,
    {
      known,
      olds = {},
      holder,
    }: { readonly known?: Known; readonly olds?: Properties; readonly holder?: string | undefined } = {},
  ): Objects {
    const tell = ({ severity, text }: Remark) =>
      this.session.remarks.of(subject, [{ severity, text: redacted(text, secrets) }]);
    const milliseconds = (seconds ?? defaultSeconds) * 1_000;
    const { cancelled } = this.session;
    const work = { milliseconds, mayTakeMore: seconds === undefined, cancelled, tell, secrets };
    const secretArguments = [subject.properties, olds].flatMap((one) => hiddenInputs(one).__secrets ?? []);
    const state = subject.operation === "update" ? olds : subject.properties;
    const isRecorded = subject.id !== undefined && Object.keys(known?.arguments ?? {}).length > 0;
    const recorded = isRecorded ? this.session.sightings.of(subject.id, hiddenOutputs(state).__account) : undefined;
    const folder = this.session.declared.of(subject)?.command.source?.path;
    const { __origin: origin = "" } = hiddenInputs(subject.properties);
    const inTurn = <Result>(work: () => Promise<Result>) => this.session.uploads.inTurn(work);
    const files = this.kind.upload === undefined ? undefined : { folder, origin, inTurn };
    const client = this.session.clients.client(this.#configuration, work);
    return new Objects(client, this.kind, secretArguments, holder, files, recorded);
  }
}

/** The object after a write. A reply may show few members: what it does not show is as the write asked for. */
function laidOver(kind: ResourceKind, wanted: Properties, reply: BaseReply): BaseReply {
  return { ...createBody(kind, wanted), ...reply };
}

/** The existing object that a new resource takes over. */
function adoptedIn({ inputs, isNew, failures }: CheckOutcome): string | undefined {
  const { adopt } = isNew && failures.length === 0 ? commonInputs(inputs) : {};
  return containsUnknown(adopt) ? undefined : adopt;
}

function isWrite(operation: Subject["operation"]): boolean {
  return operation === "create" || operation === "update" || operation === "delete";
}
