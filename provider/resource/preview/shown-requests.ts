import type { JsonObject } from "../../api/schema";
import { type ApiRequest, requestLabel } from "../../api/transport";
import { only } from "../arguments";
import type { CheckOutcome } from "../check/check";
import type { DiffOutcome } from "../diff";
import type { Subject } from "../engine/answer";
import { argumentNames, holderIn, type Known, type ResourceKind, removesFirst } from "../kind";
import { usersOf } from "../named";
import type { Predecessor } from "../ownership";
import { commonInputs, containsUnknown, withWordsForUnknown } from "../program-values";
import { actionRequest, createRequest, endRequest, getRequest, updateRequest, versionRequest } from "../requests";
import type { Session } from "../session";
import { hiddenInputs } from "../state";
import { patchBody, updateBody, updatePlan } from "../write/plan";
import { bodyText, type Declared, type Secrets, shownChanges, unknownWord, wantedInPreview } from "./shown-body";

/**
 * Prints in a preview the requests of `up`, if the user asks for them. A preview calls no create and no update: the check shows
 * a create, the diff an update, and a second check a replacement.
 */
export class RequestPreview {
  /** The lists that a shown create reads. */
  readonly #readLists = new Set<string>();
  readonly #updated = new Set<string>();
  /** A command reads each list once. Each vault has a list of its credentials. */
  readonly #readsFirst: ReadsFirst = (list) => {
    const isFirst = !this.#readLists.has(list);
    this.#readLists.add(list);
    return isFirst;
  };

  constructor(
    private readonly kind: ResourceKind,
    private readonly session: Pick<Session, "declared" | "ownership" | "remarks">,
  ) {}

  async ofCheck(
    subject: Subject,
    { inputs, wanted, exists, isNew }: CheckOutcome,
    texts: Iterable<string>,
  ): Promise<void> {
    const { remarks, ownership } = this.session;
    if (exists || !remarks.showsRequests) {
      return;
    }
    const { __origin: urn = "" } = hiddenInputs(subject.properties);
    const secrets = this.#showing(subject, texts);
    const predecessor = isNew ? undefined : ownership.predecessor(urn);
    const lines =
      predecessor === undefined
        ? linesOfCreate(this.kind, { inputs, wanted }, secrets, this.#readsFirst)
        : this.#replacement(predecessor, { inputs, wanted }, secrets);
    await remarks.requests(subject, lines);
  }

  #replacement(predecessor: Predecessor, declared: Declared, secrets: Showing): string[] {
    const lines = linesOfReplacement(this.kind, predecessor, declared, secrets, this.#readsFirst);
    // The engine itself acts on `replaceOnChanges`: it calls the diff as for an update, and replaces the object if a listed
    // path differs.
    return this.#updated.has(predecessor.id) ? ["is replaced, so in place of that update:", ...lines] : lines;
  }

  async ofUpdate(
    subject: Subject,
    id: string,
    known: Known,
    { wanted }: Pick<DiffOutcome, "wanted">,
    texts: Iterable<string>,
  ): Promise<void> {
    const { remarks } = this.session;
    const declared = { inputs: subject.properties, wanted };
    const secrets = this.#showing(subject, texts);
    // A refresh calls the diff without a check, and with old and new exchanged: it sends no update.
    if (!secrets.isDeclared || !remarks.showsRequests) {
      return;
    }
    this.#updated.add(id);
    await remarks.requests({ ...subject, id: undefined }, linesOfUpdate(this.kind, id, known, declared, secrets));
  }

  #showing(subject: Subject, texts: Iterable<string>): Showing & { readonly isDeclared: boolean } {
    const { declared } = this.session;
    const secretArguments = declared.secretArguments(subject);
    const folder = declared.of(subject)?.command.source?.path;
    return { arguments: secretArguments ?? [], texts, folder, isDeclared: secretArguments !== undefined };
  }
}

/** Whether a create that looks for lost objects is the first to read this list. Only a create that would read it may ask. */
type ReadsFirst = (list: string) => boolean;

interface Showing extends Secrets {
  /** The folder from which the program read the files. */
  readonly folder: string | undefined;
}

// Each line is one request, as `POST /path {...}`, or describes requests that depend on an answer.

/** The requests of a create. The first create of a command may also read a list, to look for lost objects. */
function linesOfCreate(kind: ResourceKind, declared: Declared, secrets: Showing, readsFirst: ReadsFirst): string[] {
  const { adopt } = commonInputs(declared.inputs);
  return adopt === undefined ? linesOfNew(kind, declared, secrets, readsFirst) : linesOfAdoption(kind, adopt);
}

function linesOfReplacement(
  kind: ResourceKind,
  { id, known }: Predecessor,
  declared: Declared,
  secrets: Showing,
  readsFirst: ReadsFirst,
): string[] {
  const { inputs, wanted } = declared;
  const { adopt } = commonInputs(inputs);
  const recorded = known.arguments;
  const isRemovedFirst = removesFirst(kind, recorded, wanted);
  const create = linesOfNew(kind, declared, secrets, isRemovedFirst ? () => false : readsFirst);
  if (kind.start !== undefined) {
    return create;
  }
  const users = inputs["archiveInUse"] === true ? [] : usersOf(kind);
  const lists = users.map((one) => listLabel(one.kind));
  const archive = [...lists, lineOf(kind, endRequest(kind, id, kind.deletes?.(recorded) === true), secrets)];
  // If `adopt` names the replaced object, that object is archived by then, and the replacement creates a new one.
  const made =
    adopt === undefined || adopt === id
      ? create
      : [...linesOfAdoption(kind, adopt), `where ${adopt} is archived, in its place ${create.join(", then ")}`];
  return isRemovedFirst ? [...archive, ...made] : [...made, ...archive];
}

