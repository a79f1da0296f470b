import { firstTimes } from "../../api/remark";
import type { JsonObject } from "../../api/schema";
import { type ApiRequest, requestLabel } from "../../api/transport";
import { only } from "../arguments";
import type { CheckOutcome } from "../check/check";
import type { Subject } from "../engine/answer";
import { argumentNames, holderIn, type Known, type ResourceKind } from "../kind";
import { commonInputs, containsUnknown, type Properties, withWordsForUnknown } from "../program-values";
import { actionRequest, createRequest, endRequest, getRequest, updateRequest, versionRequest } from "../requests";
import type { Session } from "../session";
import { hiddenInputs } from "../state";
import { patchBody, updateBody } from "../write/plan";
import { createSteps, endSteps, lookAfterLoss, removesFirst, type Step, updateSteps } from "../write/steps";
import { bodyText, type Declared, type Secrets, shownChanges, unknownWord, wantedInPreview } from "./shown-body";

/**
 * Prints in a preview the requests of `up`, if the user asks for them. A preview calls no create and no update: the check shows
 * a create, the diff an update, and a second check a replacement.
 */
export class RequestPreview {
  readonly #updated = new Set<string>();
  /** A command reads each list once. Each vault has a list of its credentials. */
  readonly #readsFirst: Scene["readsFirst"] = firstTimes();

  constructor(
    private readonly kind: ResourceKind,
    private readonly session: Pick<Session, "declared" | "ownership" | "remarks">,
  ) {}

  async ofCheck(subject: Subject, outcome: CheckOutcome, texts: Iterable<string>): Promise<void> {
    const { remarks, ownership } = this.session;
    if (outcome.exists || !remarks.showsRequests) {
      return;
    }
    const { __origin: urn = "" } = hiddenInputs(subject.properties);
    const old = outcome.isNew ? undefined : ownership.predecessor(urn);
    const { adopt } = commonInputs(outcome.inputs);
    const scene = this.#scene(subject, outcome, texts);
    const { wanted, open } = scene;
    const isVacant = old !== undefined && removesFirst(this.kind, old.known.arguments, outcome.wanted);
    const place = { adopt, predecessor: old, isReplacement: old !== undefined, isVacant };
    const create = createSteps(this.kind, wanted, place, open).flatMap((step) => linesOf(step, scene));
    const ends = old === undefined ? [] : endSteps(this.kind, old.known.arguments);
    const end = ends.flatMap((step) => linesOf(step, { ...scene, id: old?.id ?? unknownWord }));
    // The engine itself acts on `replaceOnChanges`: it calls the diff as for an update, and replaces the object if a listed
    // path differs.
    const isUpdated = old !== undefined && this.#updated.has(old.id);
    await remarks.requests(subject, [
      ...(isUpdated ? ["is replaced, so in place of that update:"] : []),
      ...(isVacant ? [...end, ...create] : [...create, ...end]),
    ]);
  }

