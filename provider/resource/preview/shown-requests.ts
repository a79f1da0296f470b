import type { z } from "zod";
import { escaped } from "../../api/foreign-text";
import { redacted } from "../../api/redacted";
import type { Json, JsonObject } from "../../api/schema";
import { type ApiRequest, requestLabel } from "../../api/transport";
import { only } from "../arguments";
import type { CheckOutcome } from "../check/check";
import type { Subject } from "../engine/answer";
import { wireName } from "../fields/members";
import { argumentNames, holderIn, type Known, type ResourceKind } from "../kind";
import { commonInputs, containsUnknown, mapMembers, type Properties, withWordsForUnknown } from "../program-values";
import { removesFirst } from "../replacement";
import { createRequest, endRequest, getRequest, updateRequest, versionRequest } from "../requests";
import type { Session } from "../session";
import { hiddenInputs } from "../state";
import { type Change, patchBody, updateBody, versionIn } from "../write/plan";
import { statusLines } from "../write/status";
import { createSteps, endSteps, lookAfterLoss, type Step, updateSteps } from "../write/steps";

/**
 * Prints in a preview the requests of `up`, if the user asks for them. A preview calls no create and no update: the check shows
 * a create, the diff an update, and a second check a replacement.
 */
export class RequestPreview {
  readonly #updated = new Set<string>();

  constructor(
    private readonly kind: ResourceKind,
    private readonly session: Pick<Session, "ledger" | "remarks">,
  ) {}

