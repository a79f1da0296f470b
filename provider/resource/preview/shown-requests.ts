import { type ApiRequest, requestLabel } from "../../api/transport";
import { argumentsIn, only } from "../arguments";
import { archivesFirst, argumentNames, type ResourceKind } from "../kind";
import { recordedOutputs } from "../outputs";
import { commonArguments, type Properties } from "../program-values";
import { actionRequest, archiveRequest, createRequest, getRequest, updateRequest } from "../requests";
import { hiddenOutputs } from "../unfinished";
import { containsUnknown, withWordsForUnknown } from "../unknown";
import { patchBody, updateBody } from "../write/patch";
import { updatePlan } from "../write/update-plan";
import { plannedArguments } from "./planned-arguments";
import { bodyText, type Secrets, shownChanges, unknownWord } from "./shown-body";

// Each line is one request, as `POST /path {...}`, or says in words what can be known of those that depend on an answer.

/** What a create sends; the first one of a command may look for others like it. */
export function linesOfCreate(kind: ResourceKind, inputs: Properties, secrets: Secrets, isFirst: boolean): string[] {
  const { adopt } = commonArguments(inputs);
  return adopt === undefined ? linesOfNew(kind, inputs, secrets, isFirst) : linesOfAdoption(kind, adopt);
}

/** What the replacement of the object with this id sends. */
export function linesOfReplacement(
  kind: ResourceKind,
  id: string,
  inputs: Properties,
  secrets: Secrets,
  isFirst: boolean,
): string[] {
  const { adopt } = commonArguments(inputs);
  const create = linesOfNew(kind, inputs, secrets, isFirst);
  if (kind.start !== undefined) {
    return create;
  }
  const users = kind.users === undefined || inputs["archiveInUse"] === true ? [] : [listLabel(kind.users.kind)];
  const archive = [...users, lineOf(archiveRequest(kind, id), secrets)];
  // One that was adopted is archived by then, and a new one is made in its place.
  const made =
    adopt === undefined || adopt === id
      ? create
      : [...linesOfAdoption(kind, adopt), `where ${adopt} is archived, in its place ${create.join(", then ")}`];
  return archivesFirst(kind) ? [...archive, ...made] : [...made, ...archive];
}

function linesOfNew(kind: ResourceKind, inputs: Properties, secrets: Secrets, isFirst: boolean): string[] {
  const { known: wanted, open } = plannedArguments(kind, inputs);
  if (kind.start !== undefined) {
    return kind.start.requests(wanted).map((request) => withWordsForUnknown(requestLabel(request), unknownWord));
  }
  const { changes } = updatePlan(kind, { arguments: {}, outputs: {} }, wanted);
  const body = patchBody(shownChanges(kind, changes, open, secrets));
  const created = { arguments: { ...wanted, ...kind.statusChange?.whenCreated }, outputs: {} };
  return [
    ...(kind.hasNoKeys && isFirst ? [listLabel(kind)] : []),
    lineOf(createRequest(kind, body), secrets),
    ...linesOfStatus(kind, unknownWord, updatePlan(kind, created, wanted).action, open),
  ];
}

function listLabel({ collection }: { readonly collection: string }): string {
  return requestLabel({ method: "GET", path: [collection] });
}

function linesOfAdoption(kind: { readonly collection: string }, adopt: string): string[] {
  const id = containsUnknown(adopt) ? unknownWord : adopt;
  const update = requestLabel(updateRequest(kind, id, {}));
  return [requestLabel(getRequest(kind, id)), `what differs then is sent by ${update}: known only after the GET`];
}

/** What an update sends. */
export function linesOfUpdate(
  kind: ResourceKind,
  id: string,
  olds: Properties,
  news: Properties,
  secrets: Secrets,
): string[] {
  const look = requestLabel(getRequest(kind, id));
  const isOpen = hiddenOutputs(olds).__open === true;
  const { known: wanted, open } = plannedArguments(kind, news);
  const outputs = recordedOutputs(kind, olds);
  const names = argumentNames(kind).filter((name) => !open.includes(name));
  const recorded = { arguments: only(argumentsIn(kind, olds), names), outputs };
  const { looksFirst, changes, action } = updatePlan(kind, recorded, wanted, isOpen);
  if (looksFirst === "as the last write is open") {
    const update = requestLabel(updateRequest(kind, id, {}));
    return [look, `what differs then is sent by ${update}: nobody knows what the last update did`];
  }
  const shown = shownChanges(kind, changes, open, secrets);
  const version = kind.locking?.current(outputs);
  const body = updateBody(kind, shown, version ?? unknownWord);
  const isVersionOpen = kind.locking !== undefined && version === undefined;
  const others = changes.filter(({ argument }) => kind.fields[argument]?.buildsOnLive).map(({ argument }) => argument);
  const lines = [
    ...(looksFirst !== undefined || (isVersionOpen && shown.length > 0) ? [look] : []),
    ...(shown.length > 0 ? [lineOf(updateRequest(kind, id, body), secrets)] : []),
    ...others.map(
      (name) => `what others set beside ${name} is here as the state knows it, and is sent as the GET shows it`,
    ),
    ...linesOfStatus(kind, id, action, open),
  ];
  // An earlier try did it all, but its answer did not reach the state.
  return lines.length === 0 ? [look] : lines;
}

function linesOfStatus(kind: ResourceKind, id: string, action: string | undefined, open: readonly string[]): string[] {
  const { argument } = kind.statusChange ?? {};
  if (argument !== undefined && open.includes(argument)) {
    return [`perhaps a request more, as ${argument} is not known yet`];
  }
  return action === undefined ? [] : [requestLabel(actionRequest(kind, id, action))];
}

function lineOf(request: ApiRequest, secrets: Secrets): string {
  const { body } = request;
  return body === undefined ? requestLabel(request) : `${requestLabel(request)} ${bodyText(body, secrets)}`;
}