  async ofUpdate(
    subject: Subject,
    id: string,
    known: Known,
    program: Declared,
    texts: Iterable<string>,
  ): Promise<void> {
    const { declared, remarks } = this.session;
    // A refresh calls the diff without a check, and with old and new exchanged: it sends no update.
    if (declared.of(subject) === undefined || !remarks.showsRequests) {
      return;
    }
    this.#updated.add(id);
    const { kind } = this;
    const scene = { ...this.#scene(subject, program, texts), id, outputs: known.outputs };
    const { wanted, open } = scene;
    const names = argumentNames(kind).filter((name) => !open.includes(name));
    const planned = updateSteps(kind, { ...known, arguments: only(known.arguments, names) }, wanted, open);
    // What a lost write has left to do is known only after the look.
    const steps = planned[0] === lookAfterLoss ? [lookAfterLoss] : planned;
    const lines = steps.flatMap((step) => linesOf(step, scene));
    await remarks.requests({ ...subject, id: undefined }, lines);
  }

  /** The scene of a new object. */
  #scene(subject: Subject, program: Declared, texts: Iterable<string>): Scene {
    const { kind, session } = this;
    const { known: wanted, open } = wantedInPreview(kind, program);
    const folder = session.declared.of(subject)?.command.source?.path;
    const secrets = { arguments: session.declared.secretArguments(subject) ?? [], texts };
    return { ...secrets, kind, id: unknownWord, outputs: {}, wanted, open, folder, readsFirst: this.#readsFirst };
  }
}

/** What the lines of the steps depend on besides the steps. */
interface Scene extends Secrets {
  readonly kind: ResourceKind;
  /** The id of the object, or a word in its place. */
  readonly id: string;
  readonly outputs: Properties;
  /** The arguments of the program, and the names of those that the preview does not know. */
  readonly wanted: Properties;
  readonly open: readonly string[];
  /** The folder from which the program read the files. */
  readonly folder: string | undefined;
  /** Whether a create is the first to read this list. Only a create that would read it may ask. */
  readonly readsFirst: (list: string) => boolean;
}

/** The step in lines: each is one request, as `POST /path {...}`, or describes requests that depend on an answer. */
function linesOf(step: Step, scene: Scene): readonly string[] {
  const { kind, id, outputs, wanted, open } = scene;
  const holder = withWordsForUnknown(holderIn(kind, wanted) ?? unknownWord, unknownWord);
  const later = (object: string, why = "") =>
    `an update with the differences that the GET shows${why}: ${requestLabel(changeRequest(kind, object, {}))}`;
  switch (step.do) {
    case "read":
      return [requestLabel(getRequest(kind, id))];
    case "look": {
      const isOpen = step.why === "as the result of the last write is unknown";
      return [
        requestLabel(getRequest(kind, id)),
        ...(isOpen ? [later(id, ", because the result of the last update is unknown")] : []),
      ];
    }
    case "adopt": {
      const adopted = containsUnknown(step.id) ? unknownWord : step.id;
      return [requestLabel(getRequest(kind, adopted)), later(adopted)];
    }
    case "instead": {
      const lines = step.steps.flatMap((one) => linesOf(one, scene));
      return [`if ${step.of} is archived, instead ${lines.join(", then ")}`];
    }
    case "list": {
      const list = requestLabel({ method: "GET", path: createRequest(kind, {}, holder).path });
      return scene.readsFirst(list) ? [list] : [];
    }
    case "create": {
      const body = patchBody(shownChanges(kind, step.changes, open, scene));
      return [lineOf(createRequest(kind, body, holder), scene)];
    }
    case "patch": {
      const version = kind.locking?.current(outputs);
      const body = updateBody(kind, shownChanges(kind, step.changes, open, scene), version ?? unknownWord);
      const line = lineOf(changeRequest(kind, id, body), scene);
      return [
        ...(kind.locking !== undefined && version === undefined ? [requestLabel(getRequest(kind, id))] : []),
        step.why === "as others uploaded files"
          ? `and where the newest version does not have the same files, ${line}`
          : line,
        ...step.changes.flatMap(({ argument }) =>
          kind.fields[argument]?.buildsOnLive
            ? [
                `the settings of others beside ${argument} are shown from the state; the update sends them as the GET shows them`,
              ]
            : [],
        ),
      ];
    }
    case "act":
      return [requestLabel(actionRequest(kind, id, step.action))];
    case "perhaps":
      return [`perhaps another request, because ${step.argument} is not known yet`];
    case "users":
      return [requestLabel({ method: "GET", path: [step.users.kind.collection] })];
    case "end":
      return [lineOf(endRequest(kind, id, step.isDeleted), scene)];
    case "keep":
      return [];
    case "start":
      return step.start.requests(wanted).map((request) => withWordsForUnknown(requestLabel(request), unknownWord));
    case "wait":
      return step.ending?.shown(wanted, outputs) ?? [];
  }
}

function changeRequest(kind: ResourceKind, id: string, body: JsonObject): ApiRequest {
  return kind.upload?.versions === undefined ? updateRequest(kind, id, body) : versionRequest(kind, id, body);
}

function lineOf(request: ApiRequest, { kind: { upload }, ...secrets }: Scene): string {
  const { body } = request;
  if (body === undefined) {
    return requestLabel(request);
  }
  return upload === undefined
    ? `${requestLabel(request)} ${bodyText(body, secrets)}`
    : `${requestLabel(request)} as a form ${bodyText(upload.shown(body, secrets.folder), secrets)}`;
}