  async ofCheck(subject: Subject, outcome: CheckOutcome, texts: Iterable<string>): Promise<void> {
    const { ledger, remarks } = this.session;
    if (outcome.exists || !remarks.showsRequests) {
      return;
    }
    const { __origin: urn = "" } = hiddenInputs(subject.properties);
    const old = outcome.isNew ? undefined : ledger.predecessor(urn);
    const { adopt } = commonInputs(outcome.inputs);
    const scene = this.#scene(subject, outcome, texts);
    const { wanted, open } = scene;
    const isVacant = old !== undefined && removesFirst(this.kind, old.known.arguments, outcome.wanted);
    const place = { adopt, predecessor: old, isReplacement: old !== undefined };
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
    const { ledger, remarks } = this.session;
    // A refresh calls the diff without a check, and with old and new exchanged: it sends no update.
    if (ledger.of(subject) === undefined || !remarks.showsRequests) {
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
    const folder = session.ledger.of(subject)?.command.source?.path;
    const secrets = { arguments: session.ledger.secretArguments(subject) ?? [], texts };
    return { ...secrets, kind, id: unknownWord, outputs: {}, wanted, open, folder };
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
    case "create": {
      const body = patchBody(shownChanges(kind, step.changes, open, scene));
      return [lineOf(createRequest(kind, body, holder), scene)];
    }
    case "patch": {
      const version = versionIn(kind, outputs);
      const body = updateBody(kind, shownChanges(kind, step.changes, open, scene), version ?? unknownWord);
      const line = lineOf(changeRequest(kind, id, body), scene);
      return [
        ...(kind.versionMember !== undefined && version === undefined ? [requestLabel(getRequest(kind, id))] : []),
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
    case "status":
      return statusLines(kind, id, step);
    case "users":
      return [requestLabel({ method: "GET", path: [step.users.kind.collection] })];
    case "end":
      return [lineOf(endRequest(kind, id, step.isDeleted), scene)];
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

/** Replaces an unknown number where a shape takes only a number. No argument has this value. */
const unknownNumber = Number.MIN_SAFE_INTEGER;

interface PartlyKnown {
  /** The arguments. An unknown value inside them is a sentinel of the engine, or `unknownNumber`. */
  readonly known: Properties;
  /** The names of arguments whose shape is unknown too. */
  readonly open: readonly string[];
}

type Declared = Pick<CheckOutcome, "inputs" | "wanted">;

function wantedInPreview({ fields }: ResourceKind, { inputs, wanted }: Declared): PartlyKnown {
  const known: Record<string, unknown> = { ...wanted };
  const open: string[] = [];
  for (const [name, { recorded, leftOut }] of Object.entries(fields)) {
    const given = inputs[name];
    if (known[name] === undefined && containsUnknown(given)) {
      const { issues = [] } = recorded.safeParse(given).error ?? {};
      known[name] = recorded.safeParse(withUnknownNumbers(given, issues)).data;
      open.push(...(known[name] === undefined && leftOut !== "ignored" ? [name] : []));
    }
  }
  return { known, open };
}

/** The value with `unknownNumber` in place of each sentinel where an issue asks for a number. */
function withUnknownNumbers(value: unknown, issues: readonly z.core.$ZodIssue[]): unknown {
  if (typeof value === "string") {
    return containsUnknown(value) && issues.some(isAboutNumber) ? unknownNumber : value;
  }
  return mapMembers(value, (member, name) => withUnknownNumbers(member, issuesWithin(issues, name)));
}

function isAboutNumber(issue: z.core.$ZodIssue): boolean {
  return issue.code === "invalid_type" && issue.path.length === 0 && issue.expected === "number";
}

/** The issues of a member, with paths that start inside it. */
function issuesWithin(issues: readonly z.core.$ZodIssue[], member: string): z.core.$ZodIssue[] {
  return issues.flatMap((issue) => {
    const [step, ...path] = issue.path;
    if (step !== undefined) {
      return String(step) === member ? [{ ...issue, path }] : [];
    }
    return issue.code === "invalid_union" ? issuesWithin(issue.errors.flat(), member) : [];
  });
}

/** Replaces a value that only `up` will know. */
const unknownWord = "[unknown]";
const secretWord = "[secret]";

/** The values that no line may show. */
interface Secrets {
  /** The arguments that hold secrets. */
  readonly arguments: readonly string[];
  readonly texts: Iterable<string>;
}

/** The changes without secrets, in the order of the arguments, and `[unknown]` for each argument in `open`. */
function shownChanges(
  kind: ResourceKind,
  changes: readonly Change[],
  open: readonly string[],
  secrets: Secrets,
): Change[] {
  // Two arguments may share a member of the body, which then stays an object.
  const members = [...changes.map(({ member }) => member), ...open.map((name) => kind.fields[name]?.wire)];
  const inPlaceOf = (member: string, word: string): Json =>
    members.filter((one) => one === member).length > 1 ? { [word]: word } : word;
  return Object.entries(kind.fields).flatMap(([argument, { wire: member, secretMembers = [] }]) => {
    if (member !== undefined && open.includes(argument)) {
      return [{ argument, member, value: inPlaceOf(member, unknownWord) }];
    }
    return changes
      .filter((change) => change.argument === argument)
      .map((change) => {
        const isHidden = secrets.arguments.includes(argument) && !isEmpty(change.value);
        const value = isHidden
          ? inPlaceOf(change.member, secretWord)
          : withoutMembers(change.value, secretMembers.map(wireName));
        return { ...change, value };
      });
  });
}

function isEmpty(value: Json): boolean {
  return value === null || value === "" || (typeof value === "object" && Object.keys(value).length === 0);
}

function withoutMembers(value: Json, names: readonly string[]): Json {
  if (typeof value !== "object" || value === null) {
    return value;
  }
  if (Array.isArray(value)) {
    return value.map((element) => withoutMembers(element, names));
  }
  const members = Object.entries(value).map(([name, member]) => [
    name,
    names.includes(name) && member !== null ? secretWord : withoutMembers(member, names),
  ]);
  return Object.fromEntries(members);
}

/** The body in one line, with words in place of secrets and unknown values. */
function bodyText(body: JsonObject, { texts }: Secrets): string {
  const text = JSON.stringify(body, (_, value: unknown) => {
    if (typeof value === "string") {
      return redacted(withWordsForUnknown(value, unknownWord), texts);
    }
    return value === unknownNumber ? unknownWord : value;
  });
  return escaped(text);
}