function linesOfNew(kind: ResourceKind, declared: Declared, secrets: Showing, readsFirst: ReadsFirst): string[] {
  const { known: wanted, open } = wantedInPreview(kind, declared);
  if (kind.start !== undefined) {
    const start = kind.start.requests(wanted).map((request) => withWordsForUnknown(requestLabel(request), unknownWord));
    return [...start, ...(kind.start.ending?.shown(wanted, {}) ?? [])];
  }
  const { changes } = updatePlan(kind, { arguments: {}, outputs: {} }, wanted);
  const body = patchBody(shownChanges(kind, changes, open, secrets));
  const created = { arguments: { ...wanted, ...kind.statusChange?.whenCreated }, outputs: {} };
  const request = createRequest(kind, body, withWordsForUnknown(holderIn(kind, wanted) ?? unknownWord, unknownWord));
  const list = requestLabel({ method: "GET", path: request.path });
  return [
    ...(kind.hasNoKeys && readsFirst(list) ? [list] : []),
    lineOf(kind, request, secrets),
    ...linesOfStatus(kind, unknownWord, updatePlan(kind, created, wanted).action, open),
  ];
}

function listLabel({ collection }: { readonly collection: string }): string {
  return requestLabel({ method: "GET", path: [collection] });
}

function linesOfAdoption(kind: ResourceKind, adopt: string): string[] {
  const id = containsUnknown(adopt) ? unknownWord : adopt;
  const update = requestLabel(changeRequest(kind, id, {}));
  return [requestLabel(getRequest(kind, id)), `what differs then is sent by ${update}: known only after the GET`];
}

function linesOfUpdate(
  kind: ResourceKind,
  id: string,
  recorded: Known,
  declared: Declared,
  secrets: Showing,
): string[] {
  const look = requestLabel(getRequest(kind, id));
  const { known: wanted, open } = wantedInPreview(kind, declared);
  const { outputs } = recorded;
  if (kind.start !== undefined) {
    return [...(kind.start.ending?.shown(wanted, outputs) ?? [])];
  }
  const names = argumentNames(kind).filter((name) => !open.includes(name));
  const known = { arguments: only(recorded.arguments, names), outputs };
  const { looksFirst, changes, action } = updatePlan(kind, known, wanted, recorded.isOpen);
  if (looksFirst === "as the result of the last write is unknown") {
    const update = requestLabel(changeRequest(kind, id, {}));
    return [look, `what differs then is sent by ${update}: nobody knows what the last update did`];
  }
  const shown = shownChanges(kind, changes, open, secrets);
  const version = kind.locking?.current(outputs);
  const body = updateBody(kind, shown, version ?? unknownWord);
  const isVersionOpen = kind.locking !== undefined && version === undefined;
  const others = changes.filter(({ argument }) => kind.fields[argument]?.buildsOnLive).map(({ argument }) => argument);
  if (looksFirst === "as others uploaded files" && shown.length > 0) {
    const version = lineOf(kind, changeRequest(kind, id, body), secrets);
    return [look, `and where the newest version does not have the same files, ${version}`];
  }
  const lines = [
    ...(looksFirst !== undefined || (isVersionOpen && shown.length > 0) ? [look] : []),
    ...(shown.length > 0 ? [lineOf(kind, changeRequest(kind, id, body), secrets)] : []),
    ...others.map(
      (name) => `what others set beside ${name} is here as the state knows it, and is sent as the GET shows it`,
    ),
    ...linesOfStatus(kind, id, action, open),
  ];
  // Nothing is left to send: an earlier try did everything, and its answer did not reach the state.
  return lines.length === 0 ? [look] : lines;
}

function linesOfStatus(kind: ResourceKind, id: string, action: string | undefined, open: readonly string[]): string[] {
  const { argument } = kind.statusChange ?? {};
  if (argument !== undefined && open.includes(argument)) {
    return [`perhaps a request more, as ${argument} is not known yet`];
  }
  return action === undefined ? [] : [requestLabel(actionRequest(kind, id, action))];
}

function changeRequest(kind: ResourceKind, id: string, body: JsonObject): ApiRequest {
  return kind.upload?.versions === undefined ? updateRequest(kind, id, body) : versionRequest(kind, id, body);
}

function lineOf({ upload }: ResourceKind, request: ApiRequest, secrets: Showing): string {
  const { body } = request;
  if (body === undefined) {
    return requestLabel(request);
  }
  return upload === undefined
    ? `${requestLabel(request)} ${bodyText(body, secrets)}`
    : `${requestLabel(request)} as a form ${bodyText(upload.shown(body, secrets.folder), secrets)}`;
}
