import type { z } from "zod";
import type { CheckOutcome } from "../check/check";
import { only } from "../compare/arguments";
import { removesFirst } from "../compare/replaced-places";
import type { Subject } from "../engine/answer";
import { argumentNames, type PriorState, type ResourceKind } from "../kind/kind";
import {
  commonInputs,
  containsUnknown,
  isUnknown,
  mapMembers,
  type Properties,
  unknownNumber,
} from "../kind/program-values";
import type { Session } from "../session/session";
import { hiddenInputs } from "../state/state";
import { createSteps } from "../write/create";
import { endSteps } from "../write/end";
import { type Context, unknownWord } from "../write/request-lines";
import { updateSteps } from "../write/update";

/** The requests of a kind whose objects are neither created nor updated. */
export interface OwnLines {
  create(wanted: Properties): readonly string[];
  update(wanted: Properties, outputs: Properties): readonly string[];
}

/**
 * Prints in a preview the requests of `up`, if the user asks for them. A preview calls no create and no update: the check shows
 * a create, the diff an update, and a second check a replacement.
 */
export class RequestPreview {
  readonly #updated = new Set<string>();

  constructor(
    private readonly kind: ResourceKind,
    private readonly session: Pick<Session, "ledger" | "remarks">,
    private readonly own?: OwnLines,
  ) {}

  async ofCheck(subject: Subject, outcome: CheckOutcome, texts: Iterable<string>): Promise<void> {
    const { ledger, remarks } = this.session;
    if (outcome.exists || !remarks.showsRequests) {
      return;
    }
    const { __origin: urn = "" } = hiddenInputs(subject.properties);
    const old = outcome.isNew ? undefined : ledger.predecessor(urn);
    const { adopt } = commonInputs(outcome.inputs);
    const context = this.#context(subject, outcome, texts, old?.prior);
    const { wanted, unknown } = context;
    const isVacant = old !== undefined && removesFirst(this.kind, old.prior.arguments, outcome.wanted);
    const place = { adopt, isReplacement: old !== undefined };
    const create =
      this.own?.create(wanted) ??
      createSteps(this.kind, wanted, place, old, unknown).flatMap((step) => step.lines(context));
    const ends = old === undefined ? [] : endSteps(this.kind, old.prior.arguments);
    const end = ends.flatMap((step) => step.lines({ ...context, id: old?.id ?? unknownWord }));
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
    prior: PriorState,
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
    const context = { ...this.#context(subject, program, texts, prior), id, outputs: prior.outputs };
    const { wanted, unknown } = context;
    const names = argumentNames(kind).filter((name) => !unknown.includes(name));
    const steps = () => updateSteps(kind, { ...prior, arguments: only(prior.arguments, names) }, wanted, unknown);
    const lines = this.own?.update(wanted, prior.outputs) ?? steps().flatMap((step) => step.lines(context));
    await remarks.requests({ ...subject, id: undefined }, lines);
  }

  /** The context of a new object. */
  #context(subject: Subject, program: Declared, texts: Iterable<string>, prior?: PriorState): Context {
    const { kind, session } = this;
    const { known: wanted, unknown } = wantedInPreview(kind, program);
    const folder = session.ledger.of(subject)?.command.source?.path;
    const secretArguments = session.ledger.secretArguments(subject);
    const { arguments: before = {} } = prior ?? {};
    return { secretArguments, texts, kind, id: unknownWord, outputs: {}, before, wanted, unknown, folder };
  }
}

interface PartlyKnown {
  /** The arguments. `isUnknown` is true for the unknown values inside them. */
  readonly known: Properties;
  /** The names of arguments whose shape is unknown too. */
  readonly unknown: readonly string[];
}

type Declared = Pick<CheckOutcome, "inputs" | "wanted">;

function wantedInPreview({ fields }: ResourceKind, { inputs, wanted }: Declared): PartlyKnown {
  const known: Record<string, unknown> = { ...wanted };
  const unknown: string[] = [];
  for (const [name, { recorded, leftOut }] of Object.entries(fields)) {
    const given = inputs[name];
    if (known[name] === undefined && containsUnknown(given)) {
      const { issues = [] } = recorded.safeParse(given).error ?? {};
      known[name] = recorded.safeParse(withUnknownNumbers(given, issues)).data;
      unknown.push(...(known[name] === undefined && leftOut !== "ignored" ? [name] : []));
    }
  }
  return { known, unknown };
}

/** The value with `unknownNumber` in place of each sentinel where an issue asks for a number. */
function withUnknownNumbers(value: unknown, issues: readonly z.core.$ZodIssue[]): unknown {
  if (typeof value === "string") {
    return isUnknown(value) && issues.some(isAboutNumber) ? unknownNumber : value;
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
